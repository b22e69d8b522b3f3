"""Load flags in words: named for the load, never for an illness; the sum of each, and what an officer does about one."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

NAMES: Final[Mapping[str, str | Promise]] = {
    "RAPID_RISE": gettext_lazy("The load rose fast"),
    "HEAVY_STREAK": gettext_lazy("Heavy worked days, one after the other"),
    "SEV4_STREAK": gettext_lazy("Severity 4 on most worked days"),
    "BREAKS_SHORT": gettext_lazy("Breaks were put off"),
    "NIGHT": gettext_lazy("Work at night"),
    "LATE_SEVERE": gettext_lazy("Severity 3 and up at the end of shifts"),
    "REPEAT_VIEW": gettext_lazy("The same content was opened several times"),
    "REVEAL_UP": gettext_lazy("More full reveals than usual"),
}
LEVELS: Final[Mapping[str, str | Promise]] = {
    "info": pgettext_lazy("level of a flag", "for you alone"),
    "amber": pgettext_lazy("level of a flag", "amber"),
    "red": pgettext_lazy("level of a flag", "red"),
}

SUMS: Final[Mapping[str, str | Promise]] = {
    "RAPID_RISE": gettext_lazy(
        "%(lately)s a day on the last 5 worked days > %(rise)s × %(usual)s (mean of the worked days before), "
        "and %(week)s ≥ %(least)s in 7 days"
    ),
    "HEAVY_STREAK": gettext_lazy(
        "%(loads)s: %(days)s worked days running ≥ %(least)s, of it ≥ %(severe)s from severity 3 and up"
    ),
    "SEV4_STREAK": gettext_lazy(
        "severity 4 on %(days)s of the last %(of)s worked days, flagged from %(asked)s"
    ),
    "BREAKS_SHORT": gettext_lazy(
        "put off: %(day)s on this day (flagged from %(asked_day)s), %(week)s in 7 days (flagged from %(asked_week)s)"
    ),
    "NIGHT": gettext_lazy(
        "%(nights)s of 7 nights with %(hours)s h or more at severity 2 and up from 22:00 to 06:00, flagged from %(asked)s"
    ),
    "LATE_SEVERE": gettext_lazy(
        "severity 3 and up in the last hour of a shift on %(days)s of 7 days, flagged from %(asked)s"
    ),
    "REPEAT_VIEW": gettext_lazy("opened %(times)s times in 28 days, flagged from %(asked)s"),
    "REVEAL_UP": gettext_lazy(
        "%(share)s %% of %(cases)s cases in 7 days, %(before)s %% in the 28 days before, flagged from %(asked)s percentage points above"
    ),
}
MEASURES: Final[Mapping[str, str | Promise]] = {
    "contact": gettext_lazy("Contact"),
    "rest_day": gettext_lazy("Rest day"),
    "lighter_queue": gettext_lazy("Lighter queue"),
    "nothing": gettext_lazy("Nothing, with a reason"),
}


def name(code: str) -> str:
    """Return 'The load rose fast' for ``RAPID_RISE``."""
    return str(NAMES.get(code, code))


def level(code: str) -> str:
    """Return the word of a level."""
    return str(LEVELS.get(code, code))


def arithmetic(code: str, numbers: Mapping[str, Any]) -> str:
    """Return the sum of a flag as its person can check it; empty where its numbers are not (all) there."""
    shown = dict(numbers)
    if "percent" in shown:
        shown["rise"] = f"{shown['percent'] / 100:g}"
    if "seconds" in shown:
        shown["hours"] = f"{shown['seconds'] / 3600:g}"
    try:
        return str(SUMS[code]) % shown
    except KeyError:
        return ""
