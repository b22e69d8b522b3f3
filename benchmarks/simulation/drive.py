"""Lets people come, work and go on a floor: one event after another, the same people and the same clock on each floor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from benchmarks.simulation.floor import Floor, Given, Refused
from benchmarks.simulation.people import LUNCH, Shift, Worker
from benchmarks.simulation.record import Look, Record, Refusal, Rest, Worked
from benchmarks.simulation.streams import Item
from wellbeing.core.rules.turns import SEVERE

ASKS_AGAIN = timedelta(minutes=3)
"""How often somebody asks who has nothing to do."""


@dataclass(frozen=True)
class Pause:
    """A pause of everybody's shift that is no break of Respite's: after how much of the shift, and how long."""

    after: timedelta
    lasts: timedelta
    cause: str


LUNCH_ONLY = (Pause(timedelta(hours=4), LUNCH, "lunch"),)


class Event(NamedTuple):
    """That a person goes on with ``step`` at ``at``, unless something else came between (``turn``)."""

    at: datetime
    number: int
    person: int
    step: str
    turn: int


@dataclass
class Seat:
    """One person as the drive knows them."""

    worker: Worker
    shift: Shift | None = None
    item: Item | None = None
    turn: int = 0
    pauses: list[Pause] = field(default_factory=list)
    since: datetime | None = None
    resting: tuple[str, datetime] | None = None
    shown_at: datetime | None = None


class Drive:
    """Drives one floor through its shifts and keeps the record of it."""

    def __init__(
        self,
        floor: Floor,
        *,
        staff: Sequence[Worker],
        shifts: Iterable[tuple[int, Shift]],
        pauses: Sequence[Pause] = LUNCH_ONLY,
        joins: bool = True,
        tells_why: bool = False,
    ) -> None:
        """Seat everybody. ``joins``: one decision answers all items of the same content.

        ``tells_why``: keep in the record why somebody was handed nothing.
        """
        self.floor = floor
        self.pauses = pauses
        self.joins = joins
        self.tells_why = tells_why
        self.record = Record()
        self.seats = {worker.number: Seat(worker) for worker in staff}
        self.events: list[Event] = []
        self.count = 0
        self.to_come = sorted(shifts, key=lambda one: (one[1].starts_at, one[0]), reverse=True)

    def run(self, items: Iterable[Item]) -> Record:
        """Let everything happen until the last shift is over."""
        for item in items:
            self._until(item.arrives_at)
            self.record.wanted.append((self._case(item), item.due_at, item.severity))
            self._hand(self.floor.arrive(item, at=item.arrives_at), at=item.arrives_at)
        self._until(None)
        return self.record

    def _until(self, at: datetime | None) -> None:
        """Let happen what comes before *at*; all of it without one."""
        while True:
            begins = self.to_come[-1][1].starts_at if self.to_come else None
            comes = self.events[0].at if self.events else None
            if begins is not None and (comes is None or begins <= comes):
                if at is not None and begins > at:
                    return
                self._begin(*self.to_come.pop())
            elif comes is not None and (at is None or comes <= at):
                self._happen(heappop(self.events))
            else:
                return

    def _happen(self, event: Event) -> None:
        seat = self.seats[event.person]
        if event.turn == seat.turn:
            getattr(self, f"_{event.step}")(seat, event.at)

    def _next(self, seat: Seat, step: str, at: datetime) -> None:
        seat.turn += 1
        self.count += 1
        heappush(self.events, Event(at, self.count, seat.worker.number, step, seat.turn))

    def _hand(self, given: Given | None, *, at: datetime) -> None:
        """Let a person who waited begin with what they were handed."""
        if given is not None:
            self._take(self.seats[given.person], given.item, at)

    def _take(self, seat: Seat, item: Item, at: datetime) -> None:
        self._waited(seat, at)
        seat.item = item
        if item.severity >= SEVERE and self.floor.milder_waits(seat.worker, at=at):
            self.record.avoidable.add((seat.worker.number, self._case(item)))
        self._next(seat, "look", at + timedelta(seconds=item.around))

    def _waited(self, seat: Seat, at: datetime) -> None:
        if seat.since is not None:
            self.record.wait(seat.worker.number, (at - seat.since).total_seconds())
            seat.since = None

    def _begin(self, person: int, shift: Shift) -> None:
        seat = self.seats[person]
        seat.shift, seat.pauses = shift, list(self.pauses)
        self.floor.begin(seat.worker, shift, at=shift.starts_at)
        self._next(seat, "ask", shift.starts_at)

    def _ask(self, seat: Seat, at: datetime) -> None:
        shift = seat.shift
        if shift is None:
            return
        if at >= shift.stays_until:
            self._go(seat, shift, at)
        elif seat.pauses and at >= shift.starts_at + seat.pauses[0].after:
            self._pause(seat, seat.pauses.pop(0), at)
        else:
            self._work(seat, at)

    def _work(self, seat: Seat, at: datetime) -> None:
        for given in self.floor.ask(seat.worker, at=at):
            self._hand(given, at=at)
        if seat.item is not None:
            return
        if not self._rests(seat, at):
            seat.since = seat.since or at
            if self.tells_why:
                why = self.floor.why_nothing(seat.worker, at=at)
                self.record.refusals.append(Refusal(seat.worker.number, at, why))
            self._next(seat, "ask", at + ASKS_AGAIN)

    def _rests(self, seat: Seat, at: datetime) -> bool:
        """Let a break that runs run; say whether one does."""
        resting = self.floor.resting(seat.worker)
        if resting is None:
            return False
        since, back_at = resting
        self._waited(seat, since)
        seat.resting = (self.floor.why_resting(seat.worker), since)
        self._next(seat, "back", max(back_at, at))
        return True

    def _pause(self, seat: Seat, pause: Pause, at: datetime) -> None:
        self._waited(seat, at)
        self.floor.leave_for(seat.worker, at=at)
        since, back_at = self.floor.resting(seat.worker) or (at, at)
        seat.resting = (pause.cause, since)
        self._next(seat, "back", max(at + pause.lasts, back_at))

    def _back(self, seat: Seat, at: datetime) -> None:
        if seat.resting is not None:
            cause, since = seat.resting
            self.record.rests.append(Rest(seat.worker.number, cause, since, at))
            seat.resting = None
        self.floor.come_back(seat.worker, at=at)
        self._ask(seat, at)

    def _look(self, seat: Seat, at: datetime) -> None:
        item = seat.item
        if item is None:
            return
        shown = self.floor.show(seat.worker, at=at)
        if isinstance(shown, Refused):
            self.record.refusals.append(Refusal(seat.worker.number, at, shown.what))
            seat.item = None
            self._hand(self.floor.hand_back(seat.worker, at=at), at=at)
            self._after(seat, at)
            return
        seat.shown_at = at
        ends_at = at + timedelta(seconds=item.look)
        self._next(seat, "decide", min(ends_at, shown.covers_at or ends_at))

    def _decide(self, seat: Seat, at: datetime) -> None:
        item, since = seat.item, seat.shown_at
        if item is None or since is None:
            return
        self.floor.decide(seat.worker, at=at)
        seat.item, seat.shown_at = None, None
        case = self._case(item)
        self.record.decided.setdefault(case, at)
        look = Look(seat.worker.number, case, item.category, item.severity, item.level, item.sound, since, at)
        self.record.looks.append(look)
        self._after(seat, at)

    def _after(self, seat: Seat, at: datetime) -> None:
        """Go on: with a break if one runs, else with the next case."""
        if seat.item is None and not self._rests(seat, at):
            self._ask(seat, at)

    def _case(self, item: Item) -> int:
        return item.case if self.joins else item.number

    def _go(self, seat: Seat, shift: Shift, at: datetime) -> None:
        self._waited(seat, at)
        self.floor.end(seat.worker, at=at)
        self.record.worked.append(Worked(seat.worker.number, shift.starts_at, shift.ends_at, at))
        seat.shift = None
        seat.turn += 1
