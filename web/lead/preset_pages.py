"""The presets in words: what each is for, what would change, and what the organisation does not allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from web.lead.history_pages import Happened, HistoryPart
from web.lead.leaves import what_it_leaves
from web.lead.limit_forms import kind_of
from web.lead.limit_pages import WHEN
from web.shared import limits
from web.shared.moments import moment
from web.shared.names import Names
from wellbeing.limits.rules import presets
from wellbeing.limits.selectors.presets import Chosen, PresetChange, PresetLine, TeamPresets

SPECIALIST_FITS: Final = {9: 400, 15: 264, 20: 240, 30: 204, 45: 160, 60: 120}
"""Seconds of a case → cases, as `benchmarks.shifts` plays it; tests/benchmarks/test_shifts.py plays it again."""
ABOUT: Final[dict[str, str | Promise]] = {
    presets.DEFAULT: gettext_lazy("What Respite is shipped with."),
    presets.SPECIALIST: format_lazy(
        gettext_lazy(
            "For a hotline whose organisation has a contract with an independent counsellor: breaks come by the clock and after severity 4, it stops at 16:00, and "
            "overtime is text of severity 0. On days without a contract on record the default’s limits hold. With severity 4 alone, from "
            "09:00, these fit before 16:00: {fits}."
        ),
        fits=", ".join(f"{cases} × {seconds} s" for seconds, cases in SPECIALIST_FITS.items()),
    ),
    presets.VOLUNTEER: gettext_lazy(
        "For people who give an hour: little that is severe, nothing of severity 4."
    ),
    presets.STARTER: gettext_lazy(
        "For a team that is new: short days, nothing of severity 4, nothing above 1 at night. In their first eight weeks "
        "each person has less still."
    ),
}


@dataclass(frozen=True, slots=True)
class PresetRow:
    """One preset as it can be chosen. ``problems``: why it cannot be; ``summary``: how much would change; all sentences."""

    preset: str
    name: str
    about: str
    is_chosen: bool
    chosen_by: str
    reason: str
    summary: str
    leaves: list[str]
    problems: list[str]
    lacks_contract: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One limit that would change; ``kind`` is one of ``limits.KINDS``."""

    label: str
    before: str
    after: str
    kind: str
    kind_word: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What holds from when, and the limits of which that is so."""

    when: str
    rows: list[ChangeRow]


def preset_rows(found: TeamPresets, names: Names) -> list[PresetRow]:
    """Return the four presets."""
    return [_preset_row(line, found.chosen, names) for line in found.lines]


def change_groups(line: PresetLine) -> list[ChangeGroup]:
    """Return what would change, in the order in which it would hold: at once, and from the next day."""
    rows = [_change_row(change) for change in line.changes]
    groups = [
        ChangeGroup(str(when), [row for row in rows if row.kind == kind]) for kind, when in WHEN.items()
    ]
    return [group for group in groups if group.rows]


def preset_changes(rows: Sequence[Chosen], names: Names) -> HistoryPart:
    """Return which presets were chosen; what each changed stands among the limits."""
    return HistoryPart(
        _("Presets"),
        [
            Happened(moment(row.set_at), names.of(row.set_by), str(limits.PRESETS[row.preset]), row.reason)
            for row in rows
            if row.set_at is not None
        ],
    )


def problems_of(line: PresetLine) -> list[str]:
    """Return for each limit that is above what the organisation allows, which and by how much."""
    return [
        _("%(label)s: it would be %(amount)s, and the organisation allows %(bound)s.")
        % {
            "label": limits.label(name),
            "amount": limits.amount(name, value),
            "bound": limits.bound(name, ceiling),
        }
        for name, (value, ceiling) in line.above.items()
    ]


def _preset_row(line: PresetLine, chosen: Chosen, names: Names) -> PresetRow:
    since = ""
    if line.is_chosen and chosen.set_at is not None:
        since = _("%(name)s, %(moment)s") % {
            "name": names.of(chosen.set_by),
            "moment": moment(chosen.set_at),
        }
    return PresetRow(
        preset=line.preset,
        name=str(limits.PRESETS[line.preset]),
        about=str(ABOUT[line.preset]),
        is_chosen=line.is_chosen,
        chosen_by=since,
        reason=chosen.reason if line.is_chosen else "",
        summary=_summary(line.changes),
        leaves=what_it_leaves(line.values),
        problems=problems_of(line),
        lacks_contract=line.lacks_contract,
    )


def _summary(changes: Sequence[PresetChange]) -> str:
    looser = sum(change.is_looser for change in changes)
    if not changes:
        return _("No limit of the team would change.")
    if not looser:
        return ngettext(
            "%(count)d limit would be tighter.", "%(count)d limits would be tighter.", len(changes)
        ) % {"count": len(changes)}
    return ngettext(
        "%(count)d limit would change, %(looser)d of them looser.",
        "%(count)d limits would change, %(looser)d of them looser.",
        len(changes),
    ) % {"count": len(changes), "looser": looser}


def _change_row(change: PresetChange) -> ChangeRow:
    kind = kind_of(change.name, change.after, change.before)
    return ChangeRow(
        label=limits.label(change.name),
        before=limits.amount(change.name, change.before),
        after=limits.amount(change.name, change.after),
        kind=kind,
        kind_word=str(limits.KINDS[kind]),
    )
