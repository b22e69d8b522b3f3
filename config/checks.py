"""Combinations that would lie, refused before anything is served (`manage.py check`, `serve`).

The functions take nothing from Django's check framework, so that their tests only override settings.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's own name
from django.core.exceptions import ImproperlyConfigured

from web.shared.plain_line import is_told_by_browsers

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
REMOTE_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs", "afs"}
SHORTEST_KEY = 50
ANY_WRITE = 0o222


@register()
def sqlite_is_safe(**_: Any) -> list[CheckMessage]:
    """E001–E004: SQLite keeps the promises only as one local file with these three pragmas."""
    return [
        error
        for name, given in settings.DATABASES.items()
        if _is_sqlite(given)
        for error in _sqlite_errors(name)
    ]


def _is_sqlite(given: dict[str, Any]) -> bool:
    return str(given["ENGINE"]).endswith(".sqlite3")


def _sqlite_errors(name: str) -> Iterator[CheckMessage]:
    given = settings.DATABASES[name]
    options = given.get("OPTIONS", {})
    pragmas = "".join(str(options.get("init_command", "")).lower().split())
    if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE":
        yield Error(
            f"Database {name!r}: SQLite must begin its transactions IMMEDIATE.",
            hint="select_for_update does nothing on SQLite; without this, limits and claims could be passed by a race.",
            id="respite.E001",
        )
    if "journal_mode=wal" not in pragmas:
        yield Error(
            f"Database {name!r}: SQLite must use journal_mode=WAL.",
            hint="Otherwise readers and writers wait for each other, and live updates cannot watch the file.",
            id="respite.E002",
        )
    if "synchronous=full" not in pragmas and "synchronous=extra" not in pragmas:
        yield Error(
            f"Database {name!r}: SQLite must use synchronous=FULL.",
            hint="Otherwise what was answered with 2xx may be gone after a power cut.",
            id="respite.E003",
        )
    if file_system_of(Path(given["NAME"])) in REMOTE_FILE_SYSTEMS:
        yield Error(
            f"Database {name!r}: SQLite must lie on a local disk.",
            hint="Its locks do not hold on a network file system. Give DATABASE_URL a PostgreSQL instead.",
            id="respite.E004",
        )


def file_system_of(path: Path) -> str:
    """Return the kind of file system that `path` lies on, or '' where it cannot be told."""
    try:
        mounts = Path("/proc/self/mounts").read_text().splitlines()
    except OSError:
        return ""
    fields = [line.split(" ") for line in mounts]
    above = [(Path(place), kind) for _, place, kind, *_ in fields if path.is_relative_to(place)]
    return max(above, key=lambda found: len(found[0].parts), default=(Path(), ""))[1]


@register()
def memory_is_not_shared(**_: Any) -> list[CheckMessage]:
    """E005: what lives in one process's memory, or on one machine, cannot serve several."""
    alone = [name for name, given in settings.DATABASES.items() if _is_sqlite(given)]
    if alone and os.environ.get("REDIS_URL"):
        return [
            Error(
                "REDIS_URL is set, but the database is SQLite.",
                hint="Redis is for several machines or processes; SQLite is for one. Give DATABASE_URL as well.",
                id="respite.E005",
            )
        ]
    return []


@register()
def a_cluster_is_whole(**_: Any) -> list[CheckMessage]:
    """E010–E013: what several web processes need, and what none of them may have."""
    if not (settings.CLUSTER or settings.REDIS_URL):
        return []
    return list(_cluster_errors())


def _cluster_errors() -> Iterator[CheckMessage]:
    if settings.CLUSTER and settings.MODE != "cluster":
        yield Error(
            "CLUSTER is set, but DATABASE_URL (PostgreSQL) or REDIS_URL is missing.",
            hint="Several processes with limits and live updates in memory would each know only their own part.",
            id="respite.E010",
        )
    if not settings.FIELD_KEYS and settings.MODE == "cluster":
        yield Error(
            "FIELD_KEYS is missing.",
            hint="Make one with: python3 -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'",
            id="respite.E011",
        )
    if settings.DEMO:
        yield Error(
            "DEMO is on in a cluster.",
            hint="The demo skips the second factor and has passwords that everybody knows.",
            id="respite.E012",
        )
    if settings.DEBUG:
        yield Error("DEBUG is on in a cluster.", hint="Unset DEBUG.", id="respite.E013")


@register()
def debug_stays_at_home(**_: Any) -> list[CheckMessage]:
    """E006: DEBUG shows settings, queries and content to whoever causes an error."""
    public = {urlsplit(settings.PUBLIC_URL).hostname or ""} | {
        host.strip("[]") for host in settings.ALLOWED_HOSTS
    }
    if settings.DEBUG and public - LOOPBACK:
        return [
            Error(
                "DEBUG is on, and Respite can be reached from elsewhere.",
                hint="Unset DEBUG, or leave PUBLIC_URL and ALLOWED_HOSTS at this machine.",
                id="respite.E006",
            )
        ]
    return []


@register()
def secret_key_is_secret(**_: Any) -> list[CheckMessage]:
    """E007, E008: the key that signs sessions is long, and given where several processes must share it."""
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    if not key and not all(map(_is_sqlite, settings.DATABASES.values())):
        return [
            Error(
                "SECRET_KEY is missing.",
                hint="Only embedded mode makes its own. Give SECRET_KEY or SECRET_KEY_FILE, the same to every process.",
                id="respite.E007",
            )
        ]
    if key and len(key) < SHORTEST_KEY:
        return [
            Error(
                f"SECRET_KEY is shorter than {SHORTEST_KEY} characters.",
                hint="Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
                id="respite.E008",
            )
        ]
    return []


@register()
def media_can_be_written(**_: Any) -> list[CheckMessage]:
    """E009: what cannot be stored must not be accepted."""
    folder = Path(settings.MEDIA_ROOT)
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if existing.is_dir() and existing.stat().st_mode & ANY_WRITE and os.access(existing, os.W_OK):
        return []
    return [
        Error(
            f"MEDIA_ROOT cannot be written to: {folder}",
            hint="Give the user that runs Respite the right to write there, or set MEDIA_ROOT or DATA_DIR.",
            id="respite.E009",
        )
    ]


@register()
def browsers_say_where_from(**_: Any) -> list[CheckMessage]:
    """W020: over plain HTTP beyond this machine a desk without a script lacks one guard of P3; said, not refused."""
    if is_told_by_browsers(settings.PUBLIC_URL):
        return []
    return [
        Warning(
            "PUBLIC_URL is plain HTTP: browsers do not say where a request comes from (Sec-Fetch-*).",
            hint="A picture of a desk without a script can be opened in another tab while it is shown. Use HTTPS.",
            id="respite.W020",
        )
    ]
