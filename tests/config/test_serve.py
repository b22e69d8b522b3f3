"""`manage.py serve` as a person meets it: it runs, or says in one line why not."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.config import commands

pytestmark = [pytest.mark.any_database, pytest.mark.faults]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment_of(folder: Path, port: int | str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "SECRET_KEY", "DEMO"}}
    return kept | {"DATA_DIR": str(folder), "PORT": str(port)}


class Serving:
    """One `manage.py serve` on a folder and a port of its own."""

    def __init__(self, folder: Path, port: int | str, *options: str, log: Path) -> None:
        self.port = port
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *options],
                cwd=ROOT,
                env=environment_of(folder, port),
                stdout=output,
                stderr=output,
            )

    def ask(self, path: str) -> tuple[int, Any]:
        """Return status and JSON; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, None
        except OSError:
            return 0, None

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.ask("/readyz")[0] != 200:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.3)

    def wait_until_said(self, words: str) -> str:
        """Wait for a line with `words` and return everything said so far."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.3)
        return self.said()

    def said(self) -> str:
        return self.log.read_text()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)


def refusal(folder: Path, port: int | str | None = None) -> str:
    """Try to serve, which is to end by itself, and return the one line that was said."""
    environment = environment_of(folder, free_port() if port is None else port)
    done = commands.run("manage.py", "serve", environment=environment)
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def start(folder: Path, port: int | str | None = None, *options: str) -> Serving:
        log = tmp_path / f"log-{len(started)}"
        started.append(Serving(folder, free_port() if port is None else port, *options, log=log))
        return started[-1]

    yield start
    for serving in started:
        serving.process.kill()
        serving.process.wait()


@pytest.fixture
def data(tmp_path: Path, moved_in: Callable[[Path], Path]) -> Path:
    """The folder of an installation that has begun already."""
    return moved_in(tmp_path / "data")


def test_it_serves_until_ctrl_c_and_keeps_key_and_data(serve: Callable[..., Serving], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = serve(folder)
    first.wait_until_ready()
    key = folder / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_text()
    assert first.ask("/readyz")[1]["mode"] == "embedded"
    first.wait_until_said(f"http://127.0.0.1:{first.port}")
    assert first.stop() == 0
    assert first.ask("/healthz")[0] == 0

    second = serve(folder, first.port)
    second.wait_until_ready()
    assert key.read_text() == before
    assert second.stop() == 0


def test_the_supervisor_never_loads_django() -> None:
    """Seen red with urllib: it only waits, and with Django took 110 MB for it."""
    code = "import sys, config.serving; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert [name for name in loaded if name.partition(".")[0] in {"django", "kombu", "urllib", "ssl"}] == []


@pytest.mark.skipif(sys.platform != "linux", reason="it looks in /proc")
def test_serve_stays_the_process_that_was_started(serve: Callable[..., Serving], data: Path) -> None:
    """Its id is what a service manager knows, and its lock is what keeps a second one out."""
    running = serve(data)
    running.wait_until_ready()
    words = Path(f"/proc/{running.process.pid}/cmdline").read_bytes().split(b"\0")
    assert b"config.serving" in words
    assert "already runs" in refusal(data)
    handles = [link.readlink() for link in Path(f"/proc/{running.process.pid}/fd").iterdir()]
    assert [path for path in handles if "sqlite3" in path.name] == []
    assert running.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_killed_outright_it_can_be_started_again_at_once_on_the_same_port(
    serve: Callable[..., Serving], data: Path
) -> None:
    first = serve(data)
    first.wait_until_ready()
    first.process.kill()
    first.process.wait()
    second = serve(data, first.port)
    second.wait_until_ready()
    assert second.stop() == 0


ROLES = {"moderator", "lead", "wellbeing_officer", "representative", "auditor", "operator"}
LAST_WORDS = "/api/v1/docs\n"


def test_the_demo_tells_how_to_get_in_and_has_everything_when_it_was_killed_and_starts_again(
    serve: Callable[..., Serving], tmp_path: Path
) -> None:
    first = serve(tmp_path / "data", None, "--demo")
    said = first.wait_until_said(LAST_WORDS)
    assert set(re.findall(r"^  \w+ +([a-z_]+)", said, re.MULTILINE)) >= ROLES
    # Its curl line works as pasted.
    pasted = said[said.index("  curl -s ") : said.index("Read about")]
    done = subprocess.run(["bash", "-c", pasted], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["external_id"] == "from-my-terminal"
    submitted, looked_up, decided = the_readme_is_followed(said, first.port)
    assert submitted["external_id"] == "post-4711"
    assert [item["external_id"] for item in looked_up["data"]] == ["post-4711"]
    assert decided["data"] == []

    told = re.search(r"(\d+) items submitted", said)
    assert told
    assert int(told[1]) > 0
    first.process.kill()
    first.process.wait()
    second = serve(tmp_path / "data", first.port, "--demo")
    again = second.wait_until_said(LAST_WORDS)
    assert f"0 items submitted, {told[1]} were there already" in again
    assert second.stop() == 0


def the_readme_is_followed(said: str, port: int | str) -> list[Any]:
    """Paste the README's lines, with the key that the demo printed; return what each of its calls answered."""
    text = (ROOT / "README.md").read_text()
    lines = text[text.index("KEY=…") :].partition("```")[0]
    found = re.search(r"API key of the platform: (\S+)", said)
    assert found
    lines = lines.replace("KEY=…", f"KEY={found[1]}").replace(":8000", f":{port}")
    done = subprocess.run(["bash", "-ec", lines], capture_output=True, text=True, check=True)
    decoder, rest, answers = json.JSONDecoder(), done.stdout.strip(), []
    while rest:
        answer, end = decoder.raw_decode(rest)
        answers.append(answer)
        rest = rest[end:].strip()
    return answers


