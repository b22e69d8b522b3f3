"""A person under their lock, moved by the services that hold it, and what is to be written back."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from people.statements import Part, Row
from wellbeing.core.person import WORKED_OUT, Person
from wellbeing.core.rules import clock
from wellbeing.core.rules.dates import Moved
from wellbeing.core.rules.limits import Spent
from wellbeing.models import Break, CaseSeen, Exposure, Presence

T = TypeVar("T")


class OneCopy:
    """Copies rows: the same one twice is the same copy."""

    def __init__(self) -> None:
        self._copies: dict[int, Any] = {}

    def __call__(self, row: T) -> T:
        """Return the copy of a row; None of None."""
        if row is None:
            return row
        found: T = self._copies.setdefault(id(row), copy(row))
        return found


@dataclass
class Unwritten:
    """What was changed in the rows at hand, and the sums, and is written at the end of the act.

    ``begun``, ``seen``: rows that are not in their tables yet, of what came onto the stage and of a case that was counted for
    the first time on its date. ``opened``: the case, counted on that local date before, that came onto a covered stage.
    ``others``: changes of rows that are not wellbeing's, which whoever holds the lock wants written in the same statement.
    """

    exposures: dict[UUID, Exposure] = field(default_factory=dict)
    begun: Exposure | None = None
    seen: CaseSeen | None = None
    presence: Presence | None = None
    rest: Break | None = None
    sums: dict[tuple[datetime, int], Spent] = field(default_factory=dict)
    dates: dict[tuple[date, int], Moved] = field(default_factory=dict)
    opened: tuple[UUID, date] | None = None
    others: list[Part] = field(default_factory=list)

    def copied(self, row: "OneCopy") -> "Unwritten":
        """Return one that stays as this one is now; *row* copies the rows in it, each once."""
        return Unwritten(
            exposures={key: row(one) for key, one in self.exposures.items()},
            begun=row(self.begun),
            seen=row(self.seen),
            presence=row(self.presence),
            rest=row(self.rest),
            sums=dict(self.sums),
            dates=dict(self.dates),
            opened=self.opened,
            others=list(self.others),
        )


@dataclass(eq=False)
class Locked(Person):
    """A person whose lock is held: proof of it, and settled up to ``at``. A page may be told from it once the act is committed.

    ``lost_exposure_id``: the stretch that this very act found fallen silent. ``is_heard``: this act is a sign of the page that
    has the stage, ``has_sign`` one of its person. ``now``: what both clocks say; ``absence``: how long ago, by both, nobody
    was at the desk any more, None where that was never noted. ``is_clock_still``: the wall's clock has not moved since the
    request before. ``silent_since``: until when the open desk is taken to have worked, if nothing was heard of it after that.
    ``is_announced``: pages will be told after the commit; ``told_rev``: the change number that they were told then.
    ``is_written_once``: whoever holds the lock writes back when everything is done, not each service at its end.
    ``read_with_it``: rows that the holder read under the same lock, in the order in which it asked for them.
    ``is_bound_anew``: this act has written what binds the person (a flag), which is not known here.
    """

    now: clock.Moment
    absence: timedelta | None = None
    is_clock_still: bool = False
    is_heard: bool = False
    has_sign: bool = False
    silent_since: datetime | None = None
    lost_exposure_id: UUID | None = None
    is_announced: bool = False
    is_written_once: bool = False
    unwritten: Unwritten = field(default_factory=Unwritten)
    read_with_it: Sequence[Row | None] = ()
    is_bound_anew: bool = False
    told_rev: int | None = None

    @property
    def rev(self) -> int:
        """The number after the one that was read, if pages were told anything: where others moved it too, they read again."""
        return self.rows.rev if self.told_rev is None else self.rows.rev + 1

    def note_told(self, rev: int) -> None:
        """Note the change number that pages were told after the commit."""
        self.told_rev = rev

    # ── what moves ───────────────────────────────────────────────────────────────────────────────────────────────

    def forget(self, *names: str) -> None:
        """Let what was worked out be worked out anew, all of it unless named: what it is made of has moved."""
        for name in names or WORKED_OUT:
            self.__dict__.pop(name, None)

    def set_clock(self, at: datetime) -> None:
        """Move the person's own clock on."""
        self.at = self.state.clock_at = at
        self.forget()

    def bind(self, **changed: Any) -> None:
        """Let what the act has written of what binds the person (fields of ``Binding``) hold at once."""
        self.binding = replace(self.binding, **changed)
        self.forget()

    def set_block_load(self, units: int) -> None:
        """Set the load since the last break of 10 min."""
        self.state.block_load = max(units, 0)
        self.forget("ledger")

    def move_quarter(self, quarter_at: datetime, severity: int, by: Spent) -> None:
        """Add to a quarter of an hour, now and in what is written back; below zero it is taken away."""
        place, spent, sums = (quarter_at, severity), self.rows.spent, self.unwritten.sums
        before = spent.get(place, Spent())
        spent[place] = after = before.plus(by)
        sums[place] = sums.get(place, Spent()).plus(by)
        if before.is_shown == after.is_shown:
            self.forget("ledger")
        else:  # in which quarters anything was shown is what some caps are made of
            self.forget()

    def move_date(self, on: date, severity: int, by: Moved) -> None:
        """Do the same for a local date."""
        place, dates, moved = (on, severity), self.rows.dates, self.unwritten.dates
        moved[place] = moved.get(place, Moved()).plus(by)
        before = dates.get(place, Spent())
        dates[place] = before.plus(by.spent)
        # What was shown on dates that are over is what limits and caps are made of.
        if dates[place] != before and on != self.day.date:
            self.forget()

    # ── taken back ───────────────────────────────────────────────────────────────────────────────────────────────

    def copied(self) -> "Locked":
        """Return one that stays as this one is now, for ``restore``: a savepoint rolls back rows, and no objects.

        Two names of one row in this one are two names of one copy in that one.
        """
        row = OneCopy()
        rows = replace(
            self.rows,
            state=row(self.rows.state),
            open_break=row(self.rows.open_break),
            stretch=row(self.rows.stretch),
            presence=row(self.rows.presence),
            spent=dict(self.rows.spent),
            dates=dict(self.rows.dates),
        )
        return replace(self, rows=rows, unwritten=self.unwritten.copied(row))

    def restore(self, before: "Locked") -> None:
        """Become again what ``copied`` has returned."""
        for one in fields(self):
            setattr(self, one.name, getattr(before, one.name))
        self.forget()
