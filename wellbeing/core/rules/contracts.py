"""When the organisation's contract with an independent counsellor stands (WELLBEING.md 'Limits', the preset ``specialist``)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from people.rules.texts import kept_line
from wellbeing.core.rules.days import Day
from wellbeing.exceptions import (
    ContractEndsBeforeStart,
    ContractOutOfReach,
    CounsellorMissing,
    CounsellorTooLong,
)

AHEAD: Final = timedelta(days=366)
"""A longer contract is put on record again every year, so that somebody looks whether it still stands."""
MOST_CHARACTERS: Final = 120
SAID_AHEAD: Final = timedelta(days=30)
"""So long before the last day the officer's page says that it ends."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: its first and last local date, since when it is on record, and when it was ended before its last day."""

    from_on: date
    until_on: date
    recorded_at: datetime
    ended_at: datetime | None = None


def checked(counsellor: str, *, from_on: date, until_on: date, today: date) -> str:
    """Return with whom the contract is, as it is kept.

    Raises:
        CounsellorMissing, CounsellorTooLong, ContractEndsBeforeStart, ContractOutOfReach: these.
    """
    cleaned = " ".join(kept_line(counsellor).split())
    if not cleaned:
        raise CounsellorMissing
    if len(cleaned) > MOST_CHARACTERS:
        raise CounsellorTooLong
    if not today <= until_on <= today + AHEAD:
        raise ContractOutOfReach(first=today, last=today + AHEAD)
    if from_on > until_on:
        raise ContractEndsBeforeStart
    return cleaned


def stands(contracts: Iterable[Contract], *, day: Day, at: datetime) -> bool:
    """Say whether a contract holds for somebody at *at* of their local *day*.

    It loosens, so from the day after it was recorded; its end tightens, so at once (P6).
    """
    return any(
        one.from_on <= day.date <= one.until_on
        and one.recorded_at < day.start
        and (one.ended_at is None or at < one.ended_at)
        for one in contracts
    )
