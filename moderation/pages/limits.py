"""The words of limits, and how their values are written and read: minutes for seconds, to the second.

'90' is ninety minutes and '1:30' a minute and a half, so a value of 90 s is shown and read back as it is.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wellbeing.rules.names import is_at_least, unit_of

DAY, BEFORE_A_BREAK, BREAKS = "day", "before_a_break", "breaks"
GROUPS: Final[Mapping[str, str | Promise]] = {
    DAY: gettext_lazy("Per person and day"),
    BEFORE_A_BREAK: gettext_lazy("Until a break"),
    BREAKS: gettext_lazy("Length of a break"),
}
NAMES: Final[Mapping[str, tuple[str, str | Promise]]] = {
    "seconds_1": (DAY, gettext_lazy("Minutes at severity 1 and up")),
    "seconds_3": (DAY, gettext_lazy("Minutes at severity 3 and up")),
    "seconds_4": (DAY, gettext_lazy("Minutes at severity 4")),
    "cases_3": (DAY, gettext_lazy("Cases of severity 3")),
    "cases_4": (DAY, gettext_lazy("Cases of severity 4")),
    "work_seconds": (BEFORE_A_BREAK, gettext_lazy("Minutes at the desk until a break")),
    "severe_seconds": (BEFORE_A_BREAK, gettext_lazy("Minutes at severity 3 and up until a break")),
    "extreme_seconds": (BEFORE_A_BREAK, gettext_lazy("Minutes at severity 4 until a break")),
    "long_seconds": (BEFORE_A_BREAK, gettext_lazy("Minutes until a long break")),
    "work_rest_seconds": (BREAKS, gettext_lazy("Break after time at the desk, minutes")),
    "severe_rest_seconds": (BREAKS, gettext_lazy("Break after severity 3 and up, minutes")),
    "extreme_rest_seconds": (BREAKS, gettext_lazy("Break after severity 4, minutes")),
    "long_rest_seconds": (BREAKS, gettext_lazy("Long break, minutes")),
    "colour_rest_seconds": (BREAKS, gettext_lazy("Rest after severity 4 in colour or with sound, minutes")),
    "cluster_rest_seconds": (BREAKS, gettext_lazy("Rest after three cases of severity 4, minutes")),
}
TIGHTER, LOOSER, STAYS = "tighter", "looser", "stays"
KINDS: Final[Mapping[str, str | Promise]] = {
    TIGHTER: gettext_lazy("tighter"),
    LOOSER: gettext_lazy("looser"),
    STAYS: gettext_lazy("stays"),
}
WHOLE = re.compile(r"[0-9]{1,6}")
CLOCK = re.compile(r"([0-9]{1,6}):([0-5][0-9])")
DECIMAL = re.compile(r"[0-9]{1,6}[.,][0-9]{1,2}")


class Unreadable(Exception):
    """What was typed is no value of this limit; the message says how one is written."""


def bound(name: str, value: int) -> str:
    """Return what the organisation allows: 'at most 120 min', of a break 'at least 10 min'."""
    words = _("at least %(amount)s") if is_at_least(name) else _("at most %(amount)s")
    return words % {"amount": amount(name, value)}


def label(name: str) -> str:
    """Return 'Minutes at severity 3 and up' for ``seconds_3``."""
    return str(NAMES[name][1]) if name in NAMES else name


def group(name: str) -> str:
    """Return which part of a page the limit belongs to: one of ``GROUPS``."""
    return NAMES[name][0] if name in NAMES else DAY


def counts_cases(name: str) -> bool:
    """Tell whether the value is a number of cases; otherwise it is seconds."""
    return unit_of(name) == "cases"


def written(name: str, value: int) -> str:
    """Return *value* as a field holds it: '150', '90' (minutes), '1:30'."""
    return str(value) if counts_cases(name) else written_minutes(value)


def written_minutes(seconds: int) -> str:
    """Return '90', or '1:30' for a minute and a half."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}" if rest else str(minutes)


def amount(name: str, value: int) -> str:
    """Return *value* with its unit: '150 cases', '90 min', '1 min 30 s'."""
    minutes, seconds = divmod(value, 60)
    if counts_cases(name):
        return ngettext("%(count)d case", "%(count)d cases", value) % {"count": value}
    if minutes and seconds:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
    return (
        _("%(seconds)d s") % {"seconds": seconds} if seconds else _("%(minutes)d min") % {"minutes": minutes}
    )


def read(name: str, text: str) -> int:
    """Return the value that *text* says, in seconds or cases.

    Raises:
        Unreadable: no such value; its message is a sentence that says how one is written.
    """
    if not counts_cases(name):
        return read_minutes(text)
    if not WHOLE.fullmatch(text.strip()):
        raise Unreadable(_("Write a whole number of cases, from 0."))
    return int(text)


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
