"""What the desk's head and the break page say. No lock, no change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wellbeing.events import group_of
from wellbeing.models import Break, BreakState, Exposure, PersonState, Presence, Rev
from wellbeing.rules import breaks, clock
from wellbeing.rules.limits import DAY_CASES, DAY_LIMITS, amount
from wellbeing.rules.presence import QUEUE_WORK
from wellbeing.selectors.facts import Facts, counters_of, facts_of
from wellbeing.selectors.held import back_at, is_binding


@dataclass(frozen=True)
class BreakView:
    """An open break. ``back_at``: earliest clock time of return, None until it runs.

    ``decide_until``: until when the case in hand may be decided. ``is_binding`` is false only while it
    is postponed. ``cause`` and ``state`` as in ``BreakCause`` and ``BreakState``; ``length`` is 0 for a
    step away.
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
    """The desk's head. ``next_break_at`` is a clock time; ``break_is_near``: two minutes or less ahead."""

    limits: list[LimitFact]
    next_break_at: datetime | None
    break_is_near: bool
    limit_grace_until: datetime | None
    mild_owed: int


def open_break(subject: UUID, at: datetime) -> BreakView | None:
    """Return the break that is due or running, if any."""
    rest = Break.objects.filter(subject=subject).exclude(state=BreakState.OVER).first()
    state = PersonState.objects.filter(pk=subject).first()
    return None if rest is None else view_of(rest, now_for(state, at))


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
            state=rest.state, cause=rest.cause, postponed_until=rest.postponed_until
        ),
        may_finish=is_running and rest.served_ms >= rest.length_ms,
        is_binding=is_binding(rest, at),
    )


def desk_facts(subject: UUID, at: datetime) -> DeskFacts:
    """Return what the head of the desk says."""
    state = PersonState.objects.filter(pk=subject).first()
    at = now_for(state, at)
    facts = facts_of(subject, at=at)
    next_at = next_break(subject, state, facts, at)
    return DeskFacts(
        limits=[limit_fact(facts, name) for name in DAY_LIMITS],
        next_break_at=next_at,
        break_is_near=next_at is not None and next_at - at <= breaks.NOTICE,
        limit_grace_until=state.limit_grace_until if state else None,
        mild_owed=state.mild_cases_owed if state else 0,
    )


def rev_of(subject: UUID) -> int:
    """Return the person's change number (0 before the first change)."""
    return Rev.objects.filter(group=group_of(subject)).values_list("number", flat=True).first() or 0


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


def next_break(subject: UUID, state: PersonState | None, facts: Facts, at: datetime) -> datetime | None:
    """Return the clock time of the next break if work goes on as now; None while away from the desk or on a break."""
    at_work = Presence.objects.filter(subject=subject, closed_at__isnull=True, kind__in=QUEUE_WORK)
    rest = Break.objects.filter(subject=subject).exclude(state=BreakState.OVER).first()
    if state is None or (rest and is_binding(rest, at)) or not at_work.exists():
        return None
    if rest is not None:
        return rest.postponed_until
    shown = Exposure.objects.filter(subject=subject, closed_at__isnull=True)
    severity = shown.values_list("severity", flat=True).first()
    return breaks.next_break_at(facts.limits, counters_of(state), severity=severity, at=at)
