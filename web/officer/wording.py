"""The words of load flags and of what an officer does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.shared import flags, moments
from web.shared.names import Names
from wellbeing.officer.selectors.record import MeasureLine

FLAGS: Final[Mapping[str, str | Promise]] = {
    "RAPID_RISE": gettext_lazy("A rapid rise"),
    "HEAVY_STREAK": gettext_lazy("Heavy worked days, one after the other"),
    "SEV4_STREAK": gettext_lazy("Severity 4 on most worked days"),
    "NIGHT": gettext_lazy("Severity 2 and up at night"),
    "LATE_SEVERE": gettext_lazy("Severity 3 and up at the end of shifts"),
}
ABOUT: Final[Mapping[str, str | Promise]] = {
    "RAPID_RISE": gettext_lazy(
        "The load of the last five worked days, beside that of the worked days in the six weeks before."
    ),
    "HEAVY_STREAK": gettext_lazy(
        "Worked days, one after the other, whose load is heavy and comes from severity 3 and up."
    ),
    "SEV4_STREAK": gettext_lazy("Severity 4 was shown on several of the last ten worked days."),
    "NIGHT": gettext_lazy("Two hours and more between 22:00 and 06:00, on several of seven nights."),
    "LATE_SEVERE": gettext_lazy(
        "In the last hour of a shift, more than once in seven days. That is a fault of the roster."
    ),
}
LEVELS: Final[Mapping[str, str | Promise]] = {
    "amber": gettext_lazy("amber"),
    "red": gettext_lazy("red"),
}


def flag(code: str) -> str:
    """Return 'A rapid rise' for ``RAPID_RISE``."""
    return str(FLAGS.get(code, code))


def level(code: str) -> str:
    """Return 'red'."""
    return str(LEVELS.get(code, code))


def measure(line: MeasureLine) -> str:
    """Return 'Lighter queue, 24 November to 30 November' or 'Rest day, 24 November'."""
    kind = str(flags.MEASURES.get(line.kind, line.kind))
    if line.from_on is None or line.until_on is None:
        return kind
    if line.from_on == line.until_on:
        return _("%(kind)s, %(day)s") % {"kind": kind, "day": moments.short_day(line.from_on)}
    return _("%(kind)s, %(first)s to %(last)s") % {
        "kind": kind,
        "first": moments.short_day(line.from_on),
        "last": moments.short_day(line.until_on),
    }


def by(names: Names, subject: str, at: datetime) -> str:
    """Return 'Wim, 23 November 2026, 10:12'."""
    return _("%(name)s, %(moment)s") % {"name": names.of(subject), "moment": moments.moment(at)}
