"""A screen that was left open is no way to make a link, a role, a key or a signature, nor to read a person's record.

Each row was seen red without its decorator, and each again without what lets the posted words through.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from moderation.services import safeguards
from people.access import BEGAN
from people.models import ApiKey, Invitation, Platform, Reset, RoleGrant, User
from people.rules.sessions import PROOF_HOLDS
from people.services.platforms import issue_key
from tests import cast
from tests.cast import PASSWORD, subject_of
from tests.promises.walking import CLASSED
from tests.taxonomy import ensure_taxonomy
from tests.web.officer.steps import a_flag
from web.shared.fresh import SOMETHING
from wellbeing.models import Contact, Proposal, Question

pytestmark = pytest.mark.django_db
AGAIN = "/accounts/reauthenticate/"
NOTHING = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def no_attempts_from_other_tests() -> None:
    cache.clear()


def left_open(user: User) -> Client:
    """Return a browser in which *user* signed in a quarter of an hour ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[BEGAN] = (timezone.now() - PROOF_HOLDS).timestamp()
    session.save()
    return client


@dataclass
class House:
    """Everybody, and one of each thing that an address may name."""

    people: dict[str, User] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def house(alice: User, wim: User, rosa: User, olga: User, dana: User, lumen: Platform) -> House:
    ensure_taxonomy()
    key = issue_key(
        platform=lumen, scopes=["items:write"], live=True, expires_at=None, actor="op", at=cast.T0
    ).key
    made = safeguards.propose(
        kind="ceiling",
        target="seconds_3",
        value=600,
        reason="Less",
        proposed_by=str(subject_of(rosa)),
        proposed_as="representative",
        at=timezone.now(),
    )
    ids = {
        "person": alice.pk,
        "platform": lumen.pk,
        "key": key.pk,
        "flag": a_flag(alice).pk,
        "proposal": made.id,
        "reset": Reset.objects.create(
            user=dana, kind="password", made_at=cast.T0, last_factor=0, last_grant=0
        ).pk,
        "contact": Contact.objects.create(name="Line", phone="107", set_by="system", set_at=cast.T0).pk,
    }
    return House({"wim": wim, "rosa": rosa, "olga": olga, "dana": dana, "alice": alice}, ids)


READING = [
    ("wim", "/officer/people/{person}/"),
    ("wim", "/officer/flags/"),
    ("wim", "/officer/flags/{flag}/"),
    ("wim", f"/questions/{NOTHING}/"),
]
ACTING = [
    ("olga", "/people/invite/"),
    ("olga", "/people/{person}/roles/"),
    ("olga", "/people/{person}/link/"),
    ("olga", "/people/{person}/team/"),
    ("olga", "/people/{person}/country/"),
    ("olga", "/people/{person}/factor/"),
    ("olga", "/people/teams/"),
    ("wim", "/safeguard/sign-ins/{reset}/"),
    ("olga", "/people/{person}/deactivate/"),
    ("olga", "/people/platforms/{platform}/keys/"),
    ("olga", "/people/keys/{key}/revoke/"),
    ("wim", "/officer/people/{person}/measure/"),
    ("wim", "/officer/contracts/"),
    ("wim", f"/officer/contracts/{NOTHING}/end/"),
    ("wim", "/officer/flags/{flag}/"),
    ("wim", "/safeguard/proposals/{proposal}/sign/"),
    ("wim", "/reviews/"),
    ("wim", "/reviews/sign/"),
    ("rosa", "/reviews/"),
    ("wim", f"/questions/{NOTHING}/answer/"),
]
OPEN = [
    ("olga", "/people/"),
    ("olga", "/people/invite/"),
    ("olga", "/people/{person}/"),
    ("olga", "/people/platforms/"),
    ("wim", "/officer/"),
    ("wim", "/officer/people/"),
    ("wim", "/safeguard/proposals/{proposal}/"),
    ("wim", "/reviews/"),
    ("alice", "/desk/"),
    ("alice", "/my-day/"),
    ("dana", "/lead/"),
]


