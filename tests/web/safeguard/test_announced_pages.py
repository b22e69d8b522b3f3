"""A looser ceiling is announced on everybody's pages; who objects reads it alone, and nobody is told how many do."""

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from moderation.services import safeguards
from people.models import Reset, User
from tests import cast
from tests.cast import subject_of
from tests.promises.walking import read
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from wellbeing.models import ProposalObjection

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(wim: User, olga: User) -> str:
    """The page of what is announced."""
    at = timezone.now()
    one = safeguards.propose(
        kind="ceiling",
        target="seconds_3",
        value=9000,
        reason="A quiet year",
        proposed_by=str(subject_of(wim)),
        proposed_as="wellbeing_officer",
        at=at,
    )
    safeguards.sign(proposal_id=one.id, signed_by=str(subject_of(olga)), signed_as="operator", at=at)
    return f"/safeguard/proposals/{one.id}/"


def test_everybody_is_told_on_the_safeguard_and_who_judges_on_their_own_pages(
    address: str, moderator: Office, lead: Office, operator: Office
) -> None:
    for who in (moderator, lead, operator):
        text = who.opens("/safeguard/").text
        assert "Announced to everybody" in text
        assert "every moderator may object until" in text
        assert f"Olga, operator, {date_format(localtime(), 'j F Y')}" in text
    for page in ("/my-day/", "/desk/"):
        assert "You may object until" in moderator.opens(page).text


def test_leads_officers_and_operators_are_told_on_their_first_page(
    address: str, lead: Office, operator: Office, officer: Office
) -> None:
    for who, page in ((lead, "/lead/"), (operator, "/people/"), (officer, "/officer/")):
        assert "Moderators may object until" in who.opens(page).text


def test_whoever_may_be_another_neither_sees_nor_changes_an_objection(
    address: str, moderator: Office, alice: User
) -> None:
    moderator.posts(f"{address}object/").follows()
    reset = Reset.objects.create(
        user=alice, kind="password", made_at=timezone.now(), last_factor=0, last_grant=0
    )
    text = moderator.opens(address).text
    assert "Whether you object is yours alone." in text
    assert "You object." not in text
    assert "Object no more" not in text
    for act in ("object", "object-no-more"):
        assert moderator.posts(f"{address}{act}/").status == 409
        assert "Your sign-in was set anew by somebody else." in moderator.text
        assert "already" not in moderator.text
    assert ProposalObjection.objects.count() == 1
    reset.delete()
    assert "You object. Only you read this." in moderator.opens(address).text


def test_a_moderator_objects_and_takes_it_back(address: str, moderator: Office) -> None:
    assert "No reason is asked, and nobody is told." in moderator.opens(address).text
    moderator.posts(f"{address}object/")
    assert "You object. Nobody is told." in moderator.follows().text
    assert "You object. Only you read this." in moderator.text
    assert moderator.posts(f"{address}object/").status == 409
    assert "You object already." in moderator.text
    moderator.posts(f"{address}object-no-more/")
    assert "You object no more." in moderator.follows().text
    assert moderator.posts(f"{address}object-no-more/").status == 404


@pytest.mark.parametrize("role", ["lead", "wellbeing_officer", "auditor", "operator"])
def test_who_does_not_judge_cannot_object(address: str, role: str) -> None:
    who = works_today(cast.a_user("somebody", role, team=cast.a_team()))
    office = Office(signs_in(who), who)
    assert "nobody is told." not in office.opens(address).text
    for act in ("object", "object-no-more"):
        assert office.posts(f"{address}{act}/").status == 403
        assert office.opens(f"{address}{act}/").status == 405
    assert not ProposalObjection.objects.exists()


@pytest.mark.parametrize("role", ["lead", "wellbeing_officer", "auditor", "operator", "moderator"])
def test_nobody_else_can_tell_whether_somebody_objects(address: str, alice: User, role: str) -> None:
    """Two pages, before and after somebody objected, are the same letter by letter."""
    who = works_today(cast.a_user("somebody", role, team=cast.a_team()))
    client = signs_in(who)

    def pages() -> list[str]:
        return [
            "\n".join(
                line
                for line in read(client.get(page), page).splitlines()
                if not line.startswith(("expires:", "set-cookie:"))
            )
            for page in ("/safeguard/", address)
        ]

    before = pages()
    ProposalObjection.objects.create(proposal_id=address.split("/")[3], subject=subject_of(alice))
    assert pages() == before
