"""From an installation at work to a backup, to another place that is the same: on SQLite and on PostgreSQL.

Seen red without: the check that every named blob is in the backup, the digest check while copying, the look at which
parts the older manifest names, the exported snapshot, the deletion of what the store no longer holds, the private
modes of files, `tell_everyone`, `move_feeds_ahead`, the end of every session.
"""

import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError
from django.db import connection
from pytest_django import Settings

from config.backup import media
from config.backup.manifest import Manifest, Part
from config.backup.restoring import checked
from live.models import Rev
from moderation.models import Blob, FeedHead, Item
from moderation.services.blobs import blob_store
from tests import cast
from tests.cast import T0
from tests.config import commands
from tests.config.installation import ROOT, Place, a_place, back_up, furnish, move_in, rows_here
from tests.moderation.services.steps import an_item, pictures, take_in

pytestmark = pytest.mark.django_db(transaction=True)

MOVED = {"audit_auditrow", "audit_auditpending", "django_session", "moderation_feedhead", "wellbeing_rev"}
"""What a restore changes on purpose."""


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "store"
    return tmp_path / "store"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with a_place(tmp_path / "elsewhere") as place:
        yield place


class Original:
    """The installation that was backed up once, for all that only read the backup, and what was in it then."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.api_key = furnish()
        Session.objects.create(session_key="k" * 32, session_data="", expire_date=T0)
        FeedHead.objects.update_or_create(platform=cast.a_platform(), defaults={"position": 7})
        Rev.objects.update_or_create(group="person.someone", defaults={"number": 7})
        self.rows, self.files = rows_here(), files_of(store)
        self.backup, self.keys = folder / "backup", folder / "keys"
        back_up(self.backup, keys=self.keys)


@pytest.fixture(scope="module")
def kept() -> dict[str, Original]:
    """Where the original is, once the first test has made it that asks."""
    return {}


@pytest.fixture
def original(kept: dict[str, Original], tmp_path_factory: pytest.TempPathFactory, store: Path) -> Original:
    if not kept:
        kept["original"] = Original(tmp_path_factory.mktemp("original"), store)
    return kept["original"]


def test_every_row_and_every_file_comes_back(original: Original, place: Place) -> None:
    """By a command that starts from nothing, as an operator's does."""
    before = original.rows
    done = place.restore(original.backup, original.keys, anew=True)
    assert done.returncode == 0, done.stderr
    after = place.rows()
    assert after.keys() == before.keys()
    assert before["wellbeing_exposure"]
    assert [table for table in before if table not in MOVED and after[table] != before[table]] == []
    assert set(before["audit_auditrow"]) < set(after["audit_auditrow"])
    assert files_of(place.folder / "media") == original.files
    assert "NOT" not in done.stdout
    assert len([line for line in done.stdout.splitlines() if line.startswith("ok ")]) == 7


def files_of(folder: Path) -> dict[str, bytes]:
    found = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_restored_server_answers_people_and_platforms(original: Original, tmp_path: Path) -> None:
    secret = str(original.keys / "secret_key")
    with a_place(tmp_path / "elsewhere", SECRET_KEY_FILE=secret, REDIS_URL="") as place:
        assert place.restore(original.backup, original.keys).returncode == 0
        place.start()
        with httpx.Client(base_url=place.address, trust_env=False) as client:
            assert client.get("/accounts/login/").status_code == 200
            headers = {"Authorization": f"Bearer {original.api_key}"}
            found = client.get("/api/v1/items", params={"external_id": "with-a-picture"}, headers=headers)
            assert found.status_code == 200
            assert "with-a-picture" in found.text


