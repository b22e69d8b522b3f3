"""What happened on a simulated floor, as plain rows: the ledger that the checker and the figures read."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple


class Look(NamedTuple):
    """One case on one person's stage. ``case``: by content; ``level``, ``sound``: how.

    ``unheard``: of it, at its end, what counts although nothing was heard of its page. That counts towards every sum, and
    stands outside what a limit, a break or an hour allows at most.
    """

    person: int
    case: int
    category: str
    severity: int
    level: str
    sound: bool
    begins_at: datetime
    ends_at: datetime
    unheard: timedelta = timedelta(0)

    @property
    def heard_until(self) -> datetime:
        """Until when its page answered."""
        return self.ends_at - self.unheard


class Rest(NamedTuple):
    """A time without work and without anything shown: a break, lunch, a step away. ``cause`` as the table has it."""

    person: int
    cause: str
    begins_at: datetime
    ends_at: datetime


class Worked(NamedTuple):
    """One shift as it was worked, beside its planned end."""

    person: int
    begins_at: datetime
    planned_end: datetime
    left_at: datetime


class Refusal(NamedTuple):
    """That somebody was told no: ``what`` is a stable code, a limit's or cap's name, or ``on_break``."""

    person: int
    at: datetime
    what: str


@dataclass
class Record:
    """Everything that happened on one floor, in the order in which it ended.

    ``waited``: seconds at the desk with nothing to do, by person. ``decided``: case → when it was first decided.
    ``wanted``: of each item its case, until when it is to be decided, and its severity. ``avoidable``: (person, case) of each
    case of severity 3 and up that somebody was handed while something milder waited that they might take.
    """

    looks: list[Look] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    worked: list[Worked] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    waited: dict[int, int] = field(default_factory=dict)
    decided: dict[int, datetime] = field(default_factory=dict)
    wanted: list[tuple[int, datetime, int]] = field(default_factory=list)
    avoidable: set[tuple[int, int]] = field(default_factory=set)

    def wait(self, person: int, seconds: float) -> None:
        """Add to what a person waited."""
        self.waited[person] = self.waited.get(person, 0) + round(seconds)
