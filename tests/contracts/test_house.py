"""What import-linter cannot see: folders and files at the top of the project."""

import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = {"audit", "live", "moderation", "outbox", "people", "queues", "web", "wellbeing"}
FOLDERS = APPS | {
    ".ci",
    "benchmarks",
    "config",
    "deploy",
    "docs",
    "locale",
    "requirements",
    "scripts",
    "static",
    "templates",
    "tests",
}
PYTHON_FILES = {"manage.py"}

pytestmark = pytest.mark.any_database


def tracked() -> list[Path]:
    """Return what git knows and what it would add; outside a repository, every file outside hidden folders."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return [path.relative_to(ROOT) for path in ROOT.glob("[!.]*/**/*")]
    return [Path(line) for line in done.stdout.splitlines() if (ROOT / line).exists()]


def urls_of(app: str) -> Any:
    """Return the module of addresses of one of the readers."""
    return import_module(f"web.{app}.urls")


def test_every_top_level_folder_has_its_place_in_the_design() -> None:
    folders = {path.parts[0] for path in tracked() if len(path.parts) > 1}
    assert folders <= FOLDERS


def test_no_module_lies_about_at_the_top() -> None:
    modules = {path.name for path in tracked() if len(path.parts) == 1 and path.suffix == ".py"}
    assert modules == PYTHON_FILES


def test_python_lives_only_where_it_is_checked() -> None:
    homes = {path.parts[0] for path in tracked() if path.suffix == ".py" and len(path.parts) > 1}
    assert homes <= APPS | {"benchmarks", "config", "scripts", "tests", "deploy"}


def test_every_app_is_a_package_that_import_linter_reads() -> None:
    contracts = (ROOT / "pyproject.toml").read_text()
    for app in APPS:
        assert (ROOT / app / "__init__.py").exists()
        assert f'"{app}"' in contracts


def test_no_file_is_called_utils() -> None:
    assert [path for path in tracked() if path.stem in {"utils", "helpers", "common", "misc"}] == []


def test_lock_files_carry_no_download_addresses() -> None:
    for path in (ROOT / "requirements").iterdir():
        text = path.read_text()
        assert "://" not in text, path.name
        assert "index-url" not in text, path.name


def test_every_pinned_requirement_has_a_hash() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        pins = path.read_text().replace("\\\n", " ").splitlines()
        unhashed = [
            pin for pin in pins if "==" in pin and not pin.lstrip().startswith("#") and "--hash=" not in pin
        ]
        assert unhashed == []


def test_every_address_of_a_page_leads_to_views_or_acts() -> None:
    """Seen red while some were called by their subject alone. ``scripted``: what only a script asks."""
    patterns = [
        found
        for app in ("desk", "lead", "officer", "people", "safeguard")
        for found in urls_of(app).urlpatterns
    ]
    homes = {found.callback.__module__.rpartition(".")[2] for found in patterns}
    assert {home for home in homes if not home.endswith(("views", "acts"))} == {"scripted"}


def test_queues_and_wellbeing_raise_facts_and_say_nothing() -> None:
    """Seen red while queues said to a lead what was refused, and wellbeing how a flag was reckoned."""
    below = [path for path in tracked() if path.parts[0] in {"queues", "wellbeing"} and path.suffix == ".py"]
    speaking = [path for path in below if "gettext" in (ROOT / path).read_text()]
    assert [path for path in speaking if "migrations" not in path.parts] == []
