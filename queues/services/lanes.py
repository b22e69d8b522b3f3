"""What one person may be handed: their team's open lanes, cut by skills, languages and allowance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from people.rules.skills import trained_for
from people.selectors import Worker
from queues.models import HANDS_OUT, Job, Lane, Queue
from queues.rules.lanes import LaneFacts, May, OpenLane, Work, admits, open_lane, open_lanes
from queues.services.queue_facts import QueueFacts
from wellbeing.core.locked import Locked
from wellbeing.core.rules.opt_outs import OptedOut
from wellbeing.core.rules.turns import DUE_SOON
from wellbeing.core.selectors.allowance import Allowance, allowance
from wellbeing.limits.selectors.spread import severe_now


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who asks, what wellbeing allows them, and what they have had of severe work today (None: not compared)."""

    worker: Worker
    allowed: Allowance
    severe_ms: int | None = None

    @property
    def may(self) -> May:
        """The same in the words of the pure rules."""
        return May(
            skills=self.worker.skills,
            languages=self.worker.languages,
            fit=self.allowed.fit,
            mild_only=self.allowed.mild_only is not None,
            trained=trained_for(self.worker.skills),
            opted_out=self.allowed.opt_outs,
            turn=self.allowed.turn,
            run_most=self.allowed.run_most,
        )

    @property
    def is_open(self) -> bool:
        """Whether anything may be handed out at all: not on a break, nor on a rest day, which leaves no severity."""
        if not self.worker.is_active or self.worker.team_id is None:
            return False
        return self.allowed.refusal is None and bool(self.allowed.fit)


def eligibility_of(*, locked: Locked) -> Eligibility:
    """Return what this person may be handed now."""
    return Eligibility(
        worker=locked.profile.worker(locked.at), allowed=allowance(locked), severe_ms=severe_now(locked)
    )


def eligibility_past_the_break(eligibility: Eligibility, *, locked: Locked) -> Eligibility:
    """Return the same without breaks: by limits and caps alone."""
    return replace(eligibility, allowed=allowance(locked, with_breaks=False))


def lanes_for(queue_facts: QueueFacts, eligibility: Eligibility) -> list[OpenLane]:
    """Return the lanes to pick from, each with its terms."""
    above_in = frozenset(
        queue_id
        for queue_id, most_ms in queue_facts.most_severe.items()
        if eligibility.severe_ms is not None and eligibility.severe_ms > most_ms
    )
    return open_lanes(queue_facts.lanes, replace(eligibility.may, above_in=above_in))


def passes(terms: Sequence[OpenLane], job: Job, *, at: datetime) -> bool:
    """Tell whether a job that was picked came before others because it is due soon."""
    is_due = job.due_at is not None and job.due_at <= at + DUE_SOON
    return is_due and any(lane.due_rank < lane.rank for lane in terms if lane.id == job.lane_id)


def may_take(eligibility: Eligibility, job: Job) -> bool:
    """Tell whether this one job may be handed out (skips aside), as ``lanes_for`` and the pick would."""
    lane = open_lane(facts_of(job.lane), eligibility.may)
    work = Work(job.expected_seconds, job.medium, job.mild_confirmed, job.sound)
    if lane is None or not admits(lane, work, eligibility.allowed.opt_outs):
        return False
    return open_to(eligibility.worker.team_id).filter(pk=job.lane.queue_id).exists()


def is_kept_away(job: Job, by: OptedOut) -> bool:
    """Tell whether opt-outs concern one job."""
    return by.closes_job(medium=job.medium, sound=job.sound) or by.closes_lane(
        category=job.lane.category, language=job.lane.language, queue_id=job.lane.queue_id
    )


def know_lane(job: Job, *, of: QueueFacts) -> None:
    """Give a job that was picked its lane, as it was read under this lock; one that has moved is read when it is asked for."""
    for lane in of.lanes:
        if lane.id == job.lane_id:
            job.lane = Lane(**lane._asdict())


def facts_of(lane: Lane) -> LaneFacts:
    """Return a lane as the pure rules take it."""
    return LaneFacts(lane.pk, lane.language, lane.severity, lane.skill, lane.category, lane.queue_id)


def open_to(team_id: int | None) -> QuerySet[Queue]:
    """Return the queues from which this team may take now (a queue may stand there twice); ``queue_facts`` says it in SQL."""
    return Queue.objects.filter(Q(every_team=True) | Q(teams=team_id), state__in=HANDS_OUT)
