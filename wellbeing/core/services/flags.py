"""Load flags are raised in the transaction that moves the sums, one of a kind for a person and a local date.

Most of them are seen in the rows at hand. What was put off, nights and last hours of shifts are asked for only when
something of the kind has just happened.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from wellbeing.core.locked import Locked
from wellbeing.core.rules import flags
from wellbeing.core.rules.dates import Dates, dates_of
from wellbeing.core.rules.days import day_of, quarter_start
from wellbeing.core.rules.flags import Raised, Thresholds
from wellbeing.core.selectors import figures, flags_due
from wellbeing.models import Break, LoadFlag


def raise_due(*, locked: Locked, dates: Dates | None = None) -> None:
    """Raise what the sums ask for under these dates, those of ``locked.at`` unless told. The caller announces it."""
    under = dates or dates_of(locked.zones, locked.binding.shifts, quarter_start(locked.at))
    by = thresholds(locked)
    _keep(locked, _by_sums(locked, under.on, by), on=under.on)
    if under.night is not None:
        worked = _with_unwritten(locked, figures.night_ms(locked.subject, on=under.night))
        _keep(locked, [flags.night(worked, on=under.night, by=by)], on=under.night)
    if under.late is not None:
        late_on = figures.late_on(locked.subject, on=under.late) | _late_unwritten(locked)
        _keep(locked, [flags.late_severe(late_on, on=under.late, by=by)], on=under.late)


def raise_for_break(*, locked: Locked, rest: Break) -> None:
    """Raise what a break asks for that was just put off."""
    zones = locked.zones
    on = day_of(zones, rest.due_at).date
    counts = figures.postponed(locked.subject, zones, since=on - timedelta(days=flags.WEEK - 1), until=on)
    _keep(locked, [flags.breaks_short(counts, on=on, by=thresholds(locked))], on=on)


def raise_for_opening(*, locked: Locked, times: int) -> None:
    """Raise what the opening of a case asks for. *times*: how often it was opened lately, this one among them."""
    found = flags.repeat_view(times, by=thresholds(locked))
    _keep(locked, [found], on=locked.day.date)


def raise_anew(*, locked: Locked, since: date) -> None:
    """Raise what the dates from *since* on ask for, 28 at most: their sums, as written, have moved behind the person."""
    today = locked.day.date
    since = max(since, today - timedelta(days=flags.DAYS_SEEN - 1))
    for (on, _), raised in flags_due.due(locked, since=since, up_to=today).items():
        _keep(locked, [raised], on=on)


def thresholds(locked: Locked) -> Thresholds:
    """Return the values in force by name."""
    return {name: limit.value for name, limit in locked.limits.items()}


def keep(subject: UUID, due: Iterable[Raised | None], *, on: date, at: datetime) -> list[LoadFlag]:
    """Write the flags that are due on a date and were not, or not as high; return those.

    One that stands keeps the figures of the sums as they are now: those of the moment in which it was first raised would
    tell when somebody changed how they looked.
    """
    raised = [one for one in due if one is not None]
    if not raised:
        return []
    stored = {row.code: row for row in LoadFlag.objects.filter(subject=subject, local_date=on)}
    _follow_sums(stored, raised)
    return [
        _write(
            stored.get(one.code) or LoadFlag(subject=subject, code=one.code, local_date=on, raised_at=at),
            one,
            at,
        )
        for one in raised
        if one.code not in stored or flags.is_higher(one.level, stored[one.code].level)
    ]


def _keep(locked: Locked, due: Iterable[Raised | None], *, on: date) -> None:
    """Do it for who is held: what is written binds them, and is not known here."""
    if keep(locked.subject, due, on=on, at=locked.at):
        locked.is_bound_anew = True


def _follow_sums(stored: Mapping[str, LoadFlag], raised: Iterable[Raised]) -> None:
    for one in raised:
        row = stored.get(one.code)
        if row is not None and row.level == one.level and row.figures != one.figures:
            row.figures = dict(one.figures)
            row.save(update_fields=["figures"])


def _write(flag: LoadFlag, raised: Raised, at: datetime) -> LoadFlag:
    """Write a new flag, or a higher level: whoever was done with it, or is about to be, looks again."""
    flag.fold += 0 if flag._state.adding else 1  # noqa: SLF001 - its name is Django's, its use is documented
    flag.level, flag.figures, flag.closed_at = raised.level, dict(raised.figures), None
    if raised.level == flags.RED:
        flag.red_at = at
    flag.save()
    return flag


def _by_sums(locked: Locked, on: date, by: Thresholds) -> Iterator[Raised | None]:
    days = _days(locked, locked.rows.dates)
    if flags.asks_further(days, on=on, by=by):
        days = _days(
            locked, figures.dates_before(locked.subject, locked.rows.dates, on=on) | locked.rows.dates
        )
    yield flags.rapid_rise(days, on=on, by=by)
    yield flags.heavy_streak(days, on=on, by=by)
    yield flags.extreme_streak(days, on=on, by=by)


def _days(locked: Locked, dates: flags.Dates) -> flags.Days:
    began_on = locked.profile.began_on or locked.state.first_day
    return flags.days_of(dates, began_on=began_on, returned_on=locked.state.returned_on)


def _with_unwritten(locked: Locked, kept: dict[date, int]) -> dict[date, int]:
    for (on, severity), moved in locked.unwritten.dates.items():
        if severity >= figures.DISTRESSING:
            kept[on] = kept.get(on, 0) + moved.night_ms
    return kept


def _late_unwritten(locked: Locked) -> set[date]:
    moved = locked.unwritten.dates.items()
    return {on for (on, severity), one in moved if severity >= figures.SEVERE and one.late_ms > 0}
