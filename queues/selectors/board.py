"""The lead's board: every queue of a team with what waits in it, from the counters. No person is in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from people.selectors import Worker, staff_of
from queues.models import Queue
from queues.rules.lanes import LaneFacts, May, open_lane
from queues.selectors.waiting import LaneRow, lanes_of_team
from wellbeing.selectors.capacity import closed_severities

SOON = timedelta(hours=4)
SEVERITIES = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue on the board. ``depth``: jobs that wait; ``oldest_at``: since when the oldest of them does.

    ``due_soon``: how many are due within 4 h, or were due before. ``nobody_available``: some of what waits can be
    taken by no active moderator of the queue's teams, for whatever reason; neither which nor why is told (P8).
    """

    id: int
    name: str
    platform: str
    state: str
    is_default: bool
    depth: int
    oldest_at: datetime | None
    due_soon: int
    nobody_available: bool


@dataclass(frozen=True, slots=True)
class _Staff:
    """Who works on which queue, and what each may take at all."""

    teams: dict[int, frozenset[int]]
    people: Sequence[tuple[Worker, May]]

    def of(self, queue_id: int, *, every_team: bool) -> Iterator[May]:
        """Yield what each person who works on a queue may take."""
        teams = self.teams.get(queue_id, frozenset())
        for worker, may in self.people:
            if every_team or worker.team_id in teams:
                yield may


def board(team_id: int, at: datetime) -> list[QueueLine]:
    """Return the queues that a team works on, by platform and name; the same six queries whatever waits in them."""
    rows = lanes_of_team(team_id, soon_at=at + SOON)
    staff = _staff_of([row.queue_id for row in rows], at=at)
    return [_line(list(lanes), staff) for _, lanes in groupby(rows, key=lambda row: row.queue_id)]


def _line(lanes: Sequence[LaneRow], staff: _Staff) -> QueueLine:
    queue = lanes[0]
    waiting = [lane for lane in lanes if lane.jobs]
    people = list(staff.of(queue.queue_id, every_team=bool(queue.every_team)))
    return QueueLine(
        id=queue.queue_id,
        name=queue.queue_name,
        platform=queue.platform_name,
        state=queue.state,
        is_default=bool(queue.is_default),
        depth=sum(lane.jobs for lane in waiting),
        oldest_at=min((lane.oldest_at for lane in waiting if lane.oldest_at), default=None),
        due_soon=sum(lane.due_soon for lane in waiting),
        nobody_available=any(not _is_manned(lane, people) for lane in waiting),
    )


def _is_manned(lane: LaneRow, people: Iterable[May]) -> bool:
    facts = LaneFacts(0, lane.language or "", lane.severity or 0, lane.skill or "")
    return any(open_lane(facts, may) is not None for may in people)


def _staff_of(queue_ids: Iterable[int], *, at: datetime) -> _Staff:
    found: dict[int, set[int]] = {}
    works = Queue.teams.through.objects.filter(queue_id__in=set(queue_ids))
    for queue_id, team_id in works.values_list("queue_id", "team_id"):
        found.setdefault(queue_id, set()).add(team_id)
    workers = staff_of(None, at=at)
    closed = closed_severities({worker.subject for worker in workers}, at=at)
    people = [(worker, _may(worker, closed[worker.subject])) for worker in workers]
    return _Staff({queue: frozenset(teams) for queue, teams in found.items()}, people)


def _may(worker: Worker, closed: frozenset[int]) -> May:
    """What this person may take on a day that has just begun: what is spent of it is not asked."""
    return May(worker.skills, worker.languages, dict.fromkeys(SEVERITIES - closed, timedelta.max))
