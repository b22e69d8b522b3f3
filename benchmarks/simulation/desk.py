"""One person's desk in memory: what the services keep in rows, moved by the product's own rules and no others."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from benchmarks.simulation.floor import Refused, Shown
from benchmarks.simulation.people import Shift, Worker
from benchmarks.simulation.streams import Item
from people.rules.zones import BEGINNING, ZonePeriod
from wellbeing.core.rules import breaks, clock, flags, limits, load, ramp, worked
from wellbeing.core.rules.breaks import Cause, Rest, Seen, State
from wellbeing.core.rules.caps import DAYS_LOOKED_BACK, EXTREME, SEVERE, Circumstances, caps_of
from wellbeing.core.rules.days import Day, day_of, midnight, next_day_start, quarter_start, split
from wellbeing.core.rules.limits import DEFAULT_PRESET, Counters, Fit, Ledger, Spent
from wellbeing.core.rules.opt_outs import NOTHING as NOTHING_OUT
from wellbeing.core.rules.opt_outs import OptedOut, opted_out
from wellbeing.core.rules.parts import Shift as Planned
from wellbeing.core.rules.parts import shift_began_at
from wellbeing.core.rules.scopes import InForce, Value, tightest
from wellbeing.core.rules.turns import NEW, PAID_BY, Turn

NOTHING = timedelta(0)


@dataclass
class Break:
    """The one open break."""

    asked: Rest
    state: State = State.DUE
    started_at: datetime | None = None

    @property
    def length(self) -> timedelta:
        """Return how long it is at least."""
        return self.asked.length

    def served(self, at: datetime) -> timedelta:
        """Return how much of it has passed: everybody is ticked every ten seconds."""
        return NOTHING if self.started_at is None else at - self.started_at


@dataclass
class Stage:
    """What is shown, since when, and in which line of the load."""

    item: Item
    since: datetime
    line: load.Line
    on: date
    so_far: load.ShownSoFar = field(default_factory=load.ShownSoFar)


@dataclass
class Desk:
    """One person. ``spent`` and ``dates`` as a person's rows have them; ``values`` are limits that somebody set."""

    worker: Worker
    values: Sequence[Value] = ()
    shifts: list[Planned] = field(default_factory=list)
    spent: dict[tuple[datetime, int], Spent] = field(default_factory=dict)
    dates: dict[tuple[date, int], Spent] = field(default_factory=dict)
    seen: set[tuple[date, int]] = field(default_factory=set)
    counters: Counters = field(default_factory=Counters)
    resting: Break | None = None
    stage: Stage | None = None
    severe_closes: list[tuple[UUID, datetime]] = field(default_factory=list)
    clusters: list[datetime] = field(default_factory=list)
    seen_extreme: dict[int, list[Seen]] = field(default_factory=dict)
    working_since: datetime | None = None
    is_open: bool = False
    left_at: datetime | None = None
    returned_on: date | None = None
    ledger: Ledger | None = None
    limits: Mapping[str, InForce] = field(default_factory=dict)
    limits_on: date | None = None
    block_load: int = 0
    turn: Turn = NEW
    first_day: date | None = None
    reds: set[tuple[str, date]] = field(default_factory=set)
    opted_out: OptedOut = NOTHING_OUT

    def __post_init__(self) -> None:
        """Read the choices once: they stand from the first day to the last."""
        self.opted_out = opted_out(self.worker.opted_out)

    @property
    def zones(self) -> list[ZonePeriod]:
        """One zone, as long as anybody remembers."""
        return [ZonePeriod(self.worker.zone, BEGINNING)]

    @property
    def told(self) -> tuple[int | str, ...]:
        """Return what runs from case to case, to be compared with the same in a table."""
        now, block = self.counters, self.ledger.block_load if self.ledger else self.block_load
        return (
            now.work_ms,
            now.severe_ms,
            now.extreme_ms,
            now.since_rest_ms,
            now.breaks_kept,
            block,
            *astuple(self.turn),
        )

    # ── the facts ────────────────────────────────────────────────────────────────────────────────────────────────

    def facts(self, at: datetime) -> Ledger:
        """Return the ledger as it stands at *at*; made anew with every quarter of an hour."""
        if self.ledger is None or self.ledger.day.quarter_at != quarter_start(at):
            self._forget_facts()
            day = day_of(self.zones, at)
            if self.limits_on != day.date:
                self.limits, self.limits_on = self._limits(day, at), day.date
            self.ledger = self._ledger(day, at)
        return self.ledger

    def _forget_facts(self) -> None:
        if self.ledger is not None:
            self.block_load = self.ledger.block_load
        self.ledger = None

    def _ledger(self, day: Day, at: datetime) -> Ledger:
        who = Circumstances(
            day=day,
            at=at,
            is_known=True,
            began_on=self.worker.began_on,
            agreed_at=BEGINNING if self.worker.agreed else None,
            severe_on=worked.severe_dates(self.dates),
            extreme_weeks=worked.extreme_weeks(self.dates),
            worked_on=worked.worked_dates(self.dates),
            shifts=self.shifts,
            shown_in=sorted({quarter for quarter, _ in self.spent}),
            heavy_red_on=max((on for code, on in self.reds if code == flags.HEAVY_STREAK), default=None),
        )
        return Ledger(
            day,
            self._packed(day),
            past_loads=self._past_loads(day),
            block_load=self.block_load,
            caps=caps_of(who, self.limits),
        )

    def _limits(self, day: Day, at: datetime) -> Mapping[str, InForce]:
        held = tightest(
            self.values, at=at, next_day=partial(next_day_start, self.zones), defaults=DEFAULT_PRESET
        )
        began_on = self.worker.began_on
        shares = ramp.shares_of_starter(
            began_on, on=day.date, since=midnight(day, (began_on - day.date).days)
        )
        if self.returned_on is not None:
            percent = ramp.percent_after((day.date - self.returned_on).days)
            shares.append(ramp.Share(percent, "returned", None))
        for _, on in self.reds:
            percent = ramp.percent_after_red(on, worked.worked_dates(self.dates), today=day.date)
            shares.append(ramp.Share(percent, "red_flag", None))
        return ramp.shared(held, shares)

    def _past_loads(self, day: Day) -> list[int]:
        loads: dict[date, int] = {}
        for (on, _), spent in self.dates.items():
            loads[on] = loads.get(on, 0) + spent.units_at_one
        return [loads.get(day.date - timedelta(days=n), 0) for n in range(1, DAYS_LOOKED_BACK)]

    def _packed(self, day: Day) -> dict[tuple[datetime, int], Spent]:
        """Return the sums with those quarters put together that both meanings of a day, or only one, hold alike.

        Sums since either start are what they were; only when a limit will lift again is told too early.
        """
        starts = sorted((quarter_start(day.start), day.rolling_start))
        self.spent = {key: one for key, one in self.spent.items() if key[0] >= starts[0]}
        packed: dict[tuple[datetime, int], Spent] = {}
        for (quarter, severity), one in self.spent.items():
            place = starts[quarter >= starts[1]], severity
            packed[place] = packed.get(place, Spent()).plus(one)
        return packed

    def _add(self, quarter: datetime, on: date, severity: int, **moved: int) -> None:
        by = Spent(**moved)
        self.spent[quarter, severity] = self.spent.get((quarter, severity), Spent()).plus(by)
        self.dates[on, severity] = self.dates.get((on, severity), Spent()).plus(by)
        if self.ledger is not None:
            spent = self.ledger.spent
            spent[quarter, severity] = spent.get((quarter, severity), Spent()).plus(by)
            self.ledger = replace(self.ledger)  # what it had added up is no longer so

    def _add_to_block(self, units: int) -> None:
        if self.ledger is None:
            self.block_load += units
        else:
            self.ledger = replace(self.ledger, block_load=self.ledger.block_load + units)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def settle(self, at: datetime) -> None:
        """Count what has happened since the last act, and make due what break it asks for."""
        if self.working_since is not None:
            worked = clock.in_ms(at - self.working_since)
            self._count(work_ms=worked)
            self.working_since = at
        self._count_stage(at)
        self.facts(at)
        self._make_due()

    def _count(self, *, work_ms: int = 0, severe_ms: int = 0, extreme_ms: int = 0) -> None:
        now = self.counters
        self.counters = Counters(
            now.work_ms + work_ms,
            now.severe_ms + severe_ms,
            now.extreme_ms + extreme_ms,
            now.since_rest_ms + work_ms,
            now.breaks_kept,
        )

    def _count_stage(self, at: datetime) -> None:
        stage = self.stage
        if stage is None:
            return
        severity = stage.item.severity
        for quarter, begins_at, ends_at in split(stage.since, at):
            shown_ms = clock.in_ms(ends_at - begins_at)
            if quarter >= begins_at and quarter != stage.since:
                self._turn(stage, quarter)
            self._weigh(stage, quarter, shown_ms)
            self._count(
                severe_ms=shown_ms if severity >= SEVERE else 0,
                extreme_ms=shown_ms if severity == EXTREME else 0,
            )
        stage.since = at

    def _turn(self, stage: Stage, quarter: datetime) -> None:
        """Go over to the next quarter of an hour; with another date the case is weighed anew."""
        on = self.facts(quarter).day.date
        if on != stage.on:
            self._raise_flags(stage.on)
            stage.on, stage.so_far = on, load.ShownSoFar()

    def _weigh(self, stage: Stage, quarter: datetime, shown_ms: int) -> None:
        """Add what was shown, and what it weighs: the base with the first of it."""
        severity = stage.item.severity
        line_ms, clearest = stage.so_far.before(stage.line)
        units = load.charge(
            weight=load.SHIPPED_WEIGHTS[severity],
            severity=severity,
            factor=stage.line.factor,
            line_ms=line_ms,
            shown_ms=shown_ms,
            clearest=clearest,
        )
        at_one = load.charge_at_one(
            weight=load.SHIPPED_WEIGHTS[severity],
            severity=severity,
            medium=stage.item.stream.medium,
            case_ms=stage.so_far.case_ms,
            shown_ms=shown_ms,
            is_based=stage.so_far.clearest > 0,
        )
        stage.so_far.add(stage.line, severity=severity, shown_ms=shown_ms)
        self._add(quarter, stage.on, severity, shown_ms=shown_ms, load_units=units, units_at_one=at_one)
        self._add_to_block(units)

    def _raise_flags(self, on: date) -> None:
        """Raise the red flags that this date asks for; they bind from the next act."""
        days = flags.days_of(self.dates, began_on=self.worker.began_on, returned_on=self.returned_on)
        by = {name: limit.value for name, limit in self.limits.items()}
        raised = (
            flags.rapid_rise(days, on=on, by=by),
            flags.heavy_streak(days, on=on, by=by),
        )
        red = {(one.code, on) for one in raised if one is not None and one.level == flags.RED}
        if not red <= self.reds:
            self.reds |= red
            self._forget_facts()
            self.limits_on = None

    # ── breaks ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _make_due(self) -> None:
        load = self.ledger.block_load if self.ledger else self.block_load
        asked = breaks.due(self.limits, self.counters, block_load=load)
        if asked is not None and (self.resting is None or self.resting.state == State.DUE):
            self._ask_for(asked)

    def _ask_for(self, asked: Rest) -> None:
        now = self.resting
        self.resting = Break(asked if now is None else now.asked.and_also(asked))

    def _due(self, cause: Cause) -> None:
        self._ask_for(breaks.asked(self.limits, self.counters, cause))

    def break_in_the_way(self, severity: int, at: datetime) -> tuple[Cause, bool]:
        """Return the next break at this severity, and whether it comes now where nothing fits before it."""
        return breaks.in_the_way(self.limits, self.facts(at), self.counters, severity=severity)

    def break_comes_now(self, cause: Cause) -> None:
        """Make a break due before its time."""
        self._due(cause)

    @property
    def on_break(self) -> bool:
        """Say whether a break is due or runs; nobody here puts one off."""
        return self.resting is not None

    def rest(self, at: datetime) -> None:
        """Begin the break that is due."""
        if self.resting is not None and self.resting.state == State.DUE:
            self.resting.state, self.resting.started_at = State.RUNNING, at
        self.working_since = None

    def step_away(self, at: datetime) -> None:
        """Leave; a break that is due begins instead."""
        self.settle(at)
        if self.resting is None:
            self.resting = Break(Rest(Cause.STEP_AWAY, NOTHING, is_strict=True))
        self.rest(at)

    def come_back(self, at: datetime) -> None:
        """Return from a break; as long as it was, it answers what it answers."""
        self.settle(at)
        if self.resting is not None:
            served = self.resting.served(at)
            is_kept = NOTHING < self.resting.length <= served
            self._answer(served, self.resting.asked if is_kept else None)
        self.working_since = at
        self._make_due()

    def _answer(self, served: timedelta, kept: Rest | None = None) -> None:
        self.counters = breaks.answered(
            self.limits,
            self.counters,
            served=served,
            kept=kept.cause if kept else None,
            with_work=kept is not None and kept.with_work,
        )
        self.resting = None
        if served >= PAID_BY:
            self.turn = self.turn.paid()
        if served >= breaks.BLOCK_REST:
            self.turn, self.block_load = NEW, 0
            if self.ledger is not None:
                self.ledger = replace(self.ledger, block_load=0)

    # ── the day ──────────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self, shift: Shift, at: datetime) -> None:
        """Sit down; after 8 h away every counter begins anew."""
        self.shifts = [*self.shifts[-2:], Planned(shift.starts_at, shift.ends_at)]
        self._forget_facts()
        self.settle(at)
        if self.left_at is None or at - self.left_at >= clock.AWAY_ENDS_ALL:
            self._answer(breaks.LONGEST)
        self._note_first_day_and_return(at)
        self.is_open, self.working_since = True, at

    def _note_first_day_and_return(self, at: datetime) -> None:
        today = self.facts(at).day.date
        self.first_day = self.first_day or today
        if self.left_at is not None and at - self.left_at >= ramp.AWAY_FOR:
            self.returned_on, self.limits_on = today, None
            self._forget_facts()

    def end(self, at: datetime) -> None:
        """Go home."""
        self.settle(at)
        self.working_since, self.is_open, self.left_at = None, False, at

    # ── what may be taken and shown ──────────────────────────────────────────────────────────────────────────────

    def what_fits(self, at: datetime, *, with_breaks: bool = True) -> Fit:
        """Return what may be allocated; without breaks, by limits and caps alone."""
        ledger = self.facts(at)
        return limits.what_fits(self.limits, ledger, self.counters, at=at, with_breaks=with_breaks)

    def show(self, item: Item, at: datetime) -> Shown | Refused:
        """Put a case on the stage, or say why not."""
        self.settle(at)
        if self.on_break:
            return Refused("on_break")
        ledger = self.facts(at)
        on = ledger.day.date
        was_counted = (on, item.case) in self.seen
        reached = limits.forbids_look(
            self.limits, ledger, severity=item.severity, was_counted=was_counted, at=at
        )
        if reached is not None:
            return Refused(reached.name)
        if not was_counted:
            self.seen.add((on, item.case))
            self._add(quarter_start(at), on, item.severity, cases=1)
        line = load.line_of(level=item.level, medium=item.stream.medium, sound=item.sound, full_screen=False)
        self.stage = Stage(item, at, line, on)
        self._weigh(self.stage, quarter_start(at), 0)
        return Shown(covers_at=self._covers_at(self.stage, at))

    def _covers_at(self, stage: Stage, at: datetime) -> datetime:
        ledger, severity = self.facts(at), stage.item.severity
        if limits.forbids_look(self.limits, ledger, severity=severity, was_counted=True, at=at) is not None:
            return at
        left = limits.time_left(
            self.limits,
            ledger,
            self.counters,
            severity=severity,
            at=at,
            factor=stage.line.factor,
            at_one=load.factor_at_one(stage.item.stream.medium),
        )
        return at + left

    def close(self, item: Item, at: datetime) -> None:
        """Be done with a case: make due what rest it asks for, and begin it."""
        self.settle(at)
        stage, self.stage = self.stage, None
        if stage is not None:
            self._raise_flags(stage.on)
            if item.severity == EXTREME:
                seen = Seen(item.level, stage.so_far.case_ms, sound=item.sound)
                self.seen_extreme.setdefault(item.case, []).append(seen)
                self._close_extreme(item, at)
            self.turn = self.turn.after(
                category=item.category, severity=item.severity, owes=self.limits["spacing_cases"].value
            )
        self._make_due()
        if self.on_break:
            self.rest(at)

    def _close_extreme(self, item: Item, at: datetime) -> None:
        if not breaks.asks_for_rest(self.seen_extreme.pop(item.case, [])):
            return
        self.severe_closes = [*self.severe_closes[1 - breaks.CLUSTER_SIZE :], (UUID(int=item.case), at)]
        self._due(Cause.COLOUR)
        quarters = {quarter for quarter, _ in self.spent}
        began = shift_began_at(quarters, at, day=self.facts(at).day, parts=self.shifts) or at
        before = sum(when >= began for when in self.clusters)
        if breaks.is_cluster(self.severe_closes, at=at, before=before):
            self.clusters.append(at)
            self._due(Cause.CLUSTER)
