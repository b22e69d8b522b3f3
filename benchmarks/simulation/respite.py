"""Respite's allocation over memory: its lanes, its line of those who wait, and a desk for everybody."""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.simulation.desk import Desk
from benchmarks.simulation.evening import Evening
from benchmarks.simulation.floor import Given, Refused, Shown
from benchmarks.simulation.people import Shift, Worker
from benchmarks.simulation.streams import BY_NAME, EVERY, Item
from queues.rules.lanes import LaneFacts, May, OpenLane, Work, admits, open_lane, open_lanes
from queues.rules.leases import TICKET_FRESH, TICKET_KEPT
from queues.rules.order import has_become_late, late_waits_ms, sort_key
from wellbeing.core.rules.opt_outs import OptedOut
from wellbeing.core.rules.scopes import Value
from wellbeing.core.rules.turns import DUE_SOON, SEVERE


@dataclass(order=True)
class Job:
    """One job in its place; jobs of equal keys in the order in which they came."""

    sort_key: int
    number: int
    item: Item = field(compare=False)


@dataclass
class Ticket:
    """A desk that waits, since when, and when it was last heard of."""

    since: datetime
    heard_at: datetime


ATTEMPTS = 8
"""How often somebody looks again after a job went to a desk that had waited longer."""

KINDS = [(number, stream, severity) for number, stream in enumerate(EVERY) for severity in stream.mix]
LANES = [
    LaneFacts(
        id=number,
        language="",
        severity=severity,
        skill="",
        category=stream.category[severity],
        queue_id=queue + 1,
    )
    for number, (queue, stream, severity) in enumerate(KINDS)
]
LANE_OF = {(stream.name, severity): number for number, (_, stream, severity) in enumerate(KINDS)}


