"""Opt-outs and the agreement to severity 4, at the desk.

Seen red with each of these taken away: the release in ``opt_out`` and in ``revoke_agreement``, ``closes_job`` in
``admits`` and in the pick, ``closes_lane``, the look at opt-outs before a parked case is taken up, the team in
``_is_of_their_team``, the change number, and the training in ``rules.lanes.can``.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from audit.models import AuditRow
from people.models import Skill, User
from queues.exceptions import ClaimLost
from queues.models import Claim, ClaimState, Job, Queue, Ticket
from queues.services import choices, desk, jobs
from tests import cast
from tests.cast import T0, subject_of
from tests.numbers import rev_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    asks,
    beats,
    finishes,
    gets,
    settles,
    shows,
    state_of,
)
from wellbeing.choices.selectors.chosen import choices_of
from wellbeing.exceptions import (
    AlreadyAgreed,
    AlreadyOptedOut,
    ChoiceUnknown,
    EndsInThePast,
    LimitReached,
    NotAgreed,
    NotFound,
)
from wellbeing.models import Exposure, OptOut, SevereAgreement

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def opts_out(
    user: User, kind: str, value: str = "", *, until: datetime | None = None, at: datetime = T0
) -> UUID:
    return choices.opt_out(subject=subject_of(user), kind=kind, value=value, until=until, at=at)


def of_queue(queue: Queue) -> tuple[str, str]:
    return "queue", str(queue.pk)


THIS: dict[str, Any] = {"category": "GORE", "language": "fr-BE", "medium": "video", "sound": True}
CHOSEN = [("category", "GORE"), ("language", "fr"), ("medium", "video"), ("sound", ""), ("queue", "")]


@pytest.fixture(params=CHOSEN, ids=[kind for kind, _ in CHOSEN])
def chosen(request: pytest.FixtureRequest, photos: Queue) -> tuple[str, str]:
    """An opt-out of each kind that concerns the case ``THIS`` and no other."""
    kind, value = request.param
    return of_queue(photos) if kind == "queue" else (kind, value)


@pytest.fixture
def elsewhere(alice: User) -> Job:
    """A later case of which no opt-out of ``CHOSEN`` says anything."""
    other = cast.a_queue(platform=cast.a_platform("Umbra"), name="Posts")
    return a_case_comes_in(other, category="HATE", language="de", medium="text", at=T0 + SECOND)


class TestWhatIsHandedOut:
    def test_what_one_opted_out_of_does_not_come(
        self, alice: User, amina: User, photos: Queue, elsewhere: Job, chosen: tuple[str, str]
    ) -> None:
        refused = a_case_comes_in(photos, **THIS)
        opts_out(alice, *chosen)
        assert gets(alice, T0 + SECOND).job_id == elsewhere.pk
        assert gets(amina, T0 + SECOND).job_id == refused.pk

    def test_nor_is_it_offered_to_a_desk_that_waits(
        self, alice: User, photos: Queue, chosen: tuple[str, str]
    ) -> None:
        opts_out(alice, *chosen)
        assert asks(alice) is None
        refused = a_case_comes_in(photos, at=T0 + SECOND, **THIS)
        assert state_of(refused) == "waiting"
        assert beats(alice, T0 + 2 * SECOND).kind == "waiting"
        assert Ticket.objects.exists()

    def test_the_rest_of_the_same_lane_comes(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, **THIS)
        silent = a_case_comes_in(photos, **(THIS | {"sound": False}))
        opts_out(alice, "sound")
        assert gets(alice, T0 + SECOND).job_id == silent.pk

    def test_it_ends_by_itself(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        opts_out(alice, "category", "GORE", until=T0 + HOUR)
        assert asks(alice, T0 + HOUR - SECOND) is None
        assert asks(alice, T0 + HOUR) is not None

    def test_ending_it_holds_at_once(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        made = opts_out(alice, "category", "GORE")
        choices.opt_back_in(subject=subject_of(alice), opt_out_id=made, at=T0 + SECOND)
        assert asks(alice, T0 + SECOND) is not None

    def test_somebody_elses_opt_out_concerns_nobody(self, alice: User, amina: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        opts_out(amina, "category", "GORE")
        assert asks(alice) is not None

    def test_out_of_everything_is_no_error(self, alice: User, photos: Queue) -> None:
        for medium in ("text", "picture", "video", "audio"):
            opts_out(alice, "medium", medium)
            a_case_comes_in(photos, medium=medium)
        assert asks(alice, T0 + SECOND) is None
        assert beats(alice, T0 + 5 * SECOND).kind == "waiting"


class TestACaseInHand:
    def test_it_is_released_in_the_same_act(
        self, alice: User, photos: Queue, chosen: tuple[str, str]
    ) -> None:
        job = a_case_comes_in(photos, **THIS)
        claim = gets(alice)
        shows(claim, level="colour")
        opts_out(alice, *chosen, at=T0 + SECOND)
        assert Claim.objects.get().state == ClaimState.CLOSED
        assert state_of(job) in {"offering", "waiting"}
        assert not Exposure.objects.filter(closed_at__isnull=True).exists()

    def test_one_that_it_does_not_concern_stays(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        claim = gets(alice)
        opts_out(alice, "category", "HATE", at=T0 + SECOND)
        opts_out(alice, "sound", at=T0 + SECOND)
        shows(claim, at=T0 + 2 * SECOND)

    def test_a_parked_one_is_released_too(self, alice: User, photos: Queue, chosen: tuple[str, str]) -> None:
        job = a_case_comes_in(photos, **THIS)
        gets(alice)
        desk.step_away(subject=subject_of(alice), at=T0 + SECOND)
        opts_out(alice, *chosen, at=T0 + 2 * SECOND)
        settles(T0 + 2 * SECOND)
        assert state_of(job) == "waiting"
        assert desk.return_from_break(subject=subject_of(alice), at=T0 + MINUTE, beating=True) is None

    def test_it_keeps_its_place_and_goes_to_others(self, alice: User, amina: User, photos: Queue) -> None:
        first = a_case_comes_in(photos)
        a_case_comes_in(photos, at=T0 + SECOND)
        gets(alice, T0 + SECOND)
        opts_out(alice, "category", "GORE", at=T0 + 2 * SECOND)
        settles(T0 + 2 * SECOND)
        assert gets(amina, T0 + 3 * SECOND).job_id == first.pk

    def test_a_case_that_got_another_label_while_it_was_parked_does_not_come_back(
        self, alice: User, photos: Queue
    ) -> None:
        job = a_case_comes_in(photos, category="HATE")
        gets(alice)
        opts_out(alice, "category", "GORE", at=T0 + SECOND)
        desk.step_away(subject=subject_of(alice), at=T0 + 2 * SECOND)
        jobs.relabel(case_ref=job.case_ref, category="GORE", severity=2)
        assert desk.return_from_break(subject=subject_of(alice), at=T0 + MINUTE, beating=True) is None


@pytest.mark.django_db(transaction=True)
def test_live_pages_are_told_after_the_commit(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    subject = gets(alice).subject
    before = rev_of(subject)
    made = opts_out(alice, "category", "GORE", at=T0 + SECOND)
    released = rev_of(subject)
    assert released > before
    choices.opt_back_in(subject=subject, opt_out_id=made, at=T0 + 2 * SECOND)
    assert rev_of(subject) > released


class TestBadInput:
    @pytest.mark.parametrize(
        ("kind", "value"),
        [("category", "gore'"), ("medium", "smell"), ("language", "Klingon"), ("queue", "x"), ("mood", "")],
    )
    def test_what_there_is_not_is_refused_and_nothing_is_kept(
        self, alice: User, photos: Queue, kind: str, value: str
    ) -> None:
        with pytest.raises(ChoiceUnknown):
            opts_out(alice, kind, value)
        assert not OptOut.objects.exists()

    def test_a_queue_of_others_looks_like_one_that_is_not_there(self, alice: User, charlie: User) -> None:
        theirs = cast.a_queue(team=cast.a_team("South"))
        for queue in (str(theirs.pk), "99999"):
            with pytest.raises(ChoiceUnknown):
                opts_out(alice, "queue", queue)
        Queue.objects.update(every_team=True)
        opts_out(alice, "queue", str(theirs.pk))

    def test_an_end_in_the_past(self, alice: User, photos: Queue) -> None:
        with pytest.raises(EndsInThePast):
            opts_out(alice, "sound", until=T0)
        assert not OptOut.objects.exists()

    def test_the_same_twice_says_so_and_another_end_takes_its_place(self, alice: User, photos: Queue) -> None:
        opts_out(alice, "sound")
        with pytest.raises(AlreadyOptedOut):
            opts_out(alice, "sound", at=T0 + SECOND)
        opts_out(alice, "sound", until=T0 + HOUR, at=T0 + SECOND)
        (line,) = choices_of(subject_of(alice), at=T0 + SECOND).opt_outs
        assert (line.until, line.set_at) == (T0 + HOUR, T0 + SECOND)
        assert OptOut.objects.filter(ended_at=T0 + SECOND).count() == 1

    def test_one_that_ran_out_can_be_chosen_again(self, alice: User, photos: Queue) -> None:
        old = opts_out(alice, "sound", until=T0 + MINUTE)
        opts_out(alice, "sound", until=T0 + MINUTE * 3, at=T0 + 2 * MINUTE)
        assert OptOut.objects.get(pk=old).ended_at == T0 + MINUTE

    def test_one_can_end_only_ones_own_that_holds(self, alice: User, amina: User, photos: Queue) -> None:
        theirs = opts_out(amina, "sound")
        mine = opts_out(alice, "sound", until=T0 + MINUTE)
        for opt_out_id, at in ((theirs, T0 + SECOND), (uuid4(), T0 + SECOND), (mine, T0 + MINUTE)):
            with pytest.raises(NotFound):
                choices.opt_back_in(subject=subject_of(alice), opt_out_id=opt_out_id, at=at)
        assert not OptOut.objects.filter(ended_at__isnull=False).exists()


class TestAgreement:
    """``cast.a_user`` agreed long ago."""

    def test_taken_back_it_releases_severity_4_at_once_and_lets_no_more_come(
        self, alice: User, photos: Queue
    ) -> None:
        job = a_case_comes_in(photos, severity=4)
        shows(gets(alice))
        choices.revoke_agreement(subject=subject_of(alice), at=T0 + SECOND)
        settles(T0 + SECOND)
        assert state_of(job) == "waiting"
        assert asks(alice, T0 + 2 * SECOND) is None
        assert not Exposure.objects.filter(closed_at__isnull=True).exists()

    def test_a_milder_case_stays(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, severity=3)
        claim = gets(alice)
        choices.revoke_agreement(subject=subject_of(alice), at=T0 + SECOND)
        shows(claim, at=T0 + 2 * SECOND)

    def test_given_again_it_holds_at_once(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, severity=4)
        subject = subject_of(alice)
        choices.revoke_agreement(subject=subject, at=T0)
        assert choices_of(subject, at=T0).agreed_at is None
        choices.agree_to_severe(subject=subject, at=T0 + SECOND)
        assert choices_of(subject, at=T0 + SECOND).agreed_at == T0 + SECOND
        assert asks(alice, T0 + SECOND) is not None

    def test_twice_says_so(self, alice: User, photos: Queue) -> None:
        subject = subject_of(alice)
        with pytest.raises(AlreadyAgreed):
            choices.agree_to_severe(subject=subject, at=T0)
        choices.revoke_agreement(subject=subject, at=T0)
        with pytest.raises(NotAgreed):
            choices.revoke_agreement(subject=subject, at=T0 + SECOND)
        assert SevereAgreement.objects.filter(subject=subject).count() == 1

    def test_without_it_the_refusal_says_why(self, alice: User, photos: Queue) -> None:
        """A case that turned out to be extreme while it was in hand: covered, and the reason is told."""
        a_case_comes_in(photos, severity=4)
        claim = gets(alice)
        SevereAgreement.objects.update(revoked_at=T0)
        with pytest.raises(LimitReached) as refused:
            shows(claim, at=T0 + SECOND)
        assert (refused.value.reached.name, refused.value.reached.most) == ("agreement", 3)


class TestTraining:
    def test_who_was_trained_for_some_categories_is_handed_these_alone(
        self, alice: User, photos: Queue
    ) -> None:
        Skill.objects.create(user=alice, code="trained:HATE", added_at=T0)
        a_case_comes_in(photos, category="GORE")
        hate = a_case_comes_in(photos, category="HATE", at=T0 + SECOND)
        assert gets(alice, T0 + SECOND).job_id == hate.pk

    def test_an_offer_asks_for_the_training_too(self, alice: User, photos: Queue) -> None:
        Skill.objects.create(user=alice, code="trained:HATE", added_at=T0)
        assert asks(alice) is None
        assert state_of(a_case_comes_in(photos, category="GORE", at=T0 + SECOND)) == "waiting"
        assert state_of(a_case_comes_in(photos, category="HATE", at=T0 + SECOND)) == "claimed"

    def test_training_is_no_seniority(self, alice: User, photos: Queue) -> None:
        Skill.objects.create(user=alice, code="trained:GORE", added_at=T0)
        a_case_comes_in(photos, category="GORE", skill="senior")
        assert asks(alice) is None


def test_nothing_of_it_is_written_into_a_record_that_others_read(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    gets(alice)
    made = opts_out(alice, "category", "GORE", at=T0 + SECOND)
    choices.opt_back_in(subject=subject_of(alice), opt_out_id=made, at=T0 + SECOND)
    choices.revoke_agreement(subject=subject_of(alice), at=T0 + SECOND)
    assert not AuditRow.objects.exists()


def test_a_decision_after_the_release_is_refused_as_any_other_lost_claim(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    opts_out(alice, "category", "GORE", at=T0 + SECOND)
    with pytest.raises(ClaimLost):
        finishes(claim, at=T0 + 2 * SECOND)
    with pytest.raises(ClaimLost):
        desk.skip(**act(claim, T0 + 2 * SECOND))
