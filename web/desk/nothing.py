"""Why nothing comes to a desk that waits, explained: what the person opted out of, or too little that is left."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from queues.selectors import DeskState, why_nothing
from web.shared.explaining import Explanation, explain, limit_name, named_in
from web.shared.names import Names
from wellbeing.exceptions import Reached


@dataclass(frozen=True, slots=True)
class Because:
    """``explained``: the explanation, or none. ``short``: the limit of which too little is left, if that is it."""

    explained: list[Explanation]
    short: Reached | None = None


def nothing_comes_because(state: DeskState, *, at: datetime, zone: ZoneInfo) -> Because:
    """Return the explanation for a desk that waits, or none; at most three queries more."""
    found = why_nothing(state, at=at)
    if found is None:
        return Because([])
    if found.reached is not None:
        short = explain(found.reached, at=at, zone=zone, names=named_in([found.reached]))
        said = f"{_too_little(found.reached)} {short.sentence}"
        return Because([replace(short, sentence=said)], found.reached)
    rule = Reached(found.code, 0, "own", None)
    return Because([replace(explain(rule, at=at, zone=zone, names=Names([])), sentence=_opted_out())])


def _too_little(reached: Reached) -> str:
    return _("%(what)s: less is left than any such case needs that waits, so it counts as used up.") % {
        "what": limit_name(reached.name)
    }


def _opted_out() -> str:
    return _("Nothing is left that you could be handed; other paid work is there.")
