"""Load flags as an officer sees and answers them: noted for the person, two officers never overwrite each other.

Seen red without ``roles.excludes`` in the door, without the note in ``records`` and with the form's own ``fold`` in the page that tells of another officer's act.
"""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from people.models import RoleGrant, User
from tests import cast
from tests.cast import subject_of
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from tests.web.officer.steps import a_flag, ahead
from wellbeing.models import LoadFlag, Measure, RecordReading

pytestmark = pytest.mark.django_db

HERE = "/officer/flags/"


def page_of(flag: LoadFlag) -> str:
    return f"{HERE}{flag.pk}/"


def acts(who: Office, flag: LoadFlag, **fields: object) -> Office:
    """Post what the page of the flag held when it was opened, with what was typed."""
    locked = re.search(r'name="fold" value="(\d+)"', who.opens(page_of(flag)).last.content.decode())
    return who.posts(page_of(flag), **{"kind": "contact", "fold": locked[1] if locked else "", **fields})


def test_an_empty_list_says_so(officer: Office) -> None:
    assert "No load flag is open." in officer.opens(HERE).text


def test_the_list_tells_who_what_how_red_and_when_newest_red_first(
    officer: Office, alice: User, amina: User
) -> None:
    a_flag(amina)
    a_flag(alice, code="NIGHT", level="red")
    text = officer.opens(HERE).text
    assert "Severity 2 and up at night , Alice red" in text
    assert "Severity 4 on most worked days , Amina amber" in text
    assert text.index("Alice") < text.index("Amina")


def test_opening_the_list_a_flag_or_a_record_is_noted_and_shown_to_the_person(
    officer: Office, moderator: Office, alice: User
) -> None:
    flag = a_flag(alice)
    assert not RecordReading.objects.exists()
    for address in (HERE, page_of(flag), f"/officer/people/{alice.pk}/"):
        before = RecordReading.objects.count()
        officer.opens(address)
        assert RecordReading.objects.count() == before + 1
    noted = RecordReading.objects.values_list("subject", "reader").distinct()
    assert list(noted) == [(subject_of(alice), str(subject_of(officer.user)))]
    assert "Wim" in moderator.opens("/my-day/").text


def test_what_was_done_is_written_down_with_a_day_to_look_again(officer: Office, alice: User) -> None:
    flag = a_flag(alice)
    acts(officer, flag, kind="lighter_queue", from_on=ahead(0), until_on=ahead(3), follow_up_on=ahead(4))
    text = officer.follows().text
    assert "It is written down, and holds." in text
    assert "Lighter queue, " in text
    assert "look again " in text
    assert Measure.objects.get().flag_id == flag.pk
    assert "A load flag to look at again" in officer.opens("/officer/").text


def test_a_flag_that_is_done_with_leaves_the_list(officer: Office, alice: User) -> None:
    flag = a_flag(alice)
    acts(officer, flag, kind="nothing", words="The week was planned so.", closes="on")
    assert "done with" in officer.follows().text
    assert "Do something about it" not in officer.text
    assert "No load flag is open." in officer.opens(HERE).text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": ""}, "Choose what you do."),
        ({"kind": "holiday"}, "Select a valid choice."),
        ({"kind": "nothing"}, "This needs words."),
        ({"kind": "nothing", "words": "  "}, "This needs words."),
        ({"kind": "nothing", "words": "\u200f"}, "This needs words."),
        ({"words": "x" * 2001}, "at most 2000 characters"),
        ({"kind": "rest_day"}, "A rest day needs its date"),
        ({"kind": "rest_day", "from_on": "soon"}, "Enter a valid date."),
        ({"kind": "rest_day", "from_on": ahead(-2)}, "Choose a day from "),
        ({"kind": "rest_day", "from_on": ahead(40)}, "Choose a day from "),
        ({"kind": "rest_day", "from_on": ahead(1), "until_on": ahead(2)}, "A rest day is one day."),
        (
            {"kind": "lighter_queue", "from_on": ahead(2), "until_on": ahead(1)},
            "The last day lies before the first.",
        ),
        ({"from_on": ahead(1)}, "Days go with a rest day or a lighter queue."),
        ({"follow_up_on": ahead(-2)}, "Choose a day from "),
        ({"fold": ""}, ""),
        ({"fold": "99999999999999999999"}, ""),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(
    officer: Office, alice: User, fields: dict[str, object], says: str
) -> None:
    flag = a_flag(alice)
    acts(officer, flag, **fields)
    assert officer.status == 422
    assert says in officer.text
    assert not Measure.objects.exists()
    assert LoadFlag.objects.get().fold == 0


