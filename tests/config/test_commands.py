"""A program that is forked where the libraries are loaded is seen to do what it does in a Python that starts from nothing.

Seen red without: the streams of its own, the environment made empty first, `sys.argv`, the return to Python's own end, the
look at how one that runs beside has ended; and with the settings loaded before the order.
"""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.config import commands

pytestmark = pytest.mark.any_database

OWN = {"audit", "config", "live", "moderation", "outbox", "people", "queues", "web", "wellbeing"}
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ} | {
    "DATA_DIR": "/none"
}
"""Neither all that the process has that forks, nor only that."""
PROGRAMS = {
    "nothing": "",
    "what it is given": "import os, sys; print(sys.argv, os.getcwd(), __name__, os.environ.get('DATA_DIR'))",
    "its environment alone": "import os; print(sorted(set(os.environ) - {'LC_CTYPE'}))",
    "what it reads": "import sys; print(sys.stdin.read().upper()); print(sys.stdin.fileno())",
    "both streams": "import sys; print('said', 'für', '\\u0644'); print('complained', file=sys.stderr)",
    "its children's": "import os; os.system('echo said; echo complained >&2; cat')",
    "its streams' kind": "import sys; print([(s.encoding, s.errors, s.line_buffering) for s in (sys.stdout, sys.stderr)])",
    "a code": "import sys; print('said'); sys.exit(3)",
    "a sentence as code": "import sys; sys.exit('It cannot.')",
    "an end of its own": "import os; print('lost'); os._exit(4)",
    "killed": "import os, signal; print('lost'); os.kill(os.getpid(), signal.SIGKILL)",
    "terminated": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "what is left to the end": "import atexit; atexit.register(print, 'last'); print('first')",
    "a thread that ends later": "import threading; threading.Timer(0.05, print, ['later']).start(); print('first')",
    "a stream that cannot be written": "import os; os.close(1); print('lost')",
}


def all_of(done: "subprocess.CompletedProcess[str]") -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("code", PROGRAMS.values(), ids=PROGRAMS)
def test_forked_it_does_the_same(code: str) -> None:
    forked = commands.run("-c", code, environment=ENVIRONMENT, stdin="heard, für dich")
    assert all_of(forked) == all_of(
        commands.run_anew("-c", code, environment=ENVIRONMENT, stdin="heard, für dich")
    )


def test_an_error_is_told_the_same_way_but_for_where_it_was_called() -> None:
    code = "def fail():\n    raise ValueError('no')\n\nprint('said')\nfail()"
    forked = commands.run("-c", code, environment=ENVIRONMENT)
    anew = commands.run_anew("-c", code, environment=ENVIRONMENT)
    assert (forked.returncode, forked.stdout) == (anew.returncode, anew.stdout) == (1, "said\n")
    first, *rest = anew.stderr.splitlines()
    assert forked.stderr.startswith(first)
    assert forked.stderr.splitlines()[-len(rest) :] == rest


def test_the_command_line_does_the_same(tmp_path: Path) -> None:
    environment = ENVIRONMENT | {"DATA_DIR": str(tmp_path)}
    forked = commands.run("manage.py", "no_such_command", environment=environment)
    anew = commands.run_anew("manage.py", "no_such_command", environment=environment)
    assert all_of(forked) == all_of(anew)
    assert "Unknown command" in forked.stderr


def test_nothing_of_respite_and_no_setting_is_loaded_before_the_order() -> None:
    code = (
        "import sys; from django.apps import apps; from django.conf import settings; "
        "print(settings.configured, apps.apps_ready, sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    said = commands.run("-c", code, environment=ENVIRONMENT).stdout
    assert said.startswith("False False")
    assert [name for name in OWN if f"'{name}'" in said] == []
    assert "'pytest'" not in said


def test_whoever_forks_has_one_thread_and_nothing_connected() -> None:
    code = "import os; print(os.getppid())"
    loaded = Path("/proc", commands.run("-c", code, environment=ENVIRONMENT).stdout.strip())
    assert len(list((loaded / "task").iterdir())) == 1
    opened = [str(file.readlink()) for file in (loaded / "fd").iterdir()]
    assert [name for name in opened if name.startswith("socket:") or "sqlite" in name] == []


def test_two_orders_know_nothing_of_each_other() -> None:
    spoil = "import os, sys, json; os.environ['LEFT'] = '1'; json.left = 1; os.chdir('/'); os.umask(0)"
    look = "import os, json; print(os.environ.get('LEFT'), hasattr(json, 'left'), os.getcwd(), os.umask(0))"
    before = commands.run("-c", look, environment=ENVIRONMENT).stdout
    commands.run("-c", spoil, environment=ENVIRONMENT)
    assert commands.run("-c", look, environment=ENVIRONMENT).stdout == before


def test_one_that_runs_beside_is_killed_alone(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = f"import pathlib, time; pathlib.Path({str(mark)!r}).touch(); time.sleep(60)"
    with commands.running("-c", code, environment=ENVIRONMENT):
        while not mark.exists():
            time.sleep(0.01)
    assert commands.run("-c", "print('next')", environment=ENVIRONMENT).stdout == "next\n"


def test_one_that_ended_too_early_is_told_of() -> None:
    with pytest.raises(AssertionError, match="It cannot"):
        watch_it_end("import sys; sys.exit('It cannot.')")


def watch_it_end(code: str) -> None:
    with commands.running("-c", code, environment=ENVIRONMENT) as pid:
        while Path("/proc", str(pid)).exists():
            time.sleep(0.01)
