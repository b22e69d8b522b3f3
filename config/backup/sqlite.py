"""SQLite in a backup: copied by its online backup API, which sees one moment and keeps no writer waiting."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import connection

from config.backup import durable
from config.backup.facts import Ask
from config.backup.troubles import CannotBackUp, CannotRestore
from config.preflight import CannotStart, data_folder, hold

STAGED: Final = ".restoring.sqlite3"
BESIDE: Final = ("", "-wal", "-shm", "-journal")


class SqliteDatabase:
    """The database of embedded mode: one file."""

    vendor = "sqlite"
    suffix = "sqlite3"

    def __init__(self) -> None:
        self.file = Path(str(connection.settings_dict["NAME"]))
        self.staged = self.file.with_name(STAGED)

    @contextmanager
    def copied(self, to: Path) -> Iterator[Ask]:
        """Copy the whole database to the file *to*, and answer queries from that copy.

        Raises:
            CannotBackUp: there is no database, or the copy is not sound.
        """
        if not self.file.is_file():
            raise CannotBackUp(f"There is no database to back up: {self.file} does not exist.")
        to.touch(mode=0o600)
        with closing(sqlite3.connect(to)) as copy:
            try:
                self._copy_into(copy)
            except sqlite3.Error as error:
                raise CannotBackUp(f"The database could not be copied ({error}).") from None
            yield copy.execute

    def _copy_into(self, copy: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as live:
            live.backup(copy)
        # One file that needs no others: the copy says WAL in its header, as the original did.
        copy.execute("PRAGMA journal_mode=DELETE")
        faults = _faults(copy)
        if faults:
            raise CannotBackUp(f"The database is damaged ({faults[0]}). The backup before this one is kept.")

    def insist_empty(self) -> None:
        """Refuse a database that has tables.

        Raises:
            CannotRestore
        """
        if self.file.exists() and self.file.stat().st_size:
            raise CannotRestore(
                f"There is a database at {self.file} already. Restore goes into an empty installation only: "
                "give another DATA_DIR, or move that one away."
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep `serve` away from the folder for as long as this lasts.

        Raises:
            CannotRestore: it runs there.
        """
        try:
            handle = hold(data_folder(self.file.parent))
        except CannotStart as trouble:
            raise CannotRestore(f"{trouble}.") from None
        try:
            yield
        finally:
            os.close(handle)

    def stage(self, part: Path) -> None:
        """Put the database of a backup beside its place, and let this process use it there."""
        self.discard()
        name, _ = durable.copy(part, self.staged.parent)
        durable.settle(name, self.staged)
        connection.close()
        connection.settings_dict["NAME"] = str(self.staged)

    def faults(self) -> list[str]:
        """Return what is wrong with the staged database itself."""
        with closing(sqlite3.connect(self.staged)) as staged:
            return _faults(staged)

    def publish(self) -> None:
        """Give the staged database its name: from here on it is the installation's."""
        connection.close()
        with closing(sqlite3.connect(self.staged)) as staged:
            staged.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            staged.execute("PRAGMA journal_mode=DELETE")
        durable.settle(self.staged, self.file)
        connection.settings_dict["NAME"] = str(self.file)

    def discard(self) -> None:
        """Leave nothing of a staged database."""
        connection.close()
        for suffix in BESIDE:
            self.staged.with_name(STAGED + suffix).unlink(missing_ok=True)


def _faults(database: sqlite3.Connection) -> list[str]:
    def ask(query: str) -> list[Any]:
        return database.execute(query).fetchall()

    try:
        words = [word for (word,) in ask("PRAGMA integrity_check(5)") if word != "ok"]
        return words + [
            f"a row of {table} points at nothing" for table, *_ in ask("PRAGMA foreign_key_check")
        ]
    except sqlite3.DatabaseError as error:
        return [str(error)]
