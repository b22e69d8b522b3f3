"""The load flags that local dates ask for, from their sums: what a recount compares with the flags that were raised."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from wellbeing.core.person import Person
from wellbeing.core.rules import flags
from wellbeing.core.rules.days import midnight, next_day_start
from wellbeing.core.rules.flags import DAYS_ASKED, DAYS_SEEN, Days, Raised, Thresholds
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.names import KINDS
from wellbeing.core.rules.scopes import tightest
from wellbeing.core.selectors import figures
from wellbeing.models import CaseSeen, DaySum

A_DAY = timedelta(days=1)
THRESHOLDS = {name: DEFAULT_PRESET[name] for name, kind in KINDS.items() if kind.is_threshold}


@dataclass
class Figures:
    """All that flags are made of, by local date."""

    days: Days = field(default_factory=lambda: Days({}))
    night_ms: dict[date, int] = field(default_factory=dict)
    late_on: set[date] = field(default_factory=set)
    postponed: dict[date, int] = field(default_factory=dict)
    openings: dict[UUID, dict[date, int]] = field(default_factory=dict)


def due(person: Person, *, since: date, up_to: date) -> dict[tuple[date, str], Raised]:
    """Return (local date, code) → the flag that this date asks for, by the thresholds that held at its end."""
    found = _figures(person, since, up_to)
    dates = [since + n * A_DAY for n in range((up_to - since).days + 1)]
    return {
        (on, raised.code): raised
        for on in dates
        for raised in _due_on(found, on, thresholds_at_end(person, on))
        if raised is not None
    }


def thresholds_at_end(person: Person, on: date) -> Thresholds:
    """Return the thresholds that held when a local date ended."""
    ended_at = midnight(person.day, (on - person.day.date).days + 1)
    in_force = tightest(
        person.values,
        at=ended_at - timedelta(milliseconds=1),
        next_day=partial(next_day_start, person.zones),
        defaults=THRESHOLDS,
    )
    return {name: limit.value for name, limit in in_force.items()}


def _due_on(found: Figures, on: date, by: Thresholds) -> Iterator[Raised | None]:
    yield flags.rapid_rise(found.days, on=on, by=by)
    yield flags.heavy_streak(found.days, on=on, by=by)
    yield flags.extreme_streak(found.days, on=on, by=by)
    yield flags.breaks_short(found.postponed, on=on, by=by)
    yield flags.night(found.night_ms, on=on, by=by)
    yield flags.late_severe(found.late_on, on=on, by=by)
    times = [
        sum(opened.get(on - n * A_DAY, 0) for n in range(DAYS_SEEN))
        for opened in found.openings.values()
        if opened.get(on)
    ]
    yield flags.repeat_view(max(times, default=0), by=by)


def _figures(person: Person, since: date, up_to: date) -> Figures:
    subject = person.subject
    earliest = since - DAYS_ASKED * A_DAY
    found = Figures(_days(person, figures.dates(subject, since=earliest, until=up_to)))
    rows = DaySum.objects.filter(subject=subject, local_date__gte=earliest, local_date__lte=up_to)
    for row in rows:
        _add(found, row)
    found.postponed = figures.postponed(
        subject, person.zones, since=since - (flags.WEEK - 1) * A_DAY, until=up_to
    )
    seen = CaseSeen.objects.filter(subject=subject, local_date__gt=since - DAYS_SEEN * A_DAY)
    for case_ref, on, times in seen.values_list("case_ref", "local_date", "openings"):
        found.openings.setdefault(case_ref, {})[on] = times
    return found


def _days(person: Person, dates: flags.Dates) -> Days:
    began_on = person.profile.began_on or person.state.first_day
    return flags.days_of(dates, began_on=began_on, returned_on=person.state.returned_on)


def _add(found: Figures, row: DaySum) -> None:
    on = row.local_date
    if row.severity >= figures.DISTRESSING:
        found.night_ms[on] = found.night_ms.get(on, 0) + row.night_ms
    if row.severity >= figures.SEVERE and row.late_ms:
        found.late_on.add(on)
