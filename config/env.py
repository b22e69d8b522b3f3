"""Typed readers of the environment that fail loudly.

A secret may come as ``NAME`` or, from a mounted file, as ``NAME_FILE``.
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadEnvironment(SystemExit):
    """A setting of the environment that cannot be understood; printed as one line."""


def text(name: str, default: str = "") -> str:
    """Return the value of *name*, or what the file of ``NAME_FILE`` holds."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise BadEnvironment(f"{name}_FILE cannot be read: {error.strerror}") from None
    return os.environ.get(name, default)


def number(name: str, default: int) -> int:
    """Return a whole number."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise BadEnvironment(f"{name} must be a whole number, not {value!r}") from None


def flag(name: str, *, default: bool = False) -> bool:
    """Return yes or no, in the usual spellings."""
    value = text(name).lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if not value else value in {"1", "true", "yes", "on"}
    raise BadEnvironment(f"{name} must be yes or no, not {value!r}")


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return a comma-separated list of IP networks."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise BadEnvironment(f"{name}: {error}") from None


def database(name: str, *, sqlite_file: Path) -> dict[str, Any]:
    """Return Django's database settings for ``postgresql://…``, or for a SQLite file.

    SQLite takes its write lock when a transaction begins (IMMEDIATE): ``select_for_update`` is
    silently nothing there, so this is the only guard of every lock in the project.
    """
    url = text(name)
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(sqlite_file),
            # Kept by the thread that opened it (config/kept_threads.py); to open one takes longer than most questions.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": ("PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"),
            },
            # A file, not memory: tests race with two connections. One for each process, so that runs do not meet.
            "TEST": {
                "NAME": text("TEST_SQLITE_FILE") or f"{gettempdir()}/respite-test-{os.getpid()}.sqlite3"
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadEnvironment(f"{name} must begin with postgresql://, not {parts.scheme}://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # Django turns prepared statements off unless a threshold is named; only `people.statements` asks for them.
        "OPTIONS": durable(options) | {"pool": pool(number("DATABASE_POOL", 10)), "prepare_threshold": 5},
    }


def durable(options: dict[str, Any]) -> dict[str, Any]:
    """Return libpq's options with a commit that is on disk before it is answered, whatever the server's default."""
    said = str(options.get("options", ""))
    return options | {"options": f"{said} -c synchronous_commit=on".strip()}


def pool(most: int) -> dict[str, Any]:
    """Return psycopg's pool of at most so many connections for one process.

    One that waits longer than `timeout` gets an error, which is a 503, instead of waiting behind a dead database.
    """
    return {"min_size": 0, "max_size": max(1, most), "timeout": 5, "max_idle": 60}
