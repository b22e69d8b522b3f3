"""docker-compose.yml as it is read by its tests: what each service runs, and how it is run here by hand."""

import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

Service = dict[str, Any]


def find_program(name: str) -> str | None:
    """Return where a program is installed: beside this Python, on PATH, or where only root looks."""
    return next(filter(None, (shutil.which(name, path=path) for path in (str(BIN), None, "/usr/sbin"))), None)


def read_compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def services() -> dict[str, Service]:
    found: dict[str, Service] = read_compose()["services"]
    return found


def command_of(name: str, places: dict[str, str]) -> list[str]:
    """Return a service's command with its program found here, and each word of *places* replaced."""
    words = [str(word) for word in services()[name]["command"]]
    changed = [find_program(words[0]) or words[0], *words[1:]]
    for there, here in places.items():
        assert any(there in word for word in changed), f"{name} has no {there} any more"
        changed = [word.replace(there, here) for word in changed]
    return changed


def environment_of(name: str, places: dict[str, str]) -> dict[str, str]:
    """Return a service's environment with the values of *places* instead of its own."""
    given: dict[str, str] = services()[name].get("environment", {})
    assert given.keys() >= places.keys(), f"{name} lacks {places.keys() - given.keys()}"
    return {variable: str(value).replace("$$", "$") for variable, value in given.items()} | places
