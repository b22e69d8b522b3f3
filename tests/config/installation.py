"""Arrange steps for backups: a small installation with something of everything, and places to restore it to."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from django.core.management import call_command
from django.db import connection, transaction

from audit.services import record, seal_next
from config.backup.facts import TABLES
from moderation.services.endpoints import create_endpoint
from moderation.services.preparation import prepare_revision
from outbox.kinds import Work
from tests import cast
from tests.cast import T0
from tests.config import commands
from tests.faults.house import House
from tests.moderation import judging
from tests.moderation.api.caller import a_policy, a_secret, picture
from tests.moderation.services.steps import an_item, pictures, take_in
from tests.wellbeing.steps import Desk, a_look

ROOT = Path(__file__).resolve().parents[2]
MANY = 105  # audit rows: the hundredth gets a signed checkpoint
DIES = """
import os, signal, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from config.backup import restoring
from django.core.management import execute_from_command_line
restoring.{step} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
execute_from_command_line(["manage.py", "restore", "--from", {backup!r}, "--keys-from", {keys!r}])
"""


def furnish() -> str:
    """Fill the database of this test with people, items, media, a decision, exposure, audit; return an API key."""
    api_key = move_in()
    keep_an_audit()
    return api_key


def move_in() -> str:
    """Do the same but for the audit, which takes as long as all the rest: where nothing is restored, or proved by it."""
    platform, team = cast.a_platform(), cast.a_team()
    queue = cast.a_queue(platform=platform, team=team)
    a_policy(queue)
    alice = cast.a_user("alice", "moderator", team=team)
    cast.a_user("olga", "operator")
    revision = take_in(platform, an_item("with-a-picture", media=pictures(picture())))
    prepare_revision(Work(entry_id=1, arguments={"revision": revision.pk}, attempt=1, at=T0, fence=1))
    judging.a_decision(judging.a_case(queue), cast.subject_of(alice))
    desk = Desk(cast.subject_of(alice)).open()
    desk.show(a_look(3))
    desk.look_for(timedelta(seconds=40))
    create_endpoint(platform=platform, url="https://lumen.example/hook", actor="system", at=T0)
    return a_secret(platform)


def keep_an_audit() -> None:
    """Record and seal: in one transaction, for not to wait for the disk at every row."""
    with transaction.atomic():
        for number in range(MANY):
            record(actor="system", action="thing.done", target_kind="thing", target_id=str(number), at=T0)
        while seal_next(at=T0):
            pass


def back_up(folder: Path, *, keys: Path | None = None) -> str:
    """Back up the installation of this test and return what was said."""
    said = StringIO()
    call_command("backup", "--to", str(folder), *(["--keys-to", str(keys)] if keys else []), stdout=said)
    return said.getvalue()


class Place(House):
    """Somewhere else, to restore to: a folder, and on PostgreSQL a database, of its own."""

    def __init__(self, folder: Path, url: str | None = None, **more: str) -> None:
        super().__init__(folder)
        self.url, self.more = url, more

    def environment(self) -> dict[str, str]:
        return super().environment() | ({"DATABASE_URL": self.url} if self.url else {}) | self.more

    def run(
        self, *words: str, code: str | None = None, anew: bool = False
    ) -> "subprocess.CompletedProcess[str]":
        """Run a management command, or *code* in a Python of its own, to its end, whatever that is.

        *anew*: in a process that starts from nothing, as a person's does.
        """
        program = ["-c", code] if code else ["manage.py", *words]
        run = commands.run_anew if anew else commands.run
        return run(*program, environment=self.environment())

    def manage(self, *words: str, stdin: str = "") -> str:
        """Run a management command to its end and return what it printed."""
        done = commands.run("manage.py", *words, environment=self.environment(), stdin=stdin)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def restore(self, folder: Path, keys: Path, *, anew: bool = False) -> "subprocess.CompletedProcess[str]":
        return self.run("restore", "--from", str(folder), "--keys-from", str(keys), anew=anew)

    def die_restoring(self, folder: Path, keys: Path, *, at: str) -> None:
        """Restore, and be killed when the step of that name in `config.backup.restoring` is begun."""
        assert self.run(code=DIES.format(step=at, backup=str(folder), keys=str(keys))).returncode == -9

    def tables(self) -> list[str]:
        """Return the tables that a server would find here, on PostgreSQL."""
        with psycopg.connect(self.url or "") as database:
            found = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return [name for (name,) in found]

    def rows(self) -> dict[str, list[str]]:
        """Return every row of every table, as text."""
        return rows_of(self.url or self.folder / "respite.sqlite3")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that a server could run on."""
        blobs = [path for path in (self.folder / "media").rglob("*") if path.is_file()]
        there = self.tables() if self.url else (self.folder / "respite.sqlite3").exists()
        return not there and not blobs


def rows_here() -> dict[str, list[str]]:
    """Return every row of every table of this test's database, as text."""
    name = str(connection.settings_dict["NAME"])
    return rows_of(Path(name) if connection.vendor == "sqlite" else url_of(name))


def rows_of(where: str | Path) -> dict[str, list[str]]:
    """Return every row of every table of a database: of a file, or of a URL."""
    is_file = isinstance(where, Path)
    connect: Any = sqlite3.connect if is_file else psycopg.connect
    with closing(connect(where)) as database:
        tables = [
            name for (name,) in database.execute(TABLES["sqlite" if is_file else "postgresql"]).fetchall()
        ]
        return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in tables}


def url_of(name: str) -> str:
    """Return the URL of another database on the server of this run."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def a_place(folder: Path, **more: str) -> Iterator[Place]:
    """Make an empty place to restore to, on the kind of database that this run uses."""
    folder.mkdir()
    name = "" if connection.vendor == "sqlite" else f"restored_{uuid4().hex}"
    if name:
        _do(f"CREATE DATABASE {name}")
    place = Place(folder, url_of(name) if name else None, **more)
    try:
        yield place
    finally:
        place.stop()
        if name:
            _do(f"DROP DATABASE {name} WITH (FORCE)")


def _do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
