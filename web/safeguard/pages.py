"""The rows of the safeguard's pages: what holds, what is proposed, what was signed. No query runs while they render."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.selectors.taxonomy import CategoryInForce
from people.models import Role
from people.selectors import Shield
from web.safeguard import wording
from web.shared import limits, severities
from web.shared.limits import KINDS, LOOSER
from web.shared.moments import moment
from web.shared.names import Names
from wellbeing.core.selectors.load_models import Weights
from wellbeing.limits.rules.announcing import ends_at
from wellbeing.limits.selectors.overview import LimitLine, ProposalLine

STATES: Final[Mapping[str, str | Promise]] = {
    "open": gettext_lazy("Waits for a second signature."),
    "announced": gettext_lazy("Announced to everybody."),
    "adopted": gettext_lazy("Signed by two people."),
    "withdrawn": gettext_lazy("Withdrawn. Nothing changed."),
    "void": gettext_lazy("Void: a third of the moderators, or more, objected. Nothing changed."),
}
ENDED: Final[Mapping[str, str | Promise]] = {
    "adopted": gettext_lazy("signed"),
    "withdrawn": gettext_lazy("withdrawn"),
    "void": gettext_lazy("void"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, and the column that it names itself by on a narrow page."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that may change: ``target`` as the services know it."""

    target: str
    label: str
    cells: list[Cell]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of things that may change."""

    kind: str
    name: str
    about: str
    columns: list[str]
    rows: list[Row]
    may_change: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A change that needs, or needed, two people."""

    id: UUID
    label: str
    before: str
    after: str
    kind: str
    kind_word: str
    reason: str
    proposed: str
    signed: str
    who: str
    when: str
    state: str
    state_word: str
    when_holds: str
    is_open: bool
    announced: str = ""


def ceilings(lines: Sequence[LimitLine], *, may_change: bool) -> Part:
    """Return what the organisation allows each limit to be."""
    columns = [_("Limit"), _("Allowed")]
    rows = [
        Row(
            line.name,
            limits.label(line.name),
            [Cell(columns[1], limits.bound(line.name, line.ceiling))],
            _ceiling_waits(line),
        )
        for line in lines
    ]
    about = _("No team and nobody’s own value passes these. They move only when two people sign.")
    return Part(wording.CEILING, _("Ceilings"), about, columns, rows, may_change)


def categories(
    now: Mapping[str, CategoryInForce], written: Mapping[str, CategoryInForce], *, may_change: bool
) -> Part:
    """Return how each category is labelled; *written*: what was written last, which may still wait for its day."""
    columns = [_("Category"), _("Severity"), _("What it holds"), _("Taken in")]
    rows = [
        Row(
            code,
            one.label,
            [
                Cell(columns[1], severities.severity(one.severity)),
                Cell(columns[2], severities.flags(one.flags)),
                Cell(columns[3], _("yes") if one.is_enabled else _("no")),
            ],
            _category_waits(one, written[code]),
        )
        for code, one in now.items()
    ]
    about = _(
        "Severity is what looking does to a person. Higher protects more: it counts towards stricter limits."
    )
    return Part(wording.CATEGORY, _("Categories"), about, columns, rows, may_change)


def weights(now: Weights, newest: Weights, *, may_change: bool) -> Part:
    """Return how heavy a minute of each severity is counted."""
    columns = [_("Severity"), _("Weight")]
    rows = [
        Row(
            f"severity_{severity}",
            severities.severity(severity),
            [Cell(columns[1], wording.weight(weight))],
            _waits(wording.weight(newest.weights[severity])) if newest.weights[severity] != weight else "",
        )
        for severity, weight in now.weights.items()
    ]
    about = _(
        "Load spaces breaks and notices a heavy day; it never lengthens a limit. Heavier protects more."
    )
    return Part(wording.WEIGHT, _("Weights of load"), about, columns, rows, may_change)


