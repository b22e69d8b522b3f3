"""What `/healthz` and `/readyz` say, to whom, and when they say no."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from config import health

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.mark.django_db
def test_a_living_server_says_so_without_asking_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.json() == {"alive": True}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_prepared_server_is_ready_and_names_its_mode(client: Client, media: Path) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert told["ready"] is True
    assert told["mode"] == ("embedded" if connection.vendor == "sqlite" else "postgresql")
    assert told["cannot"]
    assert set(told["checks"].values()) == {"ok"}


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client: Client, media: Path) -> None:
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("people")
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "migrate" in answer.json()["checks"]["migrations"]


@pytest.mark.django_db
def test_an_unreachable_database_is_not_ready_but_alive(
    client: Client, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(media / "no" / "such" / "folder.sqlite3")}
    monkeypatch.setattr(health, "connection", ConnectionHandler({"default": nowhere})["default"])
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] != "ok"
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_not_ready(client: Client, media: Path) -> None:
    media.write_text("a file where a folder should be")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"] != "ok"


@pytest.mark.django_db
def test_a_full_disk_is_not_ready(client: Client, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1_000_000_000, 999_999_999, 1))
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_sqlite_that_forgets_at_a_power_cut_is_not_ready(client: Client, media: Path) -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2
    with pytest.raises(health.NotReady):
        health._insist_on_durable(1)


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_only_questions_are_answered(client: Client, media: Path, address: str) -> None:
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200
