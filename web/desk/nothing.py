"""Why nothing comes to a desk that waits, explained: what the person opted out of."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from queues.selectors import DeskState, why_nothing
from web.shared.explaining import Explanation, explain
from web.shared.names import Names
from wellbeing.exceptions import Reached


def nothing_comes_because(state: DeskState, *, at: datetime, zone: ZoneInfo) -> list[Explanation]:
    """Return the explanation for a desk that waits, or none; at most one query more."""
    found = why_nothing(state, at=at)
    if found is None:
        return []
    rule = Reached(found.code, 0, "own", None)
    return [replace(explain(rule, at=at, zone=zone, names=Names([])), sentence=_opted_out())]


def _opted_out() -> str:
    return _("Nothing is left that you could be handed; other paid work is there.")
