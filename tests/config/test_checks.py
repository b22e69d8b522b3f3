"""Each unsafe combination is refused with its id; the shipped settings pass."""

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from config import checks, env

pytestmark = [
    pytest.mark.any_database,
    # No connection is made with them: the checks only read them.
    pytest.mark.filterwarnings("ignore:Overriding setting DATABASES"),
]

SAFE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": "/var/lib/respite/respite.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
    },
}
POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "respite"}


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def with_options(**options: str) -> dict[str, Any]:
    return {"default": SAFE | {"OPTIONS": {**SAFE["OPTIONS"], **options}}}  # type: ignore[dict-item]


def test_the_shipped_settings_have_nothing_to_say() -> None:
    assert [message for message in run_checks() if str(message.id).startswith("respite.")] == []


def test_what_env_makes_for_sqlite_is_safe(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.DATABASES = {
        "default": env.database("DATABASE_URL", sqlite_file=Path("/var/lib/respite/respite.sqlite3"))
    }
    assert checks.sqlite_is_safe() == []


@pytest.mark.parametrize(
    ("options", "id_"),
    [
        ({"transaction_mode": "DEFERRED"}, "respite.E001"),
        ({"transaction_mode": ""}, "respite.E001"),
        ({"init_command": "PRAGMA synchronous=FULL;"}, "respite.E002"),
        ({"init_command": "PRAGMA journal_mode=WAL;"}, "respite.E003"),
        ({"init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"}, "respite.E003"),
    ],
)
def test_an_unsafe_sqlite_is_refused(settings: Settings, options: dict[str, str], id_: str) -> None:
    settings.DATABASES = with_options(**options)
    assert ids(checks.sqlite_is_safe()) == [id_]


def test_sqlite_on_a_network_disk_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATABASES = {"default": SAFE}
    monkeypatch.setattr(checks, "file_system_of", lambda _: "nfs4")
    assert ids(checks.sqlite_is_safe()) == ["respite.E004"]


@pytest.mark.skipif(not Path("/proc/self/mounts").exists(), reason="only Linux tells its mounts")
def test_the_file_system_of_a_path_is_found() -> None:
    assert checks.file_system_of(Path("/proc/self/status")) == "proc"


def test_redis_beside_sqlite_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379")
    settings.DATABASES = {"default": SAFE}
    assert ids(checks.memory_is_not_shared()) == ["respite.E005"]
    settings.DATABASES = {"default": POSTGRES}
    assert checks.memory_is_not_shared() == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"MODE": "postgresql", "REDIS_URL": ""}, ["respite.E010"]),
        ({"MODE": "embedded"}, ["respite.E010"]),
        ({"FIELD_KEYS": []}, ["respite.E011"]),
        ({"DEMO": True}, ["respite.E012"]),
        ({"DEBUG": True}, ["respite.E013"]),
        ({"CLUSTER": False, "FIELD_KEYS": [], "DEMO": True}, ["respite.E011", "respite.E012"]),
        ({"CLUSTER": False, "REDIS_URL": "", "MODE": "embedded", "DEMO": True, "DEBUG": True}, []),
    ],
)
def test_a_cluster_that_is_not_whole_is_refused(
    settings: Settings, changed: dict[str, Any], expected: list[str]
) -> None:
    whole = {"CLUSTER": True, "MODE": "cluster", "REDIS_URL": "redis://redis", "FIELD_KEYS": ["a key"]}
    for name, value in {**whole, "DEMO": False, "DEBUG": False, **changed}.items():
        setattr(settings, name, value)
    assert ids(checks.a_cluster_is_whole()) == expected


@pytest.mark.parametrize(
    ("public_url", "hosts", "expected"),
    [
        ("http://127.0.0.1:8000", ["127.0.0.1", "localhost", "[::1]"], []),
        ("https://respite.example", ["localhost"], ["respite.E006"]),
        ("http://127.0.0.1:8000", ["respite.example"], ["respite.E006"]),
        ("http://127.0.0.1:8000", ["*"], ["respite.E006"]),
    ],
)
def test_debug_is_refused_where_others_reach_it(
    settings: Settings, public_url: str, hosts: list[str], expected: list[str]
) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = public_url, hosts
    settings.DEBUG = True
    assert ids(checks.debug_stays_at_home()) == expected
    settings.DEBUG = False
    assert checks.debug_stays_at_home() == []


def test_postgresql_without_a_given_key_is_refused(settings: Settings) -> None:
    settings.SECRET_KEY = ""
    settings.DATABASES = {"default": POSTGRES}
    assert ids(checks.secret_key_is_secret()) == ["respite.E007"]
    settings.DATABASES = {"default": SAFE}
    assert checks.secret_key_is_secret() == []


def test_a_short_key_is_refused(settings: Settings) -> None:
    settings.SECRET_KEY = "x" * 49
    assert ids(checks.secret_key_is_secret()) == ["respite.E008"]
    settings.SECRET_KEY = "x" * 50
    assert checks.secret_key_is_secret() == []


def test_media_that_cannot_be_stored_are_refused(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media" / "deep"
    assert checks.media_can_be_written() == []
    (tmp_path / "media").write_text("a file where a folder should be")
    assert ids(checks.media_can_be_written()) == ["respite.E009"]


def test_a_read_only_media_folder_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    tmp_path.chmod(0o555)
    try:
        assert ids(checks.media_can_be_written()) == ["respite.E009"]
    finally:
        tmp_path.chmod(0o755)