def test_what_a_writer_was_told_before_the_backup_is_in_it(
    tmp_path: Path, store: Path, place: Place, settings: Settings
) -> None:
    furnish()
    history, folder = tmp_path / "history", tmp_path / "backup"
    with writing(store, history):
        while not history.exists() or len(history.read_text().split()) < 5:
            assert Item.objects.count() < 10_000
            time.sleep(0.02)
        told = history.read_text().split()
        back_up(folder, keys=tmp_path / "keys")
        later = history.read_text().split()
    assert len(later) > len(told)
    done = place.restore(folder, tmp_path / "keys")
    assert done.returncode == 0, done.stdout + done.stderr
    items = " ".join(place.rows()["moderation_item"])
    assert [external_id for external_id in told if f"'{external_id}'" not in items] == []


def writing(store: Path, history: Path) -> AbstractContextManager[int]:
    """Take items in, one after the other, in a process of its own, until the block is left."""
    words = [str(connection.settings_dict["NAME"]), str(store), str(history), "0", "5000"]
    environment = os.environ | {"SECRET_KEY": "of a writer"}
    return commands.running("-m", "tests.promises.posting", *words, environment=environment)


@pytest.mark.sqlite
def test_a_second_backup_copies_only_what_is_missing(tmp_path: Path, store: Path) -> None:
    move_in()
    folder = tmp_path / "backup"
    back_up(folder)
    before = {path: path.stat().st_mtime_ns for path in (folder / "objects").rglob("*") if path.is_file()}
    new = pictures(sample("coffee.png"))
    take_in(cast.a_platform(), an_item("later", media=new))
    back_up(folder)
    after = {path: path.stat().st_mtime_ns for path in (folder / "objects").rglob("*") if path.is_file()}
    assert before.items() < after.items()
    assert {path.name for path in after.keys() - before.keys()} == {new[0].sha256}
    assert len(list(folder.glob("database-*"))) == 1
    assert checked(folder, Manifest.read(folder))


@pytest.mark.sqlite
def test_what_was_erased_is_gone_with_the_next_backup(tmp_path: Path) -> None:
    move_in()
    folder = tmp_path / "backup"
    orphan = blob_store().put([b"nobody names this"]).sha256
    back_up(folder)
    assert media.object_path(folder, orphan).exists()
    blob_store().delete(orphan)
    back_up(folder)
    assert not media.object_path(folder, orphan).exists()


@pytest.mark.sqlite
def test_the_keys_go_elsewhere_for_their_owner_alone(tmp_path: Path, settings: Settings) -> None:
    settings.FIELD_KEYS = ["x" * 43 + "="]
    furnish()
    folder, keys = tmp_path / "backup", tmp_path / "keys"
    back_up(folder, keys=keys)
    assert (keys / "secret_key").read_text().strip() == settings.SECRET_KEY
    assert (keys / "field_keys").read_text().strip() == settings.FIELD_KEYS[0]
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (keys, folder)} == {0o700}
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert settings.SECRET_KEY.encode() not in everything
    assert settings.FIELD_KEYS[0].encode() not in everything
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_sessions_end_and_pages_and_feeds_are_moved_ahead(original: Original, place: Place) -> None:
    assert "k" * 32 in original.rows["django_session"][0]
    assert place.restore(original.backup, original.keys).returncode == 0
    after = place.rows()
    assert after["django_session"] == []
    assert "1000000007" in after["moderation_feedhead"][0]
    assert any("'person.someone', 1000007" in row for row in after["wellbeing_rev"])
    assert any("installation.restored" in row for row in after["audit_auditrow"])


@pytest.mark.sqlite
def test_a_blob_that_is_not_there_makes_no_backup(tmp_path: Path) -> None:
    move_in()
    blob = Blob.objects.get(sha256=Blob.objects.values_list("sha256", flat=True)[0])
    blob_store().path(blob.sha256).unlink()
    with pytest.raises(CommandError, match=f"lacks, for example {blob.sha256}"):
        back_up(tmp_path / "backup")
    assert_no_backup(tmp_path / "backup")


def assert_no_backup(folder: Path) -> None:
    assert not (folder / "manifest.json").exists()
    assert list(folder.glob("database-*")) == []
    assert list(folder.rglob(".tmp-*")) == []


