"""The load flags: named for the load, not for an illness, each a sum that its person can check.

Source: WELLBEING.md 'Load flags'; which days are meant by a streak, EVIDENCE.md. No function here knows a person: it
takes plain figures by local date, and thresholds by name (``rules.names``). A flag stands for the date *on* which it was
raised, and only what was shown on that very date raises it: nobody is flagged on a day off.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from wellbeing.rules.load import UNITS_PER_POINT, points

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

WEEK, WEEKS_BEFORE = 7, 3
DAYS_SEEN = 28
"""For how many local dates openings of the same content are counted."""
DAYS_ASKED = WEEK * (WEEKS_BEFORE + 1)
"""How many local dates, the last among them, a flag may ask for."""

Thresholds = Mapping[str, int]
Figures = Mapping[str, int | str]


@dataclass(frozen=True)
class Raised:
    """A flag that is due. ``figures``: the numbers of its arithmetic, as plain JSON; points as '412.5'."""

    code: str
    level: str
    figures: Figures


def rapid_rise(
    loads: Mapping[date, int], *, on: date, known_since: date | None, by: Thresholds
) -> Raised | None:
    """Compare the load of 7 dates with the mean of the three weeks before. *loads*: date → units.

    ``known_since``: the first date that the ledger knows of this person (None: long ago). While it does not know three
    weeks before these seven days, there is no mean, and nothing can be said to rise.
    """
    begins = on - timedelta(days=DAYS_ASKED - 1)
    if not loads.get(on) or (known_since is not None and known_since > begins):
        return None
    week = _sum(loads, on, days=WEEK)
    before = _sum(loads, on - timedelta(days=WEEK), days=WEEK * WEEKS_BEFORE)
    rises = {AMBER: by["rapid_rise_amber"], RED: by["rapid_rise_red"]}
    reached = [
        (level, percent) for level, percent in rises.items() if week * WEEKS_BEFORE * 100 > before * percent
    ]
    if not reached or week < by["rapid_rise_least"] * UNITS_PER_POINT:
        return None
    level, percent = reached[-1]
    figures = {"week": _points(week), "mean": _points(before // WEEKS_BEFORE)}
    return Raised(RAPID_RISE, level, figures | {"percent": percent, "least": by["rapid_rise_least"]})


def heavy_streak(loads: Mapping[date, int], *, on: date, by: Thresholds) -> Raised | None:
    """Count the days in a row up to *on* whose load reaches the threshold. *loads*: date → units."""
    least = by["heavy_day_load"]
    heavy = {day for day, units in loads.items() if units >= least * UNITS_PER_POINT}
    days = _in_row(heavy, on)
    if days < by["heavy_days_amber"]:
        return None
    level = RED if days >= by["heavy_days_red"] else AMBER
    asked = by["heavy_days_red" if level == RED else "heavy_days_amber"]
    shown = ", ".join(_points(loads[on - timedelta(days=n)]) for n in reversed(range(asked)))
    return Raised(HEAVY_STREAK, level, {"days": asked, "least": least, "loads": shown})


def extreme_streak(extreme_on: Collection[date], *, on: date, by: Thresholds) -> Raised | None:
    """Count the days in a row up to *on* with severity 4."""
    days = _in_row(extreme_on, on)
    if days < by["extreme_days"]:
        return None
    return Raised(SEV4_STREAK, AMBER, {"days": days, "asked": by["extreme_days"]})


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


def _sum(figures: Mapping[date, int], on: date, *, days: int) -> int:
    return sum(figures.get(on - timedelta(days=n), 0) for n in range(days))


def _within(dates: Collection[date], on: date) -> int:
    return sum(on - timedelta(days=n) in dates for n in range(WEEK))


def _in_row(dates: Collection[date], on: date) -> int:
    days = 0
    while on - timedelta(days=days) in dates:
        days += 1
    return days
