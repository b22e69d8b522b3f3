"""A backup whose parts are what its manifest says, of an installation that was tampered with, and folders that do not do.

Seen red without: `audit_whole`, its look at the manifest's checkpoint, `all_rows`, `sound`, `media_there`, `fields_open`,
`_leave_nothing`, `insist_apart`, the look for a manifest where keys go and for keys where a backup goes.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.backup.manifest import Manifest, Part
from tests.config.installation import Place, back_up, furnish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "store"
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one backup of an installation lies that the tests have copies of, once the first of them has made it."""
    return tmp_path_factory.mktemp("original")


@pytest.fixture
def backup(original: Path, tmp_path: Path) -> Path:
    if not (original / "backup").exists():
        furnish()
        back_up(original / "backup", keys=original / "keys")
    for part in ("backup", "keys"):
        shutil.copytree(original / part, tmp_path / part)
    return tmp_path / "backup"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def empty(tmp_path: Path) -> Place:
    (tmp_path / "elsewhere").mkdir()
    return Place(tmp_path / "elsewhere")


def refusal(place: Place, backup: Path, keys: Path) -> str:
    """Restore there, see it refused with nothing left behind, and return what was said."""
    done = place.restore(backup, keys)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert place.is_empty
    assert not (place.folder / "secret_key").exists()
    return done.stdout + done.stderr


def tamper(backup: Path, *statements: str) -> None:
    """Change the database in the backup and make its digest right again, as somebody could who holds the folder."""
    manifest = Manifest.read(backup)
    with closing(sqlite3.connect(backup / manifest.database.file)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    replace(manifest, database=Part.of(backup / manifest.database.file)).write(backup)


def test_a_rewritten_audit_is_noticed(backup: Path, keys: Path, empty: Place) -> None:
    guard = "DROP TRIGGER audit_auditrow_no_update"
    third = "SELECT row_id FROM audit_auditseal WHERE sequence = 3"
    tamper(backup, guard, f"UPDATE audit_auditrow SET actor = 'nobody' WHERE id = ({third})")
    assert "NOT The audit chain is broken at link 3" in refusal(empty, backup, keys)


def test_an_audit_that_was_cut_behind_its_checkpoint_is_noticed(
    backup: Path, keys: Path, empty: Place
) -> None:
    tables = ("audit_auditcheckpoint", "audit_auditseal", "audit_auditrow")
    guards = [f"DROP TRIGGER {table}_no_delete" for table in tables]
    tamper(backup, *guards, *(f"DELETE FROM {table}" for table in tables), "DELETE FROM audit_auditpending")
    said = refusal(empty, backup, keys)
    assert "NOT The audit chain was rewritten: link" in said
    assert "NOT Rows are missing or too many in audit_auditcheckpoint" in said


def test_rows_that_point_at_nothing_are_noticed(backup: Path, keys: Path, empty: Place) -> None:
    tamper(backup, "DELETE FROM people_subject")
    tamper(backup, "DELETE FROM people_user")
    assert "NOT The database is damaged: a row of" in refusal(empty, backup, keys)


def test_a_named_blob_that_the_index_leaves_out_is_noticed(backup: Path, keys: Path, empty: Place) -> None:
    manifest = Manifest.read(backup)
    index = backup / manifest.media.file
    index.write_text("")
    replace(manifest, media=Part.of(index)).write(backup)
    assert "media that rows name are not there" in refusal(empty, backup, keys)


def test_a_field_that_no_key_opens_is_noticed(tmp_path: Path, settings: Any, empty: Place) -> None:
    settings.FIELD_KEYS = ["B" * 43 + "="]
    furnish()
    back_up(tmp_path / "backup", keys=tmp_path / "keys")
    (tmp_path / "keys" / "field_keys").unlink()
    said = refusal(empty, tmp_path / "backup", tmp_path / "keys")
    assert "NOT No key opens moderation_webhookendpoint" in said
    assert "FIELD_KEYS lacks one" in said


# ── folders ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_keys_and_backup_may_not_lie_together(tmp_path: Path) -> None:
    for backup, keys in (("same", "same"), ("above", "above/keys"), ("below/backup", "below")):
        with pytest.raises(CommandError, match="are kept in different places"):
            back_up(tmp_path / backup, keys=tmp_path / keys)
        assert not (tmp_path / backup).exists()
        assert not (tmp_path / keys).exists()


def test_keys_do_not_go_where_another_backup_lies(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds a backup\. Whoever holds"):
        back_up(tmp_path / "second", keys=backup)


def test_a_backup_does_not_go_where_keys_lie(backup: Path, keys: Path) -> None:
    with pytest.raises(CommandError, match=r"holds keys\. Whoever holds"):
        back_up(keys)


def test_a_backup_does_not_go_to_the_data_that_it_saves(tmp_path: Path, settings: Any) -> None:
    for folder in (settings.DATA_DIR / "backup", settings.DATA_DIR.parent, settings.MEDIA_ROOT):
        with pytest.raises(CommandError, match="may not lie with the data that it saves"):
            back_up(folder)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir(mode=0o555)
    with pytest.raises(CommandError, match=r"The folder cannot be written to: .*read-only"):
        back_up(tmp_path / "backup")
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="is not a folder"):
        back_up(tmp_path / "file")


def test_a_place_without_a_database_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "none.sqlite3"))
    with pytest.raises(CommandError, match="There is no database to back up"):
        call_command("backup", "--to", str(tmp_path / "backup"), stdout=StringIO())
    assert not (tmp_path / "none.sqlite3").exists()
