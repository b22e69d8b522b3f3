"""What an exposure weighs, for amber and red and for the person's own view; never to lengthen a hard limit.

``load = W[severity] × P[level] × (1.3 if sound) × (BASE + min(seconds, 600)) / 60``, with BASE = 10 s per
case from severity 2, charged once at the clearest level (WELLBEING.md 'Exposure'). One point is one
minute of silent severity-2 colour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

VERSION = 1
SOUND = Decimal("1.3")
BASE_SECONDS = 10
BASE_FROM_SEVERITY = 2
SECONDS_AT_MOST = 600
WEIGHT: Mapping[int, Decimal] = dict(enumerate(map(Decimal, ("0", "0.25", "1", "2", "4"))))
AUDIO_ONLY = Decimal("0.9")
FULL_SCREEN_COLOUR = Decimal("1.1")
UNITS_PER_POINT = 100 * 10 * 10 * 60_000
"""Load is kept in whole units: weight in hundredths × presentation and sound in tenths × milliseconds."""
COLOUR_FACTOR = 10 * 10
SHIPPED_WEIGHTS: Mapping[int, int] = {severity: int(weight * 100) for severity, weight in WEIGHT.items()}
"""Severity → weight in hundredths."""


class Level(StrEnum):
    """What is on the stage, from least to clearest. The values are those of the table."""

    TEXT = "text"
    SHIELDED = "shielded"
    LENS = "lens"
    GREY = "grey"
    COLOUR = "colour"


LEVELS = tuple(Level)
CLEARNESS: Mapping[str, int] = {level: place for place, level in enumerate(Level)}
PRESENTATION: Mapping[str, Decimal] = {
    Level.TEXT: Decimal("0.5"),
    Level.SHIELDED: Decimal("0.5"),
    Level.LENS: Decimal("0.8"),
    Level.GREY: Decimal("0.9"),
    Level.COLOUR: Decimal("1.0"),
}


@dataclass(frozen=True)
class Stretch:
    """A stretch on the stage, as the ledger keeps it."""

    case_ref: UUID
    opened_at: datetime
    category: str
    severity: int
    level: str
    medium: str
    sound: bool
    full_screen: bool
    shown_ms: int
    version: int = VERSION


@dataclass(frozen=True)
class Entry:
    """One line: all stretches of one case in one presentation, under one version of the weights.

    ``base`` is 10 or 0 seconds.
    """

    case_ref: UUID
    first_at: datetime
    category: str
    severity: int
    level: str
    sound: bool
    full_screen: bool
    seconds: int
    presentation: Decimal
    base: int
    weight: Decimal

    @property
    def points(self) -> Decimal:
        """The load of this line, to two places."""
        factor = self.weight * self.presentation * (SOUND if self.sound else 1)
        exact = factor * (self.base + min(self.seconds, SECONDS_AT_MOST)) / 60
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def arithmetic(self) -> str:
        """The line as a person can check it: '2 × 0.9 × (10 + 35) / 60 = 1.35'."""
        sound = f" × {SOUND}" if self.sound else ""
        counted = min(self.seconds, SECONDS_AT_MOST)
        return f"{self.weight} × {self.presentation}{sound} × ({self.base} + {counted}) / 60 = {self.points}"


def presentation_of(stretch: Stretch) -> Decimal:
    """Return P of a stretch."""
    if stretch.medium == "audio":
        return AUDIO_ONLY
    if stretch.level == Level.COLOUR and stretch.full_screen:
        return FULL_SCREEN_COLOUR
    return PRESENTATION[stretch.level]


Versions = Mapping[int, Mapping[int, Decimal]]
"""Version → severity → weight."""

SHIPPED: Versions = {VERSION: WEIGHT}


@dataclass(frozen=True)
class _Line:
    """What stretches have in common that stand in one line."""

    case_ref: UUID
    severity: int
    presentation: Decimal
    level: str
    sound: bool
    version: int

    @property
    def clearness(self) -> Decimal:
        return self.presentation * (SOUND if self.sound else 1)


def entries(stretches: Iterable[Stretch], *, versions: Versions = SHIPPED) -> list[Entry]:
    """Return a line per case, presentation and version of the weights, in order of first sight.

    Each is weighed by the version it was shown under.
    """
    grouped: dict[_Line, list[Stretch]] = {}
    for one in sorted(stretches, key=lambda each: each.opened_at):
        line = _Line(one.case_ref, one.severity, presentation_of(one), one.level, one.sound, one.version)
        grouped.setdefault(line, []).append(one)
    clearest: dict[UUID, Decimal] = {}
    for line in grouped:
        clearest[line.case_ref] = max(clearest.get(line.case_ref, Decimal(0)), line.clearness)
    return _entries(grouped, clearest, versions)


def _entries(
    grouped: Mapping[_Line, list[Stretch]], clearest: dict[UUID, Decimal], versions: Versions
) -> list[Entry]:
    lines = []
    for line, stretches in grouped.items():
        is_clearest = clearest.get(line.case_ref) == line.clearness
        if is_clearest:
            del clearest[line.case_ref]  # charged once, even where two lines are equally clear
        first = stretches[0]
        lines.append(
            Entry(
                case_ref=line.case_ref,
                first_at=first.opened_at,
                category=first.category,
                severity=line.severity,
                level=line.level,
                sound=line.sound,
                full_screen=first.full_screen,
                seconds=sum(one.shown_ms for one in stretches) // 1000,
                presentation=line.presentation,
                base=BASE_SECONDS if is_clearest and line.severity >= BASE_FROM_SEVERITY else 0,
                weight=versions[line.version][line.severity],
            )
        )
    return lines


def total(lines: Iterable[Entry]) -> Decimal:
    """Return the load of all lines."""
    return sum((line.points for line in lines), Decimal(0))
