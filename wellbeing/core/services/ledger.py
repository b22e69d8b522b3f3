"""The ledger of what was shown: rows, sums and counters, moved together under the person's lock."""

from copy import copy
from datetime import datetime
from uuid import uuid4

from live import events
from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.core.rules import clock, days
from wellbeing.core.rules.dates import Dates, dates_of
from wellbeing.core.rules.load import Level
from wellbeing.core.services import flags, sums, weighing
from wellbeing.models import Exposure


def announce(locked: Locked) -> None:
    """Tell this person's pages, after the commit, that something is different; once per act."""
    if not locked.is_announced:
        locked.is_announced = True
        events.bump_after_commit(locked.subject, locked.note_told)


def keep(locked: Locked) -> None:
    """Write what the act has changed, at its end, unless whoever holds the person writes it."""
    if not locked.is_written_once:
        writing.write_back(locked)


def counted_until(exposure: Exposure) -> datetime:
    """Return until when a stretch is in the sums."""
    return exposure.opened_at + clock.ms(exposure.shown_ms)


def accrue(locked: Locked) -> clock.Counted | None:
    """Count what was shown up to ``locked.at``, heard of or not; colour that was not held turns grey at its time."""
    exposure = locked.stretch
    if exposure is None:
        return None
    counted = clock.count(
        last_beat_at=exposure.last_beat_at,
        at=locked.at,
        beating=exposure.beating,
        covers_at=exposure.covers_at,
    )
    before = counted_until(exposure), exposure.level
    _fall_back(locked, exposure, counted)
    _extend(locked, exposure, until=counted.until, heard_until=counted.heard_until)
    if (counted_until(exposure), exposure.level) != before:
        locked.unwritten.exposures[exposure.pk] = exposure
    return counted


def hear(locked: Locked) -> None:
    """Take this act as a sign of the page that has the stage: what was counted unheard of until now ends here."""
    locked.has_sign = True
    if locked.is_heard:
        return
    locked.is_heard = True
    if locked.unheard is not None:
        end(locked)
    elif locked.exposure is not None:
        locked.exposure.last_beat_at = locked.at
        locked.unwritten.exposures[locked.exposure.pk] = locked.exposure


def close(locked: Locked, *, reason: str, goes_on: bool = False) -> None:
    """Take from the stage what is on it. It ends here if its page is heard now, else it counts until that is.

    ``goes_on``: as `end` has it.
    """
    exposure = locked.exposure
    if exposure is None:
        return
    exposure.closed_reason = reason
    if locked.is_heard:
        end(locked, goes_on=goes_on)
        return
    exposure.cleared_at = locked.at
    locked.unwritten.exposures[exposure.pk] = exposure
    announce(locked)


def end(locked: Locked, *, goes_on: bool = False) -> None:
    """End the stretch where it is counted to; what it has added may raise a load flag.

    ``goes_on``: the same case is on the stage again at once, otherwise shown. Then nothing is raised before its look ends: an
    officer who sees a flag come would read from the moment that somebody changed how they looked.
    """
    exposure = locked.stretch
    if exposure is None:
        return
    exposure.closed_at = counted_until(exposure)
    locked.rows.stretch = None
    locked.unwritten.exposures[exposure.pk] = exposure
    if not goes_on:
        flags.raise_due(locked=locked, dates=_dates(locked, exposure))
    announce(locked)


def weigh(locked: Locked, exposure: Exposure, *, shown_ms: int = 0) -> None:
    """Bring the load of a row, and all sums, up to what it has shown; *shown_ms* of it are not in the sums yet."""
    sums.add(
        locked,
        quarter_at=exposure.quarter_at,
        severity=exposure.severity,
        shown_ms=shown_ms,
        units=weighing.weigh(locked, exposure),
    )


def _fall_back(locked: Locked, exposure: Exposure, counted: clock.Counted) -> None:
    """Turn colour to grey where it was not held. A page without beats cannot, and counts as colour."""
    turns_at = exposure.falls_back_at
    if not exposure.beating or turns_at is None or counted.until < turns_at:
        return
    _extend(locked, exposure, until=turns_at, heard_until=counted.heard_until)
    _keep_past(exposure, reason="fell_back", begins_at=counted_until(exposure))
    exposure.level, exposure.falls_back_at = Level.GREY, None
    weighing.begin_anew(locked, exposure)
    weigh(locked, exposure)
    announce(locked)


def _extend(locked: Locked, exposure: Exposure, *, until: datetime, heard_until: datetime) -> None:
    for quarter_at, begins_at, ends_at in days.split(counted_until(exposure), until):
        if quarter_at != exposure.quarter_at:
            _begin_quarter(locked, exposure, begins_at=begins_at)
        shown_ms = clock.in_ms(ends_at - begins_at)
        exposure.shown_ms += shown_ms
        exposure.unheard_ms += clock.in_ms(max(ends_at - max(begins_at, heard_until), clock.NOTHING))
        weigh(locked, exposure, shown_ms=shown_ms)
        sums.count_severe(locked, severity=exposure.severity, shown_ms=shown_ms)


def _begin_quarter(locked: Locked, exposure: Exposure, *, begins_at: datetime) -> None:
    """Go over to the next quarter of an hour; a date, a night or a shift may end there, and its flags are looked at."""
    before = _dates(locked, exposure)
    past = _keep_past(exposure, reason="quarter", begins_at=begins_at)
    after = _dates(locked, exposure)
    if before.on == after.on:
        weighing.go_on(exposure, past)
    else:
        weighing.begin_anew(locked, exposure)
    if before != after:
        flags.raise_due(locked=locked, dates=before)


def _dates(locked: Locked, exposure: Exposure) -> Dates:
    return dates_of(locked.zones, locked.binding.shifts, exposure.quarter_at)


def _keep_past(exposure: Exposure, *, reason: str, begins_at: datetime) -> Exposure:
    """Keep what was shown so far as a closed row; the open row, whose id the page knows, begins anew."""
    past = copy(exposure)
    past.pk, past.closed_at, past.closed_reason = uuid4(), begins_at, reason
    past.save(force_insert=True)
    exposure.continues, exposure.quarter_at = past, days.quarter_start(begins_at)
    exposure.opened_at, exposure.shown_ms, exposure.unheard_ms, exposure.was_covered = begins_at, 0, 0, False
    return past
