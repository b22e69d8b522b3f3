"""Nobody makes the second person that confirming and signing ask for, alone and within minutes.

Seen red without each of: the 7 days, the exception for a new installation's first, the first's own limit of 7 days,
``has_representative`` after the end, each of the three hands, and the hands behind hands.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from moderation.services import safeguards
from people.access import confirmer_for, guardian_for, record_reader_for, reviewer_for
from people.exceptions import NamedByTheMaker, NotYet
from people.models import Announcement, Invitation, Organisation, RoleGrant, User
from people.rules.tenure import counts_from
from people.selectors import hands_behind, has_representative, is_unconfirmed, nobody_elected_from
from people.selectors.resets import waiting_for_confirmation
from people.services.accounts import deactivate, grant_roles, set_roles
from people.services.invitations import accept_invitation, invite, new_link
from people.services.resets import sign
from tests.cast import T0, a_second_factor, a_user, subject_of
from tests.taxonomy import ensure_taxonomy
from wellbeing.exceptions import NamedByTheOther

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
LATER = T0 + 200 * DAY
COUNTS = LATER + 7 * DAY
OFFICER, REPRESENTATIVE, OPERATOR = "wellbeing_officer", "representative", "operator"
NEW = "a wholly different sentence"


def me(user: User) -> str:
    return str(subject_of(user))


def invited_by(maker: User, name: str, *roles: str, at: datetime = LATER) -> User:
    fresh = invite(username=name, roles=roles, actor=me(maker), at=at)
    user = accept_invitation(token=fresh.token, password=NEW, at=at)
    a_second_factor(user)
    return user


def reset_by(maker: User, user: User, *, at: datetime = LATER) -> int:
    fresh = new_link(user=user, actor=me(maker), at=at)
    accept_invitation(token=fresh.token, password=NEW, at=at)
    return waiting_for_confirmation()[0].id


@pytest.mark.parametrize(
    ("granted", "first", "installed", "counts"),
    [
        (0, 0, 0, 0),  # a new installation's first
        (6, 6, 0, 6),
        (7, 7, 0, 14),  # the first of its role, of an installation that is new no more
        (6, 3, 0, 13),  # somebody holds it longer, or held it
        (200, 0, 0, 207),
        (0, 0, None, 7),
    ],
)
def test_from_when_a_role_counts(granted: int, first: int, installed: int | None, counts: int) -> None:
    told = counts_from(
        granted_at=T0 + granted * DAY,
        first_granted_at=T0 + first * DAY,
        installed_at=None if installed is None else T0 + installed * DAY,
    )
    assert told == T0 + counts * DAY


def test_the_second_that_makes_an_installation_new_no_more() -> None:
    for granted, counts in ((T0 + 7 * DAY - SECOND, T0 + 7 * DAY - SECOND), (T0 + 7 * DAY, T0 + 14 * DAY)):
        assert counts_from(granted_at=granted, first_granted_at=granted, installed_at=T0) == counts


def test_one_operator_becomes_nobody_with_puppets(olga: User, wim: User, rosa: User, alice: User) -> None:
    """As it was done: three links, opened by their maker; then a link for a moderator, confirmed by the puppets."""
    second = invited_by(olga, "second", OPERATOR)
    officer, speaker = invited_by(olga, "officer", OFFICER), invited_by(olga, "speaker", REPRESENTATIVE)
    reset = reset_by(second, alice)
    for at, why in ((COUNTS - SECOND, NotYet), (COUNTS, NamedByTheMaker)):
        for puppet in (officer, speaker):
            with pytest.raises(why):
                sign(reset_id=reset, signer=puppet, way="call", at=at)
    assert is_unconfirmed(alice)
    sign(reset_id=reset, signer=wim, way="call", at=COUNTS)
    sign(reset_id=reset, signer=rosa, way="call", at=COUNTS)
    assert not is_unconfirmed(alice)


def test_whom_the_confirming_concerns_made_nobody_who_confirms(alice: User, rosa: User) -> None:
    officer = invited_by(alice, "officer", OFFICER)
    User.objects.filter(pk=alice.pk).update(password="set at a terminal")
    reset = waiting_for_confirmation()[0].id
    with pytest.raises(NamedByTheMaker):
        sign(reset_id=reset, signer=officer, way="call", at=COUNTS)


@pytest.mark.parametrize("hand", ["role", "link", "reset"])
def test_after_90_days_it_is_no_hand_any_more(wim: User, olga: User, hand: str) -> None:
    if hand == "role":
        grant_roles(user=wim, roles=[REPRESENTATIVE], actor=me(olga), at=LATER)
    elif hand == "link":
        Invitation.objects.create(
            user=wim, digest="d", created_at=LATER, expires_at=LATER, used_at=LATER, made_by=me(olga)
        )
    else:
        reset_by(olga, wim)
        Invitation.objects.all().delete()
    for days, is_one in ((0, True), (90, False)):
        at = LATER + days * DAY
        assert (me(olga) in hands_behind({me(wim)}, at=at)) is is_one
        assert (me(olga) in hands_behind({me(wim)}, at=at - SECOND)) is True


def test_a_link_that_was_never_used_and_a_terminal_are_no_hands(wim: User, olga: User) -> None:
    new_link(user=wim, actor=me(olga), at=LATER)
    set_roles(user=wim, roles=[OFFICER, REPRESENTATIVE], actor="system", at=LATER)
    assert hands_behind({me(wim), "", "system"}, at=LATER) == {me(wim)}


@pytest.mark.parametrize("door", [guardian_for, confirmer_for, record_reader_for, reviewer_for])
def test_the_doors_of_somebody_newly_named_open_after_seven_days(
    wim: User, door: Callable[[User, datetime], object]
) -> None:
    zara = a_user("zara")
    set_roles(user=zara, roles=[OFFICER], actor="system", at=LATER)
    a_second_factor(zara)
    with pytest.raises(NotYet) as refused:
        door(zara, COUNTS - SECOND)
    assert refused.value.counts_from == COUNTS
    assert door(zara, COUNTS)
    assert door(wim, LATER)


def test_who_lost_the_role_and_is_given_it_again_waits_again(wim: User) -> None:
    set_roles(user=wim, roles=[], actor="system", at=LATER - DAY)
    set_roles(user=wim, roles=[OFFICER], actor="system", at=LATER)
    with pytest.raises(NotYet):
        record_reader_for(wim, COUNTS - SECOND)


def test_a_new_installations_first_begin_at_once(db: None) -> None:
    Organisation.objects.create(name="New", created_at=LATER)
    zara = a_user("zara")
    set_roles(user=zara, roles=[OFFICER], actor="system", at=LATER + DAY)
    a_second_factor(zara)
    assert guardian_for(zara, LATER + DAY).role == OFFICER


def test_nobody_signs_what_was_proposed_by_somebody_they_named(wim: User, olga: User, alice: User) -> None:
    ensure_taxonomy()
    officer = invited_by(olga, "officer", OFFICER)
    facts: dict[str, Any] = {"kind": "ceiling", "target": "seconds_3", "value": 9000, "reason": "Quiet"}
    with pytest.raises(NotYet):
        safeguards.propose(**facts, proposed_by=me(officer), proposed_as=OFFICER, at=LATER)
    made = safeguards.propose(**facts, proposed_by=me(officer), proposed_as=OFFICER, at=COUNTS)
    with pytest.raises(NamedByTheOther):
        safeguards.sign(proposal_id=made.id, signed_by=me(olga), signed_as=OPERATOR, at=COUNTS)
    safeguards.sign(proposal_id=made.id, signed_by=me(wim), signed_as=OFFICER, at=COUNTS)


def test_who_was_named_too_lately_signs_nothing(wim: User, rosa: User, olga: User) -> None:
    ensure_taxonomy()
    facts: dict[str, Any] = {"kind": "ceiling", "target": "seconds_3", "value": 9000, "reason": "Quiet"}
    made = safeguards.propose(**facts, proposed_by=me(wim), proposed_as=OFFICER, at=LATER)
    zara = a_user("zara")
    set_roles(user=zara, roles=[REPRESENTATIVE], actor="system", at=LATER)
    with pytest.raises(NotYet):
        safeguards.sign(proposal_id=made.id, signed_by=me(zara), signed_as=REPRESENTATIVE, at=COUNTS - SECOND)
    safeguards.sign(proposal_id=made.id, signed_by=me(zara), signed_as=REPRESENTATIVE, at=COUNTS)


@pytest.mark.parametrize("way", ["taken", "ended"])
def test_nobody_is_elected_only_14_days_after_the_last(olga: User, rosa: User, way: str) -> None:
    assert has_representative(at=LATER)
    assert nobody_elected_from(at=LATER) is None
    if way == "taken":
        set_roles(user=rosa, roles=[], actor=me(olga), at=LATER)
    else:
        deactivate(user=rosa, reason="gone", actor=me(olga), at=LATER)
    over = LATER + 14 * DAY
    for at, stands in ((LATER, True), (over - SECOND, True), (over, False)):
        assert has_representative(at=at) is stands
        assert nobody_elected_from(at=at) == (over if stands else None)
    with pytest.raises(PermissionDenied):
        guardian_for(olga, over - SECOND)
    assert guardian_for(olga, over).role == OPERATOR


@pytest.mark.parametrize("role", [OFFICER, REPRESENTATIVE, "auditor", OPERATOR])
def test_giving_and_taking_are_announced(olga: User, role: str) -> None:
    zara = a_user("zara")
    set_roles(user=zara, roles=[role], actor=me(olga), at=LATER)
    set_roles(user=zara, roles=[], actor=me(olga), at=LATER)
    told = Announcement.objects.order_by("id").values_list("role", "is_ended")
    assert list(told) == [(role, False), (role, True)]


def test_an_account_that_ends_takes_its_roles_along_and_that_is_announced(olga: User, rosa: User) -> None:
    deactivate(user=rosa, reason="gone", actor=me(olga), at=LATER)
    assert list(Announcement.objects.values_list("role", "is_ended")) == [(REPRESENTATIVE, True)]
    assert RoleGrant.objects.get(user=rosa).revoked_at is None
