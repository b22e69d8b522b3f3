"""The words of limits, and how their values are written and read: minutes for seconds, to the second.

'90' is ninety minutes and '1:30' a minute and a half, so a value of 90 s is shown and read back as it is.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wellbeing.core.rules.names import is_at_least, unit_of
from wellbeing.limits.rules import presets

DAY, LOAD, DAYS, HOURS, ROW = "day", "load", "days", "hours", "row"
BEFORE_A_BREAK, BREAKS, FLAGS = "before_a_break", "breaks", "flags"
GROUPS: Final[Mapping[str, str | Promise]] = {
    DAY: gettext_lazy("Per person and day"),
    DAYS: gettext_lazy("Over days and weeks"),
    HOURS: gettext_lazy("By the hour and the shift"),
    ROW: gettext_lazy("One after another: chosen among what waits, nobody waits for it"),
    LOAD: gettext_lazy("Load: time, weighed by severity"),
    BEFORE_A_BREAK: gettext_lazy("Until a break"),
    BREAKS: gettext_lazy("Length of a break"),
    FLAGS: gettext_lazy("When a load flag is raised"),
}
NAMES: Final[Mapping[str, tuple[str, str | Promise]]] = {
    "seconds_1": (DAY, gettext_lazy("Minutes at severity 1 and up")),
    "seconds_3": (DAY, gettext_lazy("Minutes at severity 3 and up")),
    "seconds_4": (DAY, gettext_lazy("Minutes at severity 4")),
    "cases_3": (DAY, gettext_lazy("Cases of severity 3")),
    "cases_4": (DAY, gettext_lazy("Cases of severity 4")),
    "severe_days_7": (DAYS, gettext_lazy("Days with severity 3 and up, of any seven")),
    "severe_days_run": (DAYS, gettext_lazy("Days with severity 3 and up, in a row")),
    "extreme_weeks": (DAYS, gettext_lazy("Weeks with severity 4 before a week without")),
    "late_seconds": (HOURS, gettext_lazy("The end of a shift, minutes")),
    "late_severity": (HOURS, gettext_lazy("Highest severity at the end of a shift")),
    "night_severity": (HOURS, gettext_lazy("Highest severity from 22:00 to 06:00")),
    "overtime_severity": (HOURS, gettext_lazy("Highest severity beyond the planned shift")),
    "stop_minute": (HOURS, gettext_lazy("Time of day from when only severity 0 is handed out")),
    "run_cases": (ROW, gettext_lazy("Cases of one category in a row, then another comes first")),
    "spacing_cases": (ROW, gettext_lazy("Mild cases that come first after one of severity 3 and up")),
    "load_block_amber": (LOAD, gettext_lazy("Load since the last break, amber: said, no more")),
    "load_block_red": (LOAD, gettext_lazy("Load since the last break, red: a break comes first")),
    "load_day_amber": (LOAD, gettext_lazy("Load of a day, amber: said, no more")),
    "load_day_red": (LOAD, gettext_lazy("Load of a day, red: enough, only severity 0 comes")),
    "load_week_amber": (LOAD, gettext_lazy("Load of 7 days, amber: said, no more")),
    "load_week_red": (LOAD, gettext_lazy("Load of 7 days, red: enough, only severity 0 comes")),
    "load_month_amber": (LOAD, gettext_lazy("Load of 28 days, amber: said, no more")),
    "load_month_red": (LOAD, gettext_lazy("Load of 28 days, red: enough, only severity 0 comes")),
    "work_seconds": (BEFORE_A_BREAK, gettext_lazy("Minutes at the desk until a break")),
    "severe_seconds": (BEFORE_A_BREAK, gettext_lazy("Minutes at severity 3 and up until a break")),
    "extreme_seconds": (BEFORE_A_BREAK, gettext_lazy("Minutes at severity 4 until a break")),
    "work_rest_seconds": (BREAKS, gettext_lazy("Break after time at the desk, minutes")),
    "severe_rest_seconds": (BREAKS, gettext_lazy("Break after severity 3 and up, minutes")),
    "extreme_rest_seconds": (BREAKS, gettext_lazy("Break after severity 4, minutes")),
    "long_rest_seconds": (BREAKS, gettext_lazy("Every third break, minutes")),
    "colour_rest_seconds": (
        BREAKS,
        gettext_lazy("Rest after a case of severity 4 seen clearer than its shield, minutes"),
    ),
    "cluster_rest_seconds": (BREAKS, gettext_lazy("Rest after three cases of severity 4, minutes")),
    "wellness_seconds": (BREAKS, gettext_lazy("Wellness time a day, minutes")),
    "rapid_rise_amber": (FLAGS, gettext_lazy("Load of 5 worked days against the six weeks before, amber")),
    "rapid_rise_red": (FLAGS, gettext_lazy("Load of 5 worked days against the six weeks before, red")),
    "rapid_rise_least": (FLAGS, gettext_lazy("Least load of 7 days for a rapid rise")),
    "heavy_day_load": (FLAGS, gettext_lazy("Load from which a day is heavy")),
    "heavy_days_amber": (FLAGS, gettext_lazy("Heavy worked days running, amber")),
    "heavy_days_red": (FLAGS, gettext_lazy("Heavy worked days running, red")),
    "extreme_days": (FLAGS, gettext_lazy("Days with severity 4, of the last ten worked ones")),
    "postponed_day": (FLAGS, gettext_lazy("Breaks postponed in a day")),
    "postponed_week": (FLAGS, gettext_lazy("Breaks postponed in 7 days")),
    "night_work_seconds": (FLAGS, gettext_lazy("Minutes at severity 2 and up in a night")),
    "nights": (FLAGS, gettext_lazy("Nights of seven")),
    "late_days": (FLAGS, gettext_lazy("Days of seven with severity 3 and up in the last hour of a shift")),
    "repeat_views": (FLAGS, gettext_lazy("Times that the same content is opened")),
    "reveal_up_points": (FLAGS, gettext_lazy("Full reveals above the own mean, percentage points")),
    "reveal_up_cases": (FLAGS, gettext_lazy("Cases from which full reveals are compared")),
}
RETIRED: Final[Mapping[str, str | Promise]] = {"long_seconds": gettext_lazy("Minutes until a long break")}
"""Limits that rule nothing any more, as pages of what was set name them."""
TIGHTER, LOOSER, STAYS = "tighter", "looser", "stays"
KINDS: Final[Mapping[str, str | Promise]] = {
    TIGHTER: gettext_lazy("tighter"),
    LOOSER: gettext_lazy("looser"),
    STAYS: gettext_lazy("stays"),
}
TIMES: Final = frozenset({"postponed_day", "postponed_week", "repeat_views"})
"""Counted like cases, but not cases: how often something was done."""
WHOLE = re.compile(r"[0-9]{1,6}")
CLOCK = re.compile(r"([0-9]{1,6}):([0-5][0-9])")
DECIMAL = re.compile(r"[0-9]{1,6}[.,][0-9]{1,2}")


PRESETS: Final[Mapping[str, str | Promise]] = {
    presets.DEFAULT: gettext_lazy("Default"),
    presets.SPECIALIST: gettext_lazy("Specialist"),
    presets.VOLUNTEER: gettext_lazy("Volunteer"),
    presets.STARTER: gettext_lazy("Starter"),
}


class Unreadable(Exception):
    """What was typed is no value of this limit; the message says how one is written."""


def bound(name: str, value: int) -> str:
    """Return what the organisation allows: 'at most 120 min', of a break 'at least 10 min'."""
    words = _("at least %(amount)s") if is_at_least(name) else _("at most %(amount)s")
    return words % {"amount": amount(name, value)}


def label(name: str) -> str:
    """Return 'Minutes at severity 3 and up' for ``seconds_3``."""
    return str(NAMES[name][1] if name in NAMES else RETIRED.get(name, name))


def group(name: str) -> str:
    """Return which part of a page the limit belongs to: one of ``GROUPS``."""
    return NAMES[name][0] if name in NAMES else DAY


def counts_cases(name: str) -> bool:
    """Tell whether the value is a whole number of something; otherwise it is seconds, or a time of day."""
    return unit_of(name) not in {"minutes", "clock"}


def written(name: str, value: int) -> str:
    """Return *value* as a field holds it: '150', '90' (minutes), '1:30', of a time of day '16:00'."""
    if unit_of(name) == "clock":
        return f"{value // 60:02}:{value % 60:02}"
    return str(value) if counts_cases(name) else written_minutes(value)


def written_minutes(seconds: int) -> str:
    """Return '90', or '1:30' for a minute and a half."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}" if rest else str(minutes)


