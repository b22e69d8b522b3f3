"""Which backups are refused, by which sentence, before anything is asked of a database; nothing is left behind.

Seen red without: the check of every object and part, `insist_known`, `insist_fit`, `_insist_empty`, the look at the
paths of the index, the hold on the folder.
"""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.preflight import hold
from tests.config.installation import Place
from tests.config.spoiling import SPOILED

pytestmark = pytest.mark.any_database

SECRET = "s" * 50
QUIETLY = ("--verbosity", "0", "--skip-checks")
"""The checks would load every page, which nothing here looks at."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, moved_in: Callable[[Path], Path]) -> Path:
    """A small backup and its keys: made once, by the command, and copied for each way to spoil it."""
    folder = tmp_path_factory.mktemp("whole")
    place = Place(moved_in(folder / "first"), SECRET_KEY=SECRET)
    place.manage("migrate", *QUIETLY)
    rendition = folder / "first" / "media" / "renditions" / "ab" / "cd" / "picture.grey"
    rendition.parent.mkdir(parents=True)
    rendition.write_bytes(b"grey" * 100)
    place.manage("backup", "--to", str(folder / "backup"), "--keys-to", str(folder / "keys"))
    return folder


class Empty:
    """An empty installation that this process takes for its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def refusal(self, backup: Path, keys: Path | None) -> str:
        """Restore here, see it refused with nothing left behind, and return the sentence."""
        words = [] if keys is None else ["--keys-from", str(keys)]
        with pytest.raises(CommandError) as refused:
            call_command("restore", "--from", str(backup), *words, stdout=StringIO())
        assert self.files() <= {"serve.lock"}
        return str(refused.value)

    def files(self) -> set[str]:
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        return {path.relative_to(self.folder).as_posix() for path in found}


@pytest.fixture
def empty(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Empty:
    folder = tmp_path / "elsewhere"
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.SECRET_KEY = folder, folder / "media", SECRET
    monkeypatch.setitem(connection.settings_dict, "NAME", str(folder / "respite.sqlite3"))
    return Empty(folder)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "elsewhere").mkdir()
    return Place(tmp_path / "elsewhere")


@pytest.mark.parametrize(("spoil", "sentence"), SPOILED.items(), ids=[spoil.__name__ for spoil in SPOILED])
def test_a_spoiled_backup_is_refused(
    whole: Path, tmp_path: Path, empty: Empty, spoil: Callable[[Path], None], sentence: str
) -> None:
    shutil.copytree(whole / "backup", tmp_path / "spoiled")
    spoil(tmp_path / "spoiled")
    assert sentence in empty.refusal(tmp_path / "spoiled", whole / "keys")


def test_unspoiled_the_same_backup_is_taken_once(whole: Path, place: Place) -> None:
    assert place.restore(whole / "backup", whole / "keys").returncode == 0
    again = place.restore(whole / "backup", whole / "keys")
    assert again.returncode == 1
    assert "There is a database at" in again.stderr


def test_media_without_a_database_are_not_written_over(whole: Path, empty: Empty) -> None:
    mine = empty.folder / "media" / "ab" / "mine"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(CommandError, match="There are media in"):
        call_command("restore", "--from", str(whole / "backup"), "--keys-from", str(whole / "keys"))
    assert mine.read_text() == "mine"


def test_a_running_server_is_not_restored_under(whole: Path, empty: Empty) -> None:
    empty.folder.mkdir()
    hold(empty.folder)
    assert "already runs on" in empty.refusal(whole / "backup", whole / "keys")


def test_without_keys_nothing_is_restored(whole: Path, empty: Empty, tmp_path: Path, settings: Any) -> None:
    settings.SECRET_KEY = ""
    assert "The keys of this backup are missing" in empty.refusal(whole / "backup", None)
    (tmp_path / "none").mkdir()
    assert "There are no keys in" in empty.refusal(whole / "backup", tmp_path / "none")


def test_with_the_keys_of_another_installation_nothing_is_restored(
    whole: Path, empty: Empty, tmp_path: Path, settings: Any
) -> None:
    settings.SECRET_KEY = "o" * 50
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "secret_key").write_text("o" * 50)
    assert "These are not the keys of this backup" in empty.refusal(whole / "backup", tmp_path / "others")


def test_an_installation_with_a_key_of_its_own_is_not_given_another(
    whole: Path, empty: Empty, settings: Any
) -> None:
    settings.SECRET_KEY = "o" * 50
    assert "has another secret key already" in empty.refusal(whole / "backup", whole / "keys")


def test_an_older_backup_is_brought_forward(whole: Path, tmp_path: Path, place: Place) -> None:
    older = Place(tmp_path / "older", SECRET_KEY=SECRET)
    shutil.copytree(whole / "first", older.folder)
    older.manage("migrate", "outbox", "zero", *QUIETLY)
    older.manage("backup", "--to", str(tmp_path / "backup"))
    done = place.restore(tmp_path / "backup", whole / "keys")
    assert done.returncode == 0, done.stderr
    assert "were applied: the backup is from an older one" in done.stdout


@pytest.mark.parametrize("step", ["prove", "_publish"])
def test_a_restore_that_is_killed_leaves_nothing_to_run_on_and_can_be_repeated(
    whole: Path, place: Place, step: str
) -> None:
    place.die_restoring(whole / "backup", whole / "keys", at=step)
    assert not (place.folder / "respite.sqlite3").exists()
    assert [path for path in (place.folder / "media").iterdir() if not path.name.startswith(".")] == []
    done = place.restore(whole / "backup", whole / "keys")
    assert done.returncode == 0, done.stderr
    assert not (place.folder / "media" / ".tmp-restoring").exists()
