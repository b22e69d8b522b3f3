"""A label is raised while something else happens, on two real connections. Whichever comes first, a worse label counts."""

from typing import Any
from uuid import uuid4

import pytest

from moderation.models import Case, CaseState, Decision, ItemRevision
from moderation.services.decisions import decide
from moderation.services.looks import add_reports
from moderation.services.raising import RECOUNT, recount
from moderation.services.reports import NewReport
from outbox.kinds import Work
from outbox.models import OutboxEntry
from people.models import Platform, User
from queues.exceptions import ClaimLost
from queues.models import Claim, ClaimState, Job, JobState, Queue
from queues.services import choices
from tests.cast import T0, subject_of
from tests.moderation.judging import a_category, a_policy, finalised
from tests.moderation.services.steps import an_item as sent
from tests.moderation.services.steps import once, take_in, withdraw
from tests.queues.work import MINUTE, SECOND, asks, at_once, gets, settles, shows
from wellbeing.models import Exposure

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = pytest.mark.parametrize("round_", range(3))
HOUR = 60 * MINUTE
KILL: dict[str, Any] = {"category": "VIO_KILL"}


@pytest.fixture(autouse=True)
def policy(photos: Queue) -> None:
    a_policy(photos)
    for code, severity in (("SPAM_FRAUD", 0), ("HATE", 2), ("VIO_KILL", 4)):
        a_category(code, severity)


@pytest.fixture
def revision(lumen: Platform) -> ItemRevision:
    """A text that the platform called spam."""
    return take_in(lumen, sent("a"))


def broken(results: list[Any], *expected: type[Exception]) -> list[Any]:
    return [found for found in results if isinstance(found, Exception) and not isinstance(found, expected)]


def the_outbox_runs() -> None:
    for entry in OutboxEntry.objects.filter(kind=RECOUNT).order_by("pk"):
        recount(Work(entry_id=entry.pk, arguments=entry.arguments, attempt=1, at=T0 + MINUTE, fence=1))


def every_look_counts_as(case_id: Any, severity: int) -> bool:
    shown = Exposure.objects.filter(case_ref=case_id)
    return set(shown.values_list("severity", flat=True)) <= {severity}


@ROUNDS
def test_a_decision_in_flight(lumen: Platform, alice: User, revision: ItemRevision, round_: int) -> None:
    """It is answered under the worse label, or a person looks again; never left by a decision that knew nothing of it."""
    claim = gets(alice)
    shows(claim, level="text", at=T0 + SECOND)
    results = at_once(
        lambda: decide(
            subject=claim.subject, claim_id=claim.id, fence=claim.fence, decision_id=uuid4(),
            categories=[], action="none", rationale="", worse=None, at=T0 + 2 * SECOND,
        ),
        lambda: take_in(lumen, sent("b", **KILL), at=T0 + 2 * SECOND),
    )  # fmt: skip
    assert broken(results) == []
    decision, joined = results
    case = Case.objects.get(pk=revision.case_id)
    finalised(decision, at=T0 + HOUR)
    the_outbox_runs()
    answered = ItemRevision.objects.get(pk=joined.pk).status == "decided"
    assert (case.severity, every_look_counts_as(case.pk, 4)) == (4, True)
    assert answered == (decision.severity == 4)
    assert (case.state == CaseState.OPEN) == (decision.severity == 0)
    waiting = Job.objects.filter(case_ref=case.pk).exclude(state__in=[JobState.DONE, JobState.ENDED])
    assert waiting.exists() != answered
    assert set(waiting.values_list("lane__severity", flat=True)) <= {4}


@ROUNDS
def test_a_claim_that_is_being_taken(
    lumen: Platform, alice: User, revision: ItemRevision, round_: int
) -> None:
    """Who never agreed to severity 4 does not end up with it."""
    choices.revoke_agreement(subject=subject_of(alice), at=T0)
    settles()
    results = at_once(lambda: asks(alice), lambda: take_in(lumen, sent("a", **KILL)))
    assert broken(results) == []
    job = Job.objects.select_related("lane").get(case_ref=revision.case_id)
    assert (Case.objects.get(pk=revision.case_id).severity, job.lane.severity) == (4, 4)
    assert not Claim.objects.exclude(state=ClaimState.CLOSED).exists()


