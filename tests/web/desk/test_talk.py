"""'Talk to someone' and the end of the day: who is there, and no trace of who looked.

Seen red with a ``RecordReading`` written by ``talk`` (a row more than before).
"""

import logging
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.utils import timezone

from people.models import User
from queues.models import Claim, Queue
from tests.cast import T0, a_user, subject_of, where_it_is_noon
from tests.web.desk.scene import a_case_waits, sits_down
from wellbeing.models import Contact, Presence, Shift

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[object]]:
    """Return every row of every table, but for when a session ends."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label != "sessions.Session"
    }


def a_line(country: str, name: str, phone: str) -> Contact:
    return Contact.objects.create(
        country=country, name=name, phone=phone, hours="day and night", set_at=T0, set_by="system"
    )


def html_of(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    return client.get(address).content.decode()


def test_opening_the_page_leaves_no_row_and_no_line(
    client: Client, alice: User, wim: User, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(alice)
    before = everything()
    with caplog.at_level(logging.DEBUG, logger="respite"):
        assert client.get("/talk/").status_code == 200
    assert everything() == before
    assert [record.getMessage() for record in caplog.records if record.name.startswith("respite")] == []


def test_the_proxy_of_a_cluster_writes_no_addresses_down() -> None:
    assert "access_log off;" in (Path(settings.BASE_DIR) / "deploy/nginx.conf.template").read_text()


def test_every_way_to_talk_leads_out_of_respite(client: Client, alice: User, wim: User) -> None:
    User.objects.filter(pk=wim.pk).update(email="wim@example.org")
    a_line("", "Helpline", "116 123")
    html = html_of(client, alice, "/talk/")
    assert 'href="mailto:wim@example.org"' in html
    assert 'href="tel:116123"' in html


def test_lines_are_those_of_ones_country(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(country="FR")
    a_line("FR", "SOS Amitié", "09 72 39 40 50")
    a_line("DE", "Telefonseelsorge", "0800 111 0 111")
    html = html_of(client, alice, "/talk/")
    assert "SOS Amitié" in html
    assert "day and night" in html
    assert "Telefonseelsorge" not in html


def test_the_way_there_is_on_the_desk_and_on_the_break_page(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "coffee.png")
    page = sits_down(alice)
    assert 'href="/talk/"' in page.html
    page.press("too-much")
    assert page.path == "/break/"
    assert 'href="/talk/"' in page.html


# ── buddies ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_colleague_finds_the_question_on_their_own_page(client: Client, alice: User, charlie: User) -> None:
    client.force_login(alice)
    client.post("/talk/buddy", {"name": "Charlie"})
    assert "A colleague asks" in html_of(client, charlie, "/desk/")
    html = html_of(client, charlie, "/talk/")
    assert "<strong>Alice</strong> asks" in html
    action = html.partition("/yes")[0].rpartition('"')[2]
    client.post(f"{action}/yes")
    assert "<strong>Charlie</strong> said yes" in html_of(client, alice, "/talk/")
    assert "Charlie" not in html_of(client, a_user("esther", "moderator"), "/talk/")


def test_a_wrong_name_is_answered_in_words(client: Client, alice: User) -> None:
    client.force_login(alice)
    html = client.post("/talk/buddy", {"name": "Zoe"}, follow=True).content.decode()
    assert "Nobody who moderates here has that name." in html


# ── the end of the day ───────────────────────────────────────────────────────────────────────────────────────────


def test_closing_the_day_gives_the_case_back_whole_and_ends_the_desk(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "coffee.png")
    page = sits_down(alice)
    page.last = page.client.post("/day/close", {**page.fields(), "rationale": "Half a thought"}, follow=True)
    assert page.path == "/day/closed/"
    assert Claim.objects.get().state == "closed"
    assert not Presence.objects.filter(closed_at=None).exists()


def test_the_closed_day_names_the_next_shift_and_no_numbers_of_work(client: Client, alice: User) -> None:
    there = ZoneInfo(where_it_is_noon(timezone.now()))
    begins_at = (timezone.now().astimezone(there) + timedelta(days=2)).replace(hour=8, minute=0, second=0)
    Shift.objects.create(
        subject=subject_of(alice),
        starts_at=begins_at,
        ends_at=begins_at + timedelta(hours=8),
        planned_by=str(subject_of(alice)),
        planned_at=begins_at,
    )
    html = html_of(client, alice, "/day/closed/")
    assert "Your next shift begins on" in html
    assert "08:00" in html
    assert "cases" not in html


def test_a_lead_has_no_such_pages(client: Client, dana: User) -> None:
    client.force_login(dana)
    assert [client.get(address).status_code for address in ("/talk/", "/day/closed/")] == [403, 403]
