"""Load flags in words: named for the load, never for an illness."""

from collections.abc import Mapping
from typing import Final

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


def name(code: str) -> str:
    """Return 'The load rose fast' for ``RAPID_RISE``."""
    return str(NAMES.get(code, code))


def level(code: str) -> str:
    """Return the word of a level."""
    return str(LEVELS.get(code, code))
