"""Outside lines: a country's own come first, none is invented, none is overwritten. Seen red with an update in ``change``."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cast import T0
from wellbeing.exceptions import ContactEnded, NameMissing, NotFound
from wellbeing.models import Contact
from wellbeing.officer.selectors.contacts import contact_rows, contacts_for, ended_contacts
from wellbeing.officer.services import contacts

pytestmark = pytest.mark.django_db

LATER = T0 + timedelta(hours=1)


def a_line(name: str = "A line", country: str = "BE", **parts: str) -> Contact:
    return contacts.add(
        parts={"name": name, "country": country, "phone": "+00 123", **parts}, set_by="wim", at=T0
    )


def test_a_countrys_lines_come_before_those_for_everywhere() -> None:
    for name, country in (("Zoe", ""), ("Ben", "FR"), ("cleo", "be"), ("Abe", "BE"), ("Ann", "")):
        a_line(name, country)
    assert [line.name for line in contacts_for("be")] == ["Abe", "cleo", "Ann", "Zoe"]
    assert [line.name for line in contacts_for("")] == ["Ann", "Zoe"]


def test_none_is_shipped() -> None:
    assert contacts_for("BE") == []


def test_a_change_is_a_new_row_in_the_place_of_the_old() -> None:
    first = a_line(phone="+00 111")
    second = contacts.change(
        contact_id=first.pk,
        parts={"name": "A line", "country": "BE", "phone": "+00 222"},
        set_by="wim",
        at=LATER,
    )
    first.refresh_from_db()
    assert (first.phone, first.ended_at) == ("+00 111", LATER)
    assert [row.id for row in contact_rows()] == [second.pk]
    assert [row.line.phone for row in ended_contacts()] == ["+00 111"]


def test_what_is_ended_is_shown_to_nobody_and_kept() -> None:
    line = a_line()
    contacts.end(contact_id=line.pk, ended_by="wim", at=LATER)
    assert contacts_for("BE") == []
    assert Contact.objects.count() == 1


def test_of_two_who_change_a_line_the_second_is_told() -> None:
    line = a_line()
    parts = {"name": "B line", "country": "BE", "phone": "+00 222"}
    contacts.change(contact_id=line.pk, parts=parts, set_by="wim", at=LATER)
    with pytest.raises(ContactEnded):
        contacts.change(contact_id=line.pk, parts=parts, set_by="willa", at=LATER)
    with pytest.raises(ContactEnded):
        contacts.end(contact_id=line.pk, ended_by="willa", at=LATER)
    assert Contact.objects.count() == 2


def test_a_change_that_cannot_be_leaves_the_line_as_it_was() -> None:
    line = a_line()
    with pytest.raises(NameMissing):
        contacts.change(contact_id=line.pk, parts={"name": ""}, set_by="wim", at=LATER)
    assert [row.id for row in contact_rows()] == [line.pk]
    with pytest.raises(NotFound):
        contacts.end(contact_id=uuid4(), ended_by="wim", at=LATER)
