"""P4. The limit holds. Nothing that a reached limit closes is allocated or revealed, nothing at all during a
break: on a desk that answers, clear seconds ≤ limit + one beat; a desk that is silent gets no further byte after 10 s and
is counted until heard, at most 10 min; across tabs, devices, processes and clock jumps.

Here: through the desk's commands. What a limit is, and how it is counted: tests/wellbeing. Seen failing with its guard
removed, one at a time: ``Person.look_refusal`` without the limit (looking never ends); ``rules.lanes`` without fit and closed
severities (work over the limit is handed out); ``person.hold`` without the row lock, on PostgreSQL (fifty reveals,
fifty tabs); ``guard.enforce`` without covering *and* ``clock.count`` without ``covers_at`` (each alone is made good
by the other).
"""

from datetime import datetime, timedelta

import pytest
from django.db.models import Sum

from people.models import User
from queues.exceptions import BeatLate, ClaimLost, LimitReached, OnBreak
from queues.models import Claim, Queue
from queues.services import desk
from tests.cast import T0, subject_of
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, asks, at_once, beats, gets, has_looked, shows
from wellbeing.models import Exposure, ExposureSum

BEAT = 5
LIMIT_3 = 120 * 60


def seconds_seen(user: User, *, severity: int) -> float:
    """Return all that counts, less what counts although its page was not heard of: that stands outside P4's sum."""
    subject = subject_of(user)
    sums = ExposureSum.objects.filter(subject=subject, severity__gte=severity)
    silent = Exposure.objects.filter(subject=subject, severity__gte=severity)
    counted, unheard = sums.aggregate(all=Sum("shown_ms")), silent.aggregate(all=Sum("unheard_ms"))
    return ((counted["all"] or 0) - (unheard["all"] or 0)) / 1000


def seconds_counted(user: User, *, severity: int) -> float:
    sums = ExposureSum.objects.filter(subject=subject_of(user), severity__gte=severity)
    return (sums.aggregate(all=Sum("shown_ms"))["all"] or 0) / 1000


def looks_as_long_as_possible(user: User, claim: Claim, *, level: str, at: datetime = T0) -> datetime:
    """A page that beats every five seconds and asks for the stage again whenever it was cleared; until refused."""
    shown = shows(claim, level=level, at=at)
    for _ in range(100):
        at += BEAT * SECOND
        if beats(user, at, claim, shown).exposure_id is None:
            shown = shows(claim, level=level, at=at)
    raise AssertionError("nothing stopped this")


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["grey", "colour"])
@pytest.mark.parametrize("left", [1, 4, 5, 6, 19])
def test_looking_ends_at_the_limit_or_one_beat_later(
    alice: User, photos: Queue, level: str, left: int
) -> None:
    a_case_comes_in(photos, severity=3, expected_seconds=1)
    claim = gets(alice)
    has_looked(alice, LIMIT_3 - left, severity=3)
    with pytest.raises(LimitReached):
        looks_as_long_as_possible(alice, claim, level=level)
    assert LIMIT_3 <= seconds_seen(alice, severity=3) <= LIMIT_3 + BEAT


@pytest.mark.django_db
def test_a_page_that_never_beats_does_not_see_more(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=3, expected_seconds=1)
    claim = gets(alice)
    has_looked(alice, LIMIT_3 - 60, severity=3)
    shows(claim, level="grey", beating=False)
    with pytest.raises(LimitReached):
        shows(claim, level="grey", at=T0 + 9 * MINUTE, beating=False)
    assert seconds_seen(alice, severity=3) <= LIMIT_3 + BEAT
    assert seconds_counted(alice, severity=3) == LIMIT_3 + 8 * 60


@pytest.mark.django_db
def test_a_page_that_says_it_beats_and_is_silent_counts_until_it_is_heard(alice: User, photos: Queue) -> None:
    """Every 240 s another look, and never a beat: metered as honest looking is, and stopped by the same limit."""
    a_case_comes_in(photos, severity=3, expected_seconds=1)
    claim = gets(alice)
    has_looked(alice, LIMIT_3 - 300, severity=3)
    shows(claim, level="grey")
    shows(claim, level="grey", at=T0 + 240 * SECOND)
    assert seconds_counted(alice, severity=3) == LIMIT_3 - 60
    with pytest.raises(LimitReached):
        shows(claim, level="grey", at=T0 + 480 * SECOND)
    assert seconds_counted(alice, severity=3) == LIMIT_3 + 180
    assert seconds_seen(alice, severity=3) <= LIMIT_3 + BEAT


