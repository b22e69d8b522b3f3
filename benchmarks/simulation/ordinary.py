"""Ordinary allocation: first in, first out; nothing is joined, nothing is counted, nobody is sent on a break."""

from collections import deque
from datetime import datetime

from benchmarks.simulation.floor import Given, Refused, Shown
from benchmarks.simulation.people import Shift, Worker
from benchmarks.simulation.streams import STREAMS, Item
from wellbeing.core.rules.turns import SEVERE


class OrdinaryFloor:
    """Five lines; whoever asks gets what has waited longest in the lines of their team."""

    def __init__(self) -> None:
        self.lines: dict[str, deque[Item]] = {stream.name: deque() for stream in STREAMS}
        self.milder = dict.fromkeys(self.lines, 0)
        self.in_hand: dict[int, Item] = {}

    def arrive(self, item: Item, *, at: datetime) -> Given | None:
        """Stand in line, whether the same content was decided before or not."""
        self.lines[item.stream.name].append(item)
        self.milder[item.stream.name] += item.severity < SEVERE
        return None

    def begin(self, worker: Worker, shift: Shift, *, at: datetime) -> None:
        """Nothing has to be known."""

    def ask(self, worker: Worker, *, at: datetime) -> list[Given]:
        """Hand out the oldest."""
        heads = [self.lines[name] for name in worker.queues if self.lines[name]]
        if not heads:
            return []
        item = min(heads, key=lambda line: line[0].number).popleft()
        self.in_hand[worker.number] = item
        self.milder[item.stream.name] -= item.severity < SEVERE
        return [Given(worker.number, item)]

    def why_nothing(self, worker: Worker, *, at: datetime) -> str:
        """There was nothing."""
        return ""

    def milder_waits(self, worker: Worker, *, at: datetime) -> bool:
        """Say whether something below severity 3 waits in the lines of their team."""
        return any(self.milder[name] for name in worker.queues)

    def show(self, worker: Worker, *, at: datetime) -> Shown | Refused:
        """Show it, for as long as it takes."""
        return Shown(covers_at=None)

    def decide(self, worker: Worker, *, at: datetime) -> None:
        """Done with it."""
        del self.in_hand[worker.number]

    def hand_back(self, worker: Worker, *, at: datetime) -> Given | None:
        """Back to the head of its line."""
        item = self.in_hand.pop(worker.number)
        self.lines[item.stream.name].appendleft(item)
        self.milder[item.stream.name] += item.severity < SEVERE
        return None

    def leave_for(self, worker: Worker, *, at: datetime) -> None:
        """Go."""

    def resting(self, worker: Worker) -> tuple[datetime, datetime] | None:
        """Nobody is sent on a break."""
        return None

    def why_resting(self, worker: Worker) -> str:
        """Nor asked why."""
        return ""

    def come_back(self, worker: Worker, *, at: datetime) -> None:
        """Be back."""

    def end(self, worker: Worker, *, at: datetime) -> None:
        """Go home."""
