"""One-time links."""

from datetime import timedelta

import pytest

from audit.models import AuditRow
from people.exceptions import AlreadyDeactivated, InvitationGone, PasswordRefused
from people.models import Invitation, User
from people.selectors import roles_of
from people.services.accounts import deactivate
from people.services.invitations import Invited, accept_invitation, invite, new_link
from tests.cast import PASSWORD, T0

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


@pytest.fixture
def zoe(north) -> Invited:
    return invite(username="zoe", roles=["moderator"], team=north, actor="op", at=T0)


def test_an_invited_person_is_not_active_and_may_do_nothing(zoe: Invited):
    assert not zoe.user.is_active
    assert not zoe.user.has_usable_password()
    assert roles_of(zoe.user) == set()


def test_only_a_digest_of_the_link_is_stored(zoe: Invited):
    assert zoe.token not in str(Invitation.objects.values().get())
    assert zoe.token not in str(list(AuditRow.objects.values()))


def test_accepting_opens_the_account(zoe: Invited):
    user = accept_invitation(token=zoe.token, password=PASSWORD, at=T0 + WEEK - SECOND)
    assert user.is_active
    assert user.check_password(PASSWORD)
    assert roles_of(user) == {"moderator"}


def test_a_link_works_once(zoe: Invited):
    accept_invitation(token=zoe.token, password=PASSWORD, at=T0)
    with pytest.raises(InvitationGone):
        accept_invitation(token=zoe.token, password=PASSWORD + "!", at=T0)


def test_a_link_is_over_after_seven_days(zoe: Invited):
    with pytest.raises(InvitationGone):
        accept_invitation(token=zoe.token, password=PASSWORD, at=T0 + WEEK)


def test_a_link_that_never_was_opens_nothing(db: None):
    with pytest.raises(InvitationGone):
        accept_invitation(token="guess", password=PASSWORD, at=T0)


def test_an_easy_password_is_refused_and_the_link_still_works(zoe: Invited):
    with pytest.raises(PasswordRefused):
        accept_invitation(token=zoe.token, password="short", at=T0)
    assert accept_invitation(token=zoe.token, password=PASSWORD, at=T0).is_active


def test_a_fresh_link_ends_the_older_one(zoe: Invited):
    fresh = new_link(user=zoe.user, actor="op", at=T0 + SECOND)
    with pytest.raises(InvitationGone):
        accept_invitation(token=zoe.token, password=PASSWORD, at=T0 + SECOND)
    assert accept_invitation(token=fresh.token, password=PASSWORD, at=T0 + SECOND).is_active


def test_a_link_sets_a_new_password_for_who_forgot_theirs(alice: User):
    fresh = new_link(user=alice, actor="op", at=T0)
    accept_invitation(token=fresh.token, password="a wholly different sentence", at=T0)
    alice.refresh_from_db()
    assert alice.check_password("a wholly different sentence")


def test_a_link_ends_with_the_account(zoe: Invited):
    deactivate(user=zoe.user, reason="Did not come", actor="op", at=T0 + SECOND)
    with pytest.raises(InvitationGone):
        accept_invitation(token=zoe.token, password=PASSWORD, at=T0 + SECOND)


def test_an_ended_account_gets_no_link(alice: User):
    deactivate(user=alice, reason="Left us", actor="op", at=T0)
    with pytest.raises(AlreadyDeactivated):
        new_link(user=alice, actor="op", at=T0)
