"""Whoever wants a break to be over, or not to come, gains nothing (promise P5): by other pages, doors, zones or hours.

``PLAYS=200`` plays so many. Seen red where a desk that opens ends the break that runs, and where a rest of any length answers
every counter.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from people.services.accounts import set_time_zone
from queues.models import Claim
from queues.services import choices, desk, other_work
from tests.cast import T0
from tests.queues.work import has_worked, settles
from tests.wellbeing.plays.twins import MINUTE, SECOND, SEEDS, Case, Twin, come_in, twins
from wellbeing.core.rules.presence import Activity
from wellbeing.core.services import breaks
from wellbeing.models import PersonState

pytestmark = pytest.mark.django_db

MILD, SEVERE, EXTREME = Case("SEX_ADULT", 1), Case("GORE", 3), Case("VIO_KILL", 4)
ZONES = ("Pacific/Kiritimati", "America/New_York", "Asia/Kathmandu", "Europe/Berlin")
PAUSES = (0, 1, 5, 9, 10, 11, 29, 30, 31, 60, 120, 240)
"""Seconds between two tries: a tick serves ten at most, and nothing after thirty."""


@pytest.fixture
def pair() -> tuple[Twin, Twin]:
    return twins()


# ── a break that runs ──


def _too_much(twin: Twin, at: datetime) -> datetime:
    twin.asks(at)
    twin.tries(desk.too_much, at)
    return at


def _after_fifty_minutes(twin: Twin, at: datetime) -> datetime:
    twin.asks(at)
    has_worked(twin.user, 50, at=at)
    twin.settles(at)
    twin.decides(at)
    return at


def _the_third(twin: Twin, at: datetime) -> datetime:
    twin.asks(at)
    PersonState.objects.filter(pk=twin.subject).update(breaks_kept=2)
    return _after_fifty_minutes(twin, at)


def _after_severity_4(twin: Twin, at: datetime) -> datetime:
    claim = twin.asks(at)
    assert claim is not None
    assert claim.job.lane.severity == EXTREME.severity
    at = twin.looks(at, 10 * SECOND)
    twin.decides(at)
    return at


CAUSES = {
    "too much": (_too_much, 15),
    "fifty minutes": (_after_fifty_minutes, 10),
    "the third": (_the_third, 15),
    "severity 4": (_after_severity_4, 3),
}


def _tries_something(dice: random.Random, twin: Twin, at: datetime, known: Sequence[UUID]) -> None:
    """Do what a page, another one, or one that was kept could do."""
    claim_id = dice.choice(known)
    old = {"claim_id": claim_id, "fence": dice.choice((1, 2))}
    ways: list[Callable[[], object]] = [
        lambda: twin.tries(desk.sign_out, at),
        lambda: twin.tries(desk.sign_out, at, heard=False),
        lambda: twin.tries(desk.open_desk, at, beating=dice.random() < 0.5),
        lambda: twin.tries(desk.next_case, at, beating=dice.random() < 0.5),
        lambda: twin.tries(desk.return_from_break, at, beating=True),
        lambda: twin.tries(desk.postpone, at),
        lambda: twin.tries(desk.step_away, at),
        lambda: twin.tries(other_work.do_other_work, at, activity=Activity.NOTHING, beating=True),
        lambda: twin.tries(other_work.back_to_the_queue, at, beating=True),
        lambda: twin.tries(other_work.take_wellness_time, at),
        lambda: twin.tries(desk.show, at, level="grey", beating=True, **old),
        lambda: twin.tries(desk.hand_back, at, **old),
        lambda: twin.tries(desk.skip, at, **old),
        lambda: twin.tries(desk.keep_for_me, at, claim_id=claim_id),
        lambda: twin.tries(desk.beat, at, claim_id=None, exposure_id=None, holding=False),
        lambda: twin.tries(desk.cover, at, exposure_id=uuid4(), silent_ms=dice.choice((0, 600_000))),
        lambda: twin.tries(choices.revoke_agreement, at),
        lambda: twin.tries(choices.agree_to_severe, at),
        lambda: set_time_zone(user=twin.user, zone=dice.choice(ZONES), actor=str(twin.subject), at=at),
        lambda: breaks.tick_next(at=at),
        lambda: settles(at),
    ]
    dice.choice(ways)()


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_ends_a_break_sooner_than_to_sit_it_out(
    pair: tuple[Twin, Twin], cause: str, seed: int
) -> None:
    dice = random.Random(seed)
    shopper, control = pair
    come_in([EXTREME, *[MILD] * 12], *pair)
    begin, minutes = CAUSES[cause]
    begun = [begin(twin, T0) for twin in pair]
    assert begun[0] == begun[1]
    over_at = _sits_it_out(control, begun[1])
    assert over_at == begun[1] + minutes * MINUTE
    known = [uuid4(), *Claim.objects.filter(subject=shopper.subject).values_list("id", flat=True)]
    at = begun[0]
    while (at := at + dice.choice(PAUSES) * SECOND) < over_at:
        _tries_something(dice, shopper, at, known)
        running = shopper.open_break
        assert running is not None
        assert running.length_ms >= minutes * 60_000
        assert (shopper.live, shopper.is_on_stage) == (None, False)
        assert shopper.asks(at) is None
    _can_come_back(shopper, at)


def _sits_it_out(twin: Twin, at: datetime) -> datetime:
    """Rest without a sign for as long as the break is, and come back; return when."""
    running = twin.open_break
    assert running is not None
    over_at = at + timedelta(milliseconds=running.length_ms)
    assert twin.tries(desk.return_from_break, over_at, beating=True) is not None
    return over_at


def _can_come_back(twin: Twin, at: datetime) -> None:
    """Nothing is lost for good either."""
    at += 20 * MINUTE
    assert twin.tries(desk.return_from_break, at, beating=True) is not None, twin.refused[-1:]


# ── a break that comes ──


def _for_a_moment(dice: random.Random, twin: Twin, at: datetime, stays: timedelta) -> None:
    """Leave the desk by some door and come back by another, after less than counts as a rest."""
    ways: list[Callable[[], object]] = [
        lambda: twin.tries(desk.sign_out, at),
        lambda: twin.tries(desk.step_away, at),
        lambda: twin.tries(other_work.take_wellness_time, at),
        lambda: twin.tries(other_work.do_other_work, at, activity=Activity.NOTHING, beating=True),
        lambda: twin.tries(desk.open_desk, at, beating=False),
        lambda: set_time_zone(user=twin.user, zone=dice.choice(ZONES), actor=str(twin.subject), at=at),
    ]
    dice.choice(ways)()
    at += stays
    twin.tries(other_work.back_to_the_queue, at, beating=True)
    twin.tries(desk.return_from_break, at, beating=True)
    twin.tries(desk.open_desk, at, beating=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", [MILD, SEVERE], ids=["by the desk", "by severity 3"])
def test_no_break_comes_later_than_to_who_stays_but_for_the_time_away(
    pair: tuple[Twin, Twin], case: Case, seed: int
) -> None:
    """Both have worked or looked for some time, and go on alike, with cases that always fit before a break."""
    dice = random.Random(seed)
    shopper, control = pair
    come_in([replace(case, expected_seconds=1)] * 24, *pair)
    for twin in pair:
        twin.asks(T0)
        has_worked(twin.user, 46)
        PersonState.objects.filter(pk=twin.subject).update(severe_ms=22 * 60_000)
    at, away = T0, timedelta(0)
    while control.open_break is None:
        for twin in pair:
            twin.asks(at)
            twin.looks(at, 30 * SECOND)
            twin.decides(at + 30 * SECOND)
        at += 30 * SECOND
        stays = dice.choice((0, 0, 20)) * SECOND
        _for_a_moment(dice, shopper, at, stays)
        if stays:
            control.beats(at + stays / 2)
        away += stays
        at += stays
        settles(at)
        control.settles(at)
    expected = control.open_break
    while shopper.open_break is None:
        shopper.asks(at)
        at = shopper.looks(at, 30 * SECOND)
        shopper.decides(at)
    due = shopper.open_break
    assert due.due_at <= expected.due_at + away + 5 * SECOND
    assert due.length_ms >= expected.length_ms