def amount(name: str, value: int) -> str:
    """Return *value* with its unit: '150 cases', '90 min', '1 min 30 s', '4 days', '240 points of load', '16:00'."""
    counted = _COUNTED.get("times" if name in TIMES else unit_of(name))
    if counted is not None:
        return counted(value) % {"count": value}
    if unit_of(name) == "clock":
        return written(name, value)
    minutes, seconds = divmod(value, 60)
    if minutes and seconds:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
    return (
        _("%(seconds)d s") % {"seconds": seconds} if seconds else _("%(minutes)d min") % {"minutes": minutes}
    )


_COUNTED: Final[Mapping[str, Callable[[int], str]]] = {
    "cases": lambda count: ngettext("%(count)d case", "%(count)d cases", count),
    "days": lambda count: ngettext("%(count)d day", "%(count)d days", count),
    "weeks": lambda count: ngettext("%(count)d week", "%(count)d weeks", count),
    "points": lambda count: ngettext("%(count)d point of load", "%(count)d points of load", count),
    "severity": lambda _count: _("severity %(count)d"),
    "times": lambda count: ngettext("%(count)d time", "%(count)d times", count),
    "percent": lambda _count: _("%(count)d %%"),
}


def read(name: str, text: str) -> int:
    """Return the value that *text* says, in the unit in which the limit is kept.

    Raises:
        Unreadable: no such value; its message is a sentence that says how one is written.
    """
    if unit_of(name) == "clock":
        return _read_time(text)
    if not counts_cases(name):
        return read_minutes(text)
    if not WHOLE.fullmatch(text.strip()):
        raise Unreadable(
            _("Write a whole number of cases, from 0.")
            if unit_of(name) == "cases"
            else _("Write a whole number, from 0.")
        )
    return int(text)


def _read_time(text: str) -> int:
    clock = CLOCK.fullmatch(text.strip())
    if clock is None:
        raise Unreadable(_("Write a time of day, like 16:00; 24:00 is no stop at all."))
    return int(clock[1]) * 60 + int(clock[2])


def read_minutes(text: str) -> int:
    """Return the seconds of '90', '1:30' or '1.5'.

    Raises:
        Unreadable: as ``read``.
    """
    text = text.strip()
    clock = CLOCK.fullmatch(text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    if WHOLE.fullmatch(text):
        return int(text) * 60
    if DECIMAL.fullmatch(text):
        seconds = Decimal(text.replace(",", ".")) * 60
        if seconds == int(seconds):
            return int(seconds)
    raise Unreadable(_("Write minutes from 0, like 90. A minute and a half is 1:30."))