OFFICES = {"people/": "olga", "safeguard/": "wim", "officer/": "wim", "reviews/": "wim", "questions/": "wim"}
NOT_ASKED = {
    "people/announcements/<int:announcement_id>/away/": "everybody puts away what they have read",
    "people/invitation/<str:token>/": "nobody is signed in there; the link is the proof",
    "people/sign-in/": "a code of one's own second factor is the proof",
    "safeguard/proposals/<uuid:proposal_id>/object/": "a moderator's own choice, as at the desk",
    "safeguard/proposals/<uuid:proposal_id>/object-no-more/": "the same",
}
"""What a left screen may send in those offices, and why."""
PART = re.compile(r"<\w+:(\w+)>")


def is_asked(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer.headers["Location"].startswith(AGAIN))


def test_everything_that_a_left_screen_may_not_do_is_asked_about(house: House) -> None:
    for name, address in READING:
        assert is_asked(left_open(house.people[name]).get(address.format(**house.ids))), address
    for name, address in ACTING:
        assert is_asked(left_open(house.people[name]).post(address.format(**house.ids))), address
    typed = {"act": "propose", "value": "9", "reason": "More"}
    assert is_asked(left_open(house.people["wim"]).post("/safeguard/change/ceiling/work_seconds/", typed))


def test_every_act_of_an_office_is_asked_about_or_listed(house: House) -> None:
    values = {f"{name}_id": value for name, value in house.ids.items()}
    values |= {"kind": "ceiling", "target": "work_seconds"}
    seen = set()
    for route in CLASSED:
        names = [name for start, name in OFFICES.items() if route.startswith(start)]
        if not names:
            continue
        address = "/" + PART.sub(lambda part: str(values.get(part[1], NOTHING)), route)
        answer = left_open(house.people[names[0]]).post(
            address, {"act": "propose", "value": "9", "reason": "x"}
        )
        if answer.status_code != 405:
            seen.add(route)
            assert is_asked(answer) is (route not in NOT_ASKED), (route, answer.status_code)
    assert NOT_ASKED.keys() <= seen | {"people/announcements/<int:announcement_id>/away/"}
    assert len(seen) > 25


def test_nothing_happened_before_it_was_answered(house: House) -> None:
    before = counts()
    test_everything_that_a_left_screen_may_not_do_is_asked_about(house)
    assert counts() == before


def counts() -> list[int]:
    tables = (User, Invitation, ApiKey, RoleGrant, Proposal, Question)
    signed = Proposal.objects.exclude(signed_by="").count()
    revoked = ApiKey.objects.filter(revoked_at__isnull=False).count()
    return [*(table.objects.count() for table in tables), signed, revoked]


def test_other_pages_the_desk_and_tightening_are_not(house: House) -> None:
    for name, address in OPEN:
        assert not is_asked(left_open(house.people[name]).get(address.format(**house.ids), follow=False)), (
            address
        )
    beat = left_open(house.people["alice"]).post("/desk/beat", {"claim": "", "exposure": "", "holding": ""})
    assert beat.headers["Content-Type"].endswith("json")
    typed = {"act": "tighten", "severity": "4", "flags": [], "reason": "Less"}
    assert not is_asked(left_open(house.people["dana"]).post("/safeguard/change/category/SPAM_FRAUD/", typed))


def test_who_may_not_come_in_is_refused_and_not_asked(house: House) -> None:
    assert left_open(house.people["alice"]).get("/officer/flags/").status_code == 403
    assert left_open(house.people["dana"]).post(f"/people/{house.ids['person']}/link/").status_code == 403


def test_who_has_just_signed_in_is_not_asked(house: House) -> None:
    client = Client()
    client.force_login(house.people["wim"])
    assert client.get("/officer/flags/").status_code == 200


def proves(client: Client, asked: Any, password: str = PASSWORD) -> Any:
    """Answer the question as the page would: with the address that it names."""
    following = asked.headers["Location"].partition("next=")[2].replace("%2F", "/")
    assert f'value="{following}"' in client.get(asked.headers["Location"]).content.decode()
    return client.post(AGAIN, {"password": password, "next": following})


