"""The order in which kinds of work come, of what waits: another one after a run, milder ones after a severe one. Nothing is
handed out that does not fit before the next break, limit or cap.

Seen red without ``turn`` in ``Eligibility.may``, without the category that ``claims.finish`` and ``returns.let_go`` tell, without
``turns.pass_once`` in the pick, and without ``expected_seconds`` in it.
"""

from datetime import datetime, timedelta

import pytest

from people.models import User
from queues.models import Queue
from queues.selectors import desk_state, why_nothing
from queues.services import choices, desk
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    asks,
    finishes,
    gets,
    has_looked,
    has_worked,
    settles,
    shows,
    state_of,
)
from tests.wellbeing.steps import a_ceiling
from wellbeing.models import LimitRow, PersonState, Shift

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def has_had(user: User, cases: int, category: str = "GORE") -> None:
    PersonState.objects.create(
        subject=subject_of(user), clock_at=T0, wall_at=T0, run_category=category, run_cases=cases
    )


def whys(user: User, at: datetime = T0) -> str:
    found = why_nothing(desk_state(subject_of(user), at), at=at)
    return "" if found is None else found.code


class TestRun:
    def test_twenty_of_one_category_and_no_more(self, alice: User, photos: Queue) -> None:
        for number in range(21):
            a_case_comes_in(photos, severity=1, priority=100, expected_seconds=number + 1)
        other = a_case_comes_in(photos, severity=1, category="HATE")
        for number in range(20):
            assert gets(alice, T0 + number * SECOND).job.lane.category == "GORE"
            finishes(gets(alice, T0 + number * SECOND), at=T0 + number * SECOND)
        claim = gets(alice, T0 + MINUTE)
        assert claim.job_id == other.pk
        finishes(claim, at=T0 + MINUTE)
        assert gets(alice, T0 + MINUTE + SECOND).job.lane.category == "GORE"

    def test_what_was_seen_clear_and_skipped_counts_too(self, alice: User, photos: Queue) -> None:
        """Seen red while what was seen behind its shield counted, too."""
        has_had(alice, 18)
        for number in range(3):
            a_case_comes_in(photos, severity=1, at=T0 + number * SECOND)
        claim = gets(alice)
        shows(claim)
        desk.skip(**act(claim, T0))
        assert PersonState.objects.get().run_cases == 18
        claim = gets(alice, T0 + SECOND)
        shows(claim, level="lens", at=T0 + SECOND)
        desk.skip(**act(claim, T0 + 2 * SECOND))
        settles(T0 + 2 * SECOND)
        finishes(gets(alice, T0 + 3 * SECOND), at=T0 + 3 * SECOND)
        assert PersonState.objects.get().run_cases == 20

    def test_where_nothing_else_waits_it_goes_on(self, alice: User, photos: Queue) -> None:
        has_had(alice, 20)
        a_case_comes_in(photos, severity=1)
        assert asks(alice) is not None

    def test_an_offer_passes_nobody_over_for_it(self, alice: User, photos: Queue) -> None:
        has_had(alice, 20)
        assert asks(alice) is None
        assert state_of(a_case_comes_in(photos, severity=1, at=T0 + SECOND)) == "claimed"

    def test_a_shorter_run_of_ones_own_holds_at_once(self, alice: User, photos: Queue) -> None:
        has_had(alice, 5)
        a_case_comes_in(photos, severity=1, priority=100)
        other = a_case_comes_in(photos, severity=1, category="HATE")
        subject = subject_of(alice)
        LimitRow.objects.create(
            scope="own", scope_ref=str(subject), name="run_cases", value=5, set_at=T0, set_by=str(subject)
        )
        assert gets(alice).job_id == other.pk

    def test_five_severe_ones_and_then_a_milder_one(self, alice: User, photos: Queue) -> None:
        a_ceiling("spacing_cases", 0)
        for number in range(6):
            a_case_comes_in(photos, severity=3, priority=100, category=f"C{number}", expected_seconds=1)
        milder = a_case_comes_in(photos, severity=2, expected_seconds=1)
        for number in range(5):
            claim = gets(alice, T0 + number * SECOND)
            assert claim.job.lane.severity == 3
            finishes(claim, at=T0 + number * SECOND)
        assert gets(alice, T0 + MINUTE).job_id == milder.pk

    def test_what_is_due_soon_does_not_pass_it(self, alice: User, photos: Queue) -> None:
        """The milder one is put back itself, by what is owed. Seen red: the sixth severe one came first, for it was due soon."""
        milder = a_case_comes_in(photos, severity=2, due_at=T0 + 9 * HOUR, expected_seconds=1)
        PersonState.objects.create(
            subject=subject_of(alice), clock_at=T0, wall_at=T0, severe_run=5, spacing_owed=2
        )
        a_case_comes_in(photos, severity=3, due_at=T0 + HOUR, expected_seconds=1)
        assert gets(alice).job_id == milder.pk


