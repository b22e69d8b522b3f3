"""What an exposure weighs, for amber and red and for the person's own view; never to lengthen a hard limit.

``load = W[severity] × P[level] × (1.3 if sound) × (BASE + min(seconds, 600)) / 60``, with BASE = 10 s per
case from severity 2, charged once at the clearest level (WELLBEING.md 'Exposure'). One point is one
minute of silent severity-2 colour. Both bounds are those of one case on one local date.

It is kept in whole units, so that sums are exact, and row by row: what a row adds (``charge``) depends on how long its
case was shown in the same presentation before (``line_ms``) and on the clearest presentation until then (``clearest``).

Beside it stands the load at P = 1 (``charge_at_one``): pictures and video at a factor of 1 at every level, with or without
sound, so that it tells what was shown and for how long, and never how clearly somebody looked. Limits of days and weeks, flags
and officers read this one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple
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
BASE_MS = BASE_SECONDS * 1000
MS_AT_MOST = SECONDS_AT_MOST * 1000


class Level(StrEnum):
    """What is on the stage, from least to clearest. The values are those of the table."""

    TEXT = "text"
    SHIELDED = "shielded"
    LENS = "lens"
    GREY = "grey"
    COLOUR = "colour"


CLEARNESS: Mapping[str, int] = {level: place for place, level in enumerate(Level)}
PRESENTATION: Mapping[str, Decimal] = {
    Level.TEXT: Decimal("0.5"),
    Level.SHIELDED: Decimal("0.5"),
    Level.LENS: Decimal("0.8"),
    Level.GREY: Decimal("0.9"),
    Level.COLOUR: Decimal("1.0"),
}


class Line(NamedTuple):
    """One presentation of a case: what has one bound of 600 s. ``tenths``: P in tenths."""

    level: str
    tenths: int
    sound: bool

    @property
    def factor(self) -> int:
        """P and sound together, in hundredths: silent colour is 100."""
        return self.tenths * (int(SOUND * 10) if self.sound else 10)


class Units(NamedTuple):
    """Load in units: as it was shown, with P and sound, and at P = 1. What is taken away is below zero."""

    as_shown: int
    at_one: int

    def less(self, other: "Units") -> "Units":
        """Return by how much this is more than *other*."""
        return Units(self.as_shown - other.as_shown, self.at_one - other.at_one)


NOTHING = Units(0, 0)


def line_of(*, level: str, medium: str, sound: bool, full_screen: bool) -> Line:
    """Return the line in which a presentation counts. Full screen is a presentation of its own in colour alone."""
    if medium == "audio":
        presentation = AUDIO_ONLY
    elif level == Level.COLOUR and full_screen:
        presentation = FULL_SCREEN_COLOUR
    else:
        presentation = PRESENTATION[level]
    return Line(str(level), int(presentation * 10), sound)


def charge(*, weight: int, severity: int, factor: int, line_ms: int, shown_ms: int, clearest: int) -> int:
    """Return the units that a row adds: its time within the bound of its line, and what it adds to the base.

    ``weight`` in hundredths; ``line_ms`` shown in this line on this date before; ``clearest`` as ``clearest_after``.
    """
    time_ms = min(line_ms + shown_ms, MS_AT_MOST) - min(line_ms, MS_AT_MOST)
    base = max(factor - clearest, 0) if severity >= BASE_FROM_SEVERITY else 0
    return weight * (factor * time_ms + base * BASE_MS)


def factor_at_one(medium: str) -> int:
    """Return P = 1 in hundredths, of a medium and not of a level: text 0.5, audio 0.9, all that is seen 1."""
    return int(
        {"text": PRESENTATION[Level.TEXT], "audio": AUDIO_ONLY}.get(medium, Decimal(1)) * COLOUR_FACTOR
    )


def charge_at_one(
    *, weight: int, severity: int, medium: str, case_ms: int, shown_ms: int, is_based: bool
) -> int:
    """Return the units that a row adds at P = 1: its time within the one bound of its case, and the base once.

    ``weight`` in hundredths; ``case_ms`` shown of this case on this date before, in whatever presentation; ``is_based``:
    a row before this one was charged the base.
    """
    time_ms = min(case_ms + shown_ms, MS_AT_MOST) - min(case_ms, MS_AT_MOST)
    base_ms = BASE_MS if severity >= BASE_FROM_SEVERITY and not is_based else 0
    return weight * factor_at_one(medium) * (time_ms + base_ms)


def clearest_after(clearest: int, *, severity: int, factor: int) -> int:
    """Return the factor up to which the base of a case is charged, after a row of this severity."""
    return max(clearest, factor) if severity >= BASE_FROM_SEVERITY else clearest


@dataclass
class ShownSoFar:
    """How one case was shown on one local date so far, row after row in the order of sight."""

    line_ms: dict[Line, int] = field(default_factory=dict)
    clearest: int = 0

    @property
    def case_ms(self) -> int:
        """How long the case was shown, in whatever presentation."""
        return sum(self.line_ms.values())

    def before(self, line: Line) -> tuple[int, int]:
        """Return ``line_ms`` and ``clearest`` for a row that begins now in *line*."""
        return self.line_ms.get(line, 0), self.clearest

    def add(self, line: Line, *, severity: int, shown_ms: int) -> None:
        """Note a row."""
        self.line_ms[line] = self.line_ms.get(line, 0) + shown_ms
        self.clearest = clearest_after(self.clearest, severity=severity, factor=line.factor)


def points(units: int) -> Decimal:
    """Return units as points, to two places."""
    return (Decimal(units) / UNITS_PER_POINT).quantize(Decimal("0.01"), ROUND_HALF_UP)


# ── the arithmetic that a person reads ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Stretch:
    """A stretch on the stage, as the ledger keeps it. ``kept_units``: what it was charged when it was shown."""

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
    kept_units: int = 0

    @property
    def line(self) -> Line:
        """The line in which it counts."""
        return line_of(level=self.level, medium=self.medium, sound=self.sound, full_screen=self.full_screen)


@dataclass(frozen=True)
class Entry:
    """One line: all stretches of one case in one presentation, under one severity and version of the weights.

    ``seconds``: whole ones, as they were shown. ``counted``: those of them within the bound, exact. ``base``: 10 or 0
    seconds (what is left of 10 where a part was charged at another severity or weight). ``units``: the exact load.
    ``weight`` None: the version is not known here (rows of a newer one); the load is then the one that was kept.
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
    base: Decimal
    weight: Decimal | None
    counted: Decimal
    units: int
    version: int = VERSION

    @property
    def points(self) -> Decimal:
        """The load of this line, to two places."""
        return points(self.units)

    @property
    def arithmetic(self) -> str:
        """The line as a person can check it: '2 × 0.9 × (10 + 35) / 60 = 1.35'; empty where the weight is not known."""
        if self.weight is None:
            return ""
        sound = f" × {SOUND}" if self.sound else ""
        seconds = f"({_plain(self.base)} + {_plain(self.counted)})"
        return f"{_plain(self.weight)} × {self.presentation}{sound} × {seconds} / 60 = {self.points}"


