"""The sums of one person computed anew from raw rows, by code that shares nothing with what keeps them act by act.

Load here is the formula of WELLBEING.md 'Exposure' over a case and a local date, asked again after every row; what a row
adds is the difference. Dates, nights and last hours come from the clock on the wall of the person's zone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from people.rules.zones import ZonePeriod
from wellbeing.rules.dates import Moved
from wellbeing.rules.days import zone_at
from wellbeing.rules.limits import Spent
from wellbeing.rules.load import (
    AUDIO_ONLY,
    BASE_FROM_SEVERITY,
    BASE_SECONDS,
    FULL_SCREEN_COLOUR,
    PRESENTATION,
    SECONDS_AT_MOST,
    SOUND,
    Level,
)
from wellbeing.rules.parts import Shift

EVENING, MORNING = 22, 6
LATE_FOR = timedelta(hours=1)

Quarter = tuple[datetime, int]
Day = tuple[date, int]
Key = TypeVar("Key", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Row:
    """A row of the ledger, as it was shown. ``load_units``, ``flat_units``: as kept, which nothing here is made of."""

    id: UUID
    case_ref: UUID
    quarter_at: datetime
    severity: int
    level: str
    medium: str
    sound: bool
    full_screen: bool
    shown_ms: int
    version: int
    was_covered: bool
    load_units: int = 0
    flat_units: int = 0


@dataclass(frozen=True)
class Counted:
    """That a case was counted on a local date, in that quarter of an hour."""

    quarter_at: datetime
    on: date
    severity: int


@dataclass
class Sums:
    """What rows add up to, or what was kept of them.

    ``rows``: (id, local date) → units of load; ``flats``: the same of what the sums are made of; ``openings``: (case, date) → times on a covered stage.
    """

    quarters: dict[Quarter, Spent] = field(default_factory=dict)
    dates: dict[Day, Moved] = field(default_factory=dict)
    rows: dict[tuple[UUID, date], int] = field(default_factory=dict)
    flats: dict[tuple[UUID, date], int] = field(default_factory=dict)
    openings: dict[tuple[UUID, date], int] = field(default_factory=dict)


Weights = Mapping[int, Mapping[int, int]]
"""Version → severity → weight in hundredths."""


@dataclass(frozen=True)
class Difference:
    """A figure that was kept otherwise than its raw rows have it. ``key``: where it is kept (severity, id, case)."""

    on: date
    what: str
    field: str
    key: tuple[Any, ...]
    kept: int
    found: int

    def plain(self) -> list[Any]:
        """Return it as JSON: date, where, which figure, what was kept and what the rows say."""
        return [
            str(self.on),
            " ".join(map(str, self.key)),
            f"{self.what}.{self.field}",
            self.kept,
            self.found,
        ]


class UnknownVersion(Exception):
    """A row was weighed by a version of the weights that is not known here: it was written by a newer installation."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"Version {version} of the weights is not known here.")


def differences(
    kept: Sums, found: Sums, *, since: date, up_to: date, zones: Sequence[ZonePeriod]
) -> list[Difference]:
    """Return where *kept* differs from *found*, of the local dates from *since* to *up_to*, by date."""

    def on_quarter(key: Quarter) -> date:
        return _local(zones, key[0]).date()

    all_of = [
        *_compare("date", kept.dates, found.dates, lambda key: key[0], Moved()),
        *_compare("quarter", kept.quarters, found.quarters, on_quarter, Spent()),
        *_compare("row", _figures(kept.rows), _figures(found.rows), lambda key: key[1], Figure()),
        *_compare("flat", _figures(kept.flats), _figures(found.flats), lambda key: key[1], Figure()),
        *_compare("case", _figures(kept.openings), _figures(found.openings), lambda key: key[1], Figure()),
    ]
    return sorted((one for one in all_of if since <= one.on <= up_to), key=lambda one: one.on)


@dataclass(frozen=True)
class Figure:
    """A figure that stands alone."""

    value: int = 0


def _figures(values: Mapping[Key, int]) -> dict[Key, Figure]:
    return {key: Figure(value) for key, value in values.items()}


def _compare(
    what: str, kept: Mapping[Key, Any], found: Mapping[Key, Any], on: Callable[[Key], date], nothing: Any
) -> Iterator[Difference]:
    for key in {**kept, **found}:
        ours, theirs = kept.get(key, nothing), found.get(key, nothing)
        if ours == theirs:
            continue
        for one in fields(nothing):
            values = getattr(ours, one.name), getattr(theirs, one.name)
            if values[0] != values[1]:
                yield Difference(on(key), what, one.name, key, *values)


