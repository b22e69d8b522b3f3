"""One person's record in words: daily sums without levels, limits in force, flags, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.access import Member
from web.officer.flag_pages import FlagRow, MeasureRow, flag_row, measure_rows, people_in
from web.shared import limits, severities
from web.shared.moments import due
from web.shared.names import Names
from wellbeing.core.rules.scopes import InForce
from wellbeing.officer.selectors.record import DayLine, OpenRequest, PersonRecord, Shown

SEVERITIES: Final = range(5)
WHOSE: Final = {
    "ceiling": gettext_lazy("the organisation"),
    "team": gettext_lazy("the team"),
    "person": gettext_lazy("set by a lead for this person"),
    "starter": gettext_lazy("the first weeks of a new starter"),
    "returned": gettext_lazy("the weeks after an absence"),
    "red_flag": gettext_lazy("the weeks after a red flag"),
    "contract": gettext_lazy("no contract with a counsellor on record"),
    "default": gettext_lazy("as it was installed"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, and the column that it names itself by on a narrow page."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A question of this person that waits."""

    id: UUID
    asked: str
    due: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The record of one person."""

    id: int
    name: str
    columns: list[str]
    days: list[Row]
    limits: list[Row]
    flags: list[FlagRow]
    measures: list[MeasureRow]
    requests: list[RequestRow]


def record_page(record: PersonRecord, person: Member) -> RecordPage:
    """Return a record in words; one query, for names."""
    names = Names(
        [
            *people_in(record.measures),
            *(limit.set_by for limit in record.limits),
        ]
    )
    columns = [severities.severity(severity) for severity in SEVERITIES]
    return RecordPage(
        id=person.id,
        name=person.name,
        columns=columns,
        days=[_day(line, columns) for line in record.days],
        limits=[_limit(one, names) for one in record.limits],
        flags=[flag_row(line, person) for line in record.flags],
        measures=measure_rows(record.measures, names),
        requests=[_request(one) for one in record.requests],
    )


def _day(line: DayLine, columns: Sequence[str]) -> Row:
    cells = [
        Cell(column, shown(line.shown.get(severity)))
        for severity, column in zip(SEVERITIES, columns, strict=True)
    ]
    return Row(date_format(line.on, "D j F"), cells)


def shown(sums: Shown | None) -> str:
    """Return '12 min 30 s, 4 cases', or a dash where nothing was shown."""
    if sums is None:
        return "–"
    cases = ngettext("%(count)d case", "%(count)d cases", sums.cases) % {"count": sums.cases}
    return _("%(time)s, %(cases)s") % {"time": limits.amount("seconds_1", sums.seconds), "cases": cases}


def _limit(limit: InForce, names: Names) -> Row:
    whose = str(WHOSE.get(limit.scope, limit.scope))
    if limit.scope == "person" and limit.set_by:
        whose = _("%(name)s, for this person") % {"name": names.of(limit.set_by)}
    cells = [
        Cell(_("At most, or at least"), limits.amount(limit.name, limit.value)),
        Cell(_("Whose"), whose),
    ]
    return Row(limits.label(limit.name), cells)


def _request(one: OpenRequest) -> RequestRow:
    return RequestRow(
        one.id,
        _("Asked %(day)s") % {"day": date_format(localtime(one.asked_at), "l j F, H:i")},
        due(one.due_at, is_overdue=one.is_overdue),
    )
