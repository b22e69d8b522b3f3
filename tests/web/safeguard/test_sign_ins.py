"""The pages on which officer and representative confirm, together, that somebody is themselves.

The rules are in ``tests/people/test_resets.py``. Seen red without ``for_confirmers``, and with the counts told to all readers.
"""

import pytest
from django.utils import timezone

from people.models import Reset, User
from people.selectors import is_unconfirmed, subject_of
from people.services.invitations import accept_invitation, new_link
from people.services.resets import take_factors_away
from tests import cast
from tests.web.lead.office import Office, signs_in

pytestmark = pytest.mark.django_db
HERE = "/safeguard/sign-ins/"


@pytest.fixture
def waits(alice: User, wim: User, rosa: User, olga: User) -> User:
    """Alice, for whom olga made a link."""
    fresh = new_link(user=alice, actor=str(subject_of(olga)), at=timezone.now())
    return accept_invitation(token=fresh.token, password="known to whoever made it", at=timezone.now())


def office(user: User) -> Office:
    return Office(signs_in(user), user)


def page_of(user: User) -> str:
    return f"{HERE}{Reset.objects.filter(user=user).latest('id').pk}/"


def test_both_sign_and_the_person_is_confirmed(waits: User, wim: User, rosa: User) -> None:
    first, second = office(wim), office(rosa)
    assert "Alice" in first.opens(HERE).text
    assert "Is it Alice who signs in?" in first.opens(page_of(waits)).text
    assert "a second person signs" in first.posts(page_of(waits), way="in_person").follows().text
    assert "Wim, wellbeing officer, in person" in second.opens(page_of(waits)).text
    assert "open to them again" in second.posts(page_of(waits), way="call").follows().text
    assert not is_unconfirmed(waits)
    assert "Nobody waits." in first.opens(HERE).text
    assert first.opens(page_of(waits)).status == 404
    told = office(waits).opens("/people/sign-in/").text
    assert "Wim, wellbeing officer, in person" in told
    assert "Rosa, representative, by a call" in told


@pytest.mark.parametrize("again", ["twice", "done"])
def test_who_signs_once_more_is_told_why_not(waits: User, wim: User, rosa: User, again: str) -> None:
    desk, address = office(wim), page_of(waits)
    desk.posts(address, way="call")
    if again == "done":
        office(rosa).posts(address, way="call")
    said = desk.posts(address, way="call").follows().text
    assert ("You have signed this." if again == "twice" else "Nothing waits there any more") in said


def test_it_is_asked_how_they_know(waits: User, wim: User) -> None:
    desk = office(wim).posts(page_of(waits))
    assert desk.status == 422
    assert "This field is required." in desk.text
    assert not Reset.objects.get().signatures.exists()


def test_who_made_the_link_is_refused(alice: User, wim: User) -> None:
    fresh = new_link(user=alice, actor=str(subject_of(wim)), at=timezone.now())
    accept_invitation(token=fresh.token, password="known to whoever made it", at=timezone.now())
    assert "Somebody else signs." in office(wim).posts(page_of(alice), way="call").follows().text


@pytest.mark.parametrize("role", ["moderator", "lead", "auditor", "operator"])
def test_no_other_role_gets_there(waits: User, role: str) -> None:
    desk = office(cast.a_user("norma", role))
    assert desk.opens(HERE).status == desk.opens(page_of(waits)).status == 403
    assert desk.posts(page_of(waits), way="call").status == 403


def test_who_waits_themselves_gets_no_further_than_their_own_page(waits: User, wim: User) -> None:
    take_factors_away(user=wim, actor="op", at=timezone.now())
    wim.refresh_from_db()
    cast.a_second_factor(wim)
    desk = office(wim)
    for address in (HERE, page_of(waits), "/officer/", "/questions/", "/reviews/"):
        assert desk.opens(address).last.headers["Location"] == "/people/sign-in/"
    assert desk.posts(page_of(waits), way="call").last.headers["Location"] == "/people/sign-in/"
    assert desk.opens("/safeguard/").status == 200
    assert "You may propose" not in desk.text


def test_how_often_is_told_to_officer_and_representative_as_counts(
    waits: User, wim: User, rosa: User, olga: User, dana: User
) -> None:
    told = "In 12 months 1 sign-in was set anew by somebody else. 1 person waits for a confirmation."
    for user, is_told in ((wim, True), (rosa, True), (olga, False), (dana, False), (waits, False)):
        page = office(user).opens("/safeguard/").text
        assert (told in page) is is_told
        assert "Alice" not in page.replace("Alice Sign out", "")