def recount(
    rows: Iterable[Row],
    cases: Iterable[Counted],
    *,
    zones: Sequence[ZonePeriod],
    shifts: Sequence[Shift],
    weights: Weights,
) -> Sums:
    """Return the sums of *rows*, in the order in which they were shown, and of the cases counted.

    Raises:
        UnknownVersion: of a row.
    """
    sums, cases_shown = Sums(), dict[tuple[UUID, date], _Case]()
    for row in rows:
        on = _local(zones, row.quarter_at).date()
        case = cases_shown.setdefault((row.case_ref, on), _Case())
        shown, flat = case.show(row)
        units = _weight(weights, row) * flat
        sums.rows[row.id, on], sums.flats[row.id, on] = _weight(weights, row) * shown, units
        if row.was_covered:
            sums.openings[row.case_ref, on] = sums.openings.get((row.case_ref, on), 0) + 1
        quarter = sums.quarters.setdefault((row.quarter_at, row.severity), Spent())
        quarter.shown_ms += row.shown_ms
        quarter.load_units += units
        _date(sums, on, row.severity).shown_ms += row.shown_ms
        _date(sums, on, row.severity).load_units += units
        _count_hours(sums, row, zones=zones, shifts=shifts)
    for counted in cases:
        sums.quarters.setdefault((counted.quarter_at, counted.severity), Spent()).cases += 1
        _date(sums, counted.on, counted.severity).cases += 1
    return sums


@dataclass
class _Case:
    """A case on one local date: presentation → milliseconds, and the clearest one of those that ask for a base.

    ``flat``, ``flat_base``: the factor, and that of the base, of what tells nothing of the presentation.
    """

    shown_ms: dict[tuple[str, int, bool], int] = field(default_factory=dict)
    base: int = 0
    flat: int = 0
    flat_base: int = 0

    def show(self, row: Row) -> tuple[int, int]:
        """Add a row; return by how much the unweighted load has grown, and that of the sums."""
        before, flat_before = self._load(), self._flat_load()
        tenths = _tenths(row)
        line = row.level, tenths, row.sound
        self.shown_ms[line] = self.shown_ms.get(line, 0) + row.shown_ms
        if row.severity >= BASE_FROM_SEVERITY:
            self.base = max(self.base, tenths * _sound(row.sound))
            self.flat_base = _flat(row)
        self.flat = _flat(row)
        return self._load() - before, self._flat_load() - flat_before

    def _flat_load(self) -> int:
        """Return the factor × min(seconds, 600) of all lines together, and the base once."""
        together = min(sum(self.shown_ms.values()), SECONDS_AT_MOST * 1000)
        return self.flat * together + self.flat_base * BASE_SECONDS * 1000

    def _load(self) -> int:
        """Return P × sound × min(seconds, 600) of every line, and the base once; in tenths × tenths × milliseconds."""
        lines = sum(
            tenths * _sound(sound) * min(ms, SECONDS_AT_MOST * 1000)
            for (_, tenths, sound), ms in self.shown_ms.items()
        )
        return lines + self.base * BASE_SECONDS * 1000


def _sound(is_on: bool) -> int:
    return int(SOUND * 10) if is_on else 10


def _tenths(row: Row) -> int:
    if row.medium == "audio":
        return int(AUDIO_ONLY * 10)
    if row.full_screen and row.level == Level.COLOUR:
        return int(FULL_SCREEN_COLOUR * 10)
    return int(PRESENTATION[row.level] * 10)


def _flat(row: Row) -> int:
    """Return, in hundredths, 0.9 for audio, 0.5 for text, and 1 for all else however it was shown."""
    if row.medium == "audio":
        return 90
    return 50 if row.medium == "text" or row.level == Level.TEXT else 100


def _weight(weights: Weights, row: Row) -> int:
    if row.version not in weights:
        raise UnknownVersion(row.version)
    return weights[row.version][row.severity]


def _local(zones: Sequence[ZonePeriod], at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(zone_at(zones, at)))


def _count_hours(sums: Sums, row: Row, *, zones: Sequence[ZonePeriod], shifts: Sequence[Shift]) -> None:
    """Count what was shown at night, or in the last hour of a shift, under the date on which that began."""
    local = _local(zones, row.quarter_at)
    if local.hour >= EVENING:
        _date(sums, local.date(), row.severity).night_ms += row.shown_ms
    elif local.hour < MORNING:
        _date(sums, local.date() - timedelta(days=1), row.severity).night_ms += row.shown_ms
    for began_at in _late_hours(row.quarter_at, shifts, zones):
        _date(sums, _local(zones, began_at).date(), row.severity).late_ms += row.shown_ms
        break


def _late_hours(at: datetime, shifts: Sequence[Shift], zones: Sequence[ZonePeriod]) -> Iterator[datetime]:
    """Yield the beginning of the last hour that holds *at*; a part that another one of its date follows has none."""
    for shift in shifts:
        on = _local(zones, shift.starts_at).date()
        if any(one.ends_at > shift.ends_at and _local(zones, one.starts_at).date() == on for one in shifts):
            continue
        if at < shift.ends_at <= at + LATE_FOR and shift.starts_at <= at:
            yield max(shift.starts_at, shift.ends_at - LATE_FOR)


def _date(sums: Sums, on: date, severity: int) -> Moved:
    return sums.dates.setdefault((on, severity), Moved())
