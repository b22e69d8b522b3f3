"""A worse label always counts: one path, whoever raised it; job, lane, claim, exposure, rest and page in one commit.

Seen red: without ``raise_in`` (lane, page, exposure), without ``_promise_the_others``, without ``count_anew``'s giving back,
without the raise of a repetition.
"""

from typing import Any
from uuid import UUID, uuid4

import pytest

from moderation.exceptions import ExternalIdConflict
from moderation.models import Case, CaseState, ItemRevision
from moderation.services import raising
from moderation.services.decisions import decide, worse
from moderation.services.raising import RECOUNT, recount
from moderation.services.relabelling import RELABEL, relabel_batch
from moderation.services.taxonomy import raise_category
from outbox.kinds import Work
from outbox.models import OutboxEntry
from people.models import Platform, User
from queues.models import Claim, ClaimState, Job, JobState, Queue
from queues.services import choices, desk
from tests.cast import T0, subject_of
from tests.moderation.judging import a_policy, an_item
from tests.moderation.services.steps import an_item as sent
from tests.moderation.services.steps import take_in
from tests.numbers import rev_of
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, gets, settles, shows
from wellbeing.core.person import read_person
from wellbeing.core.selectors.desk import break_view
from wellbeing.models import CaseSeen, DaySum, Exposure, ExposureSum

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def policy(photos: Queue) -> None:
    a_policy(photos)


@pytest.fixture
def case(lumen: Platform) -> Case:
    """A text that the platform called spam."""
    return take_in(lumen, sent("a")).case


def looks(user: User, at=T0 + SECOND) -> Claim:
    """The person takes the case and reads it."""
    settles(at)
    claim = gets(user, at)
    shows(claim, level="text", at=at)
    return claim


def hands_back(claim: Claim, at) -> None:
    desk.hand_back(subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=at)
    settles(at)


def the_outbox_runs(at=T0 + MINUTE) -> int:
    entries = list(OutboxEntry.objects.filter(kind=RECOUNT).order_by("pk"))
    for entry in entries:
        recount(Work(entry_id=entry.pk, arguments=entry.arguments, attempt=1, at=at, fence=1))
    return len(entries)


def shown_to(user: User) -> dict[int, int]:
    """Return severity → milliseconds, by the quarter sums, which must agree with the day's and the rows."""
    subject = subject_of(user)
    sums: dict[int, int] = {}
    for severity, shown in ExposureSum.objects.filter(subject=subject).values_list("severity", "shown_ms"):
        sums[severity] = sums.get(severity, 0) + shown
    days = dict(DaySum.objects.filter(subject=subject, shown_ms__gt=0).values_list("severity", "shown_ms"))
    assert {s: ms for s, ms in sums.items() if ms} == days
    return days


def lane_of(case: Case) -> tuple[str, int]:
    job = (
        Job.objects.select_related("lane")
        .exclude(state__in=[JobState.DONE, JobState.ENDED])
        .get(case_ref=case.pk)
    )
    return job.lane.category, job.lane.severity


def platform_says(lumen: Platform, case: Case) -> None:
    take_in(lumen, sent("a", category="VIO_KILL"), at=T0 + 5 * SECOND)


def another_item_says(lumen: Platform, case: Case) -> None:
    take_in(lumen, sent("b", category="VIO_KILL"), at=T0 + 5 * SECOND)


def a_classifier_says(lumen: Platform, case: Case) -> None:
    take_in(lumen, sent("a", scores={"VIO_KILL": 0.9}), at=T0 + 5 * SECOND)


def the_organisation_says(lumen: Platform, case: Case) -> None:
    raise_category(
        code="SPAM_FRAUD", value={"severity": 4}, set_by="system", reason="Seen", at=T0 + 5 * SECOND
    )
    entry = OutboxEntry.objects.filter(kind=RELABEL).earliest("pk")
    relabel_batch(Work(entry_id=entry.pk, arguments=entry.arguments, attempt=1, at=T0 + 5 * SECOND, fence=1))


WAYS = pytest.mark.parametrize(
    "says", [platform_says, another_item_says, a_classifier_says, the_organisation_says]
)


class TestACaseThatWaits:
    @WAYS
    def test_goes_to_those_who_may_have_it(self, lumen: Platform, case: Case, says: Any) -> None:
        says(lumen, case)
        case.refresh_from_db()
        assert case.severity == lane_of(case)[1] == 4

    def test_a_hint_that_is_given_later_counts(self, lumen: Platform, case: Case) -> None:
        take_in(lumen, sent("a", hints=frozenset({"live"})))
        assert lane_of(case)[1] == 1

    def test_the_attack_once_more_with_a_higher_revision(self, lumen: Platform, case: Case) -> None:
        worse_now = sent(
            "a", category="VIO_KILL", revision=2, hints=frozenset({"live"}), scores={"VIO_KILL": 0.99}
        )
        again = take_in(lumen, worse_now)
        case.refresh_from_db()
        assert (again.number, again.category, again.severity) == (1, "VIO_KILL", 4)
        assert (case.severity, lane_of(case)) == (4, ("VIO_KILL", 4))


