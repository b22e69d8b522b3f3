"""Outside lines, for whoever wants to talk to somebody. Which one is looked at or called is written down nowhere."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wellbeing.models import Contact


@dataclass(frozen=True)
class ContactLine:
    """One line. ``country`` is ISO 3166, empty for a line that is there for everybody."""

    name: str
    phone: str
    address: str
    hours: str
    languages: str
    country: str


@dataclass(frozen=True)
class ContactRow:
    """One line as those who keep them see it."""

    id: UUID
    line: ContactLine
    set_by: str
    set_at: datetime
    ended_at: datetime | None


def contacts_for(country: str) -> list[ContactLine]:
    """Return the lines of a country, then those for everywhere, each by name; one query.

    Empty where nobody has entered any: Respite ships none, a number nobody answers is worse than none.
    """
    current = Contact.objects.filter(ended_at__isnull=True, country__in={country.upper(), ""})
    lines = [_line(row) for row in current]
    return sorted(lines, key=lambda line: (line.country == "", line.name.casefold()))


def contact_rows() -> list[ContactRow]:
    """Return every line that stands, those for everywhere first, then by country and name; one query."""
    rows = [_row(one) for one in Contact.objects.filter(ended_at__isnull=True)]
    return sorted(rows, key=lambda row: (row.line.country, row.line.name.casefold()))


def ended_contacts(most: int = 50) -> list[ContactRow]:
    """Return the lines that were ended last; one query."""
    return [_row(one) for one in Contact.objects.filter(ended_at__isnull=False).order_by("-ended_at")[:most]]


def contact_row(contact_id: UUID) -> ContactRow | None:
    """Return one line, ended or not."""
    row = Contact.objects.filter(pk=contact_id).first()
    return None if row is None else _row(row)


def _row(one: Contact) -> ContactRow:
    return ContactRow(one.pk, _line(one), one.set_by, one.set_at, one.ended_at)


def _line(row: Contact) -> ContactLine:
    return ContactLine(row.name, row.phone, row.address, row.hours, row.languages, row.country)
