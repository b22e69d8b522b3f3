"""Why nothing comes to a desk although work waits: what wellbeing's limits and caps do not tell by themselves.

Only for the person's own page. Read when a desk that waits is drawn, not with every beat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from people.rules.skills import trained_for
from queues.models import HANDS_OUT, Lane
from queues.rules.lanes import LaneFacts, May, can, wants_not
from queues.selectors.desk import DeskState
from wellbeing.rules.opt_outs import MEDIA, OptedOut
from wellbeing.selectors.closed import opted_out_now
from wellbeing.selectors.desk import Glance

OPTED_OUT = "opt_out"
ANY_SEVERITY = dict.fromkeys(range(5), timedelta.max)


@dataclass(frozen=True, slots=True)
class WhyNothing:
    """``code``: ``opt_out`` (the person opted out of everything that their queues hold)."""

    code: str


def why_nothing(state: DeskState, *, at: datetime) -> WhyNothing | None:
    """Return why nothing comes to a desk that waits; None where nothing of this kind is the cause. At most one query."""
    if state.kind != "waiting":
        return None
    chosen = opted_out_now(state.glance)
    if chosen and _is_everything(state.glance, chosen, at):
        return WhyNothing(OPTED_OUT)
    return None


def _is_everything(seen: Glance, opted_out: OptedOut, at: datetime) -> bool:
    """Tell whether opt-outs leave nothing of the lanes that this person could work in."""
    worker = seen.found.profile.worker(at)
    may = May(
        worker.skills, worker.languages, ANY_SEVERITY, trained=trained_for(worker.skills), opted_out=opted_out
    )
    theirs = [lane for lane in _lanes_of_team(worker.team_id) if can(lane, may)]
    return opted_out.media >= set(MEDIA) or (bool(theirs) and all(wants_not(lane, may) for lane in theirs))


def _lanes_of_team(team_id: int | None) -> Sequence[LaneFacts]:
    works = Q(queue__every_team=True) | Q(queue__teams=team_id)
    found = Lane.objects.filter(works, queue__state__in=HANDS_OUT).distinct()
    return [
        LaneFacts(*row)
        for row in found.values_list("id", "language", "severity", "skill", "category", "queue_id")
    ]