def test_what_was_typed_is_kept_and_goes_on(house: House) -> None:
    client = left_open(house.people["olga"])
    typed = {
        "username": "zoe",
        "display_name": "Zoë",
        "roles": ["moderator", "lead"],
        "zone": "Africa/Nairobi",
    }
    page = proves(client, client.post("/people/invite/", typed))
    assert "/people/invitation/" in page.content.decode()
    zoe = User.objects.get(username="zoe")
    assert zoe.display_name == "Zoë"
    assert zoe.role_grants.count() == 2


def test_what_was_refused_then_is_shown_again_and_its_form_goes_where_it_belongs(house: House) -> None:
    client = left_open(house.people["olga"])
    typed = {"username": "zoe", "display_name": "Zoë", "roles": ["lead", "auditor"], "zone": "UTC"}
    page = proves(client, client.post("/people/invite/", typed)).content.decode()
    assert "cannot be" in page
    assert 'action="/people/invite/"' in page
    assert 'value="Zoë"' in page


def test_every_form_that_may_be_shown_again_says_where_it_goes(house: House) -> None:
    """After the question a page answers at the question's own address."""
    pages = [
        ("olga", "/people/invite/"),
        ("olga", f"/people/platforms/{house.ids['platform']}/keys/"),
        ("wim", f"/officer/flags/{house.ids['flag']}/"),
        ("wim", f"/officer/people/{house.ids['person']}/"),
        ("wim", "/safeguard/change/ceiling/work_seconds/"),
        ("wim", "/reviews/"),
    ]
    for name, address in pages:
        client = Client()
        client.force_login(house.people[name])
        page = client.get(address).content.decode()
        assert '<form class="panel" method="post">' not in page, address
        assert 'method="post"' in page, address


def test_a_signature_is_given_after_the_proof_and_not_before(house: House) -> None:
    client = left_open(house.people["wim"])
    address = reverse("safeguard:sign", args=[house.ids["proposal"]])
    asked = client.post(address)
    wrong = proves(client, asked, "wrong")
    assert wrong.status_code == 200
    assert not Proposal.objects.get(pk=house.ids["proposal"]).signed_by
    proves(client, asked)
    assert Proposal.objects.get(pk=house.ids["proposal"]).signed_by == str(subject_of(house.people["wim"]))


@pytest.mark.parametrize("page", [AGAIN, "/accounts/2fa/reauthenticate/"])
def test_the_page_that_asks_says_what_goes_on(house: House, page: str) -> None:
    """Somebody else may have left it there."""
    client = left_open(house.people["olga"])
    address = f"/people/{house.ids['person']}/roles/"
    client.post(address, {"roles": ["operator"]})
    assert "Saving the roles of a person" in client.get(page, {"next": address}).content.decode()
    assert (
        "Saving the roles"
        in client.post(page, {"next": address, "password": "", "code": ""}).content.decode()
    )
    assert "waits for you" not in client.get(page, {"next": "/people/invite/"}).content.decode()


def test_every_act_that_waits_has_words(house: House) -> None:
    for name, address in ACTING:
        client = left_open(house.people[name])
        asked = client.post(address.format(**house.ids))
        page = client.get(asked.headers["Location"]).content.decode()
        assert "This waits for you" in page, address
        assert str(SOMETHING) not in page, address


def test_a_proof_holds_for_a_quarter_of_an_hour_and_no_longer(house: House) -> None:
    client = left_open(house.people["wim"])
    address = f"/officer/people/{house.ids['person']}/"
    assert proves(client, client.get(address)).headers["Location"] == address
    assert client.get(address).status_code == 200
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= PROOF_HOLDS.total_seconds()
    session.save()
    assert is_asked(client.get(address))


def test_a_proof_of_before_is_no_proof_in_another_session(house: House) -> None:
    proves(first := left_open(house.people["wim"]), first.get("/officer/flags/"))
    assert is_asked(left_open(house.people["wim"]).get("/officer/flags/"))