@ROUNDS
def test_a_step_of_the_ladder_in_flight(
    lumen: Platform, alice: User, revision: ItemRevision, round_: int
) -> None:
    claim = gets(alice)
    results = at_once(
        lambda: shows(claim, level="text", at=T0 + SECOND),
        lambda: take_in(lumen, sent("a", **KILL), at=T0 + SECOND),
    )
    assert broken(results) == []
    assert every_look_counts_as(revision.case_id, 4)


@ROUNDS
def test_two_items_at_once(lumen: Platform, alice: User, revision: ItemRevision, round_: int) -> None:
    claim = gets(alice)
    shows(claim, level="text", at=T0 + SECOND)
    results = at_once(*[
        lambda name=name, code=code: take_in(
            lumen, sent(name, category=code), at=T0 + 2 * SECOND
        )
        for name, code in (("b", "HATE"), ("c", "VIO_KILL"), ("d", "HATE"))
    ])  # fmt: skip
    assert broken(results) == []
    case = Case.objects.get(pk=revision.case_id)
    job = Job.objects.select_related("lane").get(case_ref=case.pk)
    assert {one.case_id for one in results} == {case.pk}
    assert (case.category, case.severity, job.lane.severity) == ("VIO_KILL", 4, 4)
    assert every_look_counts_as(case.pk, 4)


@ROUNDS
def test_one_item_sent_twice_with_what_each_alone_does_not_say(
    lumen: Platform, revision: ItemRevision, round_: int
) -> None:
    results = at_once(
        lambda: take_in(lumen, sent("a", category="HATE")),
        lambda: take_in(lumen, sent("a", hints=frozenset({"live"}))),
    )
    assert broken(results) == []
    now = ItemRevision.objects.select_related("case").get(pk=revision.pk)
    assert (now.category, now.hints, now.severity) == ("HATE", {"live": True}, 3)
    assert (now.case.severity, Job.objects.get(case_ref=now.case_id).lane.severity) == (3, 3)


@ROUNDS
def test_a_withdrawal(lumen: Platform, alice: User, revision: ItemRevision, round_: int) -> None:
    gets(alice)
    results = at_once(
        lambda: withdraw(revision.item),
        lambda: take_in(lumen, sent("b", **KILL)),
    )
    assert broken(results, ClaimLost) == []
    joined = ItemRevision.objects.select_related("case").get(item__external_id="b")
    job = Job.objects.select_related("lane").get(case_ref=joined.case_id)
    assert (joined.case.state, joined.case.severity, job.lane.severity) == ("open", 4, 4)


@ROUNDS
def test_two_doubtful_items_on_a_decided_case_open_one_look(
    lumen: Platform, alice: User, revision: ItemRevision, round_: int
) -> None:
    claim = gets(alice)
    decision = decide(
        subject=claim.subject, claim_id=claim.id, fence=claim.fence, decision_id=uuid4(),
        categories=[], action="none", rationale="", worse=None, at=T0 + SECOND,
    )  # fmt: skip
    finalised(decision, at=T0 + HOUR)
    results = at_once(
        lambda: take_in(lumen, sent("b", **KILL), at=T0 + HOUR),
        lambda: take_in(lumen, sent("c", category="HATE"), at=T0 + HOUR),
        lambda: once(
            lumen, lambda: {"n": add_reports(item=revision.item, reports=[NewReport("authority")], at=T0).pk}
        ),
    )  # fmt: skip
    assert broken(results) == []
    jobs = Job.objects.filter(case_ref=revision.case_id).exclude(state=JobState.DONE)
    assert [job.lane.severity for job in jobs.select_related("lane")] == [4]
    assert Case.objects.get(pk=revision.case_id).state == CaseState.OPEN
    assert Decision.objects.filter(case_id=revision.case_id).count() == 1
