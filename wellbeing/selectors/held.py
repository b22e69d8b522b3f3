"""One person's facts, read once under the lock and kept true by the services that change them."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from people.selectors import Profile
from people.statements import Part, Row
from wellbeing.exceptions import Reached
from wellbeing.models import Break, CaseSeen, Exposure, PersonState, Presence
from wellbeing.rules import breaks, clock, limits
from wellbeing.rules.dates import Moved
from wellbeing.rules.limits import Counters, Fit, Spent
from wellbeing.rules.load import COLOUR_FACTOR
from wellbeing.selectors.facts import Facts, counters_of
from wellbeing.selectors.snapshot import Snapshot

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
    the first time on its date. ``opened``: the case, counted on that local date before, that came onto a covered stage. ``beside``: changes of rows
    that are not wellbeing's, which whoever holds the person wants written in the same statement.
    """

    exposures: dict[UUID, Exposure] = field(default_factory=dict)
    begun: Exposure | None = None
    seen: CaseSeen | None = None
    presence: Presence | None = None
    rest: Break | None = None
    sums: dict[tuple[datetime, int], Spent] = field(default_factory=dict)
    dates: dict[tuple[date, int], Moved] = field(default_factory=dict)
    opened: tuple[UUID, date] | None = None
    beside: list[Part] = field(default_factory=list)

    def copied(self, row: "OneCopy") -> "Unwritten":
        """Return one that stays as this one is now; *row* copies the rows in it, each once."""
        return Unwritten(
            exposures={key: row(one) for key, one in self.exposures.items()},
            begun=row(self.begun),
            seen=row(self.seen),
            presence=row(self.presence),
            rest=row(self.rest),
            sums={place: replace(one) for place, one in self.sums.items()},
            dates={place: replace(one) for place, one in self.dates.items()},
            opened=self.opened,
            beside=list(self.beside),
        )


@dataclass
class Held:
    """The grip on one person's row: proof that the lock is held and the facts are settled up to ``at``.

    ``at`` is the person's clock (never back), ``wall_at`` the wall's. ``found``: the rows as they were read. ``open_break``: due or running.
    ``rev``: the change number before this act. ``exposure``: what is on the stage. ``unheard``: what was taken from it while
    nothing was heard of its page, and counts until something is. ``presence``: the open desk. ``lost_exposure_id``: the stretch that
    this very act found fallen silent. ``is_heard``: this act is a sign of the page that has the stage, ``has_sign`` one of
    its person. ``now``: what both clocks say; ``absence``: how long ago, by both, nobody was at the desk any more, None where
    that was never noted. ``is_standing``: the wall's clock has not moved since the request before. ``silent_since``: until
    when the open desk is taken to have worked, if nothing was heard of it after that. ``is_announced``: pages will be told after the commit. ``is_written_once``:
    whoever holds the person writes when everything is done, not each service at its end. ``beside``: rows that the
    holder read under the same lock, in the order in which it asked for them. ``is_bound_anew``: this act has written what
    binds the person (a flag), which the facts at hand do not know. ``told_rev``: the change number that pages were told
    after the commit; None while they were not.
    """

    subject: UUID
    at: datetime
    wall_at: datetime
    state: PersonState
    profile: Profile
    rev: int
    found: Snapshot
    facts: Facts
    open_break: Break | None
    exposure: Exposure | None
    presence: Presence | None
    now: clock.Moment
    absence: timedelta | None = None
    is_standing: bool = False
    unheard: Exposure | None = None
    is_heard: bool = False
    has_sign: bool = False
    silent_since: datetime | None = None
    lost_exposure_id: UUID | None = None
    is_announced: bool = False
    is_written_once: bool = False
    unwritten: Unwritten = field(default_factory=Unwritten)
    beside: Sequence[Row | None] = ()
    is_bound_anew: bool = False
    told_rev: int | None = None

    def copied(self) -> "Held":
        """Return one that stays as this one is now, for ``restore``: a savepoint rolls back rows, and no objects.

        Two names of one row in this one are two names of one copy in that one.
        """
        row = OneCopy()
        state = row(self.state)
        ledger = self.facts.ledger.copied()
        return replace(
            self,
            state=state,
            found=replace(self.found, state=state, spent=ledger.spent),
            facts=replace(self.facts, ledger=ledger, dates=dict(self.facts.dates)),
            open_break=row(self.open_break),
            exposure=row(self.exposure),
            unheard=row(self.unheard),
            presence=row(self.presence),
            unwritten=self.unwritten.copied(row),
        )

    def restore(self, kept: "Held") -> None:
        """Become again what ``copied`` has kept."""
        for one in fields(self):
            setattr(self, one.name, getattr(kept, one.name))

    def note_told(self, rev: int) -> None:
        """Note the change number that pages were told after the commit."""
        self.told_rev = rev

    @property
    def stretch(self) -> Exposure | None:
        """What counts now, on the stage or taken from it while its page was not heard of."""
        return self.exposure or self.unheard

    @property
    def counters(self) -> Counters:
        """Time since the breaks that answer it."""
        return counters_of(self.state)

    @property
    def on_break(self) -> bool:
        """Say whether a break forbids looking and taking: due and not postponed, or running."""
        return self.open_break is not None and is_binding(self.open_break, self.at)

    def forbids_look(self, *, severity: int, was_counted: bool) -> Reached | None:
        """Return the limit that keeps a case of this severity off the stage."""
        facts = self.facts
        return limits.forbids_look(
            facts.limits, facts.ledger, severity=severity, was_counted=was_counted, at=self.at
        )

    @property
    def postponed_left(self) -> timedelta | None:
        """Return how long the break that was put off still waits; None when none was."""
        until = self.open_break.postponed_until if self.open_break else None
        return None if until is None else max(until - self.at, clock.NOTHING)

    def covers_at(
        self, *, severity: int, factor: int = COLOUR_FACTOR, at_one: int = COLOUR_FACTOR
    ) -> datetime:
        """Return when a case of this severity, shown from now on, reaches a break, a limit or a cap.

        ``factor``: how the presentation is weighed; ``at_one``: how it is weighed at P = 1 (``rules.load``).
        """
        facts = self.facts
        left = limits.time_left(
            facts.limits,
            facts.ledger,
            self.counters,
            severity=severity,
            at=self.at,
            postponed=self.postponed_left,
            factor=factor,
            at_one=at_one,
        )
        return self.at + left

    def what_fits(self, *, with_breaks: bool = True) -> Fit:
        """Return what may be allocated, a break that binds already left aside; or without any break, by limits and caps."""
        facts = self.facts
        return limits.what_fits(
            facts.limits,
            facts.ledger,
            self.counters,
            at=self.at,
            postponed=self.postponed_left,
            with_breaks=with_breaks,
        )

    def break_in_the_way(self, *, severity: int) -> tuple[breaks.Cause, bool]:
        """Return the next break at this severity, and whether it is due where nothing fits before it."""
        cause, is_half = breaks.in_the_way(
            self.facts.limits, self.facts.ledger, self.counters, severity=severity
        )
        return cause, is_half or self.postponed_left is not None


def is_binding(rest: Break, at: datetime) -> bool:
    """Say whether an open break forbids looking and taking at *at*."""
    return breaks.is_binding(state=rest.state, postponed_until=rest.postponed_until, at=at)


def back_at(rest: Break, at: datetime) -> datetime | None:
    """Return the earliest clock time of return from a break that runs; None before it runs."""
    if rest.state != breaks.State.RUNNING:
        return None
    return at + clock.ms(max(rest.length_ms - rest.served_ms, 0))