class TestSpacing:
    def test_after_a_severe_case_two_milder_ones_come_first(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, severity=3, priority=100)
        jobs = {
            name: a_case_comes_in(photos, severity=severity, priority=priority)
            for name, severity, priority in [
                ("severe", 3, 90),
                ("distressing", 2, 80),
                ("mild", 1, 0),
                ("milder", 0, 0),
            ]
        }
        names = {job.pk: name for name, job in jobs.items()}
        finishes(gets(alice), at=T0)
        came = []
        for number in range(4):
            claim = gets(alice, T0 + (number + 1) * SECOND)
            came.append(names[claim.job_id])
            finishes(claim, at=T0 + (number + 1) * SECOND)
        assert came == ["mild", "milder", "severe", "distressing"]

    @pytest.mark.parametrize(("level", "owed"), [("", 2), ("shielded", 2), ("lens", 1)])
    def test_a_mild_case_that_is_skipped_pays_only_if_it_was_seen_clear(
        self, alice: User, photos: Queue, level: str, owed: int
    ) -> None:
        """Seen red while a look behind the shield paid: whoever peeked and skipped was through with it at once."""
        a_case_comes_in(photos, severity=3, priority=100)
        a_case_comes_in(photos, severity=1)
        finishes(gets(alice), at=T0)
        claim = gets(alice, T0 + SECOND)
        if level:
            shows(claim, level=level, at=T0 + SECOND)
        desk.skip(**act(claim, T0 + 2 * SECOND))
        assert PersonState.objects.get().spacing_owed == owed

    def test_where_nothing_mild_waits_the_mildest_comes(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, severity=3, priority=100)
        a_case_comes_in(photos, severity=4, priority=90)
        a_case_comes_in(photos, severity=3, priority=80)
        a_case_comes_in(photos, severity=2, priority=0)
        came = []
        for number in range(4):
            claim = gets(alice, T0 + number * SECOND)
            came.append(claim.job.lane.severity)
            finishes(claim, at=T0 + number * SECOND)
        assert came == [3, 2, 3, 4]

    def test_what_is_due_within_two_hours_passes_once(self, alice: User, photos: Queue) -> None:
        """Where the lane's first is due soon: what is decided next is told by the same statement."""
        for hours in (0.5, 1, 1.5):
            a_case_comes_in(photos, severity=3, due_at=T0 + hours * HOUR)
        for _ in range(3):
            a_case_comes_in(photos, severity=1, due_at=T0 + 9 * HOUR)
        came = []
        for number in range(6):
            claim = gets(alice, T0 + number * SECOND)
            came.append(claim.job.lane.severity)
            finishes(claim, at=T0 + number * SECOND)
        assert came == [3, 3, 1, 1, 3, 1]

    def test_where_nothing_milder_waits_nobody_waits_for_it(self, alice: User, photos: Queue) -> None:
        for number in range(3):
            a_case_comes_in(photos, severity=3, at=T0 + number * SECOND)
        for number in range(3):
            finishes(gets(alice, T0 + number * SECOND), at=T0 + number * SECOND)


