"""One act: what is in hand ends, the next case is taken and shown, under one lock and in one commit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier, Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import User
from queues.exceptions import ClaimLost, NotYourClaim, Refused
from queues.models import Claim, ClaimState, Job, JobState, Queue, Ticket
from queues.selectors import DeskState, desk_state
from queues.services import claims, desk, endings, going_on
from queues.services.going_on import NOTHING, Ending, Hand, Write
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    Interleaved,
    a_case_comes_in,
    asks,
    at_once,
    broken,
    gets,
    has_looked,
    has_worked,
    shows,
    state_of,
)
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.selectors.desk import DeskFacts, desk_facts
from wellbeing.models import CaseSeen, DaySum, Exposure, ExposureSum, LoadFlag, PersonState, Presence

pytestmark = pytest.mark.django_db(transaction=True)
LATER = T0 + 10 * SECOND


def deciding(claim: Claim) -> Ending:
    """A decision, without what ``moderation`` writes."""

    def check(hand: Hand) -> Write:
        known = claims.require(locked=hand.locked, claim_id=claim.id, fence=claim.fence, known=hand.claim)

        def write() -> None:
            claims.finish(locked=hand.locked, claim_id=claim.id, fence=claim.fence, known=known)

        return write

    return Ending(check)


def goes_on(user: User, ending: Ending = NOTHING, *, at: datetime = LATER) -> DeskState:
    return going_on.go_on(subject=subject_of(user), at=at, beating=True, ending=ending)


def skipping(claim: Claim) -> Ending:
    return endings.skipping(claim_id=claim.id, fence=claim.fence)


def handing_back(claim: Claim) -> Ending:
    return endings.handing_back(claim_id=claim.id, fence=claim.fence)


def escalating(claim: Claim) -> Ending:
    return endings.escalating(claim_id=claim.id, fence=claim.fence)


def told(state: DeskState) -> tuple[Any, ...]:
    """All that a page says of a desk."""
    facts: DeskFacts = desk_facts(state.person)
    return (
        (state.kind, state.rev, state.claim, state.exposure, state.open_break, state.has_parked_claim),
        (facts, state.person.has_open_desk, state.person.other_work, state.person.limit_grace_until),
    )


ENDS: dict[str, Callable[[Claim], Ending]] = {
    "decided": deciding,
    "skipped": skipping,
    "handed back": handing_back,
    "escalated": escalating,
    "nothing ended": lambda _claim: NOTHING,
    "opened": lambda _claim: endings.opening(beating=True),
    "came back": lambda _claim: endings.coming_back(),
    "left other work": lambda _claim: endings.leaving_other_work(),
}


@pytest.mark.parametrize("waiting", [0, 2], ids=["nothing waits", "more waits"])
@pytest.mark.parametrize("end", ENDS)
def test_it_returns_what_a_page_would_read_after_it(
    alice: User, photos: Queue, end: str, waiting: int
) -> None:
    """Seen red with the number as it was read under the lock."""
    a_case_comes_in(photos, severity=3)
    claim = gets(alice)
    shows(claim, level="colour", at=T0 + SECOND)
    for _ in range(waiting):
        a_case_comes_in(photos, medium="text", severity=0)
    state = goes_on(alice, ENDS[end](claim))
    assert told(state) == told(desk_state(claim.subject, LATER))


@pytest.mark.parametrize("end", ["decided", "skipped", "escalated", "handed back"])
def test_the_next_case_is_another_one_and_is_shown_shielded(alice: User, photos: Queue, end: str) -> None:
    for _ in range(2):
        a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim, level="colour", at=T0 + SECOND)
    state = goes_on(alice, ENDS[end](claim))
    assert state.kind == "case"
    assert state.claim is not None
    assert state.exposure is not None
    assert state.claim.id != claim.id
    assert state.claim.case_ref != claim.job.case_ref
    assert (state.exposure.claim_ref, state.exposure.level) == (state.claim.id, "shielded")
    assert not state.exposure.with_text


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"medium": "text", "severity": 1}, "text"),
        ({"medium": "text", "severity": 2}, None),
        ({"medium": "image", "severity": 1}, "shielded"),
        ({"medium": "image", "severity": 4}, "shielded"),
    ],
)
def test_it_is_shown_as_its_label_says(
    alice: User, photos: Queue, facts: dict[str, Any], level: str | None
) -> None:
    a_case_comes_in(photos, **facts)
    state = goes_on(alice)
    assert state.claim is not None
    assert (state.exposure.level if state.exposure else None) == level


def test_what_came_while_its_person_waited_is_not_shown(alice: User, photos: Queue) -> None:
    asks(alice)
    a_case_comes_in(photos, at=T0 + SECOND)
    state = goes_on(alice, at=T0 + 2 * SECOND)
    assert state.claim is not None
    assert state.claim.arrived_while_waiting
    assert state.exposure is None


def test_what_is_handed_back_comes_again_where_nothing_else_waits(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    state = goes_on(alice, handing_back(claim))
    again = Claim.objects.get(state=ClaimState.LIVE)
    assert state.claim is not None
    assert (state.claim.id, again.job_id, again.arrived_while_waiting) == (again.id, job.pk, False)


def test_a_parked_case_comes_first_after_a_break(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    desk.step_away(subject=claim.subject, at=T0 + SECOND)
    a_case_comes_in(photos)
    state = goes_on(alice, endings.coming_back(), at=T0 + MINUTE)
    assert state.claim is not None
    assert (state.claim.id, state.exposure is not None) == (claim.id, True)


def test_where_a_break_begins_with_the_end_nothing_is_handed_out(alice: User, photos: Queue) -> None:
    for _ in range(2):
        a_case_comes_in(photos)
    claim = gets(alice)
    has_worked(alice, 50)
    state = goes_on(alice, deciding(claim))
    assert (state.kind, state.claim, state.exposure) == ("break", None, None)
    assert state.open_break is not None
    assert state.open_break.state == "running"


def test_a_limit_that_the_end_has_reached_closes_what_comes_next(alice: User, photos: Queue) -> None:
    """8 s of severity 4 are left, and 9 would be shown: nothing of that comes any more, and milder work does."""
    for severity in (4, 4, 1):
        a_case_comes_in(photos, severity=severity, expected_seconds=1)
    has_looked(alice, DEFAULT_PRESET["seconds_4"] - 8, severity=4)
    claim = gets(alice)
    shows(claim, level="grey", at=T0 + SECOND)
    state = goes_on(alice, deciding(claim))
    assert claim.job.lane.severity == 4
    assert state.claim is not None
    assert state.claim.severity == 1


def test_a_flag_that_the_end_has_raised_binds_what_comes_next(alice: User, photos: Queue) -> None:
    """A red one leaves half of the cases of severity 3, which the facts at hand do not know."""
    for _ in range(2):
        a_case_comes_in(photos, severity=3)
    heavy = DEFAULT_PRESET["heavy_day_load"] * UNITS_PER_POINT
    for days_ago in (0, 2, 4, 6):
        DaySum.objects.create(
            subject=subject_of(alice),
            local_date=T0.date() - timedelta(days=days_ago),
            severity=3,
            shown_ms=60_000,
            cases=1,
            units_at_one=heavy - (days_ago == 0),
        )
    ExposureSum.objects.create(
        subject=subject_of(alice),
        quarter_at=T0 - 15 * MINUTE,
        severity=3,
        shown_ms=60_000,
        cases=DEFAULT_PRESET["cases_3"] - 10,
    )
    claim = gets(alice)
    shows(claim, level="grey", at=T0 + SECOND)
    state = goes_on(alice, deciding(claim))
    assert list(LoadFlag.objects.values_list("code", "level")) == [("HEAVY_STREAK", "red")]
    assert (state.kind, state.claim) == ("waiting", None)
    assert told(state) == told(desk_state(claim.subject, LATER))


class TestRefused:
    def test_what_was_overdue_is_committed_and_nothing_is_taken(self, alice: User, photos: Queue) -> None:
        for _ in range(2):
            a_case_comes_in(photos)
        claim = gets(alice)
        with pytest.raises(ClaimLost):
            goes_on(alice, deciding(claim), at=T0 + 10 * MINUTE)
        claim.refresh_from_db()
        assert (claim.state, claim.closed_reason) == (ClaimState.CLOSED, "lease")
        assert Claim.objects.count() == 1

    def test_a_wrong_fence_ends_nothing(self, alice: User, photos: Queue) -> None:
        """Seen red without the fence in ``claims.require`` and in the statements that close job and claim."""
        for _ in range(2):
            a_case_comes_in(photos)
        claim = gets(alice)
        claim.fence += 1
        with pytest.raises(ClaimLost):
            goes_on(alice, deciding(claim))
        assert Claim.objects.get().state == ClaimState.LIVE

    def test_nobody_ends_another_s_case(self, alice: User, amina: User, photos: Queue) -> None:
        for _ in range(2):
            a_case_comes_in(photos)
        with pytest.raises(NotYourClaim):
            goes_on(amina, deciding(gets(alice)))
        assert Claim.objects.count() == 1

    def test_a_break_that_is_not_over_is_not_left(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        claim = gets(alice)
        desk.too_much(subject=claim.subject, at=T0 + SECOND)
        with pytest.raises(Refused):
            goes_on(alice, endings.coming_back())
        assert desk_state(claim.subject, LATER).kind == "break"


def test_on_its_ordinary_way_it_locks_and_reads_the_person_once(alice: User, photos: Queue) -> None:
    for _ in range(3):
        a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim, at=T0 + SECOND)
    with CaptureQueriesContext(connection) as seen:
        goes_on(alice, deciding(claim))
    sql = [one["sql"] for one in seen.captured_queries]
    assert len([one for one in sql if "extract(epoch" in one or one.startswith("SELECT 0 FROM")]) == 1
    assert len([one for one in sql if "wellbeing_personstate SET" in one]) == 1
    assert len([one for one in sql if one == "COMMIT"]) <= 1


def test_an_older_ticket_is_asked_first(alice: User, amina: User, photos: Queue) -> None:
    """Seen red with the look at older tickets left out."""
    a_case_comes_in(photos)
    claim = gets(alice)
    assert asks(amina, T0 + SECOND) is None
    waiting = a_case_comes_in(photos, at=T0 + 2 * SECOND)
    assert Claim.objects.get(state=ClaimState.LIVE, subject=subject_of(amina)).job_id == waiting.pk
    other = Claim.objects.get(subject=subject_of(amina))
    other.delete()
    Job.objects.filter(pk=waiting.pk).update(state=JobState.WAITING)
    Ticket.objects.create(subject=subject_of(amina), since=T0 + SECOND, last_beat_at=T0 + 3 * SECOND)
    state = goes_on(alice, deciding(claim), at=T0 + 4 * SECOND)
    assert state.kind == "waiting"
    assert Claim.objects.get(state=ClaimState.LIVE).subject == subject_of(amina)
    claim.refresh_from_db()
    assert claim.closed_reason == "decided"


@pytest.mark.postgres
class TestTheLongWay:
    """What fails after the end leaves the end, and the person, as they were before it."""

    def test_a_claim_that_was_there_first_undoes_the_next_and_not_the_end(
        self, alice: User, photos: Queue
    ) -> None:
        """Seen red without the copy: what was not written is written again with the end, and that fails too."""
        a_case_comes_in(photos)
        claim = gets(alice)
        shows(claim, at=T0 + SECOND)
        waiting = a_case_comes_in(photos)
        # As nothing leaves it: somebody's claim on a job that waits.
        stray = Claim.objects.create(
            job=waiting, subject=uuid4(), fence=0, claimed_at=T0, lease_until=T0 + MINUTE
        )
        undone = Interleaved("ROLLBACK TO", on="SAVEPOINT", act=stray.delete)
        with connection.execute_wrapper(undone):
            state = goes_on(alice, deciding(claim))
        assert undone.done
        claim.refresh_from_db()
        assert (claim.closed_reason, state_of(claim.job)) == ("decided", JobState.DONE)
        assert state.claim is not None
        assert state.claim.id == Claim.objects.get(state=ClaimState.LIVE).id
        assert CaseSeen.objects.count() == sum(ExposureSum.objects.values_list("cases", flat=True)) == 2
        assert Exposure.objects.filter(closed_at__isnull=True).count() == 1
        assert told(state) == told(desk_state(claim.subject, LATER))

    def test_what_another_holds_is_waited_for_after_the_end_is_committed(
        self, alice: User, photos: Queue
    ) -> None:
        """Seen red with the pick of the act waiting: the one who looks from outside then sees no end."""
        a_case_comes_in(photos)
        claim = gets(alice)
        locked = a_case_comes_in(photos)
        holds, lets_go, seen = Event(), Event(), []

        def another_holds_it() -> None:
            with transaction.atomic():
                Job.objects.select_for_update().get(pk=locked.pk)
                holds.set()
                lets_go.wait(20)
            connection.close()

        other = Thread(target=another_holds_it)
        other.start()
        holds.wait(10)

        def looks_from_outside() -> None:
            seen.append(Claim.objects.get(pk=claim.pk).closed_reason)
            lets_go.set()

        waits = Interleaved("FOR UPDATE OF job \n", on="queues_job", act=looks_from_outside)
        with connection.execute_wrapper(waits):
            state = goes_on(alice, deciding(claim))
        lets_go.set()
        other.join(20)
        assert seen == ["decided"]
        assert state.claim is not None
        assert state.claim.case_ref == locked.case_ref

    def test_it_skips_what_another_holds(self, alice: User, photos: Queue) -> None:
        """Seen red without SKIP LOCKED in the pick: it waits for the one who waits for it."""
        claim_job = a_case_comes_in(photos)
        claim = gets(alice)
        first, second = a_case_comes_in(photos), a_case_comes_in(photos)
        with transaction.atomic():
            Job.objects.select_for_update().get(pk=first.pk)
            (state,) = at_once(partial(goes_on, alice, deciding(claim)))
        assert state.claim.case_ref == second.case_ref
        assert state_of(claim_job) == JobState.DONE


def test_two_who_decide_at_once_get_different_cases(alice: User, amina: User, photos: Queue) -> None:
    for _ in range(4):
        a_case_comes_in(photos)
    mine, hers = gets(alice), gets(amina)
    states = at_once(partial(goes_on, alice, deciding(mine)), partial(goes_on, amina, deciding(hers)))
    assert broken(states) == []
    assert len({state.claim.case_ref for state in states}) == 2
    assert Claim.objects.filter(closed_reason="decided").count() == 2


def test_two_tabs_that_end_the_same_case_take_one_case_after_it(alice: User, photos: Queue) -> None:
    for _ in range(3):
        a_case_comes_in(photos)
    claim = gets(alice)
    states = at_once(*[partial(goes_on, alice, deciding(claim))] * 2)
    assert len(broken(states, ClaimLost)) == 0
    assert len([state for state in states if isinstance(state, ClaimLost)]) == 1
    assert Claim.objects.count() == 2
    assert Presence.objects.filter(closed_at__isnull=True).count() == 1


def test_acts_of_one_person_at_once_count_the_same_seconds_once(alice: User, photos: Queue) -> None:
    """Seen red without the row lock, on PostgreSQL."""
    a_case_comes_in(photos, severity=3)
    shows(gets(alice), level="grey", at=T0 + SECOND)
    gate = Barrier(6)

    def acts() -> DeskState:
        connection.ensure_connection()
        gate.wait(20)
        return goes_on(alice, at=T0 + 6 * SECOND)

    assert broken(at_once(*[acts] * 6)) == []
    assert sum(ExposureSum.objects.values_list("shown_ms", flat=True)) == 5000
    assert PersonState.objects.get(pk=subject_of(alice)).severe_ms == 5000
