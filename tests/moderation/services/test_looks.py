"""A match is never the last word: a person looks where something speaks against it, and again where reports ask for it.

Seen red: with ``doubts`` returning nothing, without ``doubts=`` on the waiting item, without the row of the occasion, without
the guard of a withdrawal, without the comparison of two decisions.
"""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from moderation.exceptions import NothingToConfirm
from moderation.models import Answer, Case, CaseState, Decision, DecisionState, ItemRevision
from moderation.services.decisions import confirm, decide
from moderation.services.looks import add_reports
from moderation.services.reports import NewReport
from people.models import Platform, User
from queues.models import Claim, Job, JobKind, JobState, Queue
from tests.cast import T0, subject_of
from tests.moderation.judging import a_policy, finalised
from tests.moderation.services.steps import an_item as sent
from tests.moderation.services.steps import once, take_in, withdraw
from tests.queues.work import MINUTE, SECOND, gets, settles

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AUTHORITY = (NewReport("authority"),)


@pytest.fixture(autouse=True)
def policy(photos: Queue) -> None:
    a_policy(photos)


def decides(user: User, categories: list[str], *, at) -> Decision:
    """The person takes what waits and decides it; the grace is over at once."""
    decision = provisionally(takes(user, at), categories, at=at)
    return finalised(decision, at=at + MINUTE)


def takes(user: User, at) -> Claim:
    settles(at)
    return gets(user, at)


def provisionally(claim: Claim, categories: list[str], *, at) -> Decision:
    return decide(
        subject=claim.subject, claim_id=claim.id, fence=claim.fence, decision_id=uuid.uuid4(),
        categories=categories, action="remove" if categories else "none", rationale="Seen.", worse=None, at=at,
    )  # fmt: skip


def reported(item: Any, *reports: NewReport, at=T0 + HOUR) -> None:
    once(item.platform, lambda: {"n": add_reports(item=item, reports=reports, at=at).pk}, at=at)


def told(revision: ItemRevision) -> list[tuple[str, str]]:
    answers = Answer.objects.filter(revision=revision).select_related("decision").order_by("feed_position")
    return [(answer.decision.action, answer.decided_by) for answer in answers]


def open_jobs() -> list[Job]:
    ended = [JobState.DONE, JobState.ENDED]
    return list(Job.objects.select_related("lane").exclude(state__in=ended))


@pytest.fixture
def harmless(lumen: Platform, alice: User) -> ItemRevision:
    """A text that Alice decided: none of these, at severity 1."""
    first = take_in(lumen, sent("a", category="DISINFO"))
    decides(alice, [], at=T0 + SECOND)
    first.refresh_from_db()
    assert first.status == "decided"
    return first


