"""The first step of both commands, on machines that lack something: one line, exit code 1."""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

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


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script for a project in a folder of this test, and a pip that was told nothing."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("# nothing\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name, value in {"ROOT": str(tmp_path), "VENV": str(tmp_path), "VENV_PYTHON": sys.executable}.items():
        monkeypatch.setattr(module, name, value)
    return module


def test_pip_installs_where_uv_cannot(bootstrap: ModuleType) -> None:
    assert not bootstrap.is_installed("base")
    bootstrap.install("base", ["false"])
    assert bootstrap.is_installed("base")


def test_what_neither_can_install_is_one_line_and_is_tried_again(
    bootstrap: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements" / "base.txt").write_text("no-hash-is-given==1.0\n")
    with pytest.raises(SystemExit):
        bootstrap.install("base", ["false"])
    assert "Could not install requirements/base.txt" in capsys.readouterr().err
    assert not bootstrap.is_installed("base")


def test_a_pip_that_was_told_nothing_lets_uv_install(bootstrap: ModuleType) -> None:
    assert not bootstrap.pip_was_told_of_a_registry()


@pytest.mark.parametrize(
    ("name", "value"), [("PIP_INDEX_URL", "https://registry.example/simple"), ("PIP_NO_INDEX", "1")]
)
def test_a_pip_that_was_told_of_a_registry_installs_by_itself(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert bootstrap.pip_was_told_of_a_registry()
    assert bootstrap.get_uv() is None


def test_a_pip_that_cannot_say_what_it_was_told_installs_by_itself(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pip.conf").write_text("[global\nodd")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert bootstrap.pip_was_told_of_a_registry()


def test_the_installer_is_pinned_as_it_is_for_developers() -> None:
    def pin(name: str) -> str:
        lines = (SCRIPT.parents[1] / "requirements" / name).read_text().splitlines()
        return next(line for line in lines if line.startswith("uv=="))

    assert pin("installer.txt") == pin("dev.txt")
