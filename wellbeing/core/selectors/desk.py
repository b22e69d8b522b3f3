"""What the desk's head and the break page say. No lock, no change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wellbeing.core.person import Person
from wellbeing.core.rules import breaks, clock
from wellbeing.core.rules.limits import DAY_CASES, DAY_LIMITS, amount
from wellbeing.models import BreakState


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


def break_view(person: Person) -> BreakView | None:
    """Describe the break that is due or running, if any."""
    rest = person.open_break
    if rest is None:
        return None
    is_running = rest.state == BreakState.RUNNING
    return BreakView(
        cause=rest.cause,
        state=rest.state,
        length=clock.ms(rest.length_ms),
        back_at=rest.back_at(person.at),
        decide_until=None if is_running else rest.decide_until,
        postponed_until=rest.postponed_until,
        may_postpone=breaks.may_postpone(
            state=rest.state,
            cause=rest.cause,
            postponed_until=rest.postponed_until,
            is_strict=rest.is_strict,
        ),
        may_finish=is_running and rest.served_ms >= rest.length_ms,
        is_binding=rest.is_binding(person.at),
        with_work=rest.with_work,
        is_third=rest.is_third,
    )


def desk_facts(person: Person) -> DeskFacts:
    """Return what the head of the desk says."""
    next_at = person.next_break_at
    has_block = next_at is not None and person.open_break is None
    return DeskFacts(
        limits=[limit_fact(person, name) for name in DAY_LIMITS],
        next_break_at=next_at,
        break_is_near=next_at is not None and next_at - person.at <= breaks.NOTICE,
        limit_grace_until=person.limit_grace_until,
        walk_is_owed=any(cap.name == "introduction" for cap in person.caps),
        block_from=breaks.block_from(person.limits, person.counters) if has_block else None,
    )


def limit_fact(person: Person, name: str) -> LimitFact:
    """Say what of one day limit is used and left, by the tighter of both days."""
    limit, used = person.limits[name], person.ledger.used(name)
    left = max(amount(limit) - used, 0)
    return LimitFact(
        name=name,
        value=limit.value,
        used=used if name in DAY_CASES else used // 1000,
        left=left if name in DAY_CASES else left // 1000,
        scope=limit.scope,
        until=None if left else person.ledger.lifts_at(name, amount(limit)),
    )
