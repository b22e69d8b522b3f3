"""Deciding, and saying that it is worse than labelled: one behaviour per test."""

import re
import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from audit.models import AuditRow
from moderation.exceptions import AlreadyDecided, DecisionInvalid, DraftRefused
from moderation.models import (
    Case,
    CaseState,
    CategoryVersion,
    Decision,
    DecisionCategory,
    DecisionState,
    Draft,
    MediumVerdict,
)
from moderation.services import raising
from moderation.services.choices import actions_of
from moderation.services.decisions import Said, decide, decide_and_go_on, worse
from moderation.services.drafts import save_draft
from outbox.models import OutboxEntry
from people.models import User
from queues.exceptions import ClaimLost, NotYourClaim, OnBreak
from queues.models import Claim, ClaimState, Job, JobState, Queue
from queues.selectors import DeskState
from queues.services import desk, jobs
from tests.cast import T0, subject_of
from tests.moderation.judging import (
    a_case,
    a_category,
    a_decision,
    a_policy,
    an_item,
    promised_finalisations,
)
from tests.outbox.steps import at_once
from tests.queues.work import a_case_comes_in, gets, settles
from wellbeing.core.person import read_person
from wellbeing.core.selectors.desk import break_view
from wellbeing.models import ExposureSum, PersonState

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
BYTES = "ab" * 32
WRITES = re.compile(r"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")


@pytest.fixture(autouse=True)
def taxonomy(db: None) -> None:
    """Also where a test that committed has emptied the tables."""
    for code, severity in (("SPAM_FRAUD", 0), ("VIO_ASSAULT", 2), ("GORE", 3), ("VIO_KILL", 4)):
        a_category(code, severity)
    a_category("CSAM", 4, enabled=False)


@pytest.fixture
def case(photos: Queue) -> Case:
    """A picture of severity 2, waiting for its decision."""
    case = a_case(photos)
    an_item(case, sha256=BYTES)
    a_case_comes_in(photos, case_ref=case.id, category=case.category, severity=case.severity)
    return case


@pytest.fixture
def claim(case: Case, alice: User) -> Claim:
    """Alice has it in hand."""
    return gets(alice)


def decided(claim: Claim, at: datetime = T0 + MINUTE, **choice: Any) -> Decision:
    """The holder decides; 'remove, assault' unless told otherwise."""
    facts: dict[str, Any] = {
        "subject": claim.subject,
        "claim_id": claim.id,
        "fence": claim.fence,
        "decision_id": uuid.uuid4(),
        "categories": ["VIO_ASSAULT"],
        "action": "remove",
        "rationale": "Someone is hit.",
        "worse": None,
        "at": at,
    }
    return decide(**(facts | choice))


def draft_of(claim: Claim, rationale: str = "so far") -> Draft:
    return save_draft(
        subject=claim.subject,
        case_id=claim.job.case_ref,
        categories=["GORE"],
        action="remove",
        rationale=rationale,
        at=T0,
    )


