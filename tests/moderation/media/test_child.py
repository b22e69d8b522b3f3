import io
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from moderation.media import limits
from moderation.media.prepare import PrepareFailed, prepare
from moderation.media.rejections import SENTENCES, MediaRejected, rejected
from moderation.media.store import BlobStore
from tests.moderation.media.samples import SAMPLES, encoded

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[3]


# ── how the child can end ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a shell script in the place of the child's interpreter. It is called with -E -s -m … FILE FOLDER …"""

    def replace(script: str) -> None:
        program = tmp_path / "child"
        program.write_text(f"#!/bin/sh\nfolder=$6\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))

    return replace


def answer(**changed: object) -> str:
    facts = {"format": "JPEG", "width": 640, "height": 427, "frames": 1, "peak_bytes": 1}
    return json.dumps(facts | {"phash_pixels": "00" * 1024, "dhash_pixels": "00" * 72} | changed)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("kill -SEGV $$", "broken_worker"),  # before it had seen the file
        ("exit 1", "broken_worker"),
        ("kill -KILL $$", "killed"),
        ("echo ready; kill -KILL $$", "killed"),  # the kernel, short of memory, or an operator
        ("echo ready; kill -TERM $$", "killed"),
        ("echo ready; exec sleep 60", "timeout"),
        ("""echo ready; echo '{"failed": "disk"}'""", "disk"),
    ],
)
def test_our_own_faults_may_be_retried(child: Callable[[str], None], script: str, code: str) -> None:
    child(script)
    with pytest.raises(PrepareFailed) as caught:
        prepare(SAMPLES / "rocket.jpg", timeout_seconds=1)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("echo ready; kill -SEGV $$", "decoder_crashed"),
        ("echo ready; kill -ABRT $$", "decoder_crashed"),
        ("echo ready; kill -XCPU $$", "too_slow"),
        ("echo ready; exit 3", "decoder_crashed"),
        ("echo ready", "decoder_crashed"),
        ("echo ready; echo nonsense", "decoder_crashed"),
        ("echo ready; echo '[]'", "decoder_crashed"),
        ("echo ready; yes | head -c 100000", "decoder_crashed"),
        ("""echo ready; echo '{"rejected": "truncated"}'""", "truncated"),
        ("""echo ready; echo '{"rejected": "too_much_memory"}'""", "too_much_memory"),
        ("""echo ready; echo '{"rejected": "<script>"}'""", "decoder_crashed"),
        ("""echo ready; echo '{"rejected": ["truncated"]}'""", "decoder_crashed"),
        (f"echo ready; echo '{answer()}'", "decoder_crashed"),  # no renditions
    ],
)
def test_the_files_own_faults_are_final(child: Callable[[str], None], script: str, code: str) -> None:
    child(script)
    with pytest.raises(MediaRejected) as caught:
        prepare(SAMPLES / "rocket.jpg")
    assert caught.value.code == code


def drawing(tmp_path: Path, said: str, **renditions: bytes) -> str:
    """A child that leaves these renditions and says this."""
    drawn = {
        "shielded": encoded(Image.new("L", (320, 213)), "JPEG"),
        "grey": encoded(Image.new("L", (640, 427)), "JPEG"),
        "colour": encoded(Image.new("RGB", (640, 427)), "JPEG"),
    } | renditions
    source = tmp_path / "drawn"
    source.mkdir()
    for level, data in drawn.items():
        (source / level).write_bytes(data)
    return f"cp {source}/* $folder/; echo ready; echo '{said}'"


def test_an_honest_answer_is_believed(child: Callable[[str], None], tmp_path: Path) -> None:
    child(drawing(tmp_path, answer()))
    assert prepare(SAMPLES / "rocket.jpg").width == 640


@pytest.mark.parametrize(
    "changed",
    [
        {"width": 0},
        {"width": -5},
        {"width": True},
        {"height": 1e3},
        {"frames": 10**9},
        {"format": "SVG"},
        {"format": []},
        {"phash_pixels": "x" * 2048},
        {"dhash_pixels": None},
        {"dhash_pixels": "0" * 145},
    ],
)
def test_an_unbelievable_answer_is_refused(
    child: Callable[[str], None], tmp_path: Path, changed: dict[str, object]
) -> None:
    child(drawing(tmp_path, answer(**changed)))
    with pytest.raises(MediaRejected, match="decoder_crashed"):
        prepare(SAMPLES / "rocket.jpg")


@pytest.mark.parametrize(
    "forged",
    [
        {"shielded": encoded(Image.new("L", (321, 100)), "JPEG")},
        {"shielded": encoded(Image.new("RGB", (320, 100)), "JPEG")},
        {"grey": encoded(Image.new("RGB", (320, 100)), "JPEG")},
        {"colour": encoded(Image.new("RGB", (2_561, 1)), "JPEG")},
        {"colour": b"<html>"},
        {"colour": encoded(Image.new("RGB", (20, 10)), "PNG")},
        {"grey": b"\xff\xd8\xff"},
    ],
)
def test_a_captured_child_gets_no_clear_pixel_past_the_shield(
    child: Callable[[str], None], tmp_path: Path, forged: dict[str, bytes]
) -> None:
    child(drawing(tmp_path, answer(), **forged))
    with pytest.raises(MediaRejected):
        prepare(SAMPLES / "rocket.jpg")


