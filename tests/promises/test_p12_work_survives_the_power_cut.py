"""P12. Work survives the power cut: claim, draft and unsent decision outlive a lost connection; the same decision sent
twice counts once.

Seen failing with its guard taken out: the fence in ``outbox.services.entries._fenced``, and the look at the earlier
decision in ``moderation.services.decisions.decide``.
"""

import uuid
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from config.outbox import HANDLERS
from moderation.models import Answer, Case, Decision, DecisionState, Draft
from moderation.selectors.decisions import feed
from moderation.services import answers
from moderation.services.decisions import decide
from moderation.services.drafts import save_draft
from outbox.models import OutboxEntry, OutboxState
from outbox.services import finish, lease_next
from outbox.services.entries import GRIP
from outbox.services.running import run_due
from people.models import Platform, User
from queues.exceptions import ClaimLost
from queues.models import Claim, Queue
from queues.services.sweep import sweep_next
from tests.cast import T0
from tests.moderation.judging import a_case, a_category, an_item
from tests.outbox.steps import Clock, at_once, quiet
from tests.queues.work import a_case_comes_in, gets, settles

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LEASE = 10 * MINUTE


@pytest.fixture
def case(photos: Queue) -> Case:
    a_category("VIO_ASSAULT", 2)
    case = a_case(photos)
    an_item(case)
    a_case_comes_in(photos, case_ref=case.id, category=case.category, severity=case.severity)
    return case


@pytest.fixture
def claim(case: Case, alice: User) -> Claim:
    return gets(alice)


def sends(claim: Claim, decision_id: UUID, at: datetime = T0 + MINUTE) -> Decision:
    """The browser posts the decision, as often as it needs until somebody acknowledges it."""
    return decide(
        subject=claim.subject,
        claim_id=claim.id,
        fence=claim.fence,
        decision_id=decision_id,
        categories=["VIO_ASSAULT"],
        action="remove",
        rationale="",
        worse=None,
        at=at,
    )


def pauses(claim: Claim, at: datetime = T0) -> None:
    """The browser saves the draft at a pause."""
    save_draft(
        subject=claim.subject,
        case_id=claim.job.case_ref,
        categories=[],
        action="remove",
        rationale="half a sen",
        at=at,
    )


def sweeps(at: datetime) -> None:
    while sweep_next(at):
        pass
    settles(at)


def test_a_lost_connection_keeps_claim_and_draft(claim: Claim, alice: User, case: Case) -> None:
    pauses(claim)
    sweeps(T0 + LEASE - SECOND)
    assert gets(alice, T0 + LEASE - SECOND).id == claim.id
    found = Draft.objects.get(subject=claim.subject, case_id=case.id)
    assert found.rationale == "half a sen"


def test_past_the_lease_the_case_goes_back_and_the_draft_stays_the_person_s(
    claim: Claim, amina: User, case: Case
) -> None:
    pauses(claim)
    sweeps(T0 + LEASE + SECOND)
    other = gets(amina, T0 + LEASE + 2 * SECOND)
    assert other.job.case_ref == case.id
    assert [one.subject for one in Draft.objects.filter(case_id=case.id)] == [claim.subject]


def test_a_late_decision_is_refused_plainly_and_its_draft_kept(claim: Claim, amina: User, case: Case) -> None:
    pauses(claim)
    sweeps(T0 + LEASE + SECOND)
    other = gets(amina, T0 + LEASE + 2 * SECOND)
    with pytest.raises(ClaimLost):
        sends(claim, uuid.uuid4(), T0 + LEASE + 3 * SECOND)
    sends(other, uuid.uuid4(), T0 + LEASE + 4 * SECOND)
    with pytest.raises(ClaimLost):
        sends(claim, uuid.uuid4(), T0 + LEASE + 5 * SECOND)
    assert Draft.objects.filter(subject=claim.subject, case_id=case.id).exists()
    assert Decision.objects.get().subject == other.subject


def test_an_unsent_decision_arrives_when_the_line_is_back(claim: Claim) -> None:
    decision = sends(claim, uuid.uuid4(), T0 + LEASE - SECOND)
    assert decision.state == DecisionState.PROVISIONAL


def test_a_decision_whose_answer_was_lost_is_sent_again_and_counts_once(claim: Claim) -> None:
    decision_id = uuid.uuid4()
    first = sends(claim, decision_id)
    for minutes in (2, 30, 600):
        assert sends(claim, decision_id, T0 + minutes * MINUTE).decided_at == first.decided_at
    assert Decision.objects.count() == 1
    assert OutboxEntry.objects.filter(kind=answers.FINALISE).count() == 1
    assert not Draft.objects.exists()


def test_a_worker_killed_after_its_work_and_before_saying_so_answers_once(
    claim: Claim, lumen: Platform
) -> None:
    sends(claim, uuid.uuid4())
    (killed,) = lease_next(handlers=HANDLERS, at=T0 + MINUTE)
    answers.finalise(killed.work)
    run_due(handlers=HANDLERS, around=quiet(Clock(T0 + MINUTE + GRIP)))
    assert len(feed(platform_id=lumen.id, after=0, limit=10)) == 1
    assert not finish(leased=killed, at=T0 + MINUTE + GRIP)


def test_a_worker_killed_before_its_work_loses_nothing(claim: Claim, lumen: Platform) -> None:
    sends(claim, uuid.uuid4())
    assert lease_next(handlers=HANDLERS, at=T0 + MINUTE)
    run_due(handlers=HANDLERS, around=quiet(Clock(T0 + MINUTE + GRIP)))
    assert len(feed(platform_id=lumen.id, after=0, limit=10)) == 1
    assert not OutboxEntry.objects.exclude(state=OutboxState.DONE).exists()


def test_a_zombie_past_its_lease_cannot_call_another_s_work_done(claim: Claim, lumen: Platform) -> None:
    sends(claim, uuid.uuid4())
    (zombie,) = lease_next(handlers=HANDLERS, at=T0 + MINUTE)
    assert lease_next(handlers=HANDLERS, at=T0 + MINUTE + GRIP)
    assert not finish(leased=zombie, at=T0 + MINUTE + GRIP)
    run_due(handlers=HANDLERS, around=quiet(Clock(T0 + MINUTE + 2 * GRIP)))
    assert len(feed(platform_id=lumen.id, after=0, limit=10)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_decision_on_four_lines_at_once_counts_once(claim: Claim, lumen: Platform) -> None:
    decision_id = uuid.uuid4()
    results = at_once(*[partial(sends, claim, decision_id)] * 4)
    assert [getattr(result, "id", result) for result in results] == [decision_id] * 4
    counts = at_once(*[partial(run_due, handlers=HANDLERS, around=quiet(Clock(T0 + MINUTE)))] * 4)
    assert sum(counts) == 1
    assert Answer.objects.count() == 1
