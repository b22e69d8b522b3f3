"""Where nobody is elected representative, a looser ceiling is announced 14 days before, and void when a third object (P6).

Seen red without ``must_announce``, with the state left out of ``_lock_announced``, with objections of people who do not judge
counted, without the deletion of objections, and without ``has_representative`` in ``settle_next``.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from audit.models import AuditRow
from moderation.services import safeguards
from people.models import RoleGrant, User
from tests.cast import T0, a_user, subject_of
from tests.taxonomy import ensure_taxonomy
from wellbeing.exceptions import AlreadyEnded, AlreadyObjected, AlreadyProposed, NotAnnounced, NotFound
from wellbeing.limits.rules.announcing import is_void
from wellbeing.limits.selectors.in_scope import ceiling_as_written
from wellbeing.limits.selectors.overview import objects_to
from wellbeing.limits.services import proposals
from wellbeing.models import LimitRow, Proposal, ProposalObjection

pytestmark = pytest.mark.django_db

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
OVER = T0 + 14 * DAY
OFFICER, OPERATOR = "wellbeing_officer", "operator"


@pytest.fixture(autouse=True)
def shipped(db: None) -> None:
    ensure_taxonomy()


@pytest.fixture
def six(db: None) -> list[User]:
    return [a_user(f"moderator{number}", "moderator") for number in range(6)]


@pytest.fixture
def announced(wim: User, olga: User) -> UUID:
    return signed(proposed(wim), olga)


def me(user: User) -> str:
    return str(subject_of(user))


def proposed(by: User, value: Any = 9000, *, kind: str = "ceiling", target: str = "seconds_3") -> UUID:
    facts: dict[str, Any] = {"kind": kind, "target": target, "value": value, "reason": "A quiet year"}
    return safeguards.propose(**facts, proposed_by=me(by), proposed_as=OFFICER, at=T0).id


def signed(proposal_id: UUID, by: User, as_: str = OPERATOR, *, at: datetime = T0) -> UUID:
    safeguards.sign(proposal_id=proposal_id, signed_by=me(by), signed_as=as_, at=at)
    return proposal_id


def objects(user: User, proposal_id: UUID, *, at: datetime = T0 + DAY) -> None:
    proposals.object_to(proposal_id=proposal_id, subject=subject_of(user), at=at)


def settles(at: datetime = OVER) -> bool:
    return safeguards.settle_next(at=at)


def state() -> str:
    return Proposal.objects.get().state


@pytest.mark.parametrize(
    ("objections", "moderators", "void"),
    [(0, 0, False), (0, 6, False), (1, 6, False), (2, 6, True), (2, 7, False), (3, 7, True), (1, 1, True)],
)
def test_a_third_is_enough(objections: int, moderators: int, void: bool) -> None:
    assert is_void(objections=objections, moderators=moderators) is void


def test_it_holds_only_after_fourteen_days(announced: UUID, six: list[User]) -> None:
    assert state() == "announced"
    assert not LimitRow.objects.exists()
    assert not settles(OVER - SECOND)
    assert settles()
    assert not settles()
    assert (state(), ceiling_as_written("seconds_3", at=OVER)) == ("adopted", 9000)
    assert list(AuditRow.objects.order_by("pk").values_list("action", flat=True))[:3] == [
        "proposal.made",
        "proposal.signed",
        "proposal.announced",
    ]


def test_a_tighter_ceiling_holds_at_once(wim: User, olga: User) -> None:
    signed(proposed(wim, 3600), olga)
    assert (state(), ceiling_as_written("seconds_3", at=T0)) == ("adopted", 3600)


def test_with_somebody_elected_nothing_is_announced(wim: User, rosa: User) -> None:
    signed(proposed(wim), rosa, "representative")
    assert state() == "adopted"


def test_it_is_void_when_a_third_object_and_nothing_is_told_before(announced: UUID, six: list[User]) -> None:
    before = list(AuditRow.objects.values())
    for moderator in six[:2]:
        objects(moderator, announced)
    assert (state(), list(AuditRow.objects.values())) == ("announced", before)
    assert settles()
    assert (state(), ceiling_as_written("seconds_3", at=OVER)) == ("void", 7200)
    assert not ProposalObjection.objects.exists()


def test_fewer_than_a_third_change_nothing_and_are_forgotten(announced: UUID, six: list[User]) -> None:
    objects(six[0], announced)
    assert settles()
    assert state() == "adopted"
    assert not ProposalObjection.objects.exists()


def test_an_objection_is_taken_back(announced: UUID, six: list[User]) -> None:
    for moderator in six[:2]:
        objects(moderator, announced)
    proposals.take_objection_back(proposal_id=announced, subject=subject_of(six[0]), at=T0 + 2 * DAY)
    assert [objects_to(subject_of(one), announced) for one in six[:2]] == [False, True]
    with pytest.raises(NotFound):
        proposals.take_objection_back(proposal_id=announced, subject=subject_of(six[0]), at=T0 + 2 * DAY)
    assert settles()
    assert state() == "adopted"


def test_nobody_objects_twice_nor_too_late_nor_without_judging(
    announced: UUID, six: list[User], dana: User, wim: User
) -> None:
    objects(six[0], announced, at=OVER - SECOND)
    with pytest.raises(AlreadyObjected):
        objects(six[0], announced)
    with pytest.raises(NotAnnounced):
        objects(six[1], announced, at=OVER)
    for other in (dana, wim):
        with pytest.raises(NotFound):
            objects(other, announced)


def test_who_left_counts_neither_way(announced: UUID, six: list[User]) -> None:
    for moderator in six[:2]:
        objects(moderator, announced)
    RoleGrant.objects.filter(user=six[0]).update(revoked_at=T0 + 2 * DAY)
    assert settles()
    assert state() == "adopted"


def test_only_what_is_announced_can_be_objected_to(wim: User, olga: User, six: list[User]) -> None:
    waiting = proposed(wim)
    with pytest.raises(NotAnnounced):
        objects(six[0], waiting)


def test_nothing_else_about_it_is_proposed_and_nobody_signs_it_again(
    announced: UUID, wim: User, olga: User
) -> None:
    with pytest.raises(AlreadyProposed):
        proposed(wim, 8000)
    with pytest.raises(AlreadyEnded):
        signed(announced, a_user("willa", OFFICER), OFFICER)


def test_it_may_be_withdrawn_while_it_is_announced(announced: UUID, wim: User, six: list[User]) -> None:
    objects(six[0], announced)
    safeguards.withdraw(proposal_id=announced, withdrawn_by=me(wim), at=T0 + DAY)
    assert state() == "withdrawn"
    assert not ProposalObjection.objects.exists()
    assert not settles()


def test_somebody_elected_meanwhile_signs_first(announced: UUID, six: list[User]) -> None:
    rosa = a_user("rosa", "representative")
    assert settles()
    assert (state(), Proposal.objects.get().signed_by) == ("open", "")
    assert not LimitRow.objects.exists()
    signed(announced, rosa, "representative", at=OVER)
    assert state() == "adopted"


def test_what_has_changed_meanwhile_is_taken_back(announced: UUID, wim: User, six: list[User]) -> None:
    LimitRow.objects.create(
        scope="ceiling", name="seconds_3", value=6000, set_at=T0 + DAY, set_by="system", follows=0
    )
    assert settles()
    assert (state(), ceiling_as_written("seconds_3", at=OVER)) == ("withdrawn", 6000)
