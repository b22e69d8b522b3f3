"""What a look is expected to take, until five or more people have worked in a queue (API.md 'Items').

A starting value, not a norm: it tells the platform what it asks of people, and lets allocation offer nothing that does
not fit before the next break or limit. It is shown to no lead and compared with nobody.
"""

from dataclasses import dataclass
from typing import Final

from wellbeing.core.rules import load

TEXT: Final = "text"

# By severity 0 to 4: what is harder to look at is looked at longer, more carefully, and covered in between.
_TEXT_SECONDS: Final = (15, 20, 25, 30, 30)
_PICTURE_SECONDS: Final = (10, 15, 20, 25, 30)


@dataclass(frozen=True, slots=True)
class Estimate:
    """``human_seconds`` of a person's attention, and the ``load`` points of that look (WELLBEING.md 'Exposure')."""

    human_seconds: int
    load: float


def estimate(*, medium: str, severity: int) -> Estimate:
    """Return what a look at *medium* of *severity* (0 to 4) is expected to take, a picture seen in grey."""
    seconds = expected_seconds(medium=medium, severity=severity)
    share = load.PRESENTATION[load.Level.TEXT if medium == TEXT else load.Level.GREY]
    base = load.BASE_SECONDS if severity >= load.BASE_FROM_SEVERITY else 0
    points = load.WEIGHT[severity] * share * (base + seconds) / 60
    return Estimate(human_seconds=seconds, load=round(float(points), 2))


def expected_seconds(*, medium: str, severity: int) -> int:
    """Return the seconds that a job is expected to take."""
    return (_TEXT_SECONDS if medium == TEXT else _PICTURE_SECONDS)[severity]