class TestWhoHasItInHand:
    @WAYS
    def test_is_counted_anew_on_the_desk_in_the_same_commit(
        self, lumen: Platform, case: Case, alice: User, says: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        claim = looks(alice)
        before = rev_of(claim.subject)
        with django_capture_on_commit_callbacks(execute=True):
            says(lumen, case)
        assert rev_of(claim.subject) > before
        assert shown_to(alice) == {4: 4_000}
        assert set(Exposure.objects.values_list("severity", flat=True)) == {4}
        assert lane_of(case)[1] == 4
        claim.refresh_from_db()
        assert claim.state == ClaimState.LIVE
        assert Exposure.objects.get().closed_reason == "relabelled"
        assert not OutboxEntry.objects.filter(kind=RECOUNT).exists()

    def test_goes_on_counting_on_a_page_that_does_not_hear_of_it(
        self, lumen: Platform, case: Case, alice: User
    ) -> None:
        settles()
        claim = gets(alice)
        shows(claim, level="text", at=T0 + SECOND, beating=False)
        platform_says(lumen, case)
        hands_back(claim, T0 + 7 * SECOND)
        assert shown_to(alice) == {4: 6_000}

    def test_owes_the_rest_of_the_higher_severity(self, lumen: Platform, photos: Queue, alice: User) -> None:
        job = a_case_comes_in(photos, case_ref=uuid4(), severity=2, category="VIO_ASSAULT")
        case = Case.objects.create(
            id=job.case_ref, platform=lumen, queue=photos, content_digest="d", category="VIO_ASSAULT",
            severity=2, labelled_severity=2, medium="image", opened_at=T0,
        )  # fmt: skip
        an_item(case)
        claim = gets(alice)
        shows(claim, level="colour", at=T0 + SECOND)
        raising.raise_case(
            case_id=case.pk, category="VIO_KILL", severity=4, by=raising.Raiser.PLATFORM, at=T0 + 12 * SECOND
        )
        hands_back(claim, T0 + 13 * SECOND)
        resting = break_view(read_person(claim.subject, at=T0 + 13 * SECOND))
        assert resting is not None
        assert resting.cause == "colour"

    def test_who_never_agreed_to_it_does_not_keep_it(self, lumen: Platform, case: Case, alice: User) -> None:
        choices.revoke_agreement(subject=subject_of(alice), at=T0)
        claim = looks(alice)
        platform_says(lumen, case)
        claim.refresh_from_db()
        assert (claim.state, claim.closed_reason) == (ClaimState.CLOSED, "relabelled")
        assert not Exposure.objects.filter(closed_at=None, cleared_at=None).exists()
        assert shown_to(alice) == {4: 4_000}

    def test_who_opted_out_of_it_does_not_keep_it(self, lumen: Platform, case: Case, alice: User) -> None:
        choices.opt_out(subject=subject_of(alice), kind="category", value="VIO_KILL", until=None, at=T0)
        claim = looks(alice)
        platform_says(lumen, case)
        claim.refresh_from_db()
        assert claim.state == ClaimState.CLOSED

    def test_who_finds_it_worse_keeps_it_all_the_same(self, case: Case, alice: User) -> None:
        choices.revoke_agreement(subject=subject_of(alice), at=T0)
        claim = looks(alice)
        worse(subject=claim.subject, claim_id=claim.id, fence=claim.fence, severity=4, at=T0 + 5 * SECOND)
        claim.refresh_from_db()
        assert claim.state == ClaimState.LIVE


class TestEverybodyElse:
    @pytest.fixture
    def amina_has_looked(self, case: Case, amina: User) -> None:
        claim = looks(amina)
        hands_back(claim, T0 + 6 * SECOND)

    @WAYS
    def test_who_was_shown_it_is_counted_anew_by_an_entry_of_their_own(
        self, lumen: Platform, case: Case, amina: User, amina_has_looked: None, says: Any
    ) -> None:
        says(lumen, case)
        assert shown_to(amina) == {0: 5_000}
        assert the_outbox_runs() == 1
        assert shown_to(amina) == {4: 5_000}
        assert set(CaseSeen.objects.values_list("severity", flat=True)) == {4}

    def test_an_entry_may_be_run_again(
        self, lumen: Platform, case: Case, amina: User, amina_has_looked: None
    ) -> None:
        platform_says(lumen, case)
        the_outbox_runs()
        the_outbox_runs()
        assert shown_to(amina) == {4: 5_000}

    def test_an_older_entry_does_not_bring_an_older_label_back(
        self, lumen: Platform, case: Case, amina: User, amina_has_looked: None
    ) -> None:
        take_in(lumen, sent("b", category="GORE"))
        platform_says(lumen, case)
        assert the_outbox_runs() == 2
        assert shown_to(amina) == {4: 5_000}
        assert set(Exposure.objects.values_list("category", flat=True)) == {"VIO_KILL"}

    def test_a_moderator_who_finds_it_worse_counts_for_them_too(
        self, case: Case, alice: User, amina: User, amina_has_looked: None
    ) -> None:
        claim = looks(alice, T0 + 10 * SECOND)
        worse(subject=claim.subject, claim_id=claim.id, fence=claim.fence, severity=3, at=T0 + 12 * SECOND)
        assert (shown_to(alice), shown_to(amina)) == ({3: 2_000}, {0: 5_000})
        assert the_outbox_runs() == 1
        assert shown_to(amina) == {3: 5_000}

    def test_a_decision_of_a_worse_category_counts_for_them_too(
        self, case: Case, alice: User, amina: User, amina_has_looked: None
    ) -> None:
        decides(looks(alice, T0 + 10 * SECOND), ["GORE"], at=T0 + 12 * SECOND)
        assert the_outbox_runs() == 1
        assert shown_to(amina) == {3: 5_000}

    def test_and_a_label_that_comes_after_the_decision(
        self, lumen: Platform, case: Case, alice: User, amina_has_looked: None, amina: User
    ) -> None:
        decides(looks(alice, T0 + 10 * SECOND), [], at=T0 + 12 * SECOND)
        platform_says(lumen, case)
        assert the_outbox_runs() == 2
        assert (shown_to(alice), shown_to(amina)) == ({4: 2_000}, {4: 5_000})


def decides(claim: Claim, categories: list[str], at) -> UUID:
    return decide(
        subject=claim.subject, claim_id=claim.id, fence=claim.fence, decision_id=uuid4(),
        categories=categories, action="remove" if categories else "none", rationale="", worse=None, at=at,
    ).pk  # fmt: skip


class TestARepetition:
    def test_only_raises(self, lumen: Platform) -> None:
        take_in(lumen, sent("a", category="GORE", hints=frozenset({"live"}), scores={"HATE": 0.8}))
        again = take_in(lumen, sent("a", category="SPAM_FRAUD", scores={"HATE": 0.1, "GORE": 0.2}))
        assert (again.category, again.severity, again.hints) == ("GORE", 4, {"live": True})
        assert again.scores == {"HATE": 0.8, "GORE": 0.2}
        assert lane_of(again.case)[1] == 4

    def test_replaces_what_is_said_about_it_where_it_says_something(self, lumen: Platform) -> None:
        about = {"author": {"id": "1"}, "language": "en", "metadata": {"board": "cats"}}
        take_in(lumen, sent("a", **about))
        anew = {"author": {"id": "1", "name": "Jo"}, "language": "pt-BR", "metadata": {"board": "dogs"}}
        again = take_in(lumen, sent("a", **anew))
        assert (again.author, again.language, again.metadata) == tuple(anew.values())
        kept = take_in(lumen, sent("a"))
        assert (kept.author, kept.language, kept.metadata) == tuple(anew.values())

    @pytest.mark.parametrize(
        ("other", "field"),
        [({"text": "Other."}, "text"), ({"context": {"url": "https://x.example"}}, "context")],
    )
    def test_other_content_is_refused_by_name(self, lumen: Platform, other: Any, field: str) -> None:
        take_in(lumen, sent("a"))
        with pytest.raises(ExternalIdConflict) as refused:
            take_in(lumen, sent("a", **other))
        assert refused.value.fields == (field,)

    def test_another_queue_is_refused_by_name(self, lumen: Platform, photos: Queue) -> None:
        take_in(lumen, sent("a", queue=photos.name))
        Queue.objects.create(
            platform=lumen, name="Other", client_name="L", purpose="p", decision_use="d", created_at=T0
        )
        with pytest.raises(ExternalIdConflict) as refused:
            take_in(lumen, sent("a", queue="Other"))
        assert refused.value.fields == ("queue",)

    def test_of_something_withdrawn_raises_nothing(self, lumen: Platform, case: Case) -> None:
        ItemRevision.objects.update(status="withdrawn")
        Case.objects.update(state=CaseState.WITHDRAWN)
        take_in(lumen, sent("a", category="VIO_KILL"))
        case.refresh_from_db()
        assert case.severity == 0


class TestTheLabelThatIsMeasured:
    def test_is_the_platforms_until_somebody_was_shown_it(
        self, lumen: Platform, case: Case, alice: User
    ) -> None:
        take_in(lumen, sent("a", category="HATE"))
        case.refresh_from_db()
        assert case.labelled_severity == 2
        looks(alice)
        platform_says(lumen, case)
        case.refresh_from_db()
        assert (case.severity, case.labelled_severity) == (4, 2)

    def test_is_no_fault_of_the_platform_where_a_category_was_raised(
        self, lumen: Platform, case: Case, alice: User
    ) -> None:
        looks(alice)
        the_organisation_says(lumen, case)
        case.refresh_from_db()
        assert (case.severity, case.labelled_severity) == (4, 4)
