"""The review of limits: due every six months, held with a representative, signed by two, kept.

Seen red without ``_require_named``, without ``fold`` in ``_lock_written``, without ``_require_both``, without ``SignedByWriter``, without the count of the page in ``_lock_unwritten`` (two
recorded one review), and without ``HeldInTheFuture``.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditRow
from people.models import Organisation, RoleGrant, User
from tests.cast import T0, a_user, subject_of
from wellbeing.exceptions import (
    HeldBeforeTheLast,
    HeldInTheFuture,
    HeldTooLongAgo,
    NamedByTheOther,
    NobodyElected,
    NotTheirs,
    NotWithThem,
    ReasonMissing,
    ReasonTooLong,
    RecordedMeanwhile,
    Refused,
    SignedByWriter,
    SomebodyElected,
)
from wellbeing.limits.selectors.reviews import review_due, reviews_held, reviews_taken_back
from wellbeing.limits.services import reviews
from wellbeing.models import LimitReview

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
DUE = date(2027, 5, 23)
DAY = timedelta(days=1)


def records(by: User, held_with: User, *, seen: int = 0, at: datetime = T0, **more: Any) -> LimitReview:
    facts: dict[str, Any] = {"held_on": TODAY, "words": "We looked at every limit."} | more
    return reviews.record_review(
        seen=seen,
        held_with=str(subject_of(held_with)),
        recorded_by=str(subject_of(by)),
        at=at,
        **facts,
    )


def writes(by: User, *, seen: int = 0, held_on: date = TODAY, words: str = "Nobody is elected.") -> None:
    reviews.write_down(seen=seen, held_on=held_on, words=words, recorded_by=str(subject_of(by)), at=T0)


def signs(by: User, *, seen: int = 0, fold: int = 1) -> LimitReview:
    return reviews.sign(seen=seen, fold=fold, signed_by=str(subject_of(by)), at=T0)


def objects(by: User, *, words: str = "", fold: int = 1) -> LimitReview:
    return reviews.object_to(seen=0, fold=fold, words=words, objected_by=str(subject_of(by)), at=T0)


def test_the_first_is_due_six_months_after_the_installation(wim: User) -> None:
    assert Organisation.objects.get().created_at == T0
    due = review_due(today=TODAY)
    assert (due.due_on, due.stage, due.draft) == (DUE, "later", None)
    assert review_due(today=DUE - 14 * DAY).stage == "soon"
    assert review_due(today=DUE + DAY).stage == "overdue"
    assert not LimitReview.objects.exists()


def test_an_officer_records_it_with_the_representative_who_was_there(wim: User, rosa: User) -> None:
    records(wim, rosa, held_on=TODAY - DAY)
    signs(rosa)
    locked = reviews_held()[0]
    assert (locked.held_on, locked.held_with, locked.recorded_by) == (
        TODAY - DAY,
        str(subject_of(rosa)),
        str(subject_of(wim)),
    )
    assert review_due(today=TODAY).due_on == date(2027, 5, 22)
    assert locked.is_signed
    assert list(AuditRow.objects.order_by("pk").values_list("action", "actor")) == [
        ("review.written", str(subject_of(wim))),
        ("review.held", str(subject_of(rosa))),
    ]


def test_a_representative_records_it_with_the_officer(wim: User, rosa: User) -> None:
    records(rosa, wim)
    assert signs(wim).held_with == str(subject_of(wim))


def test_nothing_is_held_before_the_one_who_was_named_has_signed(wim: User, rosa: User) -> None:
    records(wim, rosa)
    assert reviews_held() == []
    due = review_due(today=TODAY)
    assert (due.due_on, due.draft and due.draft.held_with) == (DUE, str(subject_of(rosa)))


def test_nobody_signs_or_objects_for_the_one_who_was_named(wim: User, rosa: User) -> None:
    others = {
        a_user("rudi", "representative"): NotTheirs,
        a_user("willa", "wellbeing_officer"): NotTheirs,
        wim: SignedByWriter,
    }
    records(wim, rosa)
    for other, refusal in others.items():
        for act in (signs, objects):
            with pytest.raises(refusal):
                act(other)
    assert reviews_held() == []


@pytest.mark.parametrize("whose", ["wim", "rosa"])
def test_who_is_not_in_their_role_any_more_has_not_held_it(wim: User, rosa: User, whose: str) -> None:
    records(wim, rosa)
    RoleGrant.objects.filter(user={"wim": wim, "rosa": rosa}[whose]).update(revoked_at=T0)
    with pytest.raises(NotWithThem):
        signs(rosa)


def test_who_was_named_may_object_and_that_is_kept_until_it_is_written_down_again(
    wim: User, rosa: User
) -> None:
    records(wim, rosa)
    objects(rosa, words=" I was not there.\0 ")
    due = review_due(today=TODAY)
    assert due.draft is None
    assert due.objection is not None
    assert (due.objection.by, due.objection.words) == (str(subject_of(rosa)), "I was not there.")
    last = AuditRow.objects.order_by("pk").last()
    assert last is not None
    assert (last.action, last.actor, last.reason) == (
        "review.objected",
        str(subject_of(rosa)),
        "I was not there.",
    )
    with pytest.raises(RecordedMeanwhile):
        signs(rosa)
    records(wim, rosa, words="With rosa, this time.")
    assert review_due(today=TODAY).objection is None
    assert signs(rosa, fold=2).words == "With rosa, this time."


def test_nobody_signs_what_their_page_did_not_show(wim: User, rosa: User) -> None:
    records(wim, rosa)
    reviews.take_back(seen=0, fold=1, taken_by=str(subject_of(wim)), at=T0)
    records(wim, rosa, words="Something else.")
    for act in (signs, objects):
        with pytest.raises(RecordedMeanwhile):
            act(rosa)
    assert reviews_held() == []


def test_what_was_recorded_before_anybody_signed_says_so(wim: User, rosa: User) -> None:
    records(wim, rosa)
    LimitReview.objects.update(recorded_at=T0)
    assert not reviews_held()[0].is_signed


@pytest.mark.parametrize(
    ("by", "held_with"),
    [("wim", "wim"), ("wim", "willa"), ("rosa", "rosa"), ("dana", "rosa"), ("rosa", "dana")],
)
def test_it_takes_an_officer_and_a_representative(
    request: pytest.FixtureRequest, wim: User, rosa: User, dana: User, by: str, held_with: str
) -> None:
    people = {"wim": wim, "rosa": rosa, "dana": dana, "willa": a_user("willa", "wellbeing_officer")}
    with pytest.raises(NotWithThem):
        records(people[by], people[held_with])
    assert not LimitReview.objects.exists()


def test_one_person_in_both_roles_is_not_two(wim: User, rosa: User) -> None:
    RoleGrant.objects.create(user=wim, role="representative", granted_at=T0)
    with pytest.raises(NotWithThem):
        records(wim, wim)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"held_on": TODAY + DAY}, HeldInTheFuture),
        ({"words": "  "}, ReasonMissing),
        ({"words": "\u200f"}, ReasonMissing),
        ({"words": "x" * 4001}, ReasonTooLong),
        ({"seen": 1}, RecordedMeanwhile),
    ],
)
def test_what_cannot_be_is_not_recorded(
    wim: User, rosa: User, facts: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        records(wim, rosa, **facts)
    assert reviews_held() == []


def test_of_two_who_record_one_review_the_second_is_told(wim: User, rosa: User) -> None:
    records(wim, rosa)
    with pytest.raises(RecordedMeanwhile):
        records(rosa, wim, held_on=TODAY - DAY)
    signs(rosa)
    with pytest.raises(RecordedMeanwhile):
        records(rosa, wim, held_on=TODAY - DAY)
    assert len(reviews_held()) == 1


def test_one_cannot_lie_before_the_last(wim: User, rosa: User) -> None:
    records(wim, rosa)
    signs(rosa)
    with pytest.raises(HeldBeforeTheLast):
        records(wim, rosa, seen=1, held_on=TODAY - DAY)


# ── while nobody is elected ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def willa(wim: User) -> User:
    """A second officer."""
    return a_user("willa", "wellbeing_officer")


def test_a_second_officer_signs_while_nobody_is_elected(wim: User, willa: User) -> None:
    with pytest.raises(NobodyElected):
        records(wim, willa)
    writes(wim)
    assert reviews_held() == []
    draft = review_due(today=TODAY).draft
    assert draft is not None
    assert draft.recorded_by == str(subject_of(wim))
    signs(willa)
    assert reviews_held()[0].held_with == str(subject_of(willa))
    assert review_due(today=TODAY).draft is None


def test_who_wrote_it_down_does_not_sign(wim: User, willa: User) -> None:
    writes(wim)
    with pytest.raises(SignedByWriter):
        signs(wim)


def test_neither_does_a_lead(wim: User, dana: User) -> None:
    with pytest.raises(NotWithThem):
        writes(dana)
    writes(wim)
    with pytest.raises(NotWithThem):
        signs(dana)


def test_once_somebody_is_elected_it_is_theirs_to_sign(wim: User, willa: User) -> None:
    writes(wim)
    rosa = a_user("rosa", "representative")
    with pytest.raises(SomebodyElected):
        signs(willa)
    assert signs(rosa).held_with == str(subject_of(rosa))


def test_with_somebody_elected_nothing_is_written_down_alone(wim: User, rosa: User) -> None:
    with pytest.raises(SomebodyElected):
        writes(wim)


def test_what_was_written_down_may_be_taken_back(wim: User, willa: User) -> None:
    writes(wim)
    with pytest.raises(RecordedMeanwhile):
        writes(willa)
    with pytest.raises(NotTheirs):
        reviews.take_back(seen=0, fold=1, taken_by=str(subject_of(willa)), at=T0)
    reviews.take_back(seen=0, fold=1, taken_by=str(subject_of(wim)), at=T0)
    with pytest.raises(RecordedMeanwhile):
        signs(willa)
    writes(willa, words="Again.")
    assert signs(wim, fold=2).words == "Again."


def test_who_was_made_representative_by_the_writer_signs_nothing(wim: User, rosa: User) -> None:
    records(wim, rosa)
    RoleGrant.objects.filter(user=rosa).update(granted_by=str(subject_of(wim)))
    with pytest.raises(NamedByTheOther):
        signs(rosa)
    RoleGrant.objects.filter(user=rosa).update(granted_by="system")
    assert signs(rosa).signed_at == T0


def test_what_was_taken_back_stays_listed_and_in_the_record(wim: User, rosa: User) -> None:
    records(wim, rosa)
    reviews.take_back(seen=0, fold=1, taken_by=str(subject_of(rosa)), at=T0)
    [line] = reviews_taken_back()
    assert (line.recorded_by, line.taken_by) == (str(subject_of(wim)), str(subject_of(rosa)))
    assert AuditRow.objects.filter(action="review.taken_back", actor=str(subject_of(rosa))).count() == 1


def test_whoever_reviews_takes_back_what_nobody_is_left_to_take_back(wim: User, willa: User) -> None:
    writes(wim)
    RoleGrant.objects.filter(user=wim).update(revoked_at=T0)
    reviews.take_back(seen=0, fold=1, taken_by=str(subject_of(willa)), at=T0)
    assert len(reviews_taken_back()) == 1


@pytest.mark.parametrize("days", [365, 366])
def test_a_review_is_written_down_within_a_year(wim: User, rosa: User, days: int) -> None:
    if days == 365:
        assert records(wim, rosa, held_on=TODAY - days * DAY).held_on == TODAY - days * DAY
        return
    with pytest.raises(HeldTooLongAgo) as refused:
        records(wim, rosa, held_on=TODAY - days * DAY)
    assert refused.value.first == TODAY - 365 * DAY


# ── the reminder ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_since_when_the_pages_remind_is_noted_once(wim: User) -> None:
    begins = datetime(2027, 5, 9, tzinfo=timezone.get_default_timezone())
    assert not reviews.remind_next(at=begins - DAY)
    assert reviews.remind_next(at=begins)
    assert not reviews.remind_next(at=begins + DAY)
    assert LimitReview.objects.get().reminded_at == begins


def test_before_the_installation_nothing_is_due(db: None) -> None:
    assert not reviews.remind_next(at=T0)
    assert not LimitReview.objects.exists()
