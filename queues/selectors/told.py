"""What may be told of queues: the last count that may be, and the lanes in it (``services.counts``, ``rules.telling``)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from queues.models import HANDS_OUT, NO_DUE_TIME, Lane, Queue, QueueCount
from queues.rules.lanes import LaneFacts
from queues.rules.outlook import Waiting
from queues.rules.quarters import quarter_of, quarter_start
from queues.rules.telling import EPOCH


class Open(NamedTuple):
    """Cases of a lane that were open and are due in the same quarter of an hour; ``seconds`` expected of all of them."""

    facts: LaneFacts
    due_quarter: int
    jobs: int
    seconds: int


@dataclass(frozen=True, slots=True)
class ToldLane:
    """A lane in which cases were open. ``oldest_at``: since when the oldest of them is; ``decided_at``: when one of this
    lane was last decided, to the five minutes, None where that is long ago.
    """

    facts: LaneFacts
    oldest_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A queue as it may be told. ``counted_at``: as of when, None while nothing ever came in."""

    counted_at: datetime | None = None
    work: Sequence[Open] = ()
    lanes: Sequence[ToldLane] = ()

    @property
    def depth(self) -> int:
        """How many cases were open."""
        return sum(part.jobs for part in self.work)

    def due_within(self, soon: timedelta) -> int:
        """Return how many of them were due so soon, or before, to the quarter of an hour."""
        if self.counted_at is None:
            return 0
        until = quarter_of(self.counted_at + soon)
        return sum(part.jobs for part in self.work if NO_DUE_TIME < part.due_quarter <= until)


NEVER_COUNTED = Told()


def queues_of_team(team_id: int) -> QuerySet[Queue]:
    """Return the queues that a team works on, with their platforms."""
    works = Queue.teams.through.objects.filter(team_id=team_id).values("queue_id")
    return Queue.objects.filter(Q(every_team=True) | Q(pk__in=works)).select_related("platform")


def told_of(queue_ids: Collection[int]) -> dict[int, Told]:
    """Return what may be told of these queues; one that was never counted is left out. Two queries."""
    counts = QueueCount.objects.filter(queue_id__in=queue_ids, is_told=True).order_by("step")
    last = {count.queue_id: count for count in counts}
    facts = _facts(lane for count in last.values() for lane, *_ in [*count.work, *count.lanes])
    return {queue_id: _told(count, facts) for queue_id, count in last.items()}


def work_of_team(team_id: int) -> list[Waiting]:
    """Return what was open for a team in queues that hand out, by severity and due time, as it may be told."""
    queue_ids = queues_of_team(team_id).filter(state__in=HANDS_OUT).values_list("pk", flat=True)
    sums: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for told in told_of(list(queue_ids)).values():
        for part in told.work:
            place = sums[part.facts.severity, part.due_quarter]
            place[0] += part.jobs
            place[1] += part.seconds
    return [
        Waiting(severity, None if quarter == NO_DUE_TIME else quarter_start(quarter), jobs, seconds)
        for (severity, quarter), (jobs, seconds) in sums.items()
    ]


def _told(count: QueueCount, facts: dict[int, LaneFacts]) -> Told:
    lanes = [
        ToldLane(facts[lane], _instant(oldest), None if decided is None else _instant(decided))
        for lane, oldest, decided in count.lanes
        if lane in facts
    ]
    work = [Open(facts[lane], *part) for lane, *part in count.work if lane in facts]
    return Told(count.counted_at, work, lanes)


def _facts(lane_ids: Iterable[int]) -> dict[int, LaneFacts]:
    lanes = Lane.objects.filter(pk__in=set(lane_ids))
    rows = lanes.values_list("id", "language", "severity", "skill", "category", "queue_id")
    return {row[0]: LaneFacts(*row) for row in rows}


def _instant(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)
