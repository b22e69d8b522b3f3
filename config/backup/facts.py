"""What is read of a database beside its rows: in plain SQL, so that a program newer than the tables can still do it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

Ask = Callable[[str], Iterable[tuple[Any, ...]]]
"""Answers a query with rows, always of the same moment."""

TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain of the audit was *digest* at *sequence*, and that was signed."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class Facts:
    """``migrations``: app → names, ``counts``: table → rows, and the last signed checkpoint, if there is one."""

    migrations: dict[str, list[str]]
    counts: dict[str, int]
    checkpoint: Checkpoint | None


def facts_of(ask: Ask, *, vendor: str) -> Facts:
    """Read what a manifest tells of its database."""
    return Facts(migrations_of(ask), counts_of(ask, vendor=vendor), last_checkpoint(ask))


def migrations_of(ask: Ask) -> dict[str, list[str]]:
    """Return the names of the applied migrations by app."""
    found: dict[str, list[str]] = defaultdict(list)
    for app, name in ask("SELECT app, name FROM django_migrations ORDER BY app, name"):
        found[app].append(name)
    return dict(found)


def counts_of(ask: Ask, *, vendor: str) -> dict[str, int]:
    """Return how many rows every table has."""
    tables = sorted(name for (name,) in ask(TABLES[vendor]))
    return {table: _one(ask, f'SELECT count(*) FROM "{table}"') for table in tables}  # noqa: S608 - the catalogue's own names


def last_checkpoint(ask: Ask) -> Checkpoint | None:
    """Return the last signed statement of the audit chain."""
    query = "SELECT sequence, digest FROM audit_auditcheckpoint ORDER BY sequence DESC LIMIT 1"
    return next((Checkpoint(sequence, digest) for sequence, digest in ask(query)), None)


def blobs_of(ask: Ask) -> set[str]:
    """Return the SHA-256 of every blob that a row names."""
    return {sha256 for (sha256,) in ask("SELECT sha256 FROM moderation_blob")}


def _one(ask: Ask, query: str) -> int:
    ((count,),) = ask(query)
    return int(count)
