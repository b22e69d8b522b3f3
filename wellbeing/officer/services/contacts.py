"""Outside lines that people can talk to: rows by country that the officer adds and ends. A row is never overwritten."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.services import record
from wellbeing.exceptions import ContactEnded, NotFound
from wellbeing.models import Contact
from wellbeing.officer.rules.contacts import checked


def add(*, parts: Mapping[str, str], set_by: str, at: datetime) -> Contact:
    """Add a line. ``parts``: country (ISO 3166, empty: everywhere), name, phone, address, hours, languages.

    Raises:
        NameMissing, NoWayToReach, NoPhoneNumber, NoCountry, PartTooLong: about the parts.
    """
    cleaned = checked(dict(parts))
    with transaction.atomic():
        contact = Contact.objects.create(**cleaned, set_by=set_by, set_at=at)
        _audit("contact.added", contact, actor=set_by, at=at)
    return contact


def change(*, contact_id: UUID, parts: Mapping[str, str], set_by: str, at: datetime) -> Contact:
    """Put a new row in the place of one that stands; the old one is kept as ended.

    Raises:
        NotFound, ContactEnded: there is no such line, or it stands no more.
        NameMissing, NoWayToReach, NoPhoneNumber, NoCountry, PartTooLong: about the parts.
    """
    checked(dict(parts))
    with transaction.atomic():
        end(contact_id=contact_id, ended_by=set_by, at=at)
        return add(parts=parts, set_by=set_by, at=at)


def end(*, contact_id: UUID, ended_by: str, at: datetime) -> Contact:
    """Take a line off the pages; its row stays.

    Raises:
        NotFound, ContactEnded: there is no such line, or it stands no more.
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
        if contact is None:
            raise NotFound
        if contact.ended_at is not None:
            raise ContactEnded
        contact.ended_at = at
        contact.save(update_fields=["ended_at"])
        _audit("contact.ended", contact, actor=ended_by, at=at)
    return contact


def _audit(action: str, contact: Contact, *, actor: str, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_kind="contact",
        target_id=str(contact.pk),
        at=at,
        detail={"country": contact.country, "name": contact.name, "phone": contact.phone},
    )