def shields(now: Shield, newest: Shield, *, may_change: bool) -> Part:
    """Return how blurred media begin."""
    columns = [_("Shield"), _("Samples on the longest side")]
    told = {"start_samples": (now.start, newest.start), "floor_samples": (now.floor, newest.floor)}
    rows = [
        Row(
            target,
            str(wording.SHIELDS[target]),
            [Cell(columns[1], wording.samples(holds))],
            _waits(wording.samples(waits)) if waits != holds else "",
        )
        for target, (holds, waits) in told.items()
    ]
    about = _("Fewer samples show less. The shield is comfort and control; it buys no extra exposure.")
    return Part(wording.SHIELD, _("The shield"), about, columns, rows, may_change)


def proposal_rows(
    lines: Sequence[ProposalLine], labels: Mapping[str, str], names: Names
) -> list[ProposalRow]:
    """Return proposals in words; *labels*: those of categories by code."""
    return [proposal_row(line, labels, names) for line in lines]


def proposal_row(
    line: ProposalLine, labels: Mapping[str, str], names: Names, *, elected: bool = True
) -> ProposalRow:
    """Return one proposal in words; where nobody is *elected*, a looser ceiling is announced first."""
    kind = wording.kind_of(line.kind, line.target, line.before, line.value)
    proposed = _by(names.of(line.proposed_by), line.proposed_as, line.proposed_at)
    signed_at = line.announced_at or line.ended_at
    signed = _by(names.of(line.signed_by), line.signed_as, signed_at) if line.signed_by else ""
    return ProposalRow(
        id=line.id,
        label=wording.label(line.kind, line.target, labels),
        before=wording.value(line.kind, line.target, line.before),
        after=wording.value(line.kind, line.target, line.value),
        kind=kind,
        kind_word=str(KINDS[kind]),
        reason=line.reason,
        proposed=proposed,
        signed=signed,
        who=_("%(first)s; %(second)s") % {"first": proposed, "second": signed} if signed else proposed,
        when=moment(line.ended_at or line.proposed_at),
        state=str(STATES[line.state]),
        state_word=str(ENDED.get(line.state, "")),
        when_holds=_when_holds(kind, line, elected=elected),
        is_open=line.state == "open",
        announced=announced_until(line),
    )


def people_of(lines: Sequence[ProposalLine]) -> set[str]:
    """Return everybody whose name *lines* will show."""
    return {subject for line in lines for subject in (line.proposed_by, line.signed_by) if subject}


def _by(name: str, role: str, at: datetime | None) -> str:
    words = {"name": name, "role": Role(role).label.lower(), "moment": moment(at) if at else ""}
    return _("%(name)s, %(role)s, %(moment)s") % words


def _when_holds(kind: str, line: ProposalLine, *, elected: bool) -> str:
    if line.state in {"withdrawn", "void", "announced"}:
        return ""
    if line.state == "open" and kind == LOOSER and line.kind == wording.CEILING and not elected:
        return _(
            "Once it is signed, it is announced to everybody for 14 days. It then holds from each person’s next local day, "
            "unless a third of the moderators object."
        )
    if line.state == "adopted":
        looser, tighter = (
            _("It holds from each person’s next local day after that."),
            _("It holds since then."),
        )
    else:
        looser = _("Once it is signed, it holds from each person’s next local day.")
        tighter = _("Once it is signed, it holds at once, on every open desk.")
    return looser if kind == LOOSER else tighter


def announced_until(line: ProposalLine) -> str:
    """Say until when moderators may object to what is announced, and what becomes of it; nothing of what is not."""
    if line.state != "announced" or line.announced_at is None:
        return ""
    return _(
        "Nobody is elected representative, so every moderator may object until %(moment)s. If a third object it is void; "
        "else it holds from each person’s next local day after that. Nobody is told who objects, nor how many."
    ) % {"moment": moment(ends_at(line.announced_at))}


def _waits(words: str) -> str:
    return _("looser: %(value)s, from the next local day") % {"value": words}


def _ceiling_waits(line: LimitLine) -> str:
    return "" if line.waiting is None else _waits(limits.bound(line.name, line.waiting))


def _category_waits(now: CategoryInForce, written: CategoryInForce) -> str:
    after = wording.category(written.severity, written.flags, is_enabled=written.is_enabled)
    before = wording.category(now.severity, now.flags, is_enabled=now.is_enabled)
    return "" if after == before else _waits(after)
