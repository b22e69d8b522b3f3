"""Which limits hold, what is used of them, and what may still be taken (WELLBEING.md 'Limits')."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from wellbeing.exceptions import Reached


@dataclass(frozen=True)
class InForce:
    """The value of one limit that holds now, and from which scope.

    ``value`` in seconds or cases. ``scope``: ``ceiling``, ``team``, ``person`` or ``own``.
    ``set_by`` and ``reason`` are of the row that holds (empty for the shipped default).
    """

    name: str
    value: int
    scope: str
    since: datetime | None = None
    set_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Fit:
    """How much of what may be taken now.

    ``fit``: severity → time left before the next break or limit; a severity that is absent may not be
    taken at all, and ``closed_by`` says why. ``mild_only``: a hard limit is reached, so of severity 0
    only text and media that a person confirmed as mild may be taken (``fit`` then has no key but 0).
    """

    fit: Mapping[int, timedelta]
    closed_by: Mapping[int, Reached]
    mild_only: Reached | None