class TestDeciding:
    def test_one_commit_closes_claim_job_and_case(self, claim: Claim, case: Case) -> None:
        decision = decided(claim)
        claim.refresh_from_db()
        case.refresh_from_db()
        job = Job.objects.get(pk=claim.job_id)
        assert (claim.state, claim.closed_reason, job.state) == (ClaimState.CLOSED, "decided", JobState.DONE)
        assert (case.state, case.closed_at) == (CaseState.DECIDED, T0 + MINUTE)
        assert (decision.state, decision.subject) == (DecisionState.PROVISIONAL, claim.subject)

    def test_says_by_which_policy_version_and_why(self, claim: Claim, photos: Queue) -> None:
        a_policy(photos, version=2, in_force_from=T0)
        a_policy(photos, version=3, in_force_from=T0 + MINUTE + SECOND)
        decision = decided(claim, categories=["GORE", "VIO_ASSAULT", "GORE"], worse=None)
        assert (decision.policy_version.version, decision.rationale) == (2, "Someone is hit.")
        rows = DecisionCategory.objects.filter(decision=decision).order_by("position")
        assert [row.category_id for row in rows] == ["GORE", "VIO_ASSAULT"]

    def test_is_finalised_when_the_grace_of_the_queue_is_over(self, claim: Claim, photos: Queue) -> None:
        photos.grace_seconds = 90
        photos.save()
        decision = decided(claim)
        # At a full minute: an answer that leaves tells nobody in which second it was decided.
        assert decision.effective_at == T0 + 3 * MINUTE
        (entry,) = promised_finalisations()
        assert (entry.arguments, entry.run_after) == (
            {"decision_id": str(decision.id)},
            decision.effective_at,
        )

    def test_a_person_s_clock_that_is_ahead_lets_nobody_wait(self, claim: Claim, photos: Queue) -> None:
        """A process two hours ahead moved it once; what waits for others runs by the wall's clock of the act."""
        photos.grace_seconds = 90
        photos.save()
        desk.catch_up(subject=claim.subject, at=T0 + 5 * MINUTE)
        decided(claim, T0 + MINUTE)
        (entry,) = promised_finalisations()
        assert entry.run_after == T0 + 3 * MINUTE, "the full minute after 90 s of grace"

    def test_is_audited_as_the_subject(self, claim: Claim) -> None:
        decision = decided(claim)
        row = AuditRow.objects.get(action="decision.made")
        assert (row.actor, row.target_id) == (str(claim.subject), str(decision.case_id))
        assert row.detail["decision"] == str(decision.id)

    def test_ends_the_own_draft_and_no_other(self, claim: Claim, amina: User, case: Case) -> None:
        draft_of(claim)
        theirs = Draft.objects.create(subject=subject_of(amina), case=case, saved_at=T0)
        decided(claim)
        assert list(Draft.objects.all()) == [theirs]

    def test_a_late_pause_does_not_bring_the_draft_back(self, claim: Claim) -> None:
        decided(claim)
        with pytest.raises(DraftRefused):
            draft_of(claim)

    def test_none_of_these_needs_no_category(self, claim: Claim) -> None:
        decision = decided(claim, categories=[], action="none")
        assert not decision.category_rows.exists()

    def test_an_escalated_job_is_decided_in_the_same_way(self, claim: Claim, case: Case, amina: User) -> None:
        desk.escalate(subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=T0 + SECOND)
        settles(T0 + SECOND)
        senior = gets(amina, T0 + 2 * SECOND)
        assert senior.job.case_ref == case.id
        assert decided(senior).subject == subject_of(amina)


class TestVerdicts:
    def test_every_file_gets_one_by_its_bytes(self, claim: Claim, case: Case) -> None:
        an_item(case, sha256=BYTES)
        an_item(case, sha256="cd" * 32)
        decision = decided(claim)
        rows = MediumVerdict.objects.filter(decision=decision).order_by("sha256")
        assert [(row.sha256, row.verdict, row.severity) for row in rows] == [
            (BYTES, "VIO_ASSAULT", 2),
            ("cd" * 32, "VIO_ASSAULT", 2),
        ]

    def test_none_of_these_says_severity_0(self, claim: Claim) -> None:
        decided(claim, categories=[], action="none")
        row = MediumVerdict.objects.get()
        assert (row.verdict, row.severity) == ("none", 0)

    def test_the_shield_does_not_lift_by_a_case_that_was_called_worse(self, claim: Claim) -> None:
        worse(subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=T0 + SECOND)
        decided(claim, categories=[], action="none")
        assert MediumVerdict.objects.get().severity == 3


class TestSeverity:
    def test_a_category_of_higher_severity_raises_the_case(self, claim: Claim, case: Case) -> None:
        decision = decided(claim, categories=["VIO_ASSAULT", "VIO_KILL"])
        case.refresh_from_db()
        assert (case.severity, case.labelled_severity, decision.severity) == (4, 2, 4)
        assert MediumVerdict.objects.get().verdict == "VIO_KILL"

    def test_a_milder_category_does_not_lower_it(self, claim: Claim, case: Case) -> None:
        decision = decided(claim, categories=["SPAM_FRAUD"])
        case.refresh_from_db()
        assert (case.severity, decision.severity) == (2, 2)

    def test_severity_is_that_of_the_day(self, claim: Claim) -> None:
        CategoryVersion.objects.create(
            category_id="VIO_ASSAULT", severity=4, effective_from=T0 + MINUTE + SECOND
        )
        assert decided(claim).severity == 2

    def test_worse_with_the_decision_raises_it_too(self, claim: Claim, case: Case) -> None:
        decided(claim, categories=[], action="none", worse=4)
        case.refresh_from_db()
        assert case.severity == 4

    def test_worse_is_refused_once_the_lease_is_over(self, claim: Claim, case: Case) -> None:
        """Nothing else stands before a raise: seen red without the lease in ``claims.require``."""
        claimed: dict[str, Any] = {"subject": claim.subject, "claim_id": claim.id, "fence": claim.fence}
        with pytest.raises(ClaimLost):
            worse(**claimed, at=claim.lease_until)
        case.refresh_from_db()
        assert case.severity == case.labelled_severity
        assert worse(**claimed, at=claim.lease_until - SECOND).severity == case.labelled_severity + 1


