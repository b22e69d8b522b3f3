"""'My day' over 7 and 28 days: sums per local date, read by the person they are about."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from people.rules.zones import ZonePeriod
from wellbeing.core.person import read_person_then
from wellbeing.core.rules.clock import ms
from wellbeing.core.rules.days import day_of, midnight
from wellbeing.core.rules.load import points
from wellbeing.models import Break, DaySum

SEVERITIES = range(5)
LIMITS_OF_LOAD: Mapping[int, str] = {7: "load_week", 28: "load_month"}
"""How many days → of which limit amber and red are told."""


@dataclass(frozen=True)
class Part:
    """What was shown at one severity on one day, or over several. ``load``: at P = 1, as amber and red are; in points, to two places."""

    severity: int
    lasted: timedelta
    cases: int
    load: Decimal


@dataclass(frozen=True)
class DaySums:
    """One local date: a part per severity, 0 to 4, also where nothing was shown. ``breaks``: that were due on it."""

    date: date
    parts: tuple[Part, ...]
    breaks: int = 0
    postponed: int = 0

    @property
    def cases(self) -> int:
        """Cases of every severity; one counts once a day."""
        return sum(part.cases for part in self.parts)

    @property
    def load(self) -> Decimal:
        """The load of the day: the sum of its parts as they are shown, so that it can be checked."""
        return sum((part.load for part in self.parts), Decimal(0))

    @property
    def arithmetic(self) -> str:
        """The sum as a person can check it: '3.10 + 40.50 = 43.60'; empty where nothing was shown that weighs."""
        return _sum(part.load for part in self.parts)


@dataclass(frozen=True)
class Period:
    """Some days, the oldest first, today the last, and what is amber and red: for their load together, and for a day's."""

    days: Sequence[DaySums]
    amber: int
    red: int
    day_amber: int
    day_red: int

    @property
    def parts(self) -> tuple[Part, ...]:
        """All days together, by severity."""
        return tuple(_together([day.parts[severity] for day in self.days]) for severity in SEVERITIES)

    @property
    def cases(self) -> int:
        """Cases of every severity."""
        return sum(day.cases for day in self.days)

    @property
    def load(self) -> Decimal:
        """The load of all days."""
        return sum((day.load for day in self.days), Decimal(0))

    @property
    def arithmetic(self) -> str:
        """The sum of the days, those without load left out: '43.60 + 12.00 = 55.60'."""
        return _sum(day.load for day in self.days)


def period(subject: UUID, *, days: int, at: datetime) -> Period:
    """Return the last 7 or 28 local dates of a person, today among them; the caller is that person.

    Raises:
        KeyError: another number of days.
    """
    name = LIMITS_OF_LOAD[days]
    person = read_person_then(subject, at=at)
    first = person.day.date - timedelta(days=days - 1)
    parts = _parts(subject, first, person.day.date)
    due, postponed = _breaks(subject, person.zones, midnight(person.day, 1 - days), person.day.end)
    dates = [first + timedelta(days=n) for n in range(days)]
    return Period(
        days=[DaySums(on, _whole(parts, on), due[on], postponed[on]) for on in dates],
        amber=person.limits[f"{name}_amber"].value,
        red=person.limits[f"{name}_red"].value,
        day_amber=person.limits["load_day_amber"].value,
        day_red=person.limits["load_day_red"].value,
    )


def _parts(subject: UUID, first: date, last: date) -> dict[tuple[date, int], Part]:
    """Read the sums by their unique key, one row per date and severity."""
    rows = DaySum.objects.filter(subject=subject, local_date__range=(first, last))
    return {
        (row.local_date, row.severity): Part(
            row.severity, ms(row.shown_ms), row.cases, points(row.units_at_one)
        )
        for row in rows
    }


def _whole(parts: Mapping[tuple[date, int], Part], on: date) -> tuple[Part, ...]:
    nothing = [Part(severity, timedelta(0), 0, Decimal("0.00")) for severity in SEVERITIES]
    return tuple(parts.get((on, none.severity), none) for none in nothing)


def _breaks(
    subject: UUID, zones: Sequence[ZonePeriod], start: datetime, end: datetime
) -> tuple[Counter[date], Counter[date]]:
    """Count the breaks, and those that were postponed, by the local date on which they were due."""
    rows = Break.objects.filter(subject=subject, due_at__gte=start, due_at__lt=end)
    found, postponed = Counter[date](), Counter[date]()
    for due_at, until in rows.values_list("due_at", "postponed_until"):
        on = day_of(zones, due_at).date
        found[on] += 1
        postponed[on] += until is not None
    return found, postponed


def _together(parts: Sequence[Part]) -> Part:
    return Part(
        severity=parts[0].severity,
        lasted=sum((part.lasted for part in parts), timedelta(0)),
        cases=sum(part.cases for part in parts),
        load=sum((part.load for part in parts), Decimal(0)),
    )


def _sum(terms: Iterable[Decimal]) -> str:
    weighing = [term for term in terms if term]
    if len(weighing) < 2:
        return "".join(map(str, weighing))
    return f"{' + '.join(map(str, weighing))} = {sum(weighing, Decimal(0))}"
