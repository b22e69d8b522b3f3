"""What an officer may open is the same however clearly somebody looked, with sound or without (P7, WELLBEING.md 'Load').

Two histories of one person are played that differ only in levels, full screen and sound: the same cases, media, severities
and seconds. Every page that is there for an officer, and for whoever else looks after the safeguard, is read after each, and
must say the same, letter by letter.

Seen red with flags by the load as it was shown, with flags raised when a case changes its level, and with their figures left
as they were when they were first raised.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import User
from tests.cast import a_user, subject_of
from tests.promises.walking import CLASSED, addresses, read
from tests.web.desk.scene import works_today
from tests.web.lead.office import signs_in
from tests.wellbeing.steps import SECOND, Desk, a_look
from wellbeing.core.rules.flags import LATELY
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.services import exposure
from wellbeing.models import DaySum, Exposure, LoadFlag, PersonState
from wellbeing.officer.services import questions

pytestmark = pytest.mark.django_db

HEAVY = DEFAULT_PRESET["heavy_day_load"]
DAY = timedelta(days=1)
GUARDED = ("officer/", "questions/", "reviews/", "safeguard/", "lead/", "people/", "readyz")
"""Addresses that somebody else than the person opens."""
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OF_THE_MOMENT = re.compile(r"^(set-cookie|expires): .*$", re.MULTILINE)


@dataclass(frozen=True)
class How:
    """One way of looking."""

    level: str
    sound: bool = False
    full_screen: bool = False


WAYS = {
    "image": [
        How(level, False, full) for level in ("shielded", "lens", "grey", "colour") for full in (False, True)
    ],
    "video": [How(level, sound) for level in ("shielded", "grey", "colour") for sound in (False, True)],
    "audio": [How("shielded"), How("shielded", sound=True)],
}


@dataclass(frozen=True)
class Look:
    """One case on the stage, and for how many beats it was looked at in which of two ways."""

    case: int
    severity: int
    medium: str
    parts: Sequence[tuple[int, How, How]]


@st.composite
def looks(draw: st.DrawFn) -> Look:
    medium = draw(st.sampled_from(sorted(WAYS)))
    ways = st.sampled_from(WAYS[medium])
    return Look(
        case=draw(st.integers(0, 2)),
        severity=draw(st.integers(1, 4)),
        medium=medium,
        parts=draw(st.lists(st.tuples(st.integers(1, 6), ways, ways), min_size=1, max_size=3)),
    )


@dataclass
class Person:
    """Somebody whose load of these days lies a little below what raises a flag."""

    user: User
    short_of_heavy: int
    short_of_rise: int
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(
            subject_of(self.user), at=timezone.now().replace(minute=1, second=0, microsecond=0) - DAY / 24
        )

    @property
    def today(self) -> date:
        return self.desk.locked().day.date

    def has_worked(self) -> None:
        self.desk.open()
        PersonState.objects.filter(subject=self.desk.subject).update(first_day=self.today - 60 * DAY)
        heavy, light = [HEAVY - self.short_of_heavy, HEAVY + 1, HEAVY + 1], [30, 30]
        for days_ago, points in enumerate([*heavy, *light]):
            self._loaded(days_ago, points, severity=3 if days_ago < len(heavy) else 2)
        for days_ago in range(10, 20):
            self._loaded(days_ago, (sum(heavy + light) + self.short_of_rise) / LATELY / 1.5, severity=2)

    def _loaded(self, days_ago: int, points: float, *, severity: int) -> None:
        units = round(points * UNITS_PER_POINT)
        DaySum.objects.create(
            subject=self.desk.subject,
            local_date=self.today - days_ago * DAY,
            severity=severity,
            shown_ms=round(points * 60_000),
            cases=0,
            load_units=units,
            units_at_one=units,
        )

    def looks(self, history: Sequence[Look], *, way: int) -> None:
        for one in history:
            self._looks_at(one, way)
            self.desk.wait(20 * SECOND)
            self.desk.page = None
            self.desk.beat()

    def _looks_at(self, one: Look, way: int) -> None:
        shown = None
        for beats, *ways in one.parts:
            how = ways[way]
            if how != shown:
                case = a_look(one.severity, case=UUID(int=one.case + 1), medium=one.medium)
                self.desk.show(case, how.level, sound=how.sound, full_screen=how.full_screen)
                shown = how
            self.desk.look_for(beats * 5 * SECOND, holding=True)
        self.desk.act(exposure.cover, reason="esc")

    def asks(self) -> list[object]:
        """Ask the officer about each flag; return the questions."""
        return [
            questions.ask(
                subject=self.desk.subject, about="flag", about_ref=str(flag), words="Why?", at=self.desk.at
            ).pk
            for flag in _flags()
        ]


def _flags() -> list[object]:
    return list(LoadFlag.objects.order_by("code", "local_date").values_list("pk", flat=True))


def pages(client: Client, person: Person) -> Iterator[tuple[str, str]]:
    """Open everything that somebody else may open; without what is random."""
    nothing = UUID("00000000-0000-4000-8000-000000000000")
    ids: dict[str, list[object]] = {
        name: [nothing] for name in re.findall(r"<(?:\w+:)?(\w+)>", " ".join(CLASSED))
    }
    ids |= {"person_id": [person.user.pk], "flag_id": _flags(), "question_id": person.asks(), "token": ["x"]}
    ids |= {"queue_id": [1], "key_id": [1], "announcement_id": [1], "row": [1], "preset": ["default"]}
    for route in CLASSED:
        if route.startswith(GUARDED):
            for number, address in enumerate(addresses(route, ids)):
                text = read(client.get(address), address)
                yield f"{route} {number}", OF_THE_MOMENT.sub("", ID.sub("#", text))


def seen(
    client: Client, person: Person, history: Sequence[Look], *, way: int
) -> tuple[dict[str, str], set[Any]]:
    """Play a history, read all pages, and take everything back; also return how it was looked."""
    with transaction.atomic():
        person.has_worked()
        person.looks(history, way=way)
        found = dict(pages(client, person))
        levels = set(Exposure.objects.values_list("level", "sound", "full_screen"))
        transaction.set_rollback(True)
    person.__post_init__()
    return found, levels


def different(client: Client, person: Person, history: Sequence[Look]) -> dict[str, list[str]]:
    """Return where the two histories read otherwise, line by line."""
    first, _ = seen(client, person, history, way=0)
    second, _ = seen(client, person, history, way=1)
    assert first.keys() == second.keys()
    return {where: lines for where in first if (lines := _apart(first[where], second[where]))}


def _apart(one: str, other: str) -> list[str]:
    lines = zip_longest(one.splitlines(), other.splitlines(), fillvalue="")
    return [f"{left} | {right}" for left, right in lines if left != right]


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(looks(), min_size=1, max_size=3), st.integers(0, 8), st.integers(0, 8))
def test_no_page_of_an_officer_tells_how_clearly_somebody_looked(
    wim: User, alice: User, history: list[Look], short_of_heavy: int, short_of_rise: int
) -> None:
    person = Person(works_today(alice), short_of_heavy, short_of_rise)
    assert different(signs_in(wim), person, history) == {}


CLEARLY = How("colour", sound=True)
SIX_MINUTES = [
    Look(0, 4, "video", [(12, How("shielded"), CLEARLY), (12, CLEARLY, CLEARLY)]),
    Look(1, 3, "video", [(12, How("grey"), How("grey")), (12, How("shielded"), How("grey"))]),
]


@pytest.mark.parametrize("role", ["wellbeing_officer", "lead", "representative", "auditor", "operator"])
def test_nor_does_any_page_of_anybody_else(alice: User, role: str) -> None:
    person = Person(works_today(alice), 4, 4)
    assert different(signs_in(works_today(a_user("norma", role))), person, SIX_MINUTES) == {}


def test_the_two_histories_are_two_and_raise_flags(wim: User, alice: User) -> None:
    person = Person(works_today(alice), 4, 4)
    first, shielded = seen(signs_in(wim), person, SIX_MINUTES, way=0)
    _, clearly = seen(signs_in(wim), person, SIX_MINUTES, way=1)
    assert shielded != clearly
    assert "heavy worked days, one after the other" in first["officer/flags/ 0"]
    assert "a rapid rise" in first["officer/flags/ 0"]
