"""The rows of a person's page: what leads set and asked, in words. Values, reasons and days, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from web.lead.seen import sealed
from web.shared import limits
from web.shared.moments import moment
from web.shared.names import Names
from wellbeing.limits.selectors.asked import AskedLine
from wellbeing.limits.selectors.overview import PersonLine


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A value that leads set for one person."""

    name: str
    label: str
    value: str
    waiting: str
    set_by: str
    reason: str
    ends: str
    seen: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A looser value that was asked for, and what became of the question."""

    sentence: str
    state: str


def person_rows(lines: Sequence[PersonLine], names: Names) -> list[PersonRow]:
    """Return the values that leads set and that hold."""
    return [
        PersonRow(
            name=line.name,
            label=limits.label(line.name),
            value=limits.amount(line.name, line.value),
            waiting=_waiting(line),
            set_by=_("%(name)s, %(moment)s") % {"name": names.of(line.set_by), "moment": moment(line.set_at)},
            reason=line.reason,
            ends=date_format(localtime(line.ends_at), "j F Y"),
            seen=sealed(line.last_seen),
        )
        for line in lines
    ]


def asked_rows(lines: Sequence[AskedLine]) -> list[AskedRow]:
    """Return what was asked, newest first."""
    return [
        AskedRow(
            _("%(label)s, %(amount)s, asked %(moment)s")
            % {
                "label": limits.label(line.name),
                "amount": limits.amount(line.name, line.value),
                "moment": moment(line.asked_at),
            },
            _state(line),
        )
        for line in lines
    ]


def _waiting(line: PersonLine) -> str:
    if line.waiting is None:
        return ""
    return _("looser: %(amount)s from the next local day") % {
        "amount": limits.amount(line.name, line.waiting)
    }


def _state(line: AskedLine) -> str:
    if line.answered_at is None:
        return _("asked")
    if line.agreed is None:
        return _("overtaken by a newer value")
    return _("agreed") if line.agreed else _("declined")
