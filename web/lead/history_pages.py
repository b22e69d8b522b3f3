"""What changed for a team: who, when, from what to what, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from web.shared import limits
from web.shared.limits import KINDS, LOOSER, TIGHTER
from web.shared.moments import moment
from web.shared.names import Names
from wellbeing.limits.selectors.overview import HistoryLine


@dataclass(frozen=True, slots=True)
class Happened:
    """One change. ``kind`` is empty where it is neither tighter nor looser."""

    when: str
    who: str
    what: str
    why: str
    kind: str = ""
    kind_word: str = ""


@dataclass(frozen=True, slots=True)
class HistoryPart:
    """The changes of one thing, newest first."""

    name: str
    rows: list[Happened]


def limit_changes(lines: Sequence[HistoryLine], names: Names) -> HistoryPart:
    """Return the changes of the team's limits."""
    return HistoryPart(_("Limits"), [_limit_change(line, names) for line in lines])


def _limit_change(line: HistoryLine, names: Names) -> Happened:
    kind = LOOSER if line.loosens else TIGHTER
    return Happened(
        when=moment(line.set_at),
        who=names.of(line.set_by),
        what=_limit_words(line),
        why=line.reason,
        kind=kind,
        kind_word=str(KINDS[kind]),
    )


def _limit_words(line: HistoryLine) -> str:
    after = limits.amount(line.name, line.value)
    if line.before is None:
        return _("%(label)s: %(after)s") % {"label": limits.label(line.name), "after": after}
    return _("%(label)s: %(before)s → %(after)s") % {
        "label": limits.label(line.name),
        "before": limits.amount(line.name, line.before),
        "after": after,
    }
