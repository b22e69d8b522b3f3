"""What the desk's head and the break page say. No lock, no change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


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
    raise NotImplementedError


def desk_facts(subject: UUID, at: datetime) -> DeskFacts:
    """Return what the head of the desk says."""
    raise NotImplementedError


def rev_of(subject: UUID) -> int:
    """Return the person's change number (0 before the first change)."""
    raise NotImplementedError
