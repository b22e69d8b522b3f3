"""What the desk's head and the break page say. No lock, no change."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from wellbeing.models import Break, BreakState, PersonState
from wellbeing.rules import breaks, clock
from wellbeing.rules.limits import DAY_CASES, DAY_LIMITS, amount
from wellbeing.rules.presence import QUEUE_WORK, Kind
from wellbeing.selectors import snapshot
from wellbeing.selectors.facts import Facts, counters_of, facts_in
from wellbeing.selectors.held import Held, back_at, is_binding
from wellbeing.selectors.snapshot import Snapshot
from wellbeing.selectors.stage import OnStage, stage_of


@dataclass(frozen=True)
class BreakView:
    """An open break. ``back_at``: earliest clock time of return, None until it runs.

    ``decide_until``: until when the case in hand may be decided. ``is_binding`` is false only while it
    is postponed. ``cause`` and ``state`` as in ``BreakCause`` and ``BreakState``; ``length`` is 0 for a
    step away. ``with_work``: it is the break after time at the desk as well; ``is_third``: a longer one, as every third is.
    """

    cause: str
    state: str
    length: timedelta
    back_at: datetime | None
    decide_until: datetime | None
    postponed_until: datetime | None
    may_postpone: bool
    may_finish: bool
    is_binding: bool
    with_work: bool = False
    is_third: bool = False


@dataclass(frozen=True)
class LimitFact:
    """'Severity 3 and up: 34 min left today': what of one limit is used and left, and whose it is.

    ``used``, ``left`` and ``value`` in seconds, or cases for ``cases_3`` and ``cases_4``.
    """

    name: str
    value: int
    used: int
    left: int
    scope: str
    until: datetime | None


@dataclass(frozen=True)
class DeskFacts:
    """The desk's head. ``next_break_at`` is a clock time; ``break_is_near``: two minutes or less ahead. ``block_from``: from which
    severity on a break comes after this case or the next, because its block has so little left; None: from none.
    ``walk_is_owed``: a new starter who has not taken the walk before the first real case.
    """

    limits: list[LimitFact]
    next_break_at: datetime | None
    break_is_near: bool
    limit_grace_until: datetime | None
    walk_is_owed: bool = False
    block_from: int | None = None


@dataclass(frozen=True)
class Glance:
    """One person's rows as a page reads them: once, without a lock. ``at`` is the wall clock's."""

    found: Snapshot
    at: datetime

    @property
    def rev(self) -> int:
        """The person's change number (0 before the first change)."""
        return self.found.rev

    @property
    def now(self) -> datetime:
        """The person's own time."""
        return now_for(self.found.state, self.at)

    @cached_property
    def facts(self) -> Facts:
        """What the rules ask about the person at this moment; told once, for a page asks many times."""
        return facts_in(self.found, at=self.now)

    @property
    def open_break(self) -> BreakView | None:
        """The break that is due or running, if any."""
        rest = self.found.open_break
        return None if rest is None else view_of(rest, self.now)

    @property
    def on_stage(self) -> OnStage | None:
        """What is on the stage; None while covered."""
        return stage_of(self.found.exposure, self.now)

    @property
    def limit_grace_until(self) -> datetime | None:
        """Until when the case in hand may be decided behind a reached limit; None where none is reached."""
        return self.found.state.limit_grace_until if self.found.state else None

    @property
    def has_open_desk(self) -> bool:
        """Whether the person sits at a desk, whatever they do there."""
        return self.found.presence is not None

    @property
    def other_work(self) -> str:
        """What the person does at other paid work (``Activity``); empty while they do none."""
        presence = self.found.presence
        return presence.activity if presence is not None and presence.kind == Kind.OTHER_WORK else ""

    @property
    def is_wellness_time(self) -> bool:
        """Whether the person is away on wellness time."""
        return self.found.presence is not None and self.found.presence.kind == Kind.WELLNESS

    def desk_facts(self) -> DeskFacts:
        """Return what the head of the desk says."""
        at, facts = self.now, self.facts
        next_at = next_break(self.found, facts, at)
        return DeskFacts(
            limits=[limit_fact(facts, name) for name in DAY_LIMITS],
            next_break_at=next_at,
            break_is_near=next_at is not None and next_at - at <= breaks.NOTICE,
            limit_grace_until=self.limit_grace_until,
            walk_is_owed=any(cap.name == "introduction" for cap in facts.ledger.caps),
            block_from=self._block_from(facts) if next_at is not None else None,
        )

    def _block_from(self, facts: Facts) -> int | None:
        state = self.found.state
        if state is None or self.found.open_break is not None:
            return None
        return breaks.block_from(facts.limits, counters_of(state))


