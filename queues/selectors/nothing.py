"""Why nothing comes to a desk although work waits: what wellbeing's limits and caps do not tell by themselves.

Only for the person's own page. Read when a desk that waits is drawn, not with every beat.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q

from people.rules.skills import trained_for
from queues.models import HANDS_OUT, Job, JobState, Lane
from queues.rules.lanes import LaneFacts, May, can, wants_not
from queues.selectors.desk import DeskState
from wellbeing.core.person import Person
from wellbeing.core.rules.opt_outs import MEDIA, NOTHING, OptedOut
from wellbeing.core.selectors.closed import opted_out_now, too_little_left
from wellbeing.exceptions import Reached

OPTED_OUT, TOO_LITTLE = "opt_out", "too_little"
ANY_SEVERITY = dict.fromkeys(range(5), timedelta.max)


@dataclass(frozen=True, slots=True)
class WhyNothing:
    """``code``: ``opt_out`` (the person opted out of everything that their queues hold) or ``too_little`` (less is left of
    the limit ``reached`` than every case needs that waits and counts towards it).
    """

    code: str
    reached: Reached | None = None


def why_nothing(state: DeskState, *, at: datetime) -> WhyNothing | None:
    """Return why nothing comes to a desk that waits; None where nothing of this kind is the cause. At most two queries."""
    if state.kind != "waiting":
        return None
    chosen = opted_out_now(state.person)
    if chosen and _is_everything(state.person, chosen, at):
        return WhyNothing(OPTED_OUT)
    reached = too_little_left(state.person, _shortest(state.person, chosen or NOTHING, at))
    return None if reached is None else WhyNothing(TOO_LITTLE, reached)


def _shortest(person: Person, opted_out: OptedOut, at: datetime) -> Mapping[int, int]:
    """Return severity → expected seconds of the shortest case that waits and that this person could take at all.

    What they skipped is not left out: it is read by nobody but the allocator (promise P8).
    """
    may = _able(person, opted_out, at)
    worker = person.profile.worker(at)
    theirs = [
        lane.id for lane in _lanes_of_team(worker.team_id) if can(lane, may) and not wants_not(lane, may)
    ]
    waiting = Job.objects.filter(lane__in=theirs, state=JobState.WAITING).exclude(medium__in=opted_out.media)
    if opted_out.sound:
        waiting = waiting.filter(sound=False)
    return dict(waiting.values_list("lane__severity").annotate(Min("expected_seconds")))


def _able(person: Person, opted_out: OptedOut, at: datetime) -> May:
    worker = person.profile.worker(at)
    return May(
        worker.skills, worker.languages, ANY_SEVERITY, trained=trained_for(worker.skills), opted_out=opted_out
    )


def _is_everything(person: Person, opted_out: OptedOut, at: datetime) -> bool:
    """Tell whether opt-outs leave nothing of the lanes that this person could work in."""
    worker, may = person.profile.worker(at), _able(person, opted_out, at)
    theirs = [lane for lane in _lanes_of_team(worker.team_id) if can(lane, may)]
    return opted_out.media >= set(MEDIA) or (bool(theirs) and all(wants_not(lane, may) for lane in theirs))


def _lanes_of_team(team_id: int | None) -> Sequence[LaneFacts]:
    works = Q(queue__every_team=True) | Q(queue__teams=team_id)
    found = Lane.objects.filter(works, queue__state__in=HANDS_OUT).distinct()
    return [
        LaneFacts(*row)
        for row in found.values_list("id", "language", "severity", "skill", "category", "queue_id")
    ]