class TestOwnExposure:
    """What was seen counts as what it turned out to be."""

    def seen_in_colour(self, claim: Claim) -> None:
        """For 8 seconds, from the first second to the ninth."""
        claimed: dict[str, Any] = {"subject": claim.subject, "claim_id": claim.id}
        shown = desk.show(**claimed, fence=claim.fence, level="colour", beating=True, at=T0 + SECOND)
        for at in (T0 + 5 * SECOND, T0 + 9 * SECOND):
            desk.beat(**claimed, exposure_id=shown.id, holding=False, at=at)

    def milliseconds_by_severity(self) -> dict[int, int]:
        sums = ExposureSum.objects.values("severity").annotate(ms=Sum("shown_ms"), n=Sum("cases"))
        return {row["severity"]: row["ms"] for row in sums if row["ms"] or row["n"]}

    def test_worse_re_counts_it_at_once(self, claim: Claim) -> None:
        self.seen_in_colour(claim)
        assert self.milliseconds_by_severity() == {2: 8_000}
        worse(subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=T0 + 9 * SECOND)
        assert self.milliseconds_by_severity() == {3: 8_000}

    def test_a_decision_of_higher_severity_re_counts_it_and_gives_the_rest_of_that_severity(
        self, claim: Claim
    ) -> None:
        self.seen_in_colour(claim)
        decided(claim, categories=["VIO_KILL"], at=T0 + 11 * SECOND)
        assert self.milliseconds_by_severity() == {4: 10_000}
        rest = break_view(read_person(claim.subject, at=T0 + 11 * SECOND))
        assert rest is not None
        assert (rest.cause, rest.state) == ("colour", "running")

    def unlabelled(self, claim: Claim, severity: int = 3) -> None:
        jobs.relabel(case_ref=claim.job.case_ref, category="unknown", severity=severity)

    @pytest.mark.parametrize(
        ("categories", "counted"),
        [(["VIO_ASSAULT"], 2), (["SPAM_FRAUD"], 0), (["GORE"], 3), (["VIO_KILL"], 4)],
    )
    def test_what_nobody_had_labelled_is_counted_as_what_was_found(
        self, claim: Claim, categories: list[str], counted: int
    ) -> None:
        """Seen red without ``count_as_found``: 0 and 2 stayed at 3."""
        self.unlabelled(claim)
        self.seen_in_colour(claim)
        assert self.milliseconds_by_severity() == {3: 8_000}
        decided(claim, categories=categories, at=T0 + 10 * SECOND)
        assert self.milliseconds_by_severity() == {counted: 9_000}
        assert sum(ExposureSum.objects.filter(severity=counted).values_list("cases", flat=True)) == 1
        state = PersonState.objects.get(subject=claim.subject)
        assert state.severe_ms == (9_000 if counted >= 3 else 0)
        assert state.spacing_owed == (2 if counted >= 3 else 0)

    @pytest.mark.parametrize(("action", "counted"), [("none", 0), ("refer", 3)])
    def test_without_a_category_it_is_nothing_or_was_handed_over(
        self, claim: Claim, action: str, counted: int
    ) -> None:
        """Seen red without the action: what was referred, and nobody had named, counted as severity 0."""
        self.unlabelled(claim)
        self.seen_in_colour(claim)
        decided(claim, categories=[], action=action, at=T0 + 10 * SECOND)
        assert self.milliseconds_by_severity() == {counted: 9_000}

    def test_it_counts_so_for_that_person_alone(self, claim: Claim, case: Case) -> None:
        """Seen red with the case's jobs put into the lane of what one person found."""
        a_case_comes_in(claim.job.lane.queue, case_ref=case.id, kind="second")
        self.unlabelled(claim)
        decided(claim, categories=["SPAM_FRAUD"], at=T0 + 10 * SECOND)
        assert set(Job.objects.values_list("lane__category", "lane__severity")) == {("unknown", 3)}

    @pytest.mark.parametrize(("severity", "stays"), [(3, True), (4, False)])
    def test_it_stays_so_until_somebody_knows_worse(
        self, claim: Claim, case: Case, severity: int, stays: bool
    ) -> None:
        """Seen red with everybody counted anew each time that a label comes: what was found counted as 3 again."""
        Case.objects.filter(pk=case.id).update(category="unknown", severity=3)
        self.unlabelled(claim)
        self.seen_in_colour(claim)
        decided(claim, categories=["SPAM_FRAUD"], at=T0 + 10 * SECOND)
        with transaction.atomic():
            raising.raise_case(
                case_id=case.id,
                category="VIO_KILL",
                severity=severity,
                by=raising.Raiser.PLATFORM,
                at=T0 + MINUTE,
            )
        assert OutboxEntry.objects.filter(kind=raising.RECOUNT).exists() is not stays

    def test_what_had_a_label_is_not_lowered(self, claim: Claim) -> None:
        jobs.relabel(case_ref=claim.job.case_ref, category="GORE", severity=3)
        self.seen_in_colour(claim)
        decided(claim, categories=["SPAM_FRAUD"], at=T0 + 10 * SECOND)
        assert self.milliseconds_by_severity() == {3: 9_000}

    def test_a_refused_decision_re_counts_nothing(self, claim: Claim) -> None:
        self.seen_in_colour(claim)
        with pytest.raises(DecisionInvalid):
            decided(claim, categories=["VIO_KILL"], action="", at=T0 + 10 * SECOND)
        # What was shown until then counts, refused or not.
        assert self.milliseconds_by_severity() == {2: 9_000}


