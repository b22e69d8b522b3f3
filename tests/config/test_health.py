"""What `/healthz` and `/readyz` say, to whom, and when they say no."""

import importlib
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from config import health
from config.shared import connection as redis_line
from config.shared.breaker import Breaker
from people.models import RoleGrant
from people.services.accounts import set_roles
from tests import cast
from wellbeing.models import Recount

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def no_redis_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "redis_breaker", Breaker())
    monkeypatch.setattr(redis_line, "_clients", {})


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
def test_a_prepared_server_is_ready_and_names_its_mode(
    client: Client, media: Path, settings: Settings
) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert told["ready"] is True
    assert told["mode"] == settings.MODE
    assert (told["mode"] == "embedded") == (connection.vendor == "sqlite")
    assert told["degraded"] == []
    assert told["cannot"]
    assert set(told["checks"].values()) == {"ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["embedded", "postgresql", "cluster"])
def test_every_mode_says_what_it_cannot_do(mode: str, settings: Settings) -> None:
    settings.MODE = mode
    assert all(sentence.endswith(".") for sentence in health.cannot())


@pytest.mark.django_db
def test_a_cluster_without_redis_is_degraded_and_still_ready(
    client: Client, media: Path, settings: Settings
) -> None:
    settings.MODE, settings.REDIS_URL = "cluster", "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "Redis" in answer.json()["degraded"][0]


@pytest.mark.django_db
def test_a_postgresql_that_forgets_at_a_power_cut_is_not_ready() -> None:
    health._insist_on_commits("remote_apply")
    with pytest.raises(health.NotReady):
        health._insist_on_commits("off")


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client: Client, media: Path) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="people").delete()
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


@pytest.mark.django_db
def test_a_recount_that_differed_is_told_for_a_week_and_keeps_nobody_from_working(
    client: Client, media: Path
) -> None:
    now = timezone.now()
    for days, differences in (
        (1, [["2026-11-23", "", "date.shown_ms", 1, 2]]),
        (2, []),
        (8, [["", "", "", 1, 2]]),
    ):
        Recount.objects.create(
            subject=uuid4(), up_to=now.date(), at=now - timedelta(days=days), differences=differences
        )
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert [line[:20] for line in answer.json()["degraded"]] == ["1 nightly recount of"]


@pytest.mark.django_db
def test_a_lead_who_is_an_operator_is_told_of_until_one_of_the_roles_is_gone(
    client: Client, media: Path
) -> None:
    """Seen red without ``beside_until`` asked for in ``roles_apart`` and in ``roles_with_open_doors``."""
    both = cast.a_user("norma", "lead", "operator", team=cast.a_team())
    cast.a_user("dana", "lead")
    cast.a_user("olga", "operator")
    importlib.import_module("people.migrations.0009_leads_who_are_operators_have_14_days").give_time(
        apps, None
    )
    ends = RoleGrant.objects.exclude(beside_until=None).get(user=both, role="lead").beside_until
    assert ends is not None
    assert timedelta(days=13) < ends - timezone.now() <= timedelta(days=14)
    [line] = client.get("/readyz").json()["degraded"]
    assert line.startswith(f"Somebody is team lead and operator. From {ends:%Y-%m-%d} on")
    client.force_login(both)
    assert client.get("/").headers["Location"] == "/lead/"
    assert client.get("/lead/").status_code == 200
    RoleGrant.objects.filter(user=both).update(beside_until=timezone.now())
    [line] = client.get("/readyz").json()["degraded"]
    assert "so the lead’s pages are closed to them" in line
    assert client.get("/lead/").status_code == 403
    assert client.get("/").headers["Location"] == "/people/"
    page = client.get("/people/sign-in/").content.decode()
    assert 'href="/people/"' in page
    assert 'href="/lead/"' not in page
    set_roles(user=both, roles=["operator"], actor="op", at=timezone.now())
    assert client.get("/readyz").json()["degraded"] == []
