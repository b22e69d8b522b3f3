"""What is kept of one person over some local dates, and the raw rows behind it: what a recount compares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from people.rules.zones import ZonePeriod
from wellbeing.core.rules.dates import Moved
from wellbeing.core.rules.limits import Spent
from wellbeing.core.rules.recounting import Counted, Row, Sums, Weighed, recount
from wellbeing.core.selectors.figures import shifts_between
from wellbeing.core.selectors.load_models import hundredths_by_version
from wellbeing.models import CaseSeen, DaySum, Exposure, ExposureSum, Recount

A_ZONE_APART = timedelta(days=2)
A_DAY = timedelta(days=1)
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Books:
    """The sums as they were kept, and as the raw rows have them."""

    stored: Sums
    found: Sums


def books(subject: UUID, *, since: date, up_to: date, zones: Sequence[ZonePeriod], until: datetime) -> Books:
    """Return both for the local dates from *since* to *up_to*; what is shown up to *until* is read.

    Raises:
        UnknownVersion: a row was weighed by a version of the weights that is not known here.
    """
    begins_at = datetime.combine(since, time(0), tzinfo=UTC) - A_ZONE_APART
    rows = _rows(subject, begins_at)
    cases = CaseSeen.objects.filter(
        subject=subject, local_date__gte=since - A_DAY, local_date__lte=up_to + A_DAY
    )
    seen = list(cases.values_list("case_ref", "quarter_at", "local_date", "severity", "openings"))
    found = recount(
        rows,
        [Counted(quarter_at, on, severity) for _, quarter_at, on, severity, _ in seen],
        zones=zones,
        shifts=shifts_between(subject, begins_at, until + A_DAY),
        weights=hundredths_by_version(),
    )
    weighed = {row.id: Weighed(row.load_units, row.units_at_one) for row in rows}
    stored = Sums(
        quarters=_quarters(subject, begins_at),
        dates=_dates(subject, since, up_to),
        rows={key: weighed[key[0]] for key in found.rows},
        openings={(case_ref, on): times for case_ref, _, on, _, times in seen if times},
    )
    return Books(stored, found)


def differed_lately(*, at: datetime) -> int:
    """Return how many recounts of the last 7 days have found something else than was kept; of whom stays untold."""
    return Recount.objects.filter(at__gt=at - LATELY).exclude(differences=[]).count()


def _rows(subject: UUID, begins_at: datetime) -> list[Row]:
    """Return raw rows in the order in which they were shown; of one instant those that began the less clear first."""
    rows = Exposure.objects.filter(subject=subject, opened_at__gte=begins_at)
    names = (
        "id",
        "case_ref",
        "quarter_at",
        "severity",
        "level",
        "medium",
        "sound",
        "full_screen",
        "shown_ms",
        "load_model_version",
        "was_covered",
        "load_units",
        "units_at_one",
    )
    return [Row(*values) for values in rows.order_by("opened_at", "clearest").values_list(*names)]


def _quarters(subject: UUID, begins_at: datetime) -> dict[tuple[datetime, int], Spent]:
    rows = ExposureSum.objects.filter(subject=subject, quarter_at__gte=begins_at)
    names = ("quarter_at", "severity", "shown_ms", "cases", "load_units", "units_at_one")
    return {(at, severity): Spent(*figures) for at, severity, *figures in rows.values_list(*names)}


def _dates(subject: UUID, since: date, up_to: date) -> dict[tuple[date, int], Moved]:
    rows = DaySum.objects.filter(subject=subject, local_date__gte=since, local_date__lte=up_to)
    names = (
        "local_date",
        "severity",
        "shown_ms",
        "cases",
        "load_units",
        "units_at_one",
        "night_ms",
        "late_ms",
    )
    return {(on, severity): Moved(*figures) for on, severity, *figures in rows.values_list(*names)}
