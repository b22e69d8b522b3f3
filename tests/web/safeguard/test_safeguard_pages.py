"""The safeguard's pages: read by everybody, tightened by one, loosened by two.

Seen red without ``may_tighten`` and ``guardian`` in the views of ``tighten``, ``propose``, ``sign`` and ``withdraw``.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from people.models import Announcement, Organisation, RoleGrant, User
from people.services.accounts import set_roles
from tests import cast
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from wellbeing.limits.selectors.overview import ceiling_lines
from wellbeing.models import Proposal

pytestmark = pytest.mark.django_db

HERE = "/safeguard/"
CEILING = "/safeguard/change/ceiling/seconds_3/"
CATEGORY = "/safeguard/change/category/HATE/"
WEIGHT = "/safeguard/change/weight/severity_3/"
SHIELD = "/safeguard/change/shield/start_samples/"
ADDRESSES = [HERE, CEILING, CATEGORY, WEIGHT, SHIELD]
HATE = {"severity": "2", "flags": ["T"], "is_enabled": "on"}


def proposes(who: Office, address: str = CEILING, **fields: object) -> Office:
    return who.posts(address, **{"act": "propose", "value": "130", "reason": "the election month", **fields})


def proposal() -> str:
    return f"/safeguard/proposals/{Proposal.objects.get().pk}/"


def ceiling(name: str = "seconds_3") -> tuple[int, int | None]:
    line = next(one for one in ceiling_lines(timezone.now()) if one.name == name)
    return line.value, line.waiting


@pytest.mark.parametrize(
    "role", ["moderator", "lead", "wellbeing_officer", "representative", "auditor", "operator"]
)
@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_who_works_here_reads_it(north, role: str, address: str) -> None:
    answer = signs_in(works_today(cast.a_user("somebody", role, team=north))).get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_is_signed_out_or_has_no_role_does_not(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/accounts/login/")
    assert signs_in(cast.a_user("nobody")).get(address).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["ceiling/nothing", "category/NOTHING", "weight/severity_9", "shield/x", "nothing/x", "ceiling/%00"],
)
def test_what_does_not_exist_is_not_there(officer: Office, address: str) -> None:
    assert officer.opens(f"/safeguard/change/{address}/").status == 404
    assert officer.posts(f"/safeguard/change/{address}/", act="propose", value="1", reason="x").status == 404


def test_the_methods_are_kept(officer: Office, rosa: User) -> None:
    proposes(officer)
    assert officer.client.post(HERE).status_code == 405
    assert officer.client.put(CEILING).status_code == 405
    assert officer.client.post(proposal()).status_code == 405
    for act in ("sign", "withdraw"):
        assert officer.client.get(f"{proposal()}{act}/").status_code == 405


def test_an_act_is_a_post_with_its_token(wim: User, rosa: User, officer: Office) -> None:
    proposes(officer)
    client = Client(enforce_csrf_checks=True)
    client.force_login(rosa)
    for address in (CEILING, f"{proposal()}sign/", f"{proposal()}withdraw/"):
        assert client.post(address).status_code == 403
    assert Proposal.objects.get().state == "open"


def test_a_ceiling_moves_when_two_have_signed_and_both_names_stay(
    officer: Office, representative: Office
) -> None:
    text = proposes(officer).follows().text
    assert "Proposed. Nothing changes before a second person signs." in text
    assert "You proposed it, so somebody else signs." in text
    assert ceiling() == (7200, None)
    text = representative.opens(HERE).text
    assert (
        "Minutes at severity 3 and up at most 120 min → to at most 130 min looser Wim, wellbeing officer, "
        in text
    )
    representative.opens(proposal())
    assert "Sign it as the second person" in representative.text
    text = representative.posts(f"{proposal()}sign/").follows().text
    assert "Signed by two people." in text
    assert ceiling() == (7200, 7800)
    text = representative.opens(HERE).text
    assert "looser: at most 130 min, from the next local day" in text
    assert "signed Wim, wellbeing officer, " in text
    assert "Rosa, representative, " in text


def test_a_tighter_ceiling_needs_two_as_well(officer: Office, representative: Office) -> None:
    proposes(officer, value="100")
    assert "tighter" in officer.follows().text
    assert "Once it is signed, it holds at once, on every open desk." in officer.text
    representative.posts(f"{proposal()}sign/")
    assert ceiling() == (6000, None)


def test_nobody_signs_their_own(officer: Office, rosa: User) -> None:
    proposes(officer)
    officer.posts(f"{proposal()}sign/")
    assert officer.status == 409
    assert "Two people sign. You proposed it, so somebody else signs." in officer.text
    assert ceiling() == (7200, None)


def test_the_operator_signs_only_while_nobody_is_elected(
    officer: Office, operator: Office, rosa: User
) -> None:
    proposes(officer)
    assert operator.posts(f"{proposal()}sign/").status == 403
    ended = RoleGrant.objects.filter(user=rosa)
    ended.update(revoked_at=timezone.now() - timedelta(days=13, hours=23))
    assert "nobody signs in their place" in operator.opens(HERE).text
    assert operator.posts(f"{proposal()}sign/").status == 403
    ended.update(revoked_at=timezone.now() - timedelta(days=14))
    assert "a second officer or the operator" in operator.opens(HERE).text
    assert operator.posts(f"{proposal()}sign/").status == 302
    assert "Announced to everybody." in operator.follows().text
    assert ceiling() == (7200, None)


def test_two_officers_are_not_enough_while_somebody_is_elected(officer: Office, rosa: User) -> None:
    proposes(officer)
    other = Office(signs_in(cast.a_user("willa", "wellbeing_officer")), cast.an_organisation())  # type: ignore[arg-type]
    assert "Two people sign: the wellbeing officer and a representative." in other.opens(proposal()).text
    assert "Sign it as the second person" not in other.text
    other.posts(f"{proposal()}sign/")
    assert other.status == 409
    assert ceiling() == (7200, None)


@pytest.mark.parametrize("role", ["moderator", "lead", "auditor"])
def test_who_is_no_guardian_neither_proposes_nor_signs_nor_withdraws(
    officer: Office, rosa: User, north, role: str
) -> None:
    proposes(officer)
    somebody = Office(signs_in(works_today(cast.a_user("somebody", role, team=north))), rosa)
    assert proposes(somebody, WEIGHT, value="1").status == 403
    for act in ("sign", "withdraw"):
        assert somebody.posts(f"{proposal()}{act}/").status == 403
    assert "Sign it" not in somebody.opens(proposal()).text
    assert Proposal.objects.get().state == "open"


def test_a_proposal_is_withdrawn_and_may_be_made_again(officer: Office, representative: Office) -> None:
    proposes(officer)
    first = proposal()
    assert "Withdrawn. Nothing changed." in representative.posts(f"{first}withdraw/").follows().text
    officer.posts(f"{first}withdraw/")
    assert officer.status == 409
    assert "This proposal was withdrawn before." in officer.text
    representative.posts(f"{first}sign/")
    assert representative.status == 409
    assert proposes(officer).status == 302
    assert ceiling() == (7200, None)


def test_one_proposal_at_a_time_about_one_thing(officer: Office, representative: Office) -> None:
    proposes(officer)
    proposes(representative)
    assert representative.status == 422
    assert "A proposal for this is open." in representative.text
    assert "waits for a second signature. See it" in representative.text


@pytest.mark.parametrize(
    ("address", "fields", "says"),
    [
        (CEILING, {"value": "120"}, "That is the value already."),
        (CEILING, {"value": "-1"}, "Write minutes from 0"),
        (CEILING, {"value": "9999"}, "A value from 0 min to 1440 min makes sense here."),
        (CEILING, {"value": "100", "reason": ""}, "This field is required."),
        (CEILING, {"value": "100", "reason": "\u200f"}, "Say why, please."),
        (CEILING, {"value": "100", "reason": "x" * 1001}, "at most 1000 characters"),
        (WEIGHT, {"value": "21"}, "less than or equal to 20"),
        (WEIGHT, {"value": "3"}, "That is not looser than what holds."),
        (WEIGHT, {"value": "x"}, "Enter a number."),
        (SHIELD, {"value": "8"}, "A value from 16 samples to 64 samples makes sense here."),
        (SHIELD, {"value": ""}, "This field is required."),
        (CATEGORY, {"severity": "7"}, "Select a valid choice."),
        (CATEGORY, {**HATE, "flags": ["Z"]}, "Select a valid choice."),
        (CATEGORY, HATE, "That is the value already."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_proposed(
    officer: Office, address: str, fields: dict[str, object], says: str
) -> None:
    proposes(officer, address, **fields)
    assert officer.status == 422
    assert says in officer.text
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("address", "fields", "shows"),
    [
        (CATEGORY, {**HATE, "severity": "3"}, "Now: severity 3 · graphic (mostly text)."),
        (CATEGORY, {**HATE, "flags": ["V", "T"]}, "Now: severity 2 · distressing (violent, mostly text)."),
        (WEIGHT, {"value": "2.5"}, "Now: 2.50."),
        (SHIELD, {"value": "20"}, "Now: 20 samples."),
    ],
)
def test_a_lead_tightens_at_once_with_a_reason(
    lead: Office, address: str, fields: dict[str, object], shows: str
) -> None:
    text = lead.posts(address, act="tighten", reason="what we saw this week", **fields).follows().text
    assert "It is set, and holds now." in text
    assert shows in text
    assert "Dana, " in text
    assert "“what we saw this week”" in text


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (CATEGORY, {**HATE, "severity": "1"}),
        (WEIGHT, {"value": "1"}),
        (SHIELD, {"value": "40"}),
        (CATEGORY, HATE),
    ],
)
def test_a_lead_loosens_nothing(lead: Office, address: str, fields: dict[str, object]) -> None:
    before = lead.opens(address).text
    lead.posts(address, act="tighten", reason="faster", **fields)
    assert lead.status == 422
    assert "That protects less than what holds, or changes nothing." in lead.text
    assert lead.opens(address).text == before


def test_a_ceiling_is_not_a_leads_to_tighten_either(lead: Office) -> None:
    lead.posts(CEILING, act="tighten", value="100", reason="x")
    assert lead.status == 422
    assert "What the organisation allows moves only when two people sign." in lead.text


@pytest.mark.parametrize("role", ["moderator", "representative", "auditor", "operator"])
def test_other_roles_tighten_nothing(north, role: str) -> None:
    somebody = Office(signs_in(works_today(cast.a_user("somebody", role, team=north))), None)  # type: ignore[arg-type]
    assert somebody.posts(WEIGHT, act="tighten", value="3", reason="x").status == 403


def test_a_lower_category_is_signed_by_two(officer: Office, representative: Office) -> None:
    proposes(officer, CATEGORY, **{**HATE, "severity": "1"})
    assert "Hate, dehumanisation" in officer.follows().text
    assert (
        "severity 2 · distressing (mostly text) → to severity 1 · unpleasant (mostly text) looser"
        in officer.text
    )
    representative.posts(f"{proposal()}sign/")
    assert (
        "looser: severity 1 · unpleasant (mostly text), from the next local day"
        in representative.opens(HERE).text
    )


def test_a_proposal_that_no_longer_fits_is_not_signed(
    officer: Office, representative: Office, lead: Office
) -> None:
    proposes(officer, WEIGHT, value="1")
    lead.posts(WEIGHT, act="tighten", value="3", reason="x")
    representative.posts(f"{proposal()}sign/")
    assert representative.status == 409
    assert "What this proposal would change has changed since." in representative.text
    assert Proposal.objects.get().state == "open"


def test_there_is_no_such_proposal(officer: Office) -> None:
    for act in ("", "sign/", "withdraw/"):
        address = f"/safeguard/proposals/{uuid4()}/{act}"
        assert (officer.posts(address) if act else officer.opens(address)).status == 404


def test_a_reason_is_shown_as_written(officer: Office, representative: Office) -> None:
    proposes(officer, reason="<script>alert(1)</script>")
    for address in (HERE, proposal(), CEILING):
        assert b"<script>alert" not in representative.opens(address).last.content


def test_an_officer_without_a_second_factor_is_sent_to_enrol_one(wim: User) -> None:
    wim.authenticator_set.all().delete()  # type: ignore[attr-defined]
    assert signs_in(wim).get(HERE).headers["Location"] == "/accounts/2fa/totp/activate/"


def test_the_page_costs_the_same_whatever_was_signed(
    officer: Office, representative: Office, django_assert_max_num_queries
) -> None:
    for value in ("110", "100", "90"):
        proposes(officer, value=value)
        representative.posts(f"/safeguard/proposals/{Proposal.objects.get(state='open').pk}/sign/")
    with django_assert_max_num_queries(34):
        officer.opens(HERE)


def test_what_waits_for_its_day_is_not_told_as_what_holds(officer: Office, representative: Office) -> None:
    proposes(officer, value="240")
    representative.posts(f"{proposal()}sign/")
    page = officer.opens(CEILING).text
    assert "Now: at most 120 min. From the next local day: at most 240 min." in page
    assert "proposed by Wim, signed by Rosa" in page


def test_while_nobody_is_elected_a_looser_ceiling_says_that_it_is_announced_first(officer: Office) -> None:
    proposes(officer, value="240")
    assert "announced to everybody for 14 days" in officer.opens(proposal()).text


def test_an_auditor_reads_what_an_auditor_does(north, moderator: Office) -> None:
    auditor = Office(signs_in(norma := cast.a_user("norma", "auditor")), norma)
    assert "python manage.py verify_audit" in auditor.opens(HERE).text
    assert "verify_audit" not in moderator.opens(HERE).text


def test_whoever_was_just_named_reads_from_when_it_counts(officer: Office, representative: Office) -> None:
    proposes(officer)
    address = proposal()
    RoleGrant.objects.filter(user=representative.user).update(granted_at=timezone.now())
    Organisation.objects.update(created_at=timezone.now() - timedelta(days=30))
    said = "Your role as representative is new."
    assert said in representative.opens(HERE).text
    assert said in representative.opens(address).text
    assert "Sign it as the second person" not in representative.text
    assert said in representative.posts(f"{address}sign/").follows().text
    for closed in ("/safeguard/sign-ins/", "/reviews/"):
        assert said in representative.opens(closed).follows().text
    assert ceiling() == (7200, None)


def test_everybody_is_told_who_was_named_and_who_is_it_no_more(
    officer: Office, operator: Office, moderator: Office, dana: User, rosa: User
) -> None:
    lead = Office(signs_in(dana), dana)
    set_roles(user=rosa, roles=["moderator"], actor="system", at=timezone.now())
    said = "Rosa is representative no more, since "
    pages = ((officer, "/officer/"), (operator, "/people/"), (lead, "/lead/"), (moderator, "/desk/"))
    for reader, address in pages:
        assert said in reader.opens(address).text, address
    number = Announcement.objects.get().pk
    assert lead.posts(f"/people/announcements/{number}/away/", next="/lead/").status == 302
    assert said not in lead.opens("/lead/").text
    assert said in officer.opens(HERE).text


NOTHING = "00000000-0000-4000-8000-000000000000"
RECORDS = [
    ("get", "/officer/people/{person}/"),
    ("post", "/officer/people/{person}/measure/"),
    ("post", "/officer/contracts/"),
    ("post", f"/officer/measures/{NOTHING}/end/"),
    ("get", "/officer/flags/"),
    ("get", f"/officer/flags/{NOTHING}/"),
    ("get", f"/questions/{NOTHING}/"),
    ("post", f"/questions/{NOTHING}/answer/"),
]


def test_an_officer_who_was_just_named_reads_nobodys_record(officer: Office, alice: User) -> None:
    RoleGrant.objects.filter(user=officer.user).update(granted_at=timezone.now())
    Organisation.objects.update(created_at=timezone.now() - timedelta(days=30))
    said = "Your role as wellbeing officer is new."
    assert said in officer.opens("/officer/").text
    for method, address in RECORDS:
        told = officer.opens if method == "get" else officer.posts
        assert told(address.format(person=alice.pk)).status == 302, address
        assert said in officer.follows().text.split("The safeguard", 1)[0], address
    RoleGrant.objects.filter(user=officer.user).update(granted_at=timezone.now() - timedelta(days=7))
    for method, address in RECORDS:
        told = officer.opens if method == "get" else officer.posts
        assert told(address.format(person=alice.pk)).status != 302, address
