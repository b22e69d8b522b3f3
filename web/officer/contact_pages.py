"""Outside lines in words, by country."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from web.officer import wording
from web.shared.moments import moment
from web.shared.names import Names
from wellbeing.officer.selectors.contacts import ContactRow


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``more``: hours, languages, address."""

    id: UUID
    name: str
    phone: str
    more: str
    set: str


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one country, or those for everywhere."""

    name: str
    lines: list[Line]


def contact_lines(rows: Sequence[ContactRow]) -> list[Group]:
    """Return the lines that stand by country; one query, for names."""
    names = Names(row.set_by for row in rows)
    return [
        Group(country or _("Everywhere"), [_line(row, names) for row in found])
        for country, found in groupby(rows, key=lambda row: row.line.country)
    ]


def ended_lines(rows: Sequence[ContactRow]) -> list[str]:
    """Return the lines that stood, each in a sentence."""
    return [
        _("%(name)s %(phone)s, until %(moment)s")
        % {"name": row.line.name, "phone": row.line.phone, "moment": moment(row.ended_at)}
        for row in rows
        if row.ended_at is not None
    ]


def _line(row: ContactRow, names: Names) -> Line:
    line = row.line
    more = " · ".join(part for part in (line.hours, line.languages, line.address) if part)
    return Line(row.id, line.name, line.phone, more, wording.by(names, row.set_by, row.set_at))
