"""PostgreSQL in a backup: by its own client programs, at one exported snapshot.

A restore fills a schema of its own, ``respite_restoring``, and gives it the name ``public`` once every check has
passed. So a restore that was cut short leaves an empty ``public``, and nothing that a server could run on.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from config.backup.facts import Ask
from config.backup.troubles import CannotBackUp, CannotRestore

STAGED: Final = "respite_restoring"
CHUNK: Final = 1 << 20
AS_IT_IS: Final = ("--no-owner", "--no-privileges")


class PostgresDatabase:
    """The database of several machines."""

    vendor = "postgresql"
    suffix = "dump"

    @contextmanager
    def copied(self, to: Path) -> Iterator[Ask]:
        """Dump the whole database to the file *to*, and answer queries from the same moment.

        Raises:
            CannotBackUp: `pg_dump` is not installed, or did not finish.
        """
        program = _program("pg_dump", CannotBackUp)
        to.touch(mode=0o600)
        with transaction.atomic():
            _do("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            ((snapshot,),) = _ask("SELECT pg_export_snapshot()")
            where, environment = _access()
            options = ["--format=custom", *AS_IT_IS, f"--snapshot={snapshot}", f"--file={to}"]
            done = subprocess.run(
                [program, *options, where], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise CannotBackUp(f"pg_dump did not finish: {_last_line(done.stderr)}")
            yield _ask

    def insist_empty(self) -> None:
        """Refuse a database that has tables, but for those of a restore that was cut short.

        Raises:
            CannotRestore
        """
        tables = [name for (name,) in _ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        if tables:
            raise CannotRestore(
                "The database of DATABASE_URL has tables already. Restore goes into an empty installation only: "
                "make a new database and name that one."
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep a second restore away from this database for as long as this lasts.

        Raises:
            CannotRestore: there is one.
        """
        ((ours,),) = _ask("SELECT pg_try_advisory_lock(hashtext('respite restore'))")
        if not ours:
            raise CannotRestore("Another restore into this database is under way.")
        yield

    def stage(self, part: Path) -> None:
        """Load the dump of a backup into a schema of its own, and let this process use it there.

        Raises:
            CannotRestore: the client programs are missing, or one did not finish.
        """
        self.discard()
        _load(part)
        _do(f"SET search_path TO {STAGED}")

    def faults(self) -> list[str]:
        """Return nothing: the server has checked every constraint while it loaded."""
        return []

    def publish(self) -> None:
        """Give the staged schema its name: from here on it is the installation's."""
        with transaction.atomic():
            _do("DROP SCHEMA public RESTRICT")
            _do(f"ALTER SCHEMA {STAGED} RENAME TO public")
        _do("RESET search_path")

    def discard(self) -> None:
        """Leave nothing of a staged schema."""
        if connection.connection is not None and not connection.is_usable():
            connection.close()
        _do("RESET search_path")
        _do("SET client_min_messages TO warning")
        _do(f"DROP SCHEMA IF EXISTS {STAGED} CASCADE")


def _load(part: Path) -> None:
    """Pipe the dump as SQL into one transaction, which is committed only if the dump was read to its end."""
    reading = [_program("pg_restore", CannotRestore), *AS_IT_IS, "--file=-", str(part)]
    where, environment = _access()
    writing = [_program("psql", CannotRestore), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", where]
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader,
        subprocess.Popen(
            writing, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as writer,
    ):
        _pour(reader, cast("IO[bytes]", reader.stdout), cast("IO[bytes]", writer.stdin))
        said = writer.communicate()[1].decode(errors="replace")
    if reader.returncode != 0 or writer.returncode != 0:
        raise CannotRestore(
            f"The database could not be loaded: {_last_line(said) or 'the dump cannot be read'}"
        )


def _pour(reader: "subprocess.Popen[bytes]", source: IO[bytes], sink: IO[bytes]) -> None:
    """Feed the sink; the commit is said only if the reader came to its end in order."""
    try:
        sink.write(b"BEGIN;\n")
        shutil.copyfileobj(source, sink, CHUNK)
        if reader.wait() == 0:
            sink.write(f"ALTER SCHEMA public RENAME TO {STAGED}; CREATE SCHEMA public; COMMIT;\n".encode())
            sink.flush()
    except BrokenPipeError:
        # What the writer said about it is read by the caller; the reader has nobody to read for.
        reader.terminate()


def _program(name: str, trouble: type[CannotBackUp | CannotRestore]) -> str:
    found = shutil.which(name)
    if found is None:
        raise trouble(
            f"{name} was not found. Install PostgreSQL's client programs (Debian: postgresql-client), of the server's "
            "own major version."
        )
    return found


def _access() -> tuple[str, dict[str, str]]:
    """Return the option that names this database, and the environment with its password, which no list shows."""
    given = connection.settings_dict
    words = {name: value for name, value in given["OPTIONS"].items() if isinstance(value, str)}
    named = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}
    where = make_conninfo(**words | {name: value for name, value in named.items() if value})
    return f"--dbname={where}", os.environ | ({"PGPASSWORD": given["PASSWORD"]} if given["PASSWORD"] else {})


def _ask(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())


def _do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _last_line(said: str) -> str:
    return next((line for line in reversed(said.splitlines()) if line.strip()), "")
