"""The lead's board: every queue of a team with what waits in it, from the counters. No person is in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from people.rules.skills import trained_for
from people.selectors import Worker, staff_of
from queues.models import Queue
from queues.rules.lanes import LaneFacts, May
from queues.rules.manned import Candidate, is_manned
from queues.selectors.waiting import LaneRow, lanes_of_team
from wellbeing.selectors.available import Available, available

SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue on the board. ``depth``: jobs that wait; ``oldest_at``: since when the oldest of them does.

    ``due_soon``: how many are due within 4 h, or were due before. ``nobody_available``: some of what waits can be
    taken by no active moderator of the queue's teams now, as far as that may be told (``rules.manned``): not which part,
    nor why.
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
    people: Sequence[tuple[Worker, Candidate]]

    def of(self, queue_id: int, *, every_team: bool) -> Iterator[Candidate]:
        """Yield what each person who works on a queue may take."""
        teams = self.teams.get(queue_id, frozenset())
        for worker, candidate in self.people:
            if every_team or worker.team_id in teams:
                yield candidate


def board(team_id: int, at: datetime) -> list[QueueLine]:
    """Return the queues that a team works on, by platform and name; the same queries whatever waits in them."""
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
        nobody_available=any(not is_manned(_facts(lane), people) for lane in waiting),
    )


def _facts(lane: LaneRow) -> LaneFacts:
    return LaneFacts(
        0, lane.language or "", lane.severity or 0, lane.skill or "", lane.category or "", lane.queue_id
    )


def _staff_of(queue_ids: Iterable[int], *, at: datetime) -> _Staff:
    found_teams: dict[int, set[int]] = {}
    works = Queue.teams.through.objects.filter(queue_id__in=set(queue_ids))
    for queue_id, team_id in works.values_list("queue_id", "team_id"):
        found_teams.setdefault(queue_id, set()).add(team_id)
    workers = staff_of(None, at=at)
    found = available({worker.subject for worker in workers}, at=at)
    people = [(worker, _candidate(worker, found[worker.subject])) for worker in workers]
    return _Staff({queue: frozenset(teams) for queue, teams in found_teams.items()}, people)


def _candidate(worker: Worker, open_to_them: Available) -> Candidate:
    """What this person may take at all; how much of the day is used up is not asked."""
    able = May(worker.skills, worker.languages, {}, trained=trained_for(worker.skills))
    return Candidate(
        known=replace(able, fit=dict.fromkeys(open_to_them.known, timedelta.max)),
        truly=replace(
            able,
            fit=dict.fromkeys(open_to_them.truly, timedelta.max),
            opted_out=open_to_them.opted_out,
        ),
    )
