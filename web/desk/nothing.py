"""Why nothing comes to a desk that waits, explained: what the person opted out of, or too little that is left."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from queues.selectors import DeskState, why_nothing
from web.shared.explaining import Explanation, explain, named_in
from web.shared.names import Names
from wellbeing.exceptions import Reached


def nothing_comes_because(state: DeskState, *, at: datetime, zone: ZoneInfo) -> list[Explanation]:
    """Return the explanation for a desk that waits, or none; at most three queries more."""
    found = why_nothing(state, at=at)
    if found is None:
        return []
    if found.reached is not None:
        short = explain(found.reached, at=at, zone=zone, names=named_in([found.reached]))
        return [replace(short, sentence=f"{_too_little()} {short.sentence}")]
    rule = Reached(found.code, 0, "own", None)
    return [replace(explain(rule, at=at, zone=zone, names=Names([])), sentence=_opted_out())]


def _too_little() -> str:
    return _("What is left of a limit today is less than any case needs that waits, so it counts as reached.")


def _opted_out() -> str:
    return _("Nothing is left that you could be handed; other paid work is there.")