class TestAMatch:
    def test_answers_where_nothing_speaks_against_it(self, lumen: Platform, harmless: ItemRevision) -> None:
        second = take_in(lumen, sent("b"), at=T0 + HOUR)
        assert (second.status, told(second)) == ("decided", [("none", "match")])
        assert open_jobs() == []

    @pytest.mark.parametrize(
        "attack",
        [
            {"category": "TERROR"},
            {"hints": frozenset({"live"}), "category": "SPAM_FRAUD"},
            {"reports": AUTHORITY},
            {"reports": (NewReport("trusted_flagger"),)},
            {"category": "TERROR", "hints": frozenset({"live"}), "reports": AUTHORITY},
        ],
    )
    def test_is_not_made_where_something_does_and_a_person_looks(
        self, lumen: Platform, harmless: ItemRevision, attack: dict[str, Any], alice: User
    ) -> None:
        second = take_in(lumen, sent("b", **attack), at=T0 + HOUR)
        (job,) = open_jobs()
        second.case.refresh_from_db()
        assert (second.status, second.case_id, told(second)) == ("waiting", harmless.case_id, [])
        assert (job.kind, job.case_ref) == (JobKind.SECOND, harmless.case_id)
        assert second.case.earlier == Decision.objects.get()
        decides(alice, ["TERROR"], at=T0 + HOUR + MINUTE)
        assert told(second) == [("remove", "person")]
        assert told(harmless) == [("none", "person"), ("remove", "person")]

    def test_is_not_made_and_the_look_is_as_urgent_as_the_item(
        self, lumen: Platform, harmless: ItemRevision
    ) -> None:
        due_at = T0 + 2 * HOUR
        take_in(lumen, sent("b", category="TERROR", priority=70, due_at=due_at), at=T0 + HOUR)
        (job,) = open_jobs()
        assert (job.due_at, job.sort_key) == (due_at, int((due_at - 70 * 15 * MINUTE).timestamp() * 1000))

    def test_is_not_made_by_a_decision_whose_grace_ends_later(
        self, lumen: Platform, alice: User, photos: Queue
    ) -> None:
        take_in(lumen, sent("a", category="DISINFO"))
        decision = provisionally(takes(alice, T0 + SECOND), [], at=T0 + SECOND)
        second = take_in(lumen, sent("b", category="TERROR"), at=T0 + 2 * SECOND)
        third = take_in(lumen, sent("c"), at=T0 + MINUTE)
        finalised(decision, at=T0 + 2 * MINUTE)
        assert (told(second), told(third)) == ([], [("none", "match")])
        assert len(open_jobs()) == 1

    @pytest.mark.parametrize("more", [{"category": "TERROR"}, {"reports": AUTHORITY}])
    def test_is_not_made_by_it_for_what_joins_the_look_that_another_item_opened(
        self, lumen: Platform, alice: User, more: dict[str, Any]
    ) -> None:
        take_in(lumen, sent("a", category="DISINFO"))
        decision = provisionally(takes(alice, T0 + SECOND), [], at=T0 + SECOND)
        take_in(lumen, sent("b", category="TERROR"), at=T0 + 2 * SECOND)
        third = take_in(lumen, sent("c", **more), at=T0 + 3 * SECOND)
        finalised(decision, at=T0 + MINUTE)
        assert (third.status, told(third)) == ("waiting", [])

    def test_is_not_made_by_it_once_the_waiting_item_turned_out_to_be_worse(
        self, lumen: Platform, alice: User
    ) -> None:
        take_in(lumen, sent("a", category="DISINFO"))
        decision = provisionally(takes(alice, T0 + SECOND), [], at=T0 + SECOND)
        second = take_in(lumen, sent("b"), at=T0 + 2 * SECOND)
        third = take_in(lumen, sent("c"), at=T0 + 2 * SECOND)
        take_in(lumen, sent("b", category="TERROR"), at=T0 + 3 * SECOND)
        reported(third.item, *AUTHORITY, at=T0 + 3 * SECOND)
        finalised(decision, at=T0 + MINUTE)
        assert (told(second), told(third), len(open_jobs())) == ([], [], 1)

    def test_waits_for_nothing_that_does_not_come(self, lumen: Platform, alice: User) -> None:
        """The occasion was used up, and yet what may not be answered is looked at."""
        first = take_in(lumen, sent("a", category="DISINFO"))
        decides(alice, [], at=T0 + SECOND)
        reported(first.item, *AUTHORITY, at=T0 + HOUR)
        later = provisionally(takes(alice, T0 + HOUR + SECOND), [], at=T0 + HOUR + SECOND)
        second = take_in(lumen, sent("b"), at=T0 + HOUR + 2 * SECOND)
        reported(second.item, *AUTHORITY, at=T0 + HOUR + 2 * SECOND)
        finalised(later, at=T0 + HOUR + MINUTE)
        assert (told(second), len(open_jobs())) == ([], 1)

    def test_stays_with_the_newer_of_two_decisions(
        self, lumen: Platform, harmless: ItemRevision, alice: User
    ) -> None:
        take_in(lumen, sent("b", category="TERROR"), at=T0 + HOUR)
        decides(alice, ["TERROR"], at=T0 + HOUR + MINUTE)
        third = take_in(lumen, sent("c", category="TERROR"), at=T0 + 2 * HOUR)
        assert told(third) == [("remove", "match")]

    def test_a_worse_label_of_the_decided_item_itself_is_looked_at(
        self, lumen: Platform, harmless: ItemRevision
    ) -> None:
        again = take_in(lumen, sent("a", category="TERROR"), at=T0 + HOUR)
        (job,) = open_jobs()
        assert (again.status, job.kind, job.lane.severity) == ("decided", JobKind.SECOND, 3)
        take_in(lumen, sent("a", category="TERROR"), at=T0 + HOUR)
        assert len(open_jobs()) == 1

    def test_a_newer_policy_shows_the_decision_beside_a_look_of_its_own(
        self, lumen: Platform, harmless: ItemRevision, photos: Queue
    ) -> None:
        a_policy(photos, version=2, in_force_from=T0 + MINUTE)
        second = take_in(lumen, sent("b"), at=T0 + HOUR)
        assert second.case_id != harmless.case_id
        assert second.case.earlier == Decision.objects.get()


