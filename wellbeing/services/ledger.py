"""The ledger of what was shown: rows, sums and counters, moved together under the person's lock."""

from copy import copy
from datetime import datetime
from uuid import uuid4

from wellbeing import events
from wellbeing.models import Exposure
from wellbeing.rules import clock, days
from wellbeing.rules.dates import Dates, dates_of
from wellbeing.rules.load import Level
from wellbeing.selectors.held import Held
from wellbeing.services import flags, keeping, sums, weighing


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
    """End the stretch on the stage where it is counted to; what it has added may raise a load flag."""
    exposure = held.exposure
    if exposure is None:
        return
    exposure.closed_at, exposure.closed_reason = counted_until(exposure), reason
    held.unwritten.exposures[exposure.pk] = exposure
    held.exposure = None
    flags.raise_due(held=held, dates=_dates(held, exposure))
    announce(held)


def weigh(held: Held, exposure: Exposure, *, shown_ms: int = 0) -> None:
    """Bring the load of a row, and all sums, up to what it has shown; *shown_ms* of it are not in the sums yet."""
    block_units, load_units = weighing.weigh(held, exposure)
    sums.add(
        held,
        quarter_at=exposure.quarter_at,
        severity=exposure.severity,
        shown_ms=shown_ms,
        load_units=load_units,
        block_units=block_units,
    )


def _fall_back(held: Held, exposure: Exposure, *, until: datetime) -> None:
    """Turn colour to grey where it was not held. A page without beats cannot, and counts as colour."""
    turns_at = exposure.falls_back_at
    if not exposure.beating or turns_at is None or until < turns_at:
        return
    _extend(held, exposure, until=turns_at)
    _keep_past(exposure, reason="fell_back", begins_at=counted_until(exposure))
    exposure.level, exposure.falls_back_at = Level.GREY, None
    weighing.begin_anew(held, exposure)
    weigh(held, exposure)
    announce(held)


def _extend(held: Held, exposure: Exposure, *, until: datetime) -> None:
    for quarter_at, begins_at, ends_at in days.split(counted_until(exposure), until):
        if quarter_at != exposure.quarter_at:
            _begin_quarter(held, exposure, begins_at=begins_at)
        shown_ms = clock.in_ms(ends_at - begins_at)
        exposure.shown_ms += shown_ms
        weigh(held, exposure, shown_ms=shown_ms)
        sums.count_severe(held, severity=exposure.severity, shown_ms=shown_ms)


def _begin_quarter(held: Held, exposure: Exposure, *, begins_at: datetime) -> None:
    """Go over to the next quarter of an hour; a date, a night or a shift may end there, and its flags are looked at."""
    before = _dates(held, exposure)
    past = _keep_past(exposure, reason="quarter", begins_at=begins_at)
    after = _dates(held, exposure)
    if before.on == after.on:
        weighing.go_on(exposure, past)
    else:
        weighing.begin_anew(held, exposure)
    if before != after:
        flags.raise_due(held=held, dates=before)


def _dates(held: Held, exposure: Exposure) -> Dates:
    return dates_of(held.facts.zones, held.facts.shifts, exposure.quarter_at)


def _keep_past(exposure: Exposure, *, reason: str, begins_at: datetime) -> Exposure:
    """Keep what was shown so far as a closed row; the open row, whose id the page knows, begins anew."""
    past = copy(exposure)
    past.pk, past.closed_at, past.closed_reason = uuid4(), begins_at, reason
    past.save(force_insert=True)
    exposure.continues, exposure.quarter_at = past, days.quarter_start(begins_at)
    exposure.opened_at, exposure.shown_ms, exposure.was_covered = begins_at, 0, False
    return past
