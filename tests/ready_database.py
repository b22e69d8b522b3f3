"""A database that was migrated once and is then copied, instead of the same migrations in each process of each run.

Only where scripts/test.py asks for it, with a folder of its own in TEST_READY_FOLDER that all processes of its runs share.
Without it every process migrates its own database, as pytest-django does.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

FOLDER = os.environ.get("TEST_READY_FOLDER", "")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Let Django take a copied SQLite file as it is found; on PostgreSQL it makes the copy itself."""
    return django_db_keepdb or (bool(FOLDER) and connections["default"].vendor == "sqlite")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    """Begin from the ready database, which the first process makes while the others wait."""
    if not FOLDER:
        return
    connection = connections["default"]
    test = connection.settings_dict["TEST"]
    with django_db_blocker.unblock():
        ready = _made_once(connection, Path(FOLDER))
    test["MIGRATE"] = False
    if connection.vendor == "sqlite":
        shutil.copy(ready, test["NAME"])
    else:
        test["TEMPLATE"] = ready


@pytest.fixture(scope="session")
def ready_file(django_db_modify_db_settings: None) -> Path | None:
    """Return a migrated SQLite file; None where nobody has made one, and an installation migrates its own."""
    found = Path(FOLDER) / "ready.sqlite3"
    return found if FOLDER and found.exists() else None


@pytest.fixture(scope="session")
def moved_in(ready_file: Path | None) -> Callable[[Path], Path]:
    """Return what puts the ready database into a new installation's folder, where a test is not about how one begins."""

    def move_in(folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        if ready_file is not None:
            shutil.copy(ready_file, folder / "respite.sqlite3")
        return folder

    return move_in


def _made_once(connection: Any, folder: Path) -> str:
    """Return the ready database's name; make it if this process is the first one on this server."""
    server = connection.settings_dict["HOST"] + ":" + connection.settings_dict["PORT"]
    mark = folder / hashlib.sha256(server.encode()).hexdigest()[:16]
    name = f"{folder}/ready.sqlite3" if connection.vendor == "sqlite" else "respite_ready"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            _make(connection, name)
            mark.touch()
    return name


def _make(connection: Any, name: str) -> None:
    """Create the database and migrate it, then leave the connection as it was."""
    test, before = connection.settings_dict["TEST"], connection.settings_dict["NAME"]
    wanted, test["NAME"] = test["NAME"], name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    test["NAME"] = wanted
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = before
