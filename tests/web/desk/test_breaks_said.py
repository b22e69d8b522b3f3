"""What is said of breaks: two minutes ahead and once, what a step costs on the step, and on the break page why and how long.

Seen red with the next break among the head's facts, without the notice of two minutes, with the plain rest for every case of
severity 4, and without the look at what follows at once on 'My day'.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from people.models import Team, User
from queues.models import Queue
from tests.cast import a_team, a_user, subject_of
from tests.web.desk.scene import Page, a_case_waits, sits_down, works_today
from tests.wellbeing.steps import a_team_limit
from wellbeing.core.rules.days import quarter_start
from wellbeing.models import Break, ExposureSum, PersonState, Presence, SevereClose

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
COMES_AT = re.compile(r"A break comes at \d\d:\d\d\.")
BLOCK = "A break comes after this case or the next."
STEP = re.compile(r'data-level="([a-z]+)"[^>]*>(.*?)</button>', re.DOTALL)


def has_counted(user: User, **minutes: int) -> None:
    """So many minutes of a counter are there."""
    PersonState.objects.filter(subject=subject_of(user)).update(
        **{name: count * 60_000 for name, count in minutes.items()}
    )


def costs(page: Page) -> dict[str, str]:
    """Step → what stands on it of a rest."""
    found = STEP.findall(page.html.split('class="ladder"')[1].split("ladder-note")[0])
    return {level: rest[0] for level, text in found if (rest := re.findall(r"From 10 s on[^<]*", text))}


@pytest.mark.parametrize(("minutes", "is_said"), [(47, False), (49, True)])
def test_the_break_is_said_two_minutes_ahead_and_once(
    alice: User, photos: Queue, minutes: int, is_said: bool
) -> None:
    page = sits_down(alice)
    has_counted(alice, work_ms=minutes, since_rest_ms=minutes)
    assert len(COMES_AT.findall(page.get().html)) == int(is_said)  # while nothing waits
    a_case_waits(photos, "rocket.jpg")
    assert len(COMES_AT.findall(page.get().html)) == int(is_said)
    assert page.shown.kind == "case"
    assert "Next break" not in page.html


@pytest.mark.parametrize(("minutes", "again"), [(30, True), (49, False)])
def test_a_page_with_a_script_reads_itself_again_when_there_is_something_to_say(
    alice: User, minutes: int, again: bool
) -> None:
    page = sits_down(alice)
    has_counted(alice, work_ms=minutes, since_rest_ms=minutes)
    told = page.get().shown.again_ms
    assert (18 * 60_000 - 5_000 < told <= 18 * 60_000 + 1) if again else told == 0
    assert f'data-again="{told}"' in page.html


@pytest.mark.parametrize(
    ("severity", "category", "minutes", "is_said"),
    [(3, "ACCIDENT", 24, True), (3, "ACCIDENT", 22, False), (2, "DISGUST", 24, False)],
)
def test_the_break_of_a_block_is_said_as_the_next(
    alice: User, photos: Queue, severity: int, category: str, minutes: int, is_said: bool
) -> None:
    a_case_waits(photos, "rocket.jpg", severity=severity, category=category)
    page = sits_down(alice)
    has_counted(alice, severe_ms=minutes)
    assert (BLOCK in page.get().html) is is_said


@pytest.mark.parametrize(
    ("cause", "more", "says"),
    [
        ("work", {}, ["That was enough time at the desk for one stretch."]),
        ("severe", {}, ["That was enough of severity 3 for one stretch."]),
        (
            "extreme",
            {"is_third": True},
            ["That was enough of severity 4 for one stretch.", "Every third break is a longer one."],
        ),
        (
            "colour",
            {"with_work": True},
            ["seen clearer than its shield. A rest follows it.", "It is your break from the desk as well."],
        ),
        ("cluster", {}, ["Three cases of severity 4 came close together."]),
        ("load", {}, ["What was shown since your last break weighs enough for one stretch."]),
        ("too_much", {}, ["You said that it was too much. That was right. Stay as long as you want."]),
    ],
)
def test_the_break_page_says_why_and_until_when(
    alice: User, cause: str, more: dict[str, bool], says: list[str]
) -> None:
    page, now = sits_down(alice), timezone.now()
    Break.objects.create(
        subject=subject_of(alice),
        cause=cause,
        state="running",
        length_ms=600_000,
        due_at=now,
        started_at=now,
        ticked_at=now,
        **more,
    )
    html = page.get("/break/").html
    assert all(one in html for one in says)
    assert re.search(r"Back at \d\d:\d\d, or later", html)
    others = {"It is your break from the desk as well.", "Every third break is a longer one."} - set(says)
    assert not any(one in html for one in others)


def test_a_step_that_costs_a_rest_says_so_on_itself(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg", severity=4, category="VIO_KILL")
    said = "From 10 s on, a rest of 3 min follows"
    page = sits_down(alice)
    assert costs(page) == {"grey": said, "colour": said}
    assert page.html.count(said) == 3  # to unfold the caption as well
    page.press("show", words="unfold")
    assert page.html.count(said) == 2


@pytest.mark.parametrize(
    ("values", "used_4", "says"),
    [
        ({}, 0, ["Severity 3 and up: 120 min left today"]),
        ({}, 10, ["Severity 3 and up: 110 min left today", "Severity 4: 20 min left today"]),
        # what counts more has less left: then it is what binds
        ({"seconds_3": 25 * 60}, 10, ["Severity 3 and up: 15 min left today"]),
        (
            {"seconds_1": 60 * 60},
            10,
            ["Severity 1 and up: 50 min left today", "Severity 4: 20 min left today"],
        ),
        # closed altogether: nothing is left, and nothing is said to be
        ({"seconds_3": 0}, 10, []),
    ],
)
def test_the_head_says_minutes_that_are_there(
    alice: User, north: Team, values: dict[str, int], used_4: int, says: list[str]
) -> None:
    for name, value in values.items():
        a_team_limit(north, name, value, at=timezone.now() - timedelta(days=3))
    page = sits_down(alice)
    now = timezone.now()
    if used_4:
        ExposureSum.objects.create(
            subject=subject_of(alice),
            quarter_at=quarter_start(now),
            severity=4,
            shown_ms=used_4 * 60_000,
        )
    assert [fact.text for fact in page.get().shown.facts] == says


def test_a_step_below_severity_4_costs_nothing(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    assert costs(sits_down(alice)) == {}


@pytest.mark.parametrize(("closed", "minutes"), [((16, 4), 3), ((14, 4), 15)])
def test_the_third_in_a_quarter_of_an_hour_says_its_longer_rest(
    alice: User, photos: Queue, closed: tuple[int, ...], minutes: int
) -> None:
    a_case_waits(photos, "rocket.jpg", severity=4, category="VIO_KILL")
    page = sits_down(alice)
    for ago in closed:
        SevereClose.objects.create(
            subject=subject_of(alice), case_ref=uuid4(), at=timezone.now() - ago * MINUTE
        )
    assert costs(page.get())["grey"] == f"From 10 s on, a rest of {minutes} min follows"


def test_my_day_joins_what_follows_at_once_and_leaves_out_what_lasted_nothing(alice: User) -> None:
    page, now = sits_down(alice), timezone.now()
    Presence.objects.all().delete()
    Break.objects.all().delete()
    for begins, ends in ((30, 28), (28, 25), (25, 25), (20, 15)):
        Presence.objects.create(
            subject=subject_of(alice),
            kind="break",
            opened_at=now - begins * MINUTE,
            last_beat_at=now - ends * MINUTE,
            closed_at=now - ends * MINUTE,
        )
    for served in (0, 600_000):
        Break.objects.create(
            subject=subject_of(alice),
            cause="work",
            state="over",
            length_ms=0,
            served_ms=served,
            due_at=now,
            started_at=now,
            over_at=now,
        )
    day = page.get("/my-day/").last.context["day"]
    assert [row.cells[1] for row in day.presence if row.name == "Break"] == ["5 min", "5 min"]
    assert [row.cells[1] for row in day.breaks] == ["10 min"]


def test_whoever_owes_the_walk_is_not_told_that_nothing_waits(photos: Queue) -> None:
    nina = works_today(a_user("nina", "moderator", team=a_team(), began_on=None))
    a_case_waits(photos, "coffee.png", severity=1, category="ILLICIT")
    html = sits_down(nina).html
    assert "First the walk, then cases" in html
    assert "waiting for you" not in html
    assert "Nothing that may come" not in html


def test_the_sources_of_reports_are_listed_as_people_do(alice: User, photos: Queue) -> None:
    waits = a_case_waits(photos, "rocket.jpg", reports=("a", "b", "c"))
    for report, source in zip(
        waits.case.reports.order_by("id"), ("user", "authority", "internal"), strict=True
    ):
        type(report).objects.filter(pk=report.pk).update(source=source)
    assert "3 reports from a user, from an authority and from the platform" in sits_down(alice).html