class TestSentTwice:
    @pytest.mark.parametrize("other", [{"action": "none", "categories": []}, {"categories": ["HATE"]}])
    def test_another_decision_under_the_number_of_one_is_refused(
        self, claim: Claim, other: dict[str, Any]
    ) -> None:
        """It was answered as if it had been taken."""
        number = uuid.uuid4()
        decided(claim, decision_id=number)
        with pytest.raises(AlreadyDecided):
            decided(claim, decision_id=number, **other)
        assert Decision.objects.count() == 1

    def test_the_same_decision_counts_once(self, claim: Claim) -> None:
        first = decided(claim)
        again = decided(claim, decision_id=first.id, rationale="Again.", at=T0 + 2 * MINUTE)
        assert (again.id, again.action, again.decided_at) == (first.id, "remove", first.decided_at)
        assert Decision.objects.count() == 1
        assert len(promised_finalisations()) == 1

    def test_it_counts_once_also_on_a_break(self, claim: Claim, alice: User) -> None:
        first = decided(claim)
        desk.too_much(subject=claim.subject, at=T0 + 2 * MINUTE)
        assert decided(claim, decision_id=first.id, at=T0 + 3 * MINUTE) == first

    def test_another_decision_of_the_same_claim_is_refused(self, claim: Claim) -> None:
        decided(claim)
        with pytest.raises(AlreadyDecided):
            decided(claim)

    def test_the_number_of_a_decision_on_another_case_is_not_taken_for_this_one(
        self, claim: Claim, alice: User, photos: Queue
    ) -> None:
        """It was answered 'Sent', and nothing was decided."""
        first = decided(claim)
        case = a_case(photos)
        a_case_comes_in(photos, case_ref=case.id, category=case.category, severity=case.severity)
        with pytest.raises(AlreadyDecided):
            decided(gets(alice), decision_id=first.id)
        assert list(Decision.objects.all()) == [first]

    def test_the_id_of_another_person_s_decision_tells_nothing(
        self, claim: Claim, amina: User, photos: Queue
    ) -> None:
        first = decided(claim)
        case = a_case(photos)
        a_case_comes_in(photos, case_ref=case.id, category=case.category, severity=case.severity)
        with pytest.raises(AlreadyDecided):
            decided(gets(amina), decision_id=first.id)


