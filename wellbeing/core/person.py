"""One person at one moment, and every rule about what they may look at and take, each stated once.

The same object is asked under the lock (``core.locked``), for the person's own page, and for bytes. What a rule is made of is
worked out when it is first asked for, and once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Final
from uuid import UUID

from people.rules.zones import ZonePeriod
from people.selectors import Profile
from wellbeing.core import circumstances
from wellbeing.core.binding import Binding, binding_of
from wellbeing.core.rows import Rows, part, rows_from
from wellbeing.core.rules import breaks, clock
from wellbeing.core.rules import limits as rules
from wellbeing.core.rules.caps import Cap, caps_of
from wellbeing.core.rules.days import Day, day_of, next_day_start
from wellbeing.core.rules.limits import DEFAULT_PRESET, Counters, Fit, Ledger
from wellbeing.core.rules.load import factor_at_one, line_of
from wellbeing.core.rules.presence import QUEUE_WORK, Kind
from wellbeing.core.rules.scopes import InForce, Stay, Values, of_teams, tightest
from wellbeing.exceptions import LimitReached, OnBreak, Reached, Refused
from wellbeing.models import Break, Exposure, PersonState, Presence


@dataclass(eq=False)
class Person:
    """What binds one person, the rows that move, and both clocks: ``at`` is the person's own (never back), ``wall_at`` the wall's."""

    subject: UUID
    binding: Binding
    rows: Rows
    at: datetime
    wall_at: datetime

    # ── what was read ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> PersonState:
        """The row that is locked for every act of the person."""
        return self.rows.state

    @property
    def open_break(self) -> Break | None:
        """The break that is due or running."""
        return self.rows.open_break

    @property
    def presence(self) -> Presence | None:
        """The open desk."""
        return self.rows.presence

    @property
    def stretch(self) -> Exposure | None:
        """What counts now, on the stage or taken from it while its page was not heard of."""
        return self.rows.stretch

    @property
    def exposure(self) -> Exposure | None:
        """What is on the stage."""
        stretch = self.rows.stretch
        return stretch if stretch is not None and stretch.cleared_at is None else None

    @property
    def unheard(self) -> Exposure | None:
        """What was taken from the stage while nothing was heard of its page, and counts until something is."""
        stretch = self.rows.stretch
        return stretch if stretch is not None and stretch.cleared_at is not None else None

    @property
    def rev(self) -> int:
        """The change number that the person's pages know (0 before the first change)."""
        return self.rows.rev

    @property
    def profile(self) -> Profile:
        """Team, skills, languages and zones."""
        return self.binding.profile

    @property
    def zones(self) -> tuple[ZonePeriod, ...]:
        """The person's time zones, earliest first."""
        return self.binding.profile.zones

    @property
    def counters(self) -> Counters:
        """Time since the breaks that answer it."""
        return self.rows.counters

    @property
    def limit_grace_until(self) -> datetime | None:
        """Until when the case in hand may be decided behind a reached limit; None where none is reached."""
        return self.rows.state.limit_grace_until

    @property
    def has_open_desk(self) -> bool:
        """Whether the person sits at a desk, whatever they do there."""
        return self.presence is not None

    @property
    def other_work(self) -> str:
        """What the person does at other paid work (``Activity``); empty while they do none."""
        presence = self.presence
        return presence.activity if presence is not None and presence.kind == Kind.OTHER_WORK else ""

    @property
    def is_wellness_time(self) -> bool:
        """Whether the person is away on wellness time."""
        return self.presence is not None and self.presence.kind == Kind.WELLNESS

    # ── what it is made into, once ───────────────────────────────────────────────────────────────────────────────

    @cached_property
    def day(self) -> Day:
        """The local day."""
        return day_of(self.zones, self.at)

    @cached_property
    def values(self) -> Values:
        """All that was set of limits and binds the person, oldest first."""
        stays = [Stay(str(one.team_id), one.left_at) for one in self.profile.stays if one.came_at <= self.at]
        return of_teams(self.binding.values, stays, at=self.at, next_day=partial(next_day_start, self.zones))

    @cached_property
    def limits(self) -> dict[str, InForce]:
        """The limits in force by name, as a ramp, a return, a red flag or a missing contract leave them."""
        next_day = partial(next_day_start, self.zones)
        in_force = tightest(self.values, at=self.at, next_day=next_day, defaults=DEFAULT_PRESET)
        return circumstances.bounded(self.binding, self.rows, in_force, day=self.day, at=self.at)

    @cached_property
    def caps(self) -> list[Cap]:
        """What the hour, the shift, the days before, an order or an agreement leave, now and within about a day."""
        around = circumstances.circumstances(self.binding, self.rows, day=self.day, at=self.at)
        return caps_of(around, self.limits)

    @cached_property
    def past_loads(self) -> list[int]:
        """The load at P = 1 of each local date before today, yesterday's first."""
        return circumstances.past_loads(self.rows, self.day)

    @cached_property
    def opt_outs(self) -> frozenset[tuple[str, str]]:
        """(kind, value) of the opt-outs that hold."""
        return circumstances.opted_out(self.binding, at=self.at)

    @cached_property
    def ledger(self) -> Ledger:
        """What was shown, as the rules ask for it."""
        return Ledger(
            self.day,
            self.rows.spent,
            past_loads=self.past_loads,
            block_load=self.state.block_load,
            weights=self.binding.weights,
            caps=self.caps,
        )

    # ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def on_break(self) -> bool:
        """Say whether a break forbids looking and taking: due and not postponed, or running."""
        return self.open_break is not None and self.open_break.is_binding(self.at)

    @property
    def break_refusal(self) -> OnBreak | None:
        """Return why nothing at all may be shown or taken: a break that binds; None without one."""
        rest = self.open_break
        return OnBreak(back_at=rest.back_at(self.at)) if rest is not None and self.on_break else None

    @property
    def in_grace(self) -> bool:
        """Say whether the 5 minutes run in which the case in hand may still be decided, behind its shield."""
        until = self.limit_grace_until
        return until is not None and self.at < until

    def forbids_look(self, *, severity: int, was_counted: bool) -> Reached | None:
        """Return the limit that keeps a case of this severity off the stage."""
        return rules.forbids_look(
            self.limits, self.ledger, severity=severity, was_counted=was_counted, at=self.at
        )

    def limit_refusal(self, shown: Exposure, *, was_counted: bool) -> LimitReached | None:
        """Return the limit that keeps a presentation off the stage: behind its shield the case in hand has 5 minutes."""
        reached = self.forbids_look(severity=shown.severity, was_counted=was_counted)
        if reached is None or (shown.is_bare_shield and was_counted and self.in_grace):
            return None
        return LimitReached(reached)

    def look_refusal(self, shown: Exposure, *, was_counted: bool) -> Refused | None:
        """Return what keeps a presentation off the stage: a break (``OnBreak``), or a limit (``LimitReached``)."""
        return self.break_refusal or self.limit_refusal(shown, was_counted=was_counted)

    def may_serve(self, exposure_id: UUID, *, level: str, with_text: bool = False) -> Exposure | None:
        """Return the open exposure if bytes of *level* may leave for it now; None otherwise.

        None where it is not open or not theirs, its page is silent or was to cover itself, it shows less, or a break or a limit
        keeps it off the stage. Also while the wall's clock has just jumped back, until the next beat tells the person's.
        """
        shown = self.stretch
        if shown is None or shown.pk != exposure_id or self.wall_jumped_back:
            return None
        if not shown.is_served(self.at) or not shown.shows(level, with_text=with_text, at=self.at):
            return None
        return shown if self.look_refusal(shown, was_counted=True) is None else None

    def covers_at(self, shown: Exposure) -> datetime:
        """Return when the page must cover itself: at a break, a limit or a cap; behind a shield that came back, after 5 minutes."""
        if self.forbids_look(severity=shown.severity, was_counted=True) is not None:
            return self.limit_grace_until or self.at
        line = line_of(
            level=shown.level, medium=shown.medium, sound=shown.sound, full_screen=shown.full_screen
        )
        return self.at + rules.time_left(
            self.limits,
            self.ledger,
            self.counters,
            severity=shown.severity,
            at=self.at,
            postponed=self.postponed_left,
            factor=line.factor,
            at_one=factor_at_one(shown.medium),
        )

    def what_fits(self, *, with_breaks: bool = True) -> Fit:
        """Return what may be allocated, a break that binds already left aside; or without any break, by limits and caps."""
        return rules.what_fits(
            self.limits,
            self.ledger,
            self.counters,
            at=self.at,
            postponed=self.postponed_left,
            with_breaks=with_breaks,
        )

    @property
    def postponed_left(self) -> timedelta | None:
        """Return how long the break that was put off still waits; None when none was."""
        until = self.open_break.postponed_until if self.open_break else None
        return None if until is None else max(until - self.at, clock.NOTHING)

    def break_in_the_way(self, *, severity: int) -> tuple[breaks.Cause, bool]:
        """Return the next break at this severity, and whether it is due where nothing fits before it."""
        cause, is_half = breaks.in_the_way(self.limits, self.ledger, self.counters, severity=severity)
        return cause, is_half or self.postponed_left is not None

    @property
    def next_break_at(self) -> datetime | None:
        """The clock time of the next break if work goes on as now; None while away from the desk or on a break."""
        if self.presence is None or self.presence.kind not in QUEUE_WORK or self.on_break:
            return None
        if self.open_break is not None:
            return self.open_break.postponed_until
        return breaks.next_break_at(self.limits, self.counters, at=self.at)

    @property
    def wall_jumped_back(self) -> bool:
        """Say whether the wall's clock is behind the last act's by more than what waits for a lock."""
        return own_clock(self.state, self.wall_at) is None


WORKED_OUT: Final = tuple(name for name, one in vars(Person).items() if isinstance(one, cached_property))
"""What a person's rows are made into when it is first asked for, and known then."""


def read_person(subject: UUID, *, at: datetime) -> Person:
    """Return a person at *at* of the wall's clock, for who takes no lock: one statement, and two more where what binds is not known."""
    rows, binding = _read(subject, at)
    return Person(subject, binding, rows, own_clock(rows.state, at) or rows.state.clock_at, at)


def read_person_then(subject: UUID, *, at: datetime) -> Person:
    """Return the same as the rows tell it of that very instant, past or planned, whatever the person's own clock says."""
    rows, binding = _read(subject, at)
    return Person(subject, binding, rows, at, at)


def own_clock(state: PersonState, at: datetime) -> datetime | None:
    """Return the person's own clock at *at* of the wall's, not moved by it; None when the wall's jumped back."""
    return clock.read(clock.Reading(state.clock_at, state.wall_at), at=at)


def _read(subject: UUID, at: datetime) -> tuple[Rows, Binding]:
    statement, parameters = part(subject, at=at)
    rows, marks = rows_from(subject, statement.row(**parameters), at=at)
    return rows, binding_of(subject, marks, at=at)