@pytest.mark.sqlite
def test_a_flipped_byte_in_the_store_makes_no_backup(tmp_path: Path) -> None:
    move_in()
    path = blob_store().path(Blob.objects.values_list("sha256", flat=True)[0])
    path.write_bytes(b"x" + path.read_bytes()[1:])
    with pytest.raises(CommandError, match="are not what they were"):
        back_up(tmp_path / "backup")
    assert_no_backup(tmp_path / "backup")


HERE = """
import os, resource, signal, django
from pathlib import Path
from django.conf import settings
from django.core.management import execute_from_command_line
settings.DATABASES["default"]["NAME"] = {name!r}
settings.MEDIA_ROOT = Path({store!r})
django.setup()
from config.backup import media
{trouble}
execute_from_command_line(["manage.py", "backup", "--to", {folder!r}])
"""
KILLED = "media.write_index = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
DISK_FULL = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
"""


@pytest.mark.parametrize(
    ("trouble", "code"), [(KILLED, -signal.SIGKILL), (DISK_FULL, 1)], ids=["killed", "disk full"]
)
def test_a_backup_that_comes_to_nothing_leaves_the_older_one_whole(
    tmp_path: Path, store: Path, trouble: str, code: int
) -> None:
    furnish()
    folder = tmp_path / "backup"
    back_up(folder)
    before = Manifest.read(folder)
    take_in(cast.a_platform(), an_item("later", media=pictures(sample("coffee.png"))))
    name = connection.settings_dict["NAME"]
    program = HERE.format(name=name, store=str(store), folder=str(folder), trouble=trouble)
    done = commands.run("-c", program, environment=os.environ | {"SECRET_KEY": "s" * 50})
    assert done.returncode == code, done.stderr
    assert Manifest.read(folder) == before
    assert checked(folder, before)
    back_up(folder)
    assert len(list(folder.glob("database-*"))) == 1
    assert list(folder.rglob(".tmp-*")) == []


def sample(name: str) -> bytes:
    return (ROOT / "tests" / "samples" / name).read_bytes()


# ── what only PostgreSQL has ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def taken(original: Original, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the original's backup, to be spoiled, and the folder of its keys."""
    shutil.copytree(original.backup, tmp_path / "backup")
    return tmp_path / "backup", original.keys


@pytest.mark.postgres
def test_a_restore_killed_on_postgresql_leaves_no_table_and_can_be_repeated(
    tmp_path: Path, taken: tuple[Path, Path], place: Place
) -> None:
    place.die_restoring(*taken, at="_publish")
    assert place.tables() == []
    assert place.restore(*taken).returncode == 0
    assert "has tables already" in place.restore(*taken).stderr
    place.more = {"SECRET_KEY_FILE": str(taken[1] / "secret_key")}
    place.manage("backup", "--to", str(tmp_path / "again"))
    assert checked(tmp_path / "again", Manifest.read(tmp_path / "again"))


@pytest.mark.postgres
def test_a_dump_that_was_cut_short_leaves_nothing(taken: tuple[Path, Path], place: Place) -> None:
    folder, keys = taken
    manifest = Manifest.read(folder)
    dump = folder / manifest.database.file
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    replace(manifest, database=Part.of(dump)).write(folder)
    assert "The database could not be loaded" in place.restore(folder, keys).stderr
    assert place.is_empty


@pytest.mark.postgres
def test_rows_that_are_missing_on_postgresql_leave_nothing(taken: tuple[Path, Path], place: Place) -> None:
    folder, keys = taken
    manifest = Manifest.read(folder)
    facts = replace(manifest.facts, counts=manifest.facts.counts | {"people_user": 99})
    replace(manifest, facts=facts).write(folder)
    assert "NOT Rows are missing or too many in people_user" in place.restore(folder, keys).stdout
    assert place.is_empty


@pytest.mark.postgres
def test_without_pg_dump_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match=r"pg_dump was not found\. Install PostgreSQL's client programs"):
        back_up(tmp_path / "backup")
    assert_no_backup(tmp_path / "backup")