def _plain(number: Decimal) -> str:
    """Return a number without the noughts that say nothing, of milliseconds at most."""
    text = f"{number.quantize(Decimal('0.001'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")


Versions = Mapping[int, Mapping[int, Decimal]]
"""Version → severity → weight."""

SHIPPED: Versions = {VERSION: WEIGHT}


@dataclass
class _Sum:
    """What adds up to one entry. ``base``: how far the base was charged under its severity and weight, as a factor."""

    first: Stretch
    weight: Decimal | None
    kept_units: int = 0
    shown_ms: int = 0
    counted_ms: int = 0
    base: int = 0


def entries(stretches: Iterable[Stretch], *, versions: Versions = SHIPPED) -> list[Entry]:
    """Return a line per case, presentation, severity and version of the weights, in order of first sight.

    *stretches* are those of one local date. Each is weighed by the version it was shown under. The base of a case
    stands in its clearest line.
    """
    all_so_far: dict[UUID, ShownSoFar] = {}
    lines: dict[tuple[UUID, int, int], dict[Line, _Sum]] = {}
    order: list[tuple[_Sum, Line]] = []
    for one in sorted(stretches, key=lambda each: each.opened_at):
        line = one.line
        alike = lines.setdefault((one.case_ref, one.severity, one.version), {})
        if line not in alike:
            alike[line] = _Sum(one, versions.get(one.version, {}).get(one.severity))
            order.append((alike[line], line))
        _count(one, line, all_so_far.setdefault(one.case_ref, ShownSoFar()), alike)
    return [_entry(total_of, line) for total_of, line in order]


def _count(one: Stretch, line: Line, so_far: ShownSoFar, alike: dict[Line, _Sum]) -> None:
    """Add a stretch to its line; the base goes over to the line that is clearer than those before it."""
    line_ms, clearest = so_far.before(line)
    found = alike[line]
    found.shown_ms += one.shown_ms
    found.kept_units += one.kept_units
    found.counted_ms += min(line_ms + one.shown_ms, MS_AT_MOST) - min(line_ms, MS_AT_MOST)
    so_far.add(line, severity=one.severity, shown_ms=one.shown_ms)
    if so_far.clearest > clearest:
        charged = sum(each.base for each in alike.values())
        for each in alike.values():
            each.base = 0
        found.base = charged + so_far.clearest - clearest


def _entry(found: _Sum, line: Line) -> Entry:
    first = found.first
    return Entry(
        case_ref=first.case_ref,
        first_at=first.opened_at,
        category=first.category,
        severity=first.severity,
        level=first.level,
        sound=first.sound,
        full_screen=first.full_screen,
        seconds=found.shown_ms // 1000,
        presentation=Decimal(line.tenths).scaleb(-1),
        base=Decimal(found.base * BASE_SECONDS) / line.factor,
        weight=found.weight,
        counted=Decimal(found.counted_ms) / 1000,
        units=_units(found, line),
        version=first.version,
    )


def _units(found: _Sum, line: Line) -> int:
    if found.weight is None:
        return found.kept_units
    return int(found.weight * 100) * (line.factor * found.counted_ms + found.base * BASE_MS)


def total(lines: Iterable[Entry]) -> Decimal:
    """Return the load of all lines, rounded once."""
    return points(sum(line.units for line in lines))