def glance(subject: UUID, at: datetime) -> Glance:
    """Read a person's rows for a page, in two statements."""
    return Glance(snapshot.read(subject, at=at), at)


def glance_at(held: Held) -> Glance:
    """Return what a page would read of a person who was held, as the act has left it, once that is committed.

    Its number is the one after that which was read under the lock, if pages were told anything: where others moved it
    meanwhile, pages were told a higher one, and read again.
    """
    found = replace(
        held.found,
        rev=held.rev if held.told_rev is None else held.rev + 1,
        spent=held.facts.ledger.spent,
        dates=held.facts.dates,
        state=held.state,
        open_break=held.open_break,
        exposure=held.stretch,
        presence=held.presence,
    )
    return Glance(found, held.wall_at)


def open_break(subject: UUID, at: datetime) -> BreakView | None:
    """Return the break that is due or running, if any."""
    return glance(subject, at).open_break


def view_of(rest: Break, at: datetime) -> BreakView:
    """Describe an open break at *at* of the person's clock."""
    is_running = rest.state == BreakState.RUNNING
    return BreakView(
        cause=rest.cause,
        state=rest.state,
        length=clock.ms(rest.length_ms),
        back_at=back_at(rest, at),
        decide_until=None if is_running else rest.decide_until,
        postponed_until=rest.postponed_until,
        may_postpone=breaks.may_postpone(
            state=rest.state,
            cause=rest.cause,
            postponed_until=rest.postponed_until,
            is_strict=rest.is_strict,
        ),
        may_finish=is_running and rest.served_ms >= rest.length_ms,
        is_binding=is_binding(rest, at),
        with_work=rest.with_work,
        is_third=rest.is_third,
    )


def desk_facts(subject: UUID, at: datetime) -> DeskFacts:
    """Return what the head of the desk says."""
    return glance(subject, at).desk_facts()


def now_for(state: PersonState | None, at: datetime) -> datetime:
    """Return the person's own time at the wall clock *at*."""
    if state is None:
        return at
    return clock.read(clock.Reading(state.clock_at, state.wall_at), at=at) or state.clock_at


def limit_fact(facts: Facts, name: str) -> LimitFact:
    """Say what of one day limit is used and left, by the tighter of both days."""
    limit, used = facts.limits[name], facts.ledger.used(name)
    left = max(amount(limit) - used, 0)
    return LimitFact(
        name=name,
        value=limit.value,
        used=used if name in DAY_CASES else used // 1000,
        left=left if name in DAY_CASES else left // 1000,
        scope=limit.scope,
        until=None if left else facts.ledger.lifts_at(name, amount(limit)),
    )


def next_break(found: Snapshot, facts: Facts, at: datetime) -> datetime | None:
    """Return the clock time of the next break if work goes on as now; None while away from the desk or on a break."""
    rest, presence = found.open_break, found.presence
    is_at_work = presence is not None and presence.kind in QUEUE_WORK
    if found.state is None or (rest and is_binding(rest, at)) or not is_at_work:
        return None
    if rest is not None:
        return rest.postponed_until
    return breaks.next_break_at(facts.limits, counters_of(found.state), at=at)
