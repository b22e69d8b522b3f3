"""What the limits leave to do, in a sentence for each severity: so that other work is planned before the limit says so.

Reckoned from limits, never from what anybody was shown: it says the same of a team of one.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from web.shared import limits as words
from wellbeing.limits.rules.leaving import EXTREME, LEVELS, SEVERE, Leaves, leaves
from wellbeing.limits.selectors.overview import LimitLine

WHAT: Final[Mapping[int, str | Promise]] = {
    1: gettext_lazy("Severity 1 and up"),
    SEVERE: gettext_lazy("Severity 3 and up"),
    EXTREME: gettext_lazy("Severity 4"),
}
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
EXACT_TO: Final = 5 * MINUTE
"""Less is said to the second: a whole minute would be more than a tenth of it."""
BY_THE_MINUTE_TO: Final = 25 * MINUTE
NEARLY_AN_HOUR: Final = HOUR - 150
"""From here on the next five minutes are an hour."""
A_DAY_BY_THE_MINUTE: Final = 10 * MINUTE
"""From here on a day's seconds are left out: they are less than a tenth of it."""


def what_it_leaves(values: Mapping[str, int], levels: Iterable[int] = LEVELS) -> list[str]:
    """Return a sentence for each of *levels*; *values*: limit → value, of every limit of a team."""
    return [_sentence(leaves(values, severity=level)) for level in levels]


def values_of(lines: Iterable[LimitLine], changed: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return limit → value in force, with what is *changed* in place of it."""
    return {line.name: line.value for line in lines} | dict(changed or {})


def about(seconds: int) -> str:
    """Return '2 min 15 s', 'about 12 minutes', 'about 40 minutes', 'about an hour and a half': at most a tenth off."""
    if seconds < EXACT_TO:
        return words.amount("seconds_1", seconds)
    halves = round(seconds / (HOUR / 2))
    if seconds < NEARLY_AN_HOUR or abs(halves * HOUR // 2 - seconds) * 10 > seconds:
        step = 1 if seconds < BY_THE_MINUTE_TO else 5
        minutes = round(seconds / (step * MINUTE)) * step
        return ngettext("about %(count)d minute", "about %(count)d minutes", minutes) % {"count": minutes}
    hours, has_half = divmod(halves, 2)
    if hours == 1:
        return _("about an hour and a half") if has_half else _("about an hour")
    told = _("about %(count)d and a half hours") if has_half else _("about %(count)d hours")
    return told % {"count": hours}


def _sentence(left: Leaves) -> str:
    what = WHAT[left.severity]
    if not left.day_seconds:
        return _("%(what)s: nothing for anybody; plan other work.") % {"what": what}
    return _("%(what)s: at most %(day)s on a day, %(week)s a week for each person; plan other work.") % {
        "what": what,
        "day": _of_a_day(left),
        "week": about(left.week_seconds),
    }


def _of_a_day(left: Leaves) -> str:
    told = left.day_seconds
    if told >= A_DAY_BY_THE_MINUTE:
        told -= told % MINUTE
    minutes = words.amount("seconds_1", told)
    if left.cases is None:
        return minutes
    cases = words.amount(f"cases_{left.severity}", left.cases)
    if left.severity == SEVERE:
        cases = _("%(cases)s of severity 3") % {"cases": cases}
    return _("%(minutes)s and %(cases)s") % {"minutes": minutes, "cases": cases}