def test_a_port_in_use_is_one_line_and_nothing_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refusal(tmp_path / "data", port)
    assert f"Port {port}" in line
    assert "in use" in line
    assert not (tmp_path / "data" / "respite.sqlite3").exists()


def test_a_second_one_on_the_same_folder_is_one_line(serve: Callable[..., Serving], data: Path) -> None:
    first = serve(data)
    first.wait_until_ready()
    line = refusal(data)
    assert "already runs" in line
    assert str(first.process.pid) in line


def test_a_read_only_folder_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o555)
    assert "read-only" in refusal(folder)
    folder.chmod(0o755)


def test_a_read_only_database_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "respite.sqlite3").touch(mode=0o444)
    assert "respite.sqlite3 is read-only" in refusal(folder)


def test_a_file_in_place_of_the_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "not a folder" in refusal(tmp_path / "data")


@pytest.mark.parametrize("port", ["many", "0", "70000"])
def test_a_port_that_is_none_is_one_line(tmp_path: Path, port: str) -> None:
    assert "PORT must be" in refusal(tmp_path / "data", port)


# ── what a run leaves on the disk, and what it says ──


def open_to_others(folder: Path) -> list[str]:
    """Return every file and folder that anybody but its owner may use."""
    found = [folder, *folder.rglob("*")]
    return [
        str(path) for path in found if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def test_every_file_of_a_run_is_its_owners_alone(
    serve: Callable[..., Serving], data: Path, tmp_path: Path
) -> None:
    """Seen red without the umask."""
    (data / "media" / "ab").mkdir(parents=True)
    for path in (data, data / "media", *data.glob("*.sqlite3*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    running = serve(data, None, "--demo")
    running.wait_until_said("alice")
    until_prepared(data)
    assert open_to_others(data) == []
    backup = ("manage.py", "backup", "--to", str(tmp_path / "backup"))
    assert commands.run(*backup, environment=environment_of(data, 1)).returncode == 0
    assert open_to_others(tmp_path / "backup") == []
    assert running.stop() == 0


def until_prepared(data: Path) -> None:
    """Wait for a rendition: a child process wrote it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with contextlib.closing(sqlite3.connect(data / "respite.sqlite3")) as database:
        while not database.execute("SELECT count(*) FROM moderation_blob WHERE state = 'ready'").fetchone()[
            0
        ]:
            assert time.monotonic() < deadline
            time.sleep(0.3)


def test_the_documented_line_starts_without_an_alarming_word(
    serve: Callable[..., Serving], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look whether it answers was a traceback of DisallowedHost."""
    manual = (ROOT / "docs" / "operations.md").read_text()
    for name in ("PUBLIC_URL", "ALLOWED_HOSTS"):
        value = re.search(rf"{name}=(\S+)", manual)
        assert value
        monkeypatch.setenv(name, value.group(1))
    running = serve(data)
    running.wait_until_said("is running at")
    assert running.ask("/readyz")[0] == 200
    assert running.ask("/accounts/login/")[0] == 400
    assert running.stop() == 0
    assert "Traceback" not in running.said().partition("is running at")[0]
    assert "DisallowedHost" not in running.said().partition("is running at")[0]