class TestWhatFits:
    @pytest.mark.parametrize(("expected", "fits"), [(180, True), (181, False)])
    def test_before_a_break_in_three_minutes(
        self, alice: User, photos: Queue, expected: int, fits: bool
    ) -> None:
        has_worked(alice, 47)
        a_case_comes_in(photos, severity=1, expected_seconds=expected)
        assert (asks(alice) is not None) is fits

    @pytest.mark.parametrize(("expected", "fits"), [(120, True), (121, False)])
    def test_before_the_night(self, alice: User, photos: Queue, expected: int, fits: bool) -> None:
        at = T0.replace(hour=21, minute=58)
        a_case_comes_in(photos, severity=3, expected_seconds=expected, at=at)
        assert (asks(alice, at) is not None) is fits

    def test_at_night_only_up_to_severity_2(self, alice: User, photos: Queue) -> None:
        at = T0.replace(hour=22)
        a_case_comes_in(photos, severity=3, at=at)
        assert asks(alice, at) is None
        a_case_comes_in(photos, severity=2, at=at + SECOND)
        assert asks(alice, at + SECOND) is not None

    @pytest.mark.parametrize(
        ("minutes_left", "expected", "fits"), [(62, 120, True), (62, 121, False), (60, 1, False)]
    )
    def test_before_the_last_hour_of_a_shift(
        self, alice: User, photos: Queue, minutes_left: int, expected: int, fits: bool
    ) -> None:
        Shift.objects.create(
            subject=subject_of(alice),
            starts_at=T0 - 6 * HOUR,
            ends_at=T0 + minutes_left * MINUTE,
            planned_at=T0 - 24 * HOUR,
            planned_by=str(subject_of(alice)),
        )
        a_case_comes_in(photos, severity=3, expected_seconds=expected)
        assert (asks(alice) is not None) is fits

    def test_an_offer_that_does_not_fit_stays_for_others(self, alice: User, photos: Queue) -> None:
        at = T0.replace(hour=21, minute=58)
        assert asks(alice, at) is None
        assert state_of(a_case_comes_in(photos, severity=3, expected_seconds=121, at=at)) == "waiting"
        assert state_of(a_case_comes_in(photos, severity=3, expected_seconds=110, at=at)) == "claimed"


class TestTooLittleIsLeft:
    """Minutes left that are fewer than every waiting case needs count as reached, and the page says so."""

    @pytest.mark.parametrize(("left", "said"), [(29, True), (30, False)])
    def test_it_is_said_until_when(self, alice: User, photos: Queue, left: int, said: bool) -> None:
        has_looked(alice, 120 * 60 - left, severity=3)
        a_case_comes_in(photos, severity=3, expected_seconds=30)
        a_case_comes_in(photos, severity=4, expected_seconds=60)
        assert (asks(alice) is None) is said
        found = why_nothing(desk_state(subject_of(alice), T0), at=T0)
        assert (found is not None) is said
        if found is not None and found.reached is not None:
            assert (found.code, found.reached.name) == ("too_little", "seconds_3")
            assert found.reached.until == T0 - 15 * MINUTE + 97 * 15 * MINUTE

    def test_not_where_a_break_is_what_comes_too_soon(self, alice: User, photos: Queue) -> None:
        has_worked(alice, 49.9)
        a_case_comes_in(photos, severity=3, expected_seconds=30)
        assert asks(alice) is None
        assert not whys(alice)


class TestOptedOutOfEverything:
    def opts_out(self, user: User, kind: str, value: str = "") -> None:
        choices.opt_out(subject=subject_of(user), kind=kind, value=value, until=None, at=T0)

    def test_it_is_said(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        a_case_comes_in(photos, category="HATE", language="fr")
        self.opts_out(alice, "category", "GORE")
        asks(alice)
        desk.hand_back(**act(gets(alice), T0))
        assert not whys(alice)
        self.opts_out(alice, "language", "fr")
        assert asks(alice, T0 + SECOND) is None
        assert whys(alice, T0 + SECOND) == "opt_out"

    def test_by_media_too(self, alice: User, photos: Queue) -> None:
        for medium in ("text", "picture", "video"):
            self.opts_out(alice, "medium", medium)
        asks(alice)
        assert not whys(alice)
        self.opts_out(alice, "medium", "audio")
        assert whys(alice) == "opt_out"

    def test_an_empty_queue_is_nobodys_choice(self, alice: User, photos: Queue) -> None:
        self.opts_out(alice, "category", "GORE")
        asks(alice)
        assert not whys(alice)

    def test_not_while_a_case_is_in_hand(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, severity=1)
        gets(alice)
        assert not whys(alice)
