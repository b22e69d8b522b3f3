"""Whoever shops for mild cases gains nothing (promise P8): what is put back costs nothing, and brings nothing either.

``PLAYS=200`` plays so many. Seen red without ``spread.count_given_back`` (case by case), and where a mild case that was looked
at and put back pays nothing of what spacing asks for (by any means).
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from queues.models import Spread
from queues.services import choices, desk
from tests.cast import T0
from tests.queues.work import settles
from tests.wellbeing.plays.twins import MINUTE, MIXED, SECOND, SEEDS, Twin, come_in, shuffled, twins

pytestmark = pytest.mark.django_db
ROUND = 30 * SECOND
MOST_MS = 4 * 60_000
SEVERE = 3


@pytest.fixture
def pair() -> tuple[Twin, Twin]:
    """Two people, and of each queue the figure above which severe work goes to others where something milder waits."""
    both = twins()
    for twin in both:
        Spread.objects.create(queue=twin.queue, quarter_at=T0 + timedelta(days=1), most_ms=MOST_MS)
    return both


# ── case by case ──


@pytest.mark.parametrize("seed", SEEDS)
def test_who_peeks_and_skips_is_offered_case_by_case_what_who_decides_is(
    pair: tuple[Twin, Twin], seed: int
) -> None:
    dice = random.Random(seed)
    shopper, control = pair
    come_in(shuffled(dice, MIXED, 60), *pair)
    at = T0
    for number in range(40):
        offered = [_label(twin, at) for twin in pair]
        assert offered[0] == offered[1], f"case {number}"
        control.looks(at, ROUND)
        control.decides(at + ROUND)
        if dice.random() < 0.7:
            _peeks_and_skips(dice, shopper, at)
        else:
            shopper.looks(at, ROUND)
            shopper.decides(at + ROUND)
        at += ROUND
        settles(at)
    assert shopper.shown_ms(SEVERE) < control.shown_ms(SEVERE)


def _label(twin: Twin, at: datetime) -> tuple[str, int]:
    claim = twin.asks(at)
    assert claim is not None
    return claim.job.lane.category, claim.job.lane.severity


def _peeks_and_skips(dice: random.Random, shopper: Twin, at: datetime) -> None:
    shopper.shows(at, dice.choice(("lens", "grey", "colour")))
    shopper.on_claim(desk.skip, at + dice.randrange(1, 25) * SECOND)


# ── by any means ──

Means = Callable[[Twin, datetime], datetime]
"""Do something with the case in hand, at a time; return until when that lasted."""


def _works(twin: Twin, at: datetime) -> datetime:
    at = twin.looks(at, ROUND)
    twin.decides(at)
    return at


def _peeking(level: str, seconds: int, act: Means) -> Means:
    def peek_first(twin: Twin, at: datetime) -> datetime:
        twin.shows(at, level)
        return act(twin, at + seconds * SECOND)

    return peek_first


def _skips(twin: Twin, at: datetime) -> datetime:
    twin.on_claim(desk.skip, at)
    return at


def _hands_back(twin: Twin, at: datetime) -> datetime:
    twin.on_claim(desk.hand_back, at)
    return at


def _escalates(twin: Twin, at: datetime) -> datetime:
    twin.on_claim(desk.escalate, at)
    return at


def _says_too_much(twin: Twin, at: datetime) -> datetime:
    twin.tries(desk.too_much, at)
    return _rests(twin, at, 15 * MINUTE)


def _steps_away(twin: Twin, at: datetime) -> datetime:
    """Leave it lying until its reservation is over."""
    twin.tries(desk.step_away, at)
    return _rests(twin, at, 11 * MINUTE)


def _signs_out_and_in(twin: Twin, at: datetime) -> datetime:
    twin.tries(desk.sign_out, at)
    twin.tries(desk.open_desk, at + SECOND, beating=True)
    return at + SECOND


def _opts_out_and_in(twin: Twin, at: datetime) -> datetime:
    if twin.claim is None:
        return at
    category = twin.claim.job.lane.category
    made = choices.opt_out(subject=twin.subject, kind="category", value=category, until=None, at=at)
    choices.opt_back_in(subject=twin.subject, opt_out_id=made, at=at + SECOND)
    return at + SECOND


def _rests(twin: Twin, at: datetime, duration: timedelta) -> datetime:
    """Be away; what was reserved meanwhile goes back."""
    at += duration
    twin.settles(at)
    twin.tries(desk.return_from_break, at, beating=True)
    return at


GIVES_BACK = (_skips, _hands_back, _escalates, _signs_out_and_in, _opts_out_and_in)
MEANS: tuple[Means, ...] = (
    *GIVES_BACK,
    *(_peeking("shielded", 2, act) for act in GIVES_BACK),
    *(_peeking("grey", 2, act) for act in GIVES_BACK),
    _says_too_much,
    _steps_away,
)


@pytest.mark.parametrize("seed", SEEDS)
def test_by_no_means_are_fewer_severe_cases_offered_for_each_mild_one_that_is_done(
    pair: tuple[Twin, Twin], seed: int
) -> None:
    """A severe case that was put back was offered; a mild one that was put back unseen is no gain, and not counted."""
    dice = random.Random(seed)
    shopper, control = pair
    come_in(shuffled(dice, MIXED, 60), *pair)
    chosen = dice.sample(MEANS, 3)
    mild, severe = _goes_through(shopper, 30, lambda _: dice.choice((*chosen, _works)))
    control_mild, control_severe = _goes_through(control, 30, lambda _: _works)
    assert control_severe
    assert (severe + 2) * control_mild >= control_severe * mild


@pytest.mark.parametrize("means", MEANS)
@pytest.mark.parametrize("of", ["severe", "all"])
def test_nor_by_one_of_them_again_and_again(pair: tuple[Twin, Twin], means: Means, of: str) -> None:
    shopper, control = pair
    come_in(shuffled(random.Random(1), MIXED, 24), *pair)
    mild, severe = _goes_through(shopper, 12, lambda is_severe: means if is_severe or of == "all" else _works)
    control_mild, control_severe = _goes_through(control, 12, lambda _: _works)
    assert control_severe
    assert (severe + 1) * control_mild >= control_severe * mild


def _goes_through(twin: Twin, count: int, choose: Callable[[bool], Means]) -> tuple[int, int]:
    """Be offered so many cases, and do with each what is chosen for one that is severe or not.

    Returns how many different mild ones were done or looked at, and how often a severe one was offered.
    """
    at, mild, severe = T0, set(), 0
    for _ in range(count):
        claim = twin.asks(at)
        assert claim is not None, twin.open_break
        is_severe = claim.job.lane.severity >= SEVERE
        before = twin.shown_ms()
        at = choose(is_severe)(twin, at) + SECOND
        settles(at)
        if is_severe:
            severe += 1
        elif twin.shown_ms() > before:
            mild.add(claim.job_id)
    return len(mild), severe
