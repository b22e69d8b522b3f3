"""Whoever falls silent to earn a rest, or a limit that comes later, gains nothing but what a page may be believed on a day.

``PLAYS=200`` plays so many. Seen red where silence counts for 15 s, where absence begins with the last sign although something
was shown, and where a page is believed without end.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from queues.services import desk
from tests.cast import T0
from tests.queues.work import has_worked, settles
from tests.wellbeing.plays.twins import MINUTE, SECOND, SEEDS, Case, Twin, come_in, twins
from wellbeing.models import LimitRow

pytestmark = pytest.mark.django_db

CASES = (Case("SEX_ADULT", 1, expected_seconds=1), Case("GORE", 3, expected_seconds=1))
BELIEVED_MS = 5 * 60_000


@pytest.fixture
def pair() -> tuple[Twin, Twin]:
    return twins()


def _is_silent(dice: random.Random, twin: Twin, at: datetime, for_: timedelta) -> None:
    """Look without a sign, and be heard of again in one of many ways; the sweep may have come by meanwhile."""
    shown = twin.shows(at, dice.choice(("shielded", "grey")), beating=dice.random() < 0.5)
    for _ in range(dice.choice((0, 1, 3))):
        twin.settles(at + for_ * dice.random())
    at += for_
    page = shown.id if shown else None
    silent_ms = for_ // timedelta(milliseconds=1)
    ways: list[Callable[[], object]] = [
        lambda: twin.tries(desk.cover, at),
        lambda: twin.tries(desk.cover, at, exposure_id=page, silent_ms=silent_ms),
        lambda: twin.tries(
            desk.beat,
            at,
            claim_id=twin.claim.id if twin.claim else None,
            exposure_id=page,
            holding=False,
            silent_ms=dice.choice((None, silent_ms)),
        ),
        lambda: twin.tries(desk.sign_out, at),
        lambda: twin.tries(desk.step_away, at),
        lambda: twin.tries(desk.open_desk, at, beating=True),
        lambda: twin.asks(at),
    ]
    dice.choice(ways)()
    twin.tries(desk.return_from_break, at, beating=True)
    twin.tries(desk.open_desk, at, beating=True)
    twin.tries(desk.cover, at)
    twin.page = None


@pytest.mark.parametrize("seed", SEEDS)
def test_silence_counts_no_less_than_honesty(pair: tuple[Twin, Twin], seed: int) -> None:
    """One looks under beats, the other for as long in silence: exposure and counters, but for five minutes that are believed."""
    dice = random.Random(seed)
    silent, control = pair
    come_in([dice.choice(CASES)] * 20, *pair)
    at = T0
    for number in range(5):
        looks = dice.choice((5, 20, 70, 290, 590)) * SECOND
        if any(twin.asks(at) is None for twin in pair):
            break
        _is_silent(dice, silent, at, looks)
        at = control.looks(at, looks)
        for twin in pair:
            twin.asks(at)
            twin.decides(at)
        settles(at)
        _is_no_less(silent, control, f"after case {number}")
        if control.open_break is not None:
            break


def _is_no_less(silent: Twin, control: Twin, when: str) -> None:
    mine, theirs = silent.state, control.state
    believed = mine.believed_ms
    assert believed <= BELIEVED_MS, when
    assert silent.shown_ms() + believed >= control.shown_ms(), when
    assert silent.shown_ms(3) + believed >= control.shown_ms(3), when
    assert silent.open_break is not None or (
        mine.work_ms + believed >= theirs.work_ms
        and mine.severe_ms + believed >= theirs.severe_ms
        and mine.breaks_kept >= theirs.breaks_kept
        and mine.since_rest_ms + believed >= theirs.since_rest_ms
    ), (when, mine.work_ms, theirs.work_ms)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_break_is_not_served_by_the_silence_of_what_is_still_shown(
    pair: tuple[Twin, Twin], seed: int
) -> None:
    """It is over when its length has passed since something of the page was heard, or since ten minutes after its last sign."""
    dice = random.Random(seed)
    silent, _ = pair
    come_in([CASES[0]] * 4, silent)
    silent.asks(T0)
    shown = silent.shows(T0, "grey", beating=dice.random() < 0.5)
    has_worked(silent.user, 50)
    silent.settles(T0)
    quiet_until = T0 + dice.choice((0, 8, 11, 15, 19)) * MINUTE
    at, content_until = T0, T0 + 10 * MINUTE
    while silent.open_break is not None:
        at += dice.choice((20, 45, 100, 200)) * SECOND if at < T0 + 30 * MINUTE else 20 * MINUTE
        assert at < T0 + 90 * MINUTE
        assert not silent.is_on_stage
        if at < quiet_until or (at < T0 + 30 * MINUTE and dice.random() < 0.4):
            silent.settles(at)
            continue
        content_until = min(content_until, at)
        _says_that_it_was_covered(dice, silent, at, shown.id if shown else None)
        silent.tries(desk.return_from_break, at, beating=True)
    assert at >= content_until + 10 * MINUTE


def _says_that_it_was_covered(dice: random.Random, twin: Twin, at: datetime, page: UUID | None) -> None:
    silent_ms = (at - T0) // timedelta(milliseconds=1)
    if dice.random() < 0.7:
        twin.tries(desk.cover, at, exposure_id=page, silent_ms=silent_ms)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_limit_comes_later_for_who_reports_covers_and_looks_on(pair: tuple[Twin, Twin], seed: int) -> None:
    """Both look at severity 3 until their minutes are used up; one says of each case that it was covered since 10 s after it came."""
    dice = random.Random(seed)
    reports, control = pair
    for twin in pair:
        LimitRow.objects.create(
            scope="own",
            scope_ref=str(twin.subject),
            name="seconds_3",
            value=900,
            set_at=T0,
            set_by=str(twin.subject),
        )
    come_in([CASES[1]] * 40, *pair)
    looked = dict.fromkeys(("reports", "control"), timedelta(0))
    at = T0
    while True:
        looks = dice.choice((60, 120, 170)) * SECOND
        given = {"reports": reports.asks(at), "control": control.asks(at)}
        if given["reports"] is None:
            break
        page = reports.shows(at, "grey")
        reports.tries(
            desk.cover, at + looks, exposure_id=page.id if page else None, silent_ms=looks // SECOND * 1000
        )
        looked["reports"] += looks
        reports.decides(at + looks)
        if given["control"] is not None:
            control.looks(at, looks)
            looked["control"] += looks
            control.decides(at + looks)
        at += looks
        settles(at)
    assert given["control"] is None
    assert looked["reports"] <= looked["control"] + timedelta(milliseconds=BELIEVED_MS) + 170 * SECOND
