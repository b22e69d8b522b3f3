"""What a row of the ledger weighs: the rules of ``core.rules.load`` on the row at hand, under the person's lock."""

from datetime import date, timedelta
from uuid import UUID

from wellbeing.core.locked import Locked
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.load import Line, ShownSoFar, Units, charge, charge_at_one, clearest_after, line_of
from wellbeing.core.selectors.load_models import hundredths_by_version
from wellbeing.models import Exposure

LONGER_THAN_A_DATE = timedelta(hours=50)
"""No local date lasts as long, not even with a change of time zone in it."""


def line_of_row(row: Exposure) -> Line:
    """Return the line in which a row counts."""
    return line_of(level=row.level, medium=row.medium, sound=row.sound, full_screen=row.full_screen)


def units_of(row: Exposure) -> Units:
    """Return the load of a row as it was weighed last."""
    return Units(row.load_units, row.units_at_one)


def weigh(locked: Locked, row: Exposure) -> Units:
    """Weigh a row as it is now; return by how many units its load has moved."""
    weight, before = _weight(locked, row), units_of(row)
    row.load_units = charge(
        weight=weight,
        severity=row.severity,
        factor=line_of_row(row).factor,
        line_ms=row.line_ms,
        shown_ms=row.shown_ms,
        clearest=row.clearest,
    )
    row.units_at_one = charge_at_one(
        weight=weight,
        severity=row.severity,
        medium=row.medium,
        case_ms=row.case_ms,
        shown_ms=row.shown_ms,
        is_based=row.clearest > 0,
    )
    return units_of(row).less(before)


def go_on(row: Exposure, past: Exposure) -> None:
    """Let a row go on where *past*, the same presentation on the same date, has ended."""
    row.line_ms, row.case_ms = past.line_ms + past.shown_ms, past.case_ms + past.shown_ms
    row.load_units = row.units_at_one = 0
    row.clearest = clearest_after(past.clearest, severity=past.severity, factor=line_of_row(past).factor)


def begin_anew(locked: Locked, row: Exposure) -> None:
    """Let a row begin in a presentation or on a date that may have been seen before; one query."""
    on = day_of(locked.zones, row.quarter_at).date
    so_far = tally_of(locked, case_ref=row.case_ref, on=on, but=row.pk)
    row.load_units = row.units_at_one = 0
    row.case_ms, (row.line_ms, row.clearest) = so_far.case_ms, so_far.before(line_of_row(row))


def tally_of(locked: Locked, *, case_ref: UUID, on: date, but: UUID | None = None) -> ShownSoFar:
    """Return how a case was shown on a local date, as the table has it (all but one row); one query."""
    rows = Exposure.objects.filter(
        subject=locked.subject, case_ref=case_ref, opened_at__gte=locked.at - LONGER_THAN_A_DATE
    )
    so_far = ShownSoFar()
    for row in rows.exclude(pk=but) if but else rows:
        if day_of(locked.zones, row.quarter_at).date == on:
            so_far.add(line_of_row(row), severity=row.severity, shown_ms=row.shown_ms)
    return so_far


def _weight(locked: Locked, row: Exposure) -> int:
    """Return the weight by which a row counts; of a version that is not known here, what holds now."""
    in_force = locked.binding.weights
    if row.load_model_version == locked.binding.load_model_version:
        return in_force[row.severity]
    return hundredths_by_version().get(row.load_model_version, in_force)[row.severity]
