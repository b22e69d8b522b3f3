"""The commands of the operations manual are there, with the options that it names."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

pytestmark = pytest.mark.any_database

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def named() -> list[tuple[str, list[str]]]:
    """Return every command that the manual writes out, with its words."""
    text = MANUAL.read_text().replace("\\\n", " ")
    lines = re.findall(r"manage\.py ([a-z_]+)([^`\n]*)", text)
    return [(command, words_of(rest)) for command, rest in lines]


def words_of(rest: str) -> list[str]:
    """Return the words up to what is not for the command any more; a program in quotes spans lines."""
    try:
        return shlex.split(rest)
    except ValueError:
        return shlex.split(rest.partition('"')[0])


def test_the_manual_names_commands() -> None:
    assert {"serve", "backup", "restore", "rotate_field_keys", "verify_audit"} <= {
        name for name, _ in named()
    }


@pytest.mark.parametrize(("command", "words"), named(), ids=lambda part: str(part)[:60])
def test_every_command_and_option_exists(command: str, words: list[str]) -> None:
    assert command in get_commands()
    app = get_commands()[command]
    parser = load_command_class(str(app), command).create_parser("manage.py", command)
    known = {option for action in parser._actions for option in action.option_strings}
    assert {word for word in words if re.fullmatch(r"--?[a-z-]+", word)} <= known