class RespiteFloor:
    """The allocator with its safeguard. ``values``: person → limits that somebody set for them."""

    def __init__(
        self, staff: Sequence[Worker], *, values: Mapping[int, Sequence[Value]], evens: bool = False
    ) -> None:
        """Seat everybody. ``evens``: severe work is evened out and what is late goes back, as where the sweep runs."""
        self.desks = {worker.number: Desk(worker, values=values.get(worker.number, ())) for worker in staff}
        self.lanes: list[list[Job]] = [[] for _ in LANES]
        self.known: set[int] = set()
        self.tickets: dict[int, Ticket] = {}
        self.in_hand: dict[int, Job] = {}
        self.evening = Evening(self.desks, LANES, [one.name for one in EVERY]) if evens else None
        self.of_team = {
            worker.queues: [
                LANES[LANE_OF[name, severity]] for name in worker.queues for severity in BY_NAME[name].mix
            ]
            for worker in staff
        }

    # ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────

    def arrive(self, item: Item, *, at: datetime) -> Given | None:
        """Join it to its case where the content is known; else it is offered, and waits."""
        if item.case in self.known:
            return None
        self.known.add(item.case)
        key = sort_key(created_at=at, due_at=item.due_at, target_seconds=0, priority=0)
        return self._offer(Job(key, item.number, item), at)

    def hand_back(self, worker: Worker, *, at: datetime) -> Given | None:
        """Back to its place, offered first."""
        desk, job = self.desks[worker.number], self.in_hand.pop(worker.number)
        desk.close(job.item, at)
        if desk.on_break:
            self.tickets.pop(worker.number, None)
        return self._offer(job, at)

    def _offer(self, job: Job, at: datetime) -> Given | None:
        line: Sequence[int] = self._line(at)
        if self.evening is not None:
            lane = LANES[_lane_of(job)]
            line = self.evening.in_order(line, severity=lane.severity, queue_id=lane.queue_id, at=at)
        for number in line:
            if self._can_receive(self.desks[number], job, at):
                return self._give(number, job)
        insort(self.lanes[_lane_of(job)], job)
        return None

    def _line(self, at: datetime) -> list[int]:
        """Return who waits and was heard of just now, the longest first."""
        fresh = [
            (ticket.since, number)
            for number, ticket in self.tickets.items()
            if ticket.heard_at >= at - TICKET_FRESH
        ]
        return [number for _, number in sorted(fresh)]

    def _can_receive(self, desk: Desk, job: Job, at: datetime) -> bool:
        if desk.worker.number in self.in_hand or job.item.stream.name not in desk.worker.queues:
            return False
        desk.settle(at)
        if desk.on_break:
            self._rest(desk, at)
            return False
        may = self._may(desk, at)
        lane = open_lane(LANES[_lane_of(job)], may)
        return lane is not None and admits(lane, _work(job), may.opted_out)

    def _give(self, number: int, job: Job) -> Given:
        self.in_hand[number] = job
        self.tickets.pop(number, None)
        return Given(number, job.item)

    def _rest(self, desk: Desk, at: datetime) -> None:
        desk.rest(at)
        self.tickets.pop(desk.worker.number, None)

    # ── what is asked for ────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, worker: Worker, *, at: datetime) -> list[Given]:
        """Hand out the first job of the lanes that are open to this person, or let them wait."""
        desk = self.desks[worker.number]
        others: list[Given] = []
        if self.evening is not None:
            self._put_back_late(at)
        if worker.number in self.in_hand:
            return []
        for _ in range(ATTEMPTS):
            desk.settle(at)
            if desk.on_break:
                self._rest(desk, at)
                return others
            job = self._pick(desk, at) or self._pick_past_the_break(desk, at)
            if job is None and desk.resting is not None:
                self._rest(desk, at)
                return others
            if job is None:
                self._wait(worker.number, at)
                return others
            older = self._older(worker.number, at)
            if not older:
                return [*others, self._give(worker.number, job)]
            self._wait(worker.number, at)
            given = self._offer(job, at)
            if given is None:
                continue
            others.append(given)
            if given.person == worker.number:
                return others
        return others

    def _pick(self, desk: Desk, at: datetime) -> Job | None:
        may = self._may(desk, at)
        open_to = open_lanes(self.of_team[desk.worker.queues], may)
        heads = [
            (_rank(lane, job, at), job)
            for lane in open_to
            if (job := self._head(lane, may.opted_out)) is not None
        ]
        if not heads:
            return None
        rank, job = min(heads)
        if rank < max(lane.rank for lane in open_to if lane.id == _lane_of(job)):
            desk.turn = desk.turn.passed()
        self.lanes[_lane_of(job)].remove(job)
        return job

    def _pick_past_the_break(self, desk: Desk, at: datetime) -> Job | None:
        """Pick the shortest of what waits, where nothing fits before the next break; from half of that on, it comes now."""
        may = self._may(desk, at, with_breaks=False)
        open_to = open_lanes(self.of_team[desk.worker.queues], may)
        heads = [job for lane in open_to if (job := self._head(lane, may.opted_out)) is not None]
        if not heads:
            return None
        job = min(heads, key=lambda one: (one.item.expected, one))
        cause, comes_now = desk.break_in_the_way(job.item.severity, at)
        if comes_now:
            desk.break_comes_now(cause)
            return None
        self.lanes[_lane_of(job)].remove(job)
        return job

    def _head(self, lane: OpenLane, opted_out: OptedOut) -> Job | None:
        """Return the first job of a lane that is within its terms: what one takes, all of a lane take, but for sound."""
        jobs = self.lanes[lane.id]
        if not jobs or not admits(lane, _work(jobs[0])):
            return None
        return next((job for job in jobs if admits(lane, _work(job), opted_out)), None)

    def _put_back_late(self, at: datetime) -> None:
        """Let what has become late go back in its lane, as the sweep does."""
        for jobs in self.lanes:
            while jobs and _is_late(jobs[0], at):
                late = jobs.pop(0)
                insort(jobs, Job(late.sort_key + late_waits_ms(), late.number, late.item))

    def milder_waits(self, worker: Worker, *, at: datetime) -> bool:
        """Say whether something below severity 3 waits that this person may take."""
        may = self._may(self.desks[worker.number], at)
        return any(
            LANES[lane.id].severity < SEVERE and self._head(lane, may.opted_out) is not None
            for lane in open_lanes(self.of_team[worker.queues], may)
        )

    def _older(self, number: int, at: datetime) -> list[int]:
        line = [one for one in self._line(at) if one != number]
        mine = self.tickets.get(number)
        if mine is None or mine.heard_at < at - TICKET_FRESH:
            return line
        return [one for one in line if (self.tickets[one].since, one) < (mine.since, number)]

    def _wait(self, number: int, at: datetime) -> None:
        ticket = self.tickets.get(number)
        if ticket is not None and ticket.heard_at >= at - TICKET_KEPT:
            ticket.heard_at = at
        else:
            self.tickets[number] = Ticket(at, at)

    def _may(self, desk: Desk, at: datetime, *, with_breaks: bool = True) -> May:
        found = desk.what_fits(at, with_breaks=with_breaks)
        return May(
            skills=frozenset(),
            languages=frozenset(),
            fit=found.fit,
            mild_only=found.mild_only is not None,
            opted_out=desk.opted_out,
            turn=desk.turn,
            run_most=desk.limits["run_cases"].value,
            above_in=frozenset() if self.evening is None else self.evening.above_in(desk, at),
        )

    # ── what is done ─────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self, worker: Worker, shift: Shift, *, at: datetime) -> None:
        """Sit down."""
        self.desks[worker.number].begin(shift, at)

    def why_nothing(self, worker: Worker, *, at: datetime) -> str:
        """Return what keeps which severity away."""
        desk = self.desks[worker.number]
        found = desk.what_fits(at)
        closed = [f"{severity} {reached.name}" for severity, reached in sorted(found.closed_by.items())]
        return "; ".join([*closed, str(desk.turn)])

    def show(self, worker: Worker, *, at: datetime) -> Shown | Refused:
        """Show the case in hand, or say why not."""
        return self.desks[worker.number].show(self.in_hand[worker.number].item, at)

    def decide(self, worker: Worker, *, at: datetime) -> None:
        """Decide it; a break that is due begins."""
        desk = self.desks[worker.number]
        desk.close(self.in_hand.pop(worker.number).item, at)
        if desk.on_break:
            self.tickets.pop(worker.number, None)

    def leave_for(self, worker: Worker, *, at: datetime) -> None:
        """Step away."""
        self.desks[worker.number].step_away(at)
        self.tickets.pop(worker.number, None)

    def resting(self, worker: Worker) -> tuple[datetime, datetime] | None:
        """Return since when a break runs, and when it is over."""
        resting = self.desks[worker.number].resting
        if resting is None or resting.started_at is None:
            return None
        return resting.started_at, resting.started_at + resting.length

    def why_resting(self, worker: Worker) -> str:
        """Return the cause of the break that runs."""
        resting = self.desks[worker.number].resting
        return str(resting.asked.cause) if resting is not None else ""

    def come_back(self, worker: Worker, *, at: datetime) -> None:
        """Return."""
        self.desks[worker.number].come_back(at)

    def end(self, worker: Worker, *, at: datetime) -> None:
        """Go home."""
        self.tickets.pop(worker.number, None)
        self.desks[worker.number].end(at)


def _is_late(job: Job, at: datetime) -> bool:
    return has_become_late(sort_key=job.sort_key, due_at=job.item.due_at, at=at)


def _rank(lane: OpenLane, job: Job, at: datetime) -> int:
    is_due = job.item.due_at <= at + DUE_SOON
    return lane.due_rank if is_due else lane.rank


def _lane_of(job: Job) -> int:
    return LANE_OF[job.item.stream.name, job.item.severity]


def _work(job: Job) -> Work:
    return Work(
        expected_seconds=job.item.expected,
        medium=job.item.stream.medium,
        mild_confirmed=False,
        sound=job.item.sound,
    )
