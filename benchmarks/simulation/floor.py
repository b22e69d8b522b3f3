"""One floor, three ways: whoever drives the shifts asks these questions and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from benchmarks.simulation.people import Shift, Worker
from benchmarks.simulation.streams import Item


@dataclass(frozen=True, slots=True)
class Given:
    """That a person has been handed an item."""

    person: int
    item: Item


@dataclass(frozen=True, slots=True)
class Shown:
    """That a case is on the stage; ``covers_at``: when a break, a limit or a cap takes it off, None where nothing does."""

    covers_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refused:
    """That it was not shown, and why."""

    what: str


class Floor(Protocol):
    """What can be done on a floor. Every instant is UTC; each act of one person is later than their last, or as late."""

    def arrive(self, item: Item, *, at: datetime) -> Given | None:
        """Take in an item; somebody who waits may be handed it at once."""

    def begin(self, worker: Worker, shift: Shift, *, at: datetime) -> None:
        """A shift begins."""

    def ask(self, worker: Worker, *, at: datetime) -> list[Given]:
        """Ask for the next case. What the others were handed on the way is told, too."""

    def why_nothing(self, worker: Worker, *, at: datetime) -> str:
        """Return what keeps which severity away from somebody who was handed nothing."""

    def milder_waits(self, worker: Worker, *, at: datetime) -> bool:
        """Say whether something below severity 3 waits that this person may take."""

    def show(self, worker: Worker, *, at: datetime) -> Shown | Refused:
        """Put the case in hand on the stage."""

    def decide(self, worker: Worker, *, at: datetime) -> None:
        """Decide the case in hand, and cover."""

    def hand_back(self, worker: Worker, *, at: datetime) -> Given | None:
        """Give the case in hand back undecided; somebody who waits may be handed it at once."""

    def leave_for(self, worker: Worker, *, at: datetime) -> None:
        """Step away, for lunch or for the wellness time."""

    def resting(self, worker: Worker) -> tuple[datetime, datetime] | None:
        """Return since when a break runs, and when it will be over; None when none runs."""

    def why_resting(self, worker: Worker) -> str:
        """Return the cause of the break that runs."""

    def come_back(self, worker: Worker, *, at: datetime) -> None:
        """Return from a break or from stepping away."""

    def end(self, worker: Worker, *, at: datetime) -> None:
        """The shift is over for this person, who holds nothing."""
