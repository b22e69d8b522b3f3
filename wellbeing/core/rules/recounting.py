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
from wellbeing.core.rules.dates import Moved
from wellbeing.core.rules.days import zone_at
from wellbeing.core.rules.limits import Spent
from wellbeing.core.rules.load import (
    AUDIO_ONLY,
    BASE_FROM_SEVERITY,
    BASE_SECONDS,
    FULL_SCREEN_COLOUR,
    PRESENTATION,
    SECONDS_AT_MOST,
    SOUND,
    Level,
)
from wellbeing.core.rules.parts import Shift

EVENING, MORNING = 22, 6
LATE_FOR = timedelta(hours=1)

AT_ONE = {"text": 50, "audio": 90}
"""Medium → hundredths at P = 1, of those that are less than 1."""

Quarter = tuple[datetime, int]
Day = tuple[date, int]
Key = TypeVar("Key", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Row:
    """A row of the ledger, as it was shown. ``load_units``, ``units_at_one``: as kept, which nothing here is made of."""

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
    units_at_one: int = 0


@dataclass(frozen=True)
class Counted:
    """That a case was counted on a local date, in that quarter of an hour."""

    quarter_at: datetime
    on: date
    severity: int


@dataclass(frozen=True)
class Weighed:
    """The load of one row, in units: as it was shown, and at P = 1."""

    load_units: int = 0
    units_at_one: int = 0


@dataclass
class Sums:
    """What rows add up to, or what was kept of them.

    ``rows``: (id, local date) → load; ``openings``: (case, date) → times on a covered stage.
    """

    quarters: dict[Quarter, Spent] = field(default_factory=dict)
    dates: dict[Day, Moved] = field(default_factory=dict)
    rows: dict[tuple[UUID, date], Weighed] = field(default_factory=dict)
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
    stored: int
    found: int

    def plain(self) -> list[Any]:
        """Return it as JSON: date, where, which figure, what was kept and what the rows say."""
        return [
            str(self.on),
            " ".join(map(str, self.key)),
            f"{self.what}.{self.field}",
            self.stored,
            self.found,
        ]


class UnknownVersion(Exception):
    """A row was weighed by a version of the weights that is not known here: it was written by a newer installation."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"Version {version} of the weights is not known here.")


def differences(
    stored: Sums, found: Sums, *, since: date, up_to: date, zones: Sequence[ZonePeriod]
) -> list[Difference]:
    """Return where *kept* differs from *found*, of the local dates from *since* to *up_to*, by date."""

    def on_quarter(key: Quarter) -> date:
        return _local(zones, key[0]).date()

    all_of = [
        *_compare("date", stored.dates, found.dates, lambda key: key[0], Moved()),
        *_compare("quarter", stored.quarters, found.quarters, on_quarter, Spent()),
        *_compare("row", stored.rows, found.rows, lambda key: key[1], Weighed()),
        *_compare("case", _figures(stored.openings), _figures(found.openings), lambda key: key[1], Figure()),
    ]
    return sorted((one for one in all_of if since <= one.on <= up_to), key=lambda one: one.on)


@dataclass(frozen=True)
class Figure:
    """A figure that stands alone."""

    value: int = 0


def _figures(values: Mapping[Key, int]) -> dict[Key, Figure]:
    return {key: Figure(value) for key, value in values.items()}


def _compare(
    what: str, stored: Mapping[Key, Any], found: Mapping[Key, Any], on: Callable[[Key], date], nothing: Any
) -> Iterator[Difference]:
    for key in {**stored, **found}:
        ours, theirs = stored.get(key, nothing), found.get(key, nothing)
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
        weighed = case.show(row, weight=_weight(weights, row))
        sums.rows[row.id, on] = weighed
        if row.was_covered:
            sums.openings[row.case_ref, on] = sums.openings.get((row.case_ref, on), 0) + 1
        spent = Spent(row.shown_ms, 0, weighed.load_units, weighed.units_at_one)
        _add_to_quarter(sums, row.quarter_at, row.severity, spent)
        _add_to_date(sums, on, row.severity, Moved(row.shown_ms, 0, weighed.load_units, weighed.units_at_one))
        _count_hours(sums, row, zones=zones, shifts=shifts)
    for counted in cases:
        _add_to_quarter(sums, counted.quarter_at, counted.severity, Spent(cases=1))
        _add_to_date(sums, counted.on, counted.severity, Moved(cases=1))
    return sums


@dataclass
class _Case:
    """A case on one local date: presentation → milliseconds, and the clearest one of those that ask for a base.

    ``base_at_one``: the milliseconds of the base, once a row has asked for it.
    """

    shown_ms: dict[tuple[str, int, bool], int] = field(default_factory=dict)
    base: int = 0
    base_at_one: int = 0

    def show(self, row: Row, *, weight: int) -> Weighed:
        """Add a row; return by how much the load has grown."""
        before, at_one = self._load(), self._load_at_one(row.medium)
        self._add(row)
        return Weighed(weight * (self._load() - before), weight * (self._load_at_one(row.medium) - at_one))

    def _add(self, row: Row) -> None:
        tenths = _tenths(row)
        line = row.level, tenths, row.sound
        self.shown_ms[line] = self.shown_ms.get(line, 0) + row.shown_ms
        if row.severity >= BASE_FROM_SEVERITY:
            self.base = max(self.base, tenths * _sound(row.sound))
            self.base_at_one = BASE_SECONDS * 1000

    def _load(self) -> int:
        """Return P × sound × min(seconds, 600) of every line, and the base once; in tenths × tenths × milliseconds."""
        lines = sum(
            tenths * _sound(sound) * min(ms, SECONDS_AT_MOST * 1000)
            for (_, tenths, sound), ms in self.shown_ms.items()
        )
        return lines + self.base * BASE_SECONDS * 1000

    def _load_at_one(self, medium: str) -> int:
        """Return what tells a medium × min(seconds of the case, 600), and the base once; in the same units."""
        bounded = min(sum(self.shown_ms.values()), SECONDS_AT_MOST * 1000)
        return AT_ONE.get(medium, 100) * (bounded + self.base_at_one)


def _sound(is_on: bool) -> int:
    return int(SOUND * 10) if is_on else 10


def _tenths(row: Row) -> int:
    if row.medium == "audio":
        return int(AUDIO_ONLY * 10)
    if row.full_screen and row.level == Level.COLOUR:
        return int(FULL_SCREEN_COLOUR * 10)
    return int(PRESENTATION[row.level] * 10)


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
        _add_to_date(sums, local.date(), row.severity, Moved(night_ms=row.shown_ms))
    elif local.hour < MORNING:
        _add_to_date(sums, local.date() - timedelta(days=1), row.severity, Moved(night_ms=row.shown_ms))
    for began_at in _late_hours(row.quarter_at, shifts, zones):
        _add_to_date(sums, _local(zones, began_at).date(), row.severity, Moved(late_ms=row.shown_ms))
        break


def _late_hours(at: datetime, shifts: Sequence[Shift], zones: Sequence[ZonePeriod]) -> Iterator[datetime]:
    """Yield the beginning of the last hour that holds *at*; a part that another one of its date follows has none."""
    for shift in shifts:
        on = _local(zones, shift.starts_at).date()
        if any(one.ends_at > shift.ends_at and _local(zones, one.starts_at).date() == on for one in shifts):
            continue
        if at < shift.ends_at <= at + LATE_FOR and shift.starts_at <= at:
            yield max(shift.starts_at, shift.ends_at - LATE_FOR)


def _add_to_quarter(sums: Sums, quarter_at: datetime, severity: int, by: Spent) -> None:
    place = quarter_at, severity
    sums.quarters[place] = sums.quarters.get(place, Spent()).plus(by)


def _add_to_date(sums: Sums, on: date, severity: int, by: Moved) -> None:
    place = on, severity
    sums.dates[place] = sums.dates.get(place, Moved()).plus(by)
