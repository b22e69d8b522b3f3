"""The lead's board: every queue of a team, as it may be told (``selectors.told``). No person is in it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from people.rules.skills import trained_for
from people.selectors import Worker, staff_of
from queues.models import Queue
from queues.rules.lanes import May
from queues.rules.staffing import UNTAKEN_AFTER, could_be_taken, has_staff, is_quiet
from queues.selectors.told import NEVER_COUNTED, Told, queues_of_team, told_of
from wellbeing.limits.selectors.available import Available, available

SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue on the board, as of ``counted_at``, None while nothing ever came in.

    ``depth``: cases that are open, waiting and in hand alike; ``oldest_at``: since when the oldest of them is.
    ``due_soon``: how many are due within 4 h, or were due before. ``nobody_available``: some of it can be taken by no
    active moderator of the queue's teams now, as far as a lead may know (``rules.staffing``); ``untaken``: some of it could
    have been taken by five or more for two hours, and nobody did. Of neither is told which part, nor why.
    """

    id: int
    name: str
    platform: str
    state: str
    is_default: bool
    counted_at: datetime | None
    depth: int
    oldest_at: datetime | None
    due_soon: int
    nobody_available: bool
    untaken: bool


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody who works on queues: ``may``, what they may take as far as a lead may know; ``is_on``, by the roster."""

    team_id: int | None
    may: May
    is_on: bool


@dataclass(frozen=True, slots=True)
class _Staff:
    """Who works on which queue."""

    teams: dict[int, frozenset[int]]
    people: Sequence[_Person]

    def of(self, queue: Queue) -> list[_Person]:
        """Return who works on a queue."""
        teams = self.teams.get(queue.pk, frozenset())
        return [one for one in self.people if queue.every_team or one.team_id in teams]


StaffAt = Callable[[datetime], _Staff]


def platforms_of(queue_ids: Iterable[int]) -> set[UUID]:
    """Return the platforms of these queues."""
    return set(Queue.objects.filter(pk__in=list(queue_ids)).values_list("platform_id", flat=True))


def board(team_id: int, at: datetime) -> list[QueueLine]:
    """Return the queues that a team works on, by platform and name; the same queries whatever is open in them."""
    queues = list(queues_of_team(team_id).order_by("platform__name", "name", "pk"))
    ids = [queue.pk for queue in queues]
    told = told_of(ids)
    staff_at = cache(lambda when: _staff_of(ids, at=when))
    return [_line(queue, told.get(queue.pk, NEVER_COUNTED), staff_at, at) for queue in queues]


def _line(queue: Queue, told: Told, staff_at: StaffAt, at: datetime) -> QueueLine:
    people = [one.may for one in staff_at(at).of(queue)]
    return QueueLine(
        id=queue.pk,
        name=queue.name,
        platform=queue.platform.name,
        state=queue.state,
        is_default=queue.is_default,
        counted_at=told.counted_at,
        depth=told.depth,
        oldest_at=min((lane.oldest_at for lane in told.lanes), default=None),
        due_soon=told.due_within(SOON),
        nobody_available=any(not has_staff(lane.facts, people) for lane in told.lanes),
        untaken=queue.hands_out and _is_untaken(queue, told, staff_at, at),
    )


def _is_untaken(queue: Queue, told: Told, staff_at: StaffAt, at: datetime) -> bool:
    """Tell whether some lane was quiet for two hours, and five or more could take from it at both ends of them."""
    counted_at = told.counted_at or at
    quiet = [
        lane.facts
        for lane in told.lanes
        if is_quiet(oldest_at=lane.oldest_at, decided_at=lane.decided_at, at=counted_at)
    ]
    ends = [_who_is_on(queue, staff_at(when)) for when in (at, at - UNTAKEN_AFTER)] if quiet else []
    return any(all(could_be_taken(lane, people) for people in ends) for lane in quiet)


def _who_is_on(queue: Queue, staff: _Staff) -> list[May]:
    return [one.may for one in staff.of(queue) if one.is_on]


def _staff_of(queue_ids: Collection[int], *, at: datetime) -> _Staff:
    teams: dict[int, set[int]] = {}
    works = Queue.teams.through.objects.filter(queue_id__in=queue_ids)
    for queue_id, team_id in works.values_list("queue_id", "team_id"):
        teams.setdefault(queue_id, set()).add(team_id)
    return _Staff({queue: frozenset(found) for queue, found in teams.items()}, _people(at))


def _people(at: datetime) -> Sequence[_Person]:
    workers = staff_of(None, at=at)
    found = available({worker.subject for worker in workers}, at=at)
    return [_person(worker, found[worker.subject]) for worker in workers]


def _person(worker: Worker, open_to_them: Available) -> _Person:
    """What this person may take at all; how much of the day is used up is not asked."""
    fit = dict.fromkeys(open_to_them.severities, timedelta.max)
    may = May(worker.skills, worker.languages, fit, trained=trained_for(worker.skills))
    return _Person(worker.team_id, may, open_to_them.is_on)