class TestGoingOn:
    def went_on(self, claim: Claim, decision_id: uuid.UUID, *, at: datetime = T0 + MINUTE) -> DeskState:
        said = Said(claim.id, claim.fence, decision_id, ["VIO_ASSAULT"], "remove", "")
        return decide_and_go_on(subject=claim.subject, said=said, at=at, beating=True)

    def more_wait(self, queue: Queue) -> None:
        for _ in range(2):
            case = a_case(queue)
            a_case_comes_in(queue, case_ref=case.id, category=case.category, severity=case.severity)

    def test_the_same_decision_sent_again_takes_no_second_case(self, claim: Claim, photos: Queue) -> None:
        """Seen red where what was sent before is decided anew."""
        self.more_wait(photos)
        number = uuid.uuid4()
        first, again = self.went_on(claim, number), self.went_on(claim, number, at=T0 + 2 * MINUTE)
        assert first.claim is not None
        assert again.claim is not None
        assert first.claim.id == again.claim.id != claim.id
        assert Decision.objects.count() == 1
        assert Claim.objects.count() == 2

    def test_after_a_case_that_was_found_worse_the_next_one_comes_as_well(
        self, claim: Claim, photos: Queue
    ) -> None:
        self.more_wait(photos)
        said = Said(claim.id, claim.fence, uuid.uuid4(), ["VIO_ASSAULT"], "remove", "", 3)
        state = decide_and_go_on(subject=claim.subject, said=said, at=T0 + MINUTE, beating=True)
        assert Decision.objects.get().severity == 3
        assert state.claim is not None
        assert state.exposure is not None
        assert state.claim.id == state.exposure.claim_ref == Claim.objects.get(state=ClaimState.LIVE).id
        assert state.claim.case_ref != claim.job.case_ref

    def test_one_that_stands_already_is_found_before_anything_is_written(
        self, claim: Claim, case: Case
    ) -> None:
        a_decision(case)
        with CaptureQueriesContext(connection) as seen, pytest.raises(AlreadyDecided):
            self.went_on(claim, uuid.uuid4())
        written = [one["sql"] for one in seen.captured_queries if WRITES.search(one["sql"])]
        assert [sql for sql in written if "wellbeing_personstate" not in sql] == []
        claim.refresh_from_db()
        assert claim.state == ClaimState.LIVE

    def test_what_is_refused_takes_nothing(self, claim: Claim, photos: Queue) -> None:
        self.more_wait(photos)
        with pytest.raises(ClaimLost):
            self.went_on(claim, uuid.uuid4(), at=T0 + 10 * MINUTE)
        claim.refresh_from_db()
        assert (claim.closed_reason, Claim.objects.count()) == ("lease", 1)


class TestLostClaim:
    def test_a_lease_that_ran_out_refuses_the_decision_and_keeps_the_draft(self, claim: Claim) -> None:
        draft = draft_of(claim)
        with pytest.raises(ClaimLost):
            decided(claim, at=T0 + timedelta(minutes=10))
        assert list(Draft.objects.all()) == [draft]
        assert not Decision.objects.exists()

    def test_a_wrong_fence_is_refused(self, claim: Claim) -> None:
        with pytest.raises(ClaimLost):
            decided(claim, fence=claim.fence + 1)

    def test_another_person_s_claim_looks_like_none(self, claim: Claim, amina: User) -> None:
        with pytest.raises(NotYourClaim):
            decided(claim, subject=subject_of(amina))
        with pytest.raises(NotYourClaim):
            decided(claim, claim_id=uuid.uuid4())

    def test_a_former_holder_is_told_so_also_when_the_next_has_decided(
        self, claim: Claim, amina: User
    ) -> None:
        desk.hand_back(subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=T0 + SECOND)
        settles(T0 + SECOND)
        decided(gets(amina, T0 + 2 * SECOND))
        with pytest.raises(ClaimLost):
            decided(claim)

    def test_a_running_break_refuses_it_and_keeps_the_draft(self, claim: Claim) -> None:
        draft = draft_of(claim)
        desk.too_much(subject=claim.subject, at=T0 + SECOND)
        with pytest.raises(OnBreak):
            decided(claim)
        assert list(Draft.objects.all()) == [draft]