def test_the_second_of_two_officers_is_told_who_did_what_and_may_then_act(
    officer: Office, second_officer: Office, alice: User
) -> None:
    flag = a_flag(alice)
    second_officer.opens(page_of(flag))
    acts(officer, flag, kind="rest_day", from_on=ahead(1))
    second_officer.posts(page_of(flag), kind="contact", words="I have called.", closes="on", fold=0)
    assert second_officer.status == 409
    assert "Wim did something about this flag meanwhile, " in second_officer.text
    assert ": rest day. Nothing was added yet" in second_officer.text
    html = second_officer.last.content.decode()
    assert "I have called." in html
    assert 'name="fold" value="1"' in html
    assert Measure.objects.count() == 1
    second_officer.posts(page_of(flag), kind="contact", words="I have called.", closes="on", fold=1)
    assert second_officer.status == 302
    assert set(Measure.objects.values_list("kind", flat=True)) == {"rest_day", "contact"}


def test_a_flag_that_was_closed_meanwhile_says_by_whom(
    officer: Office, second_officer: Office, alice: User
) -> None:
    flag = a_flag(alice)
    acts(officer, flag, closes="on")
    second_officer.posts(page_of(flag), kind="contact", fold=0)
    assert second_officer.status == 409
    assert "Wim closed this flag meanwhile" in second_officer.text


@pytest.mark.parametrize("role", ["moderator", "lead", "representative", "auditor", "operator"])
def test_nobody_else_comes_in(alice: User, north, role: str) -> None:
    flag = a_flag(alice)
    client = signs_in(works_today(cast.a_user("somebody", role, team=north)))
    for address in ("/officer/", HERE, page_of(flag), "/officer/people/", f"/officer/people/{alice.pk}/"):
        assert client.get(address).status_code == 403
    for address in (page_of(flag), f"/officer/people/{alice.pk}/measure/"):
        assert client.post(address, {"kind": "contact", "fold": 0}).status_code == 403
    assert not RecordReading.objects.exists()
    assert not Measure.objects.exists()


def test_an_officer_who_is_also_a_lead_passes_through_neither_door(
    officer: Office, lead: Office, alice: User
) -> None:
    """Nobody can be given both; whom a database was given both behind our back is let in nowhere."""
    for who, role in ((officer, "lead"), (lead, "wellbeing_officer")):
        RoleGrant.objects.create(user=who.user, role=role, granted_at=timezone.now())
        for address in ("/officer/", HERE, f"/officer/people/{alice.pk}/", "/lead/", "/lead/people/"):
            assert who.opens(address).status == 403, address
    assert not RecordReading.objects.exists()


def test_nobody_is_made_officer_and_lead(wim: User, olga: User) -> None:
    operator = signs_in(olga)
    for user in (wim, cast.a_user("lena", "lead", team=cast.a_team())):
        answer = operator.post(
            f"/people/{user.pk}/roles/", {"roles": ["lead", "wellbeing_officer"]}, follow=True
        )
        assert "One person cannot be Team lead and Wellbeing officer." in answer.content.decode()
        assert RoleGrant.objects.filter(user=user, revoked_at__isnull=True).count() == 1


def test_doors_and_methods(officer: Office, client: Client, alice: User) -> None:
    flag = a_flag(alice)
    assert client.get(HERE).headers["Location"].startswith("/accounts/login/")
    assert officer.client.post("/officer/").status_code == 405
    assert officer.client.post(HERE).status_code == 405
    assert officer.client.put(page_of(flag)).status_code == 405
    assert officer.opens(f"{HERE}{uuid4()}/").status == 404
    assert officer.posts(f"{HERE}{uuid4()}/", kind="contact", fold=0).status == 404
    own = a_flag(alice, code="REPEAT_VIEW", level="info", raised_at=timezone.now())
    assert officer.opens(page_of(own)).status == 404
    assert "no-store" in officer.opens(HERE).last.headers["Cache-Control"]
