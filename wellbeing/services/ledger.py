"""The ledger of what was shown: rows, quarter-hour sums and counters, moved together under the person's lock."""

from copy import copy
from datetime import datetime
from uuid import UUID, uuid4

from wellbeing import events
from wellbeing.models import CaseSeen, Exposure
from wellbeing.rules import clock, days
from wellbeing.rules.limits import Spent
from wellbeing.rules.load import Level
from wellbeing.selectors.held import Held
from wellbeing.services import keeping


def announce(held: Held) -> None:
    """Tell this person's pages, after the commit, that something is different; once per act."""
    if not held.is_announced:
        held.is_announced = True
        events.bump_after_commit(held.subject)


def keep(held: Held) -> None:
    """Write what the act has changed, at its end, unless whoever holds the person writes it."""
    if not held.is_written_once:
        keeping.write(held)


def counted_until(exposure: Exposure) -> datetime:
    """Return until when a stretch is in the sums."""
    return exposure.opened_at + clock.ms(exposure.shown_ms)


def accrue(held: Held, *, is_sign: bool) -> clock.Counted | None:
    """Count what is on the stage up to ``held.at``; colour that was not held turns grey at its time."""
    exposure = held.exposure
    if exposure is None:
        return None
    counted = clock.count(
        last_beat_at=exposure.last_beat_at,
        at=held.at,
        beating=exposure.beating,
        covers_at=exposure.covers_at,
        is_sign=is_sign,
    )
    before = counted_until(exposure), exposure.level
    _fall_back(held, exposure, until=counted.until)
    _extend(held, exposure, until=counted.until)
    if (counted_until(exposure), exposure.level) != before:
        held.unwritten.exposures[exposure.pk] = exposure
    return counted


def close(held: Held, *, reason: str) -> None:
    """End the stretch on the stage where it is counted to."""
    exposure = held.exposure
    if exposure is None:
        return
    exposure.closed_at, exposure.closed_reason = counted_until(exposure), reason
    held.unwritten.exposures[exposure.pk] = exposure
    held.exposure = None
    announce(held)


def add(held: Held, *, quarter_at: datetime, severity: int, shown_ms: int = 0, cases: int = 0) -> None:
    """Move one quarter-hour sum, in the facts at hand and with the next writing; negative counts take away."""
    moved = held.unwritten.sums.setdefault((quarter_at, severity), Spent())
    moved.shown_ms += shown_ms
    moved.cases += cases
    held.facts.ledger.add(quarter_at=quarter_at, severity=severity, shown_ms=shown_ms, cases=cases)


def was_counted(held: Held, *, case_ref: UUID) -> bool:
    """Say whether a case has been counted on this local date."""
    seen = CaseSeen.objects.filter(subject=held.subject, case_ref=case_ref)
    return seen.filter(local_date=held.facts.day.date).exists()


def count_case(held: Held, *, case_ref: UUID, severity: int) -> None:
    """Count a case that was not counted on this local date: it is shown for the first time."""
    quarter_at = days.quarter_start(held.at)
    CaseSeen.objects.create(
        subject=held.subject,
        case_ref=case_ref,
        local_date=held.facts.day.date,
        quarter_at=quarter_at,
        severity=severity,
    )
    add(held, quarter_at=quarter_at, severity=severity, cases=1)


def count_severe(held: Held, *, severity: int, shown_ms: int) -> None:
    """Let the counters towards a break at severity 3 and 4 run."""
    held.state.severe_ms += shown_ms if severity >= 3 else 0
    held.state.extreme_ms += shown_ms if severity == 4 else 0


def _fall_back(held: Held, exposure: Exposure, *, until: datetime) -> None:
    """Turn colour to grey where it was not held. A page without beats cannot, and counts as colour."""
    turns_at = exposure.falls_back_at
    if not exposure.beating or turns_at is None or until < turns_at:
        return
    _extend(held, exposure, until=turns_at)
    _keep_past(exposure, reason="fell_back", begins_at=counted_until(exposure))
    exposure.level, exposure.falls_back_at = Level.GREY, None
    announce(held)


def _extend(held: Held, exposure: Exposure, *, until: datetime) -> None:
    for quarter_at, begins_at, ends_at in days.split(counted_until(exposure), until):
        if quarter_at != exposure.quarter_at:
            _keep_past(exposure, reason="quarter", begins_at=begins_at)
        shown_ms = clock.in_ms(ends_at - begins_at)
        exposure.shown_ms += shown_ms
        add(held, quarter_at=quarter_at, severity=exposure.severity, shown_ms=shown_ms)
        count_severe(held, severity=exposure.severity, shown_ms=shown_ms)


def _keep_past(exposure: Exposure, *, reason: str, begins_at: datetime) -> None:
    """Keep what was shown so far as a closed row; the open row, whose id the page knows, begins anew."""
    past = copy(exposure)
    past.pk, past.closed_at, past.closed_reason = uuid4(), begins_at, reason
    past.save(force_insert=True)
    exposure.continues, exposure.quarter_at = past, days.quarter_start(begins_at)
    exposure.opened_at, exposure.shown_ms = begins_at, 0