@pytest.mark.django_db
def test_what_a_reached_limit_closes_is_not_handed_out_and_what_is_milder_is(
    alice: User, photos: Queue
) -> None:
    """Seen red with what counts in place of what is closed (``rules.limits.CLOSES``)."""
    a_case_comes_in(photos, severity=3)
    a_case_comes_in(photos, severity=4)
    has_looked(alice, LIMIT_3, severity=3)
    assert asks(alice) is None
    milder = a_case_comes_in(photos, severity=2)
    assert gets(alice, T0 + SECOND).job_id == milder.pk


@pytest.mark.django_db
def test_what_a_reached_limit_closes_is_not_revealed(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=4, expected_seconds=1)
    claim = gets(alice)
    has_looked(alice, LIMIT_3, severity=3)
    for level in ("shielded", "grey", "colour"):
        with pytest.raises(LimitReached):
            shows(claim, level=level)
    assert not Exposure.objects.exists()


@pytest.mark.django_db
def test_at_the_minutes_of_severity_1_and_up_only_confirmed_media_of_severity_0_are_left(
    alice: User, photos: Queue
) -> None:
    a_case_comes_in(photos, severity=1)
    a_case_comes_in(photos, severity=0)
    confirmed = a_case_comes_in(photos, severity=0, mild_confirmed=True)
    has_looked(alice, 240 * 60, severity=1)
    assert gets(alice).job_id == confirmed.pk


@pytest.mark.django_db
def test_what_would_not_fit_before_the_limit_is_not_handed_out(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=3, expected_seconds=31)
    fits = a_case_comes_in(photos, severity=3, expected_seconds=30)
    has_looked(alice, LIMIT_3 - 30, severity=3)
    assert gets(alice).job_id == fits.pk


@pytest.mark.django_db(transaction=True)
def test_fifty_reveals_at_once_are_one_stretch_on_the_stage(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=3, expected_seconds=1)
    claim = gets(alice)
    has_looked(alice, LIMIT_3 - 8, severity=3)
    results = at_once(*[lambda: shows(claim, level="colour")] * 50)
    assert [found for found in results if isinstance(found, Exception)] == []
    assert Exposure.objects.filter(closed_at__isnull=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_tabs_that_reveal_and_beat_see_no_more_than_one(alice: User, photos: Queue) -> None:
    """Every round, fifty requests at one instant: half reveal, half beat for what the last round showed."""
    a_case_comes_in(photos, severity=3, expected_seconds=1)
    claim = gets(alice)
    has_looked(alice, LIMIT_3 - 8, severity=3)
    shown = shows(claim, level="grey")
    for round_ in range(1, 5):
        at = T0 + round_ * BEAT * SECOND
        reveals = [lambda at=at: shows(claim, level="grey", at=at)] * 25
        signs = [lambda at=at, shown=shown: beats(alice, at, claim, shown)] * 25
        results = at_once(*reveals, *signs)
        unexpected = [
            found
            for found in results
            # A beat at the same instant counts 5 s on the person's own clock, so the five minutes after the limit
            # may be over within a round: the case is then handed back.
            if isinstance(found, Exception) and not isinstance(found, (LimitReached, BeatLate, ClaimLost))
        ]
        assert unexpected == []
        shown = next((found for found in results[:25] if not isinstance(found, Exception)), shown)
    assert seconds_seen(alice, severity=3) <= LIMIT_3 + BEAT
    with pytest.raises((LimitReached, ClaimLost)):
        shows(claim, level="grey", at=T0 + 30 * SECOND)


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(hours=2), -timedelta(hours=2), 30 * SECOND, -30 * SECOND])
def test_a_clock_that_jumps_gives_no_more(alice: User, photos: Queue, jump: timedelta) -> None:
    a_case_comes_in(photos, severity=3, expected_seconds=1)
    claim = gets(alice)
    has_looked(alice, LIMIT_3 - 12, severity=3)
    shown = shows(claim, level="grey")
    beats(alice, T0 + BEAT * SECOND, claim, shown)
    with pytest.raises((LimitReached, BeatLate, ClaimLost)):
        looks_as_long_as_possible(alice, claim, level="grey", at=T0 + BEAT * SECOND + jump)
    assert seconds_seen(alice, severity=3) <= LIMIT_3 + BEAT


@pytest.mark.django_db
def test_nothing_at_all_is_revealed_while_a_break_runs(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=0)
    claim = gets(alice)
    desk.too_much(subject=claim.subject, at=T0)
    for level in ("text", "shielded", "lens", "grey", "colour"):
        with pytest.raises(OnBreak):
            shows(claim, level=level, at=T0 + SECOND)
    assert not Exposure.objects.exists()