class TestInvalid:
    @pytest.mark.parametrize(
        ("choice", "field"),
        [
            ({"action": ""}, "action"),
            ({"action": "delete"}, "action"),
            ({"action": "escalate"}, "action"),  # an act at the desk, not an action
            ({"categories": []}, "categories"),
            ({"categories": ["NO_SUCH"]}, "categories"),
            ({"categories": ["CSAM"]}, "categories"),
            ({"rationale": "x" * 5_001}, "rationale"),
            ({"rationale": "a\x00b"}, "rationale"),
            ({"worse": 5}, "worse"),
            ({"worse": -1}, "worse"),
        ],
    )
    def test_each_has_its_field_and_its_fault_and_changes_nothing(
        self, claim: Claim, case: Case, choice: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(DecisionInvalid) as refused:
            decided(claim, **choice)
        assert refused.value.field == field
        assert refused.value.fault
        case.refresh_from_db()
        claim.refresh_from_db()
        assert (case.state, claim.state) == (CaseState.OPEN, ClaimState.LIVE)
        assert not Decision.objects.exists()
        assert not OutboxEntry.objects.filter(kind="decision.finalise").exists()

    def test_a_queue_may_add_actions(self, claim: Claim, photos: Queue) -> None:
        photos.extra_actions = ["age_gate", "remove"]
        photos.save()
        assert actions_of(photos) == ("none", "remove", "restrict", "label", "refer", "age_gate")
        assert decided(claim, action="age_gate").action == "age_gate"


class TestWorse:
    def said(self, claim: Claim, severity: int | None = None) -> Case:
        return worse(
            subject=claim.subject, claim_id=claim.id, fence=claim.fence, severity=severity, at=T0 + SECOND
        )

    def test_raises_case_and_lane_by_one(self, claim: Claim) -> None:
        case = self.said(claim)
        job = Job.objects.select_related("lane").get(pk=claim.job_id)
        assert (case.severity, case.labelled_severity, job.lane.severity) == (3, 2, 3)
        assert job.state == JobState.CLAIMED

    def test_raises_to_what_was_given(self, claim: Claim) -> None:
        assert self.said(claim, 4).severity == 4

    @pytest.mark.parametrize("severity", [0, 2, 5, -1])
    def test_never_lowers_and_stays_on_the_scale(self, claim: Claim, case: Case, severity: int) -> None:
        with pytest.raises(DecisionInvalid):
            self.said(claim, severity)
        case.refresh_from_db()
        assert case.severity == 2

    def test_stops_at_4(self, claim: Claim) -> None:
        self.said(claim, 4)
        with pytest.raises(DecisionInvalid):
            self.said(claim)

    def test_needs_the_claim(self, claim: Claim, amina: User) -> None:
        with pytest.raises(NotYourClaim):
            worse(subject=subject_of(amina), claim_id=claim.id, fence=claim.fence, at=T0)
        with pytest.raises(ClaimLost):
            worse(subject=claim.subject, claim_id=claim.id, fence=claim.fence + 1, at=T0)

    def test_keeps_the_claim_and_is_audited_without_exposure(self, claim: Claim) -> None:
        self.said(claim)
        claim.refresh_from_db()
        assert claim.state == ClaimState.LIVE
        assert AuditRow.objects.get(action="case.raised").detail == {"from": 2, "to": 3, "labelled": 2}


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_the_same_post_twice_at_once_is_one_decision(self, claim: Claim) -> None:
        decision_id = uuid.uuid4()
        results = at_once(*[partial(decided, claim, decision_id=decision_id)] * 4)
        assert [getattr(result, "id", result) for result in results] == [decision_id] * 4
        assert Decision.objects.count() == 1
        assert len(promised_finalisations()) == 1

    def test_two_decisions_at_once_are_one_and_a_refusal(self, claim: Claim) -> None:
        results = at_once(*[partial(decided, claim)] * 2)
        kinds = sorted(type(result).__name__ for result in results)
        assert kinds == ["AlreadyDecided", "Decision"]
        assert Decision.objects.count() == 1

    def test_a_decision_and_worse_at_once_leave_one_order_or_the_other(
        self, claim: Claim, case: Case
    ) -> None:
        results = at_once(
            partial(decided, claim),
            partial(worse, subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=T0 + MINUTE),
        )
        case.refresh_from_db()
        assert isinstance(results[0], Decision)
        assert results[0].severity == case.severity
        assert case.severity == (2 if isinstance(results[1], ClaimLost) else 3)
