"""'My day': today, 7 and 28 days and one day of the past, as charts with tables that say the same; for one person alone.

Seen red with ``subject=subject`` left out of ``flags_of``, with a chart that drew no mark for red, and with an inline
style in ``_chart.html``.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from people.models import User
from tests.cast import subject_of
from tests.queues.work import has_looked
from wellbeing.core.rules.days import quarter_start
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.models import DaySum, Exposure, LoadFlag, Measure, RecordReading

pytestmark = pytest.mark.django_db

DAYS, ON = "/my-day/days/", "/my-day/day/"


def today() -> date:
    return timezone.now().date()


def shown(person: User, ago: int, severity: int, minutes: int, points: str) -> None:
    DaySum.objects.create(
        subject=subject_of(person),
        local_date=today() - timedelta(days=ago),
        severity=severity,
        shown_ms=minutes * 60_000,
        cases=3,
        units_at_one=int(Decimal(points) * UNITS_PER_POINT),
    )


def reads(client: Client, person: User, address: str = "/my-day/", status: int = 200) -> str:
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def a_flag(person: User, code: str = "HEAVY_STREAK", level: str = "red") -> LoadFlag:
    figures = {"days": 4, "least": 160, "severe": 60, "loads": "170, 180, 165, 161"}
    return LoadFlag.objects.create(
        subject=subject_of(person),
        code=code,
        level=level,
        local_date=today(),
        figures=figures,
        raised_at=timezone.now(),
    )


def test_a_week_is_a_chart_with_a_table_that_says_the_same(alice: User, client: Client) -> None:
    shown(alice, 0, 3, 22, "40.50")
    shown(alice, 1, 1, 12, "3.10")
    page = reads(client, alice, DAYS)
    for words in (
        ">22<",
        ">12<",
        "40.50",
        "3.10 + 40.50 = 43.60",
        "from 850 it is amber: said; from 2500 red: enough",
    ):
        assert words in page
    assert page.count('class="chart"') == 2
    assert len(re.findall(r'<rect class="chart-s[13]"', page.split("legend")[0])) == 2
    assert "amber 200" in page
    assert "red 600" in page


def test_four_weeks_name_every_seventh_day_below_the_chart(alice: User, client: Client) -> None:
    page = reads(client, alice, f"{DAYS}?span=28")
    chart = page.split('<svg class="chart chart-many"')[1].split("</svg>")[0]
    assert len(re.findall(r'class="chart-middle"', chart)) == 4
    assert page.count(f"{ON}?day=") == 56  # each day in both tables


@pytest.mark.parametrize("span", ["1", "365", "x", ""])
def test_another_span_is_not_there(alice: User, client: Client, span: str) -> None:
    reads(client, alice, f"{DAYS}?span={span}", status=404)


def test_today_tells_the_load_with_amber_and_red_and_every_line_of_it(alice: User, client: Client) -> None:
    page = reads(client, alice)
    for words in ("Since the last break", "amber 35", "red 50", "amber 3000", "red 10000"):
        assert words in page


def test_a_line_of_a_newer_version_of_the_weights_is_told_as_it_was_kept(alice: User, client: Client) -> None:
    now = timezone.now()
    Exposure.objects.create(
        subject=subject_of(alice),
        case_ref=uuid4(),
        claim_ref=uuid4(),
        quarter_at=quarter_start(now),
        category="GORE",
        severity=3,
        level="grey",
        medium="picture",
        opened_at=now,
        last_beat_at=now,
        closed_at=now,
        shown_ms=60_000,
        load_units=7 * UNITS_PER_POINT,
        load_model_version=99,
    )
    html = reads(client, alice)
    assert "Weighed by version 99, which this Respite does not know. The sum was kept." in html
    assert "7.00" in html


def test_a_flag_stands_there_with_its_arithmetic_and_can_be_asked_about(alice: User, client: Client) -> None:
    flag = a_flag(alice)
    for address in ("/my-day/", DAYS):
        page = reads(client, alice, address)
        assert "Heavy worked days, one after the other" in page
        assert "170, 180, 165, 161: 4 worked days running ≥ 160, of it ≥ 60 from severity 3 and up" in page
        assert f"/my-day/ask/?about=flag&amp;ref={flag.pk}" in page


def test_nobody_else_reads_my_flags_and_days(alice: User, amina: User, client: Client) -> None:
    a_flag(alice)
    shown(alice, 0, 3, 22, "40.50")
    for address in ("/my-day/", DAYS):
        page = reads(client, amina, address)
        assert "Heavy worked days, one after the other" not in page
        assert "40.50" not in page


def test_what_an_officer_did_and_read_stands_there_by_name(alice: User, wim: User, client: Client) -> None:
    subject, now = subject_of(alice), timezone.now()
    Measure.objects.create(
        subject=subject,
        kind="rest_day",
        from_on=today(),
        until_on=today(),
        words="As we said",
        set_by=str(subject_of(wim)),
        set_at=now,
    )
    RecordReading.objects.create(subject=subject, reader=str(subject_of(wim)), what="record", at=now)
    page = reads(client, alice)
    for words in (
        "A rest day",
        "“As we said”",
        "Wim",
        "Your days, limits and flags",
        "No case until tomorrow.",
    ):
        assert words in page


def test_a_day_of_the_past_says_what_held_then(alice: User, client: Client) -> None:
    has_looked(alice, 100, severity=3, at=timezone.now())
    page = reads(client, alice, f"{ON}?day={today()}&time=00:05")
    assert "What held then, at 00:05" in page
    assert "Minutes at severity 3 and up" in page
    assert "120 min" in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("day=yesterday", "Write a day like"),
        ("day=2026-13-01", "Write a day like"),
        ("day=9999-12-31", "yet to come"),
        ("day=0001-01-01", "Nothing is kept"),
        ("day=%00", "Write a day like"),
        ("time=25:00", "Write a time like 14:20"),
        ("time=later", "Write a time like 14:20"),
    ],
)
def test_what_is_no_day_or_time_is_said_and_today_is_shown(
    alice: User, client: Client, asked: str, words: str
) -> None:
    page = reads(client, alice, f"{ON}?{asked}", status=422)
    assert words in page
    assert "What held then" in page


@pytest.mark.parametrize("address", ["/my-day/", DAYS, f"{DAYS}?span=28", ON])
def test_no_page_carries_a_style_or_a_script_of_its_own(alice: User, client: Client, address: str) -> None:
    shown(alice, 0, 3, 22, "40.50")
    page = reads(client, alice, address)
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("address", [DAYS, ON])
def test_only_a_moderator_at_their_desk_gets_there(
    dana: User, wim: User, client: Client, address: str
) -> None:
    assert client.get(address).status_code == 302
    for person in (dana, wim):
        client.force_login(person)
        assert client.get(address).status_code in {302, 403, 404}
        assert client.post(address).status_code in {302, 403, 404, 405}


def test_a_post_changes_nothing(alice: User, client: Client) -> None:
    client.force_login(alice)
    assert [client.post(address).status_code for address in (DAYS, ON)] == [405, 405]


@pytest.mark.parametrize("address", ["/my-day/", ON])
def test_time_in_which_the_page_was_not_heard_of_is_told_explained_and_contested(
    client: Client, alice: User, address: str
) -> None:
    """Its sum stands in all sums; without it the page says nothing of the kind."""
    at = quarter_start(timezone.now())
    has_looked(alice, 240, severity=3, at=timezone.now())
    row = {
        "subject": subject_of(alice),
        "case_ref": uuid4(),
        "claim_ref": uuid4(),
        "quarter_at": quarter_start(at),
        "category": "GORE",
        "severity": 3,
        "level": "grey",
        "medium": "image",
        "opened_at": at,
        "last_beat_at": at,
        "closed_at": at,
        "load_model_version": 1,
    }
    made = Exposure.objects.create(**row, shown_ms=240_000)
    assert "your page was not heard of" not in reads(client, alice, address)
    Exposure.objects.filter(pk=made.pk).update(unheard_ms=225_000)
    told = reads(client, alice, address)
    assert "Of it, your page was not heard of" in told
    assert "3 min 45 s" in told
    asks = re.search(r"/my-day/ask/\?about=refusal&amp;ref=unheard", told)
    assert asks
    assert "Time in which your page was not heard of" in reads(client, alice, asks[0].replace("&amp;", "&"))
