"""Why nothing comes to a desk that waits, explained: a run of one kind, or what the person opted out of."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.selectors.taxonomy import categories_in_force
from queues.selectors import DeskState, WhyNothing, why_nothing
from queues.selectors.nothing import RUN
from web.shared.explaining import Explanation, explain
from web.shared.names import Names
from wellbeing.exceptions import Reached


def nothing_comes_because(state: DeskState, *, at: datetime, zone: ZoneInfo) -> list[Explanation]:
    """Return the explanation for a desk that waits, or none; at most one query more, and one for the category's name."""
    found = why_nothing(state, at=at)
    if found is None:
        return []
    sentence = _after_a_run(found, at) if found.code == RUN else _opted_out()
    rule = Reached(found.code, found.cases, "rule" if found.code == RUN else "own", None)
    return [replace(explain(rule, at=at, zone=zone, names=Names([])), sentence=sentence)]


def _after_a_run(found: WhyNothing, at: datetime) -> str:
    named = categories_in_force(at=at).get(found.category)
    return ngettext(
        "You have had a case of ‘%(name)s’. Another kind comes next; or take a break.",
        "You have had %(cases)s cases of ‘%(name)s’ in a row. Another kind comes next; or take a break.",
        found.cases,
    ) % {"cases": found.cases, "name": named.label if named is not None else found.category}


def _opted_out() -> str:
    return _("Nothing is left that you could be handed; other paid work is there.")