class TestANewLook:
    @pytest.mark.parametrize("source", ["authority", "trusted_flagger"])
    def test_opens_with_one_weighty_report(self, harmless: ItemRevision, source: str) -> None:
        reported(harmless.item, NewReport(source))
        (job,) = open_jobs()
        harmless.case.refresh_from_db()
        assert (job.kind, harmless.case.state) == (JobKind.SECOND, CaseState.OPEN)
        assert ItemRevision.objects.get(pk=harmless.pk).status == "decided"

    def test_opens_with_the_tenth_report_of_a_user_and_not_before(self, harmless: ItemRevision) -> None:
        reported(harmless.item, *[NewReport("user")] * 9)
        assert open_jobs() == []
        reported(harmless.item, NewReport("user"))
        assert len(open_jobs()) == 1

    def test_opens_with_the_tenth_report_that_comes_by_sending_it_again(
        self, lumen: Platform, harmless: ItemRevision
    ) -> None:
        take_in(lumen, sent("a", reports=(NewReport("user"),) * 9), at=T0 + HOUR)
        assert open_jobs() == []
        take_in(lumen, sent("b", reports=(NewReport("user"),)), at=T0 + HOUR)
        assert len(open_jobs()) == 1

    def test_opens_once_for_each_occasion_and_policy_version(
        self, harmless: ItemRevision, alice: User, photos: Queue
    ) -> None:
        reported(harmless.item, *AUTHORITY)
        decides(alice, [], at=T0 + HOUR + MINUTE)
        reported(harmless.item, *AUTHORITY, at=T0 + 2 * HOUR)
        assert open_jobs() == []
        a_policy(photos, version=2, in_force_from=T0 + 3 * HOUR)
        reported(harmless.item, *AUTHORITY, at=T0 + 3 * HOUR)
        assert len(open_jobs()) == 1

    def test_is_told_only_where_it_ends_otherwise(self, harmless: ItemRevision, alice: User) -> None:
        reported(harmless.item, *AUTHORITY)
        same = decides(alice, [], at=T0 + HOUR + MINUTE)
        assert told(harmless) == [("none", "person")]
        reported(harmless.item, NewReport("trusted_flagger"), at=T0 + 2 * HOUR)
        other = decides(alice, ["HATE"], at=T0 + 2 * HOUR + MINUTE)
        assert told(harmless) == [("none", "person"), ("remove", "person")]
        assert (other.supersedes, same.supersedes) == (same, Decision.objects.earliest("decided_at"))

    def test_can_be_confirmed_without_looking(self, harmless: ItemRevision, amina: User) -> None:
        reported(harmless.item, *AUTHORITY)
        claim = takes(amina, T0 + HOUR + MINUTE)
        same = confirm(
            subject=claim.subject, claim_id=claim.id, fence=claim.fence, decision_id=uuid.uuid4(),
            at=T0 + HOUR + MINUTE,
        )  # fmt: skip
        assert (same.action, same.rationale, same.subject) == ("none", "Seen.", subject_of(amina))
        assert same.supersedes is not None
        finalised(same, at=T0 + 2 * HOUR)
        assert (same.state, told(harmless)) == (DecisionState.FINAL, [("none", "person")])

    def test_only_what_was_decided_before_can_be_confirmed(self, lumen: Platform, alice: User) -> None:
        take_in(lumen, sent("a"))
        claim = takes(alice, T0 + SECOND)
        with pytest.raises(NothingToConfirm):
            confirm(
                subject=claim.subject, claim_id=claim.id, fence=claim.fence, decision_id=uuid.uuid4(), at=T0
            )

    def test_outlives_the_withdrawal_of_what_joined_it(self, lumen: Platform, harmless: ItemRevision) -> None:
        reported(harmless.item, *AUTHORITY)
        joined = take_in(lumen, sent("b"), at=T0 + HOUR)
        withdraw(joined.item, at=T0 + HOUR)
        assert len(open_jobs()) == 1

    def test_that_waited_for_one_item_alone_ends_with_it_decided_as_before(
        self, lumen: Platform, harmless: ItemRevision
    ) -> None:
        joined = take_in(lumen, sent("b", category="TERROR"), at=T0 + HOUR)
        withdraw(joined.item, at=T0 + HOUR)
        assert (open_jobs(), Case.objects.get().state) == ([], CaseState.DECIDED)

    def test_of_a_decision_in_its_grace_takes_its_place(self, lumen: Platform, alice: User) -> None:
        first = take_in(lumen, sent("a", category="DISINFO"))
        earlier = provisionally(takes(alice, T0 + SECOND), [], at=T0 + SECOND)
        reported(first.item, *AUTHORITY, at=T0 + 2 * SECOND)
        later = provisionally(takes(alice, T0 + 3 * SECOND), ["HATE"], at=T0 + 3 * SECOND)
        finalised(earlier, at=T0 + MINUTE)
        assert told(first) == []
        finalised(later, at=T0 + MINUTE)
        assert told(first) == [("remove", "person")]
