"""The officer keeps the outside lines; nobody else does."""

from uuid import uuid4

import pytest

from tests import cast
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from wellbeing.models import Contact
from wellbeing.officer.selectors.contacts import contacts_for

pytestmark = pytest.mark.django_db

HERE = "/officer/contacts/"
LINE = {"name": "A quiet line", "country": "be", "phone": "+00 123", "hours": "day and night"}


def adds(officer: Office, **parts: str) -> Office:
    return officer.posts(HERE, **{**LINE, **parts})


def test_none_is_shipped_and_the_page_says_why(officer: Office) -> None:
    text = officer.opens(HERE).text
    assert "No line is entered yet. Respite ships none" in text
    assert not any(
        character.isdigit() for character in text.split("Outside lines", 2)[-1].split("Add a line")[0]
    )


def test_a_line_is_added_for_a_country(officer: Office) -> None:
    adds(officer)
    text = officer.follows().text
    assert "BE A quiet line +00 123 day and night Wim, " in text
    assert [line.name for line in contacts_for("BE")] == ["A quiet line"]


def test_a_change_keeps_what_stood(officer: Office) -> None:
    adds(officer)
    old = Contact.objects.get()
    assert 'value="+00 123"' in officer.opens(f"{HERE}{old.pk}/").last.content.decode()
    officer.posts(f"{HERE}{old.pk}/", **{**LINE, "phone": "+00 456"})
    text = officer.follows().text
    assert "A quiet line +00 456" in text
    assert "A quiet line +00 123, until " in text
    assert "It is kept as it was." in officer.opens(f"{HERE}{old.pk}/").text


def test_the_second_of_two_changes_is_told(officer: Office, second_officer: Office) -> None:
    adds(officer)
    old = Contact.objects.get()
    officer.posts(f"{HERE}{old.pk}/", **{**LINE, "phone": "+00 456"})
    second_officer.posts(f"{HERE}{old.pk}/", **{**LINE, "name": "Another"})
    assert second_officer.status == 409
    assert "Somebody changed or ended this line meanwhile." in second_officer.text
    assert Contact.objects.count() == 2
    second_officer.posts(f"{HERE}{old.pk}/end/")
    assert "meanwhile" in second_officer.follows().text


def test_a_line_is_ended(officer: Office) -> None:
    adds(officer)
    officer.posts(f"{HERE}{Contact.objects.get().pk}/end/")
    assert "Nobody is shown it any more." in officer.follows().text
    assert contacts_for("BE") == []


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "\u200f"}, "A line needs a name."),
        ({"phone": "\u200b"}, "A line needs a phone number or an address."),
        ({"phone": ""}, "A line needs a phone number or an address."),
        ({"phone": "call us"}, "That cannot be dialled."),
        ({"country": "1x"}, "A country is two letters"),
        ({"country": "Belgium"}, "at most 2 characters"),
        ({"name": "x" * 121}, "at most 120 characters"),
    ],
)
def test_what_cannot_be_is_told(officer: Office, parts: dict[str, str], says: str) -> None:
    adds(officer, **parts)
    assert officer.status == 422
    assert says in officer.text
    assert not Contact.objects.exists()


@pytest.mark.parametrize("role", ["moderator", "lead", "representative", "auditor", "operator"])
def test_nobody_else_keeps_them(officer: Office, north, role: str) -> None:
    adds(officer)
    line = Contact.objects.get()
    client = signs_in(works_today(cast.a_user("somebody", role, team=north)))
    assert client.get(HERE).status_code == 403
    for address in (HERE, f"{HERE}{line.pk}/", f"{HERE}{line.pk}/end/"):
        assert client.post(address, LINE).status_code == 403
    assert Contact.objects.get().ended_at is None


def test_doors_and_methods(officer: Office) -> None:
    adds(officer)
    line = Contact.objects.get()
    assert officer.client.put(HERE).status_code == 405
    assert officer.client.get(f"{HERE}{line.pk}/end/").status_code == 405
    assert officer.opens(f"{HERE}{uuid4()}/").status == 404
    assert officer.posts(f"{HERE}{uuid4()}/", **LINE).status == 404
    assert officer.posts(f"{HERE}{uuid4()}/end/").status == 404