def test_nothing_that_the_child_started_outlives_it(child: Callable[[str], None], tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    child(f"echo ready; sleep 60 & echo $! > {noted}; wait")
    with pytest.raises(PrepareFailed, match="timeout"):
        prepare(SAMPLES / "rocket.jpg", timeout_seconds=1)
    assert ends_within(10, process=noted.read_text().strip())


def ends_within(seconds: float, *, process: str) -> bool:
    """Whether a process that was killed has ended, or is a zombie: on a busy machine it takes a moment to die."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
    return False


def test_what_a_killed_parent_leaves_behind_is_swept(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "store")
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\necho secret > $6/colour\nexec sleep 60\n")
    slow.chmod(0o755)
    program = (
        "import sys; from pathlib import Path; from moderation.media.prepare import prepare\n"
        f"sys.executable = {str(slow)!r}\n"
        f"prepare(Path({str(SAMPLES / 'rocket.jpg')!r}), scratch=Path({str(store.root)!r}))"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    while not any(path.read_text() for path in store.root.glob(".tmp-*/colour")):
        assert parent.poll() is None
    parent.kill()
    parent.wait()
    os.kill(
        int((tmp_path / "pid").read_text()), signal.SIGKILL
    )  # the real child ends by its own processor limit
    assert store.sweep_temporaries(older_than=datetime.now(UTC) + timedelta(days=1)) == 1
    assert not list(store.root.iterdir())


def test_a_child_that_cannot_start_is_our_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "absent"))
    with pytest.raises(PrepareFailed, match="cannot_start"):
        prepare(SAMPLES / "rocket.jpg")


def test_a_missing_blob_or_temporary_folder_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(PrepareFailed, match="blob_missing"):
        prepare(tmp_path / "absent")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(PrepareFailed, match="disk"):
        prepare(SAMPLES / "rocket.jpg")


def test_the_child_sees_nothing_of_our_environment(
    child: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    child(f"env > {tmp_path}/seen; readlink /proc/$$/fd/0 > {tmp_path}/input; exit 1")
    with pytest.raises(PrepareFailed):
        prepare(SAMPLES / "rocket.jpg")
    assert "do not tell" not in (tmp_path / "seen").read_text()
    assert (tmp_path / "input").read_text().strip() == os.devnull


# ── the limits themselves ────────────────────────────────────────────────────────────────────────────────────────


def bound(program: str) -> int:
    """The exit status of a child that binds itself as the worker does, then runs this."""
    code = f"from moderation.media.worker import bind\nbind(cpu_seconds=1)\n{program}"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, timeout=60
    ).returncode


def test_memory_beyond_the_limit_is_refused() -> None:
    grab = "try:\n    bytearray({})\nexcept MemoryError:\n    raise SystemExit(7)"
    assert bound(grab.format(limits.CHILD_ADDRESS_SPACE)) == 7
    assert bound(grab.format(1_000)) == 0


def test_processor_time_beyond_the_limit_kills() -> None:
    assert bound("while True: pass") == -signal.SIGXCPU


def test_files_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    write = f"with open({str(tmp_path / 'large')!r}, 'wb') as file: file.write(bytes({limits.MAX_RENDITION_BYTES} + 1))"
    assert bound(write) == 1
    assert bound(f"files = [open('/dev/null') for _ in range({limits.CHILD_OPEN_FILES})]") == 1


def test_what_was_given_up_cannot_be_taken_back() -> None:
    raising = (
        "import os, resource\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try:\n    resource.setrlimit(resource.RLIMIT_AS, (2**33, 2**33))\n"
        "except ValueError:\n    raise SystemExit(7)"
    )
    assert bound(raising) == 7


def test_the_child_loads_nothing_that_it_does_not_need_and_the_web_process_no_decoder() -> None:
    loaded = "import sys, {}\nprint(*sys.modules)"

    def modules(name: str) -> set[str]:
        program = [sys.executable, "-c", loaded.format(name)]
        return set(
            subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
        )

    assert not modules("moderation.media.worker") & {"django", "numpy", "scipy", "imagehash"}
    web = set().union(*(modules(f"moderation.media.{name}") for name in ("sniff", "store")))
    assert not web & {"django", "numpy", "PIL"}


def test_a_rejection_survives_the_way_between_processes() -> None:
    again = pickle.loads(pickle.dumps(rejected("svg")))  # noqa: S301 - our own bytes
    assert (again.code, again.sentence) == ("svg", SENTENCES["svg"])


def test_no_exception_tells_anything_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a-name-that-tells"
    path.write_bytes(b"content that tells")
    with pytest.raises(MediaRejected) as caught:
        prepare(path)
    assert "tells" not in f"{caught.value} {caught.value!r} {caught.value.sentence}"
    assert io.BytesIO(path.read_bytes()).read(7) == b"content"
