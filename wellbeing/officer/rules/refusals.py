"""The names that a refusal can bear: limits that are used up, caps, and what somebody chose for themselves.

Each has its words on the pages, and each can be asked about (``Question.about`` = ``refusal``).
"""

from typing import Final

from wellbeing.core.rules.limits import HARD_LIMITS

CAPS: Final = (
    "night",
    "late",
    "overtime",
    "daily_rest",
    "stop",
    "starter",
    "severe_days_7",
    "severe_days_run",
    "extreme_weeks",
    "agreement",
    "heavy_streak",
    "rest_day",
    "lighter_queue",
    "introduction",
)
"""What ``core.rules.caps`` yields."""
OWN: Final = ("opt_out",)
ELSE: Final = ("break", "nothing_waits")
UNHEARD: Final = "unheard"
"""Not a refusal, but contested like one: time that counts although nothing was heard of its page."""
REFUSALS: Final = frozenset((*HARD_LIMITS, *CAPS, *OWN, *ELSE, UNHEARD))
