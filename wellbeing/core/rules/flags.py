"""The load flags: named for the load, not for an illness, each a sum that its person can check.

Source: WELLBEING.md 'Load flags'. Worked days are compared with worked days; days off are no zeros. No function here knows a person: it
takes plain figures by local date, and thresholds by name (``core.rules.names``). A flag stands for the date *on* which it was
raised, and only what was shown on that very date raises it: nobody is flagged on a day off.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

from wellbeing.core.rules import ramp
from wellbeing.core.rules.load import UNITS_PER_POINT, points
from wellbeing.core.rules.worked import EXTREME, SEVERE, Shown, worked_dates

RAPID_RISE = "RAPID_RISE"
HEAVY_STREAK = "HEAVY_STREAK"
SEV4_STREAK = "SEV4_STREAK"
BREAKS_SHORT = "BREAKS_SHORT"
NIGHT = "NIGHT"
LATE_SEVERE = "LATE_SEVERE"
REPEAT_VIEW = "REPEAT_VIEW"
REVEAL_UP = "REVEAL_UP"

INFO, AMBER, RED = "info", "amber", "red"
LEVELS = (INFO, AMBER, RED)
"""From the least to the most. ``info`` is for the person alone."""

WEEK = 7
LATELY, BEFORE, BEFORE_AT_LEAST = 5, timedelta(days=42), 10
"""A rise: the last 5 worked days against those of the 42 days before them, of which there are 10 at least."""
HEAVY_SEVERE = 60
"""So many points of a heavy day are from severity 3 and up."""
OF_WORKED = 10
"""Of how many worked days those with severity 4 are counted."""
DAYS_SEEN = 28
"""For how many local dates openings of the same content are counted."""
DAYS_ASKED = 91
"""How many local dates, the last among them, a flag may ask for: ten worked days of somebody who works one in nine."""

Thresholds = Mapping[str, int]


class Weighed(Shown, Protocol):
    """What was shown, and its load in units at P = 1."""

    @property
    def units_at_one(self) -> int: ...


Dates = Mapping[tuple[date, int], Weighed]
Figures = Mapping[str, int | str]


@dataclass(frozen=True)
class Raised:
    """A flag that is due. ``figures``: the numbers of its arithmetic, as plain JSON; points as '412.5'."""

    code: str
    level: str
    figures: Figures


@dataclass(frozen=True)
class Days:
    """What was shown on worked days; other dates stand in none of these. ``loads``: date → units at P = 1; ``severe``: of
    them from severity 3 and up. ``extreme_on``: with severity 4.

    ``began_on``, ``returned_on``: since when a share of the limits grew, which explains a rise.
    """

    loads: Mapping[date, int]
    severe: Mapping[date, int] = field(default_factory=dict)
    extreme_on: Collection[date] = ()
    began_on: date | None = None
    returned_on: date | None = None

    def up_to(self, on: date) -> list[date]:
        """Return the worked days up to *on*, the newest first."""
        return sorted((day for day in self.loads if day <= on), reverse=True)

    def has_share(self, on: date) -> bool:
        """Say whether the limits of that date were a share, of a new starter or of somebody who came back."""
        return ramp.is_starting(self.began_on, on=on) or ramp.is_returning(self.returned_on, on=on)


def days_of(dates: Dates, *, began_on: date | None = None, returned_on: date | None = None) -> Days:
    """Return the worked days of what was shown by (local date, severity)."""
    loads, severe, extreme_on = dict.fromkeys(worked_dates(dates), 0), dict[date, int](), set[date]()
    for (on, severity), shown in dates.items():
        if on not in loads:
            continue
        loads[on] += shown.units_at_one
        if severity >= SEVERE:
            severe[on] = severe.get(on, 0) + shown.units_at_one
        if severity == EXTREME and (shown.shown_ms or shown.cases):
            extreme_on.add(on)
    return Days(loads, severe, extreme_on, began_on, returned_on)


def asks_further(days: Days, *, on: date, by: Thresholds) -> bool:
    """Say whether more dates than the last weeks must be read before a streak or a rise can be told."""
    if _may_run_further(days, on=on, by=by):
        return True
    week = sum(days.loads.get(on - timedelta(days=n), 0) for n in range(WEEK))
    return on in days.extreme_on or (on in days.loads and week >= by["rapid_rise_least"] * UNITS_PER_POINT)


def _may_run_further(days: Days, *, on: date, by: Thresholds) -> bool:
    """Say whether all that is known is one run of heavy days up to *on*, too short for a flag to be told as it is."""
    worked = days.up_to(on) if on in days.loads else []
    heavy = [_is_heavy(days, day, by["heavy_day_load"]) for day in worked]
    return bool(heavy) and all(heavy) and len(heavy) < by["heavy_days_red"]


def rapid_rise(days: Days, *, on: date, by: Thresholds) -> Raised | None:
    """Compare the mean load of the last 5 worked days with that of the worked days in the 42 days before them.

    Days under a share are no measure of what is usual, and on such a day nothing is said to rise.
    """
    worked = days.up_to(on)
    lately = worked[:LATELY]
    if on not in days.loads or days.has_share(on) or len(lately) < LATELY:
        return None
    earliest = lately[-1] - BEFORE
    before = [day for day in worked[LATELY:] if day >= earliest and not days.has_share(day)]
    if len(before) < BEFORE_AT_LEAST:
        return None
    return _risen(_mean(days.loads, lately), _mean(days.loads, before), _sum(days.loads, on, days=WEEK), by)


def _risen(lately: Fraction, before: Fraction, week: int, by: Thresholds) -> Raised | None:
    rises = {AMBER: by["rapid_rise_amber"], RED: by["rapid_rise_red"]}
    reached = [(level, percent) for level, percent in rises.items() if lately * 100 > before * percent]
    if not reached or week < by["rapid_rise_least"] * UNITS_PER_POINT:
        return None
    level, percent = reached[-1]
    means = {"lately": _points(int(lately)), "usual": _points(int(before)), "week": _points(week)}
    return Raised(RAPID_RISE, level, {**means, "percent": percent, "least": by["rapid_rise_least"]})


def heavy_streak(days: Days, *, on: date, by: Thresholds) -> Raised | None:
    """Count the worked days running up to *on* that are heavy, and severe enough."""
    least, count = by["heavy_day_load"], 0
    worked = days.up_to(on) if on in days.loads else []
    while count < len(worked) and _is_heavy(days, worked[count], least):
        count += 1
    if count < by["heavy_days_amber"]:
        return None
    level = RED if count >= by["heavy_days_red"] else AMBER
    asked = by["heavy_days_red" if level == RED else "heavy_days_amber"]
    shown = ", ".join(_points(days.loads[day]) for day in reversed(worked[:asked]))
    return Raised(
        HEAVY_STREAK, level, {"days": asked, "least": least, "severe": HEAVY_SEVERE, "loads": shown}
    )


def _is_heavy(days: Days, on: date, least: int) -> bool:
    severe = days.severe.get(on, 0)
    return days.loads[on] >= least * UNITS_PER_POINT and severe >= HEAVY_SEVERE * UNITS_PER_POINT


def extreme_streak(days: Days, *, on: date, by: Thresholds) -> Raised | None:
    """Count those of the last 10 worked days up to *on* that had severity 4."""
    count = sum(day in days.extreme_on for day in days.up_to(on)[:OF_WORKED])
    if on not in days.extreme_on or count < by["extreme_days"]:
        return None
    return Raised(SEV4_STREAK, AMBER, {"days": count, "of": OF_WORKED, "asked": by["extreme_days"]})


def breaks_short(postponed: Mapping[date, int], *, on: date, by: Thresholds) -> Raised | None:
    """Count the breaks that were put off. *postponed*: date on which they were due → how many."""
    day, week = postponed.get(on, 0), _sum(postponed, on, days=WEEK)
    if not day or (day < by["postponed_day"] and week < by["postponed_week"]):
        return None
    asked = {"asked_day": by["postponed_day"], "asked_week": by["postponed_week"]}
    return Raised(BREAKS_SHORT, INFO, {"day": day, "week": week} | asked)


def night(night_ms: Mapping[date, int], *, on: date, by: Thresholds) -> Raised | None:
    """Count the nights of 7 with long work at severity ≥ 2. *night_ms*: date on which the night began → milliseconds."""
    least = by["night_work_seconds"] * 1000
    nights = {day for day, shown_ms in night_ms.items() if shown_ms >= least}
    count = _within(nights, on)
    if on not in nights or count < by["nights"]:
        return None
    return Raised(NIGHT, AMBER, {"nights": count, "asked": by["nights"], "seconds": by["night_work_seconds"]})


def late_severe(late_on: Collection[date], *, on: date, by: Thresholds) -> Raised | None:
    """Count the shifts of 7 days with severity ≥ 3 in their last hour. *late_on*: dates on which such an hour began."""
    count = _within(late_on, on)
    if on not in late_on or count < by["late_days"]:
        return None
    return Raised(LATE_SEVERE, AMBER, {"days": count, "asked": by["late_days"]})


def repeat_view(times: int, *, by: Thresholds) -> Raised | None:
    """Say that the same content was opened again and again. *times*: in 28 days."""
    if times < by["repeat_views"]:
        return None
    return Raised(REPEAT_VIEW, INFO, {"times": times, "asked": by["repeat_views"]})


@dataclass(frozen=True)
class Reveals:
    """Cases of severity ≥ 3 that were shown, and those of them that were shown in full size."""

    cases: int
    in_full: int


def reveal_up(lately: Reveals, before: Reveals, *, by: Thresholds) -> Raised | None:
    """Compare the share of full reveals of the last 7 days with that of the 28 days before them."""
    if not before.cases or not lately.cases or lately.cases < by["reveal_up_cases"]:
        return None
    risen = lately.in_full * before.cases - before.in_full * lately.cases
    if risen * 100 < by["reveal_up_points"] * lately.cases * before.cases:
        return None
    share = {"share": _percent(lately), "before": _percent(before), "cases": lately.cases}
    return Raised(REVEAL_UP, INFO, share | {"asked": by["reveal_up_points"]})


def is_higher(level: str, than: str) -> bool:
    """Say whether a level is above another one; a flag never goes down."""
    return LEVELS.index(level) > LEVELS.index(than)


def _percent(reveals: Reveals) -> int:
    return round(100 * reveals.in_full / reveals.cases)


def _points(units: int) -> str:
    """Return units as points that a page can print: '412' or '412.25'."""
    return f"{points(units):f}".rstrip("0").rstrip(".")


def _mean(loads: Mapping[date, int], days: Sequence[date]) -> Fraction:
    return Fraction(sum(loads[day] for day in days), len(days))


def _sum(figures: Mapping[date, int], on: date, *, days: int) -> int:
    return sum(figures.get(on - timedelta(days=n), 0) for n in range(days))


def _within(dates: Collection[date], on: date) -> int:
    return sum(on - timedelta(days=n) in dates for n in range(WEEK))
