"""The first step of both commands, on machines that lack something: one line, exit code 1."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bootstrap.py"


def run_on(machine: str) -> subprocess.CompletedProcess[str]:
    """Run the script after `machine`, Python statements that change what it finds."""
    code = f"import runpy, sys\n{machine}\nrunpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", code, "base"], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 9, 2), (3, 10, 14)])
def test_an_old_python_is_one_line(version: tuple[int, ...]) -> None:
    done = run_on(f"sys.version_info = {version}")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"needs Python 3.11 or newer; this is {version[0]}.{version[1]}" in done.stderr


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_is_one_line(module: str) -> None:
    done = run_on(f"sys.modules[{module!r}] = None")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "python3-venv" in done.stderr


def test_an_old_python_can_read_it() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 4))
    assert SCRIPT.read_text().isascii()
