"""What a row of the ledger weighs: the rules of ``rules.load`` on the row at hand, under the person's lock."""

from datetime import date, timedelta
from uuid import UUID

from wellbeing.models import Exposure
from wellbeing.rules.days import day_of
from wellbeing.rules.load import Line, Tally, charge, charge_flat, clearest_after, flat_factor, line_of
from wellbeing.selectors.held import Held
from wellbeing.selectors.load_models import hundredths_by_version

LONGER_THAN_A_DATE = timedelta(hours=50)
"""No local date lasts as long, not even with a change of time zone in it."""


def line_of_row(row: Exposure) -> Line:
    """Return the line in which a row counts."""
    return line_of(level=row.level, medium=row.medium, sound=row.sound, full_screen=row.full_screen)


def flat_of_row(row: Exposure) -> int:
    """Return the factor by which a row counts for days and flags."""
    return flat_factor(medium=row.medium, level=row.level)


def weigh(held: Held, row: Exposure) -> tuple[int, int]:
    """Weigh a row as it is now; return by how many units its load has moved, and by how many that of days and flags."""
    weight = _weight(held, row)
    flat = charge_flat(
        weight=weight,
        severity=row.severity,
        factor=flat_of_row(row),
        seen_ms=row.seen_ms,
        shown_ms=row.shown_ms,
        has_base=row.clearest > 0,
    )
    units = charge(
        weight=weight,
        severity=row.severity,
        factor=line_of_row(row).factor,
        line_ms=row.line_ms,
        shown_ms=row.shown_ms,
        clearest=row.clearest,
    )
    moved = units - row.load_units, flat - row.flat_units
    row.load_units, row.flat_units = units, flat
    return moved


def go_on(row: Exposure, past: Exposure) -> None:
    """Let a row go on where *past*, the same presentation on the same date, has ended."""
    row.line_ms, row.load_units, row.flat_units = past.line_ms + past.shown_ms, 0, 0
    row.seen_ms = past.seen_ms + past.shown_ms
    row.clearest = clearest_after(past.clearest, severity=past.severity, factor=line_of_row(past).factor)


def begin_anew(held: Held, row: Exposure) -> None:
    """Let a row begin in a presentation or on a date that may have been seen before; one query."""
    on = day_of(held.facts.zones, row.quarter_at).date
    tally = tally_of(held, case_ref=row.case_ref, on=on, but=row.pk)
    row.load_units, (row.line_ms, row.clearest) = 0, tally.before(line_of_row(row))
    row.flat_units, row.seen_ms = 0, tally.seen_ms


def tally_of(held: Held, *, case_ref: UUID, on: date, but: UUID | None = None) -> Tally:
    """Return how a case was shown on a local date, as the table has it (all but one row); one query."""
    rows = Exposure.objects.filter(
        subject=held.subject, case_ref=case_ref, opened_at__gte=held.at - LONGER_THAN_A_DATE
    )
    tally = Tally()
    for row in rows.exclude(pk=but) if but else rows:
        if day_of(held.facts.zones, row.quarter_at).date == on:
            tally.add(line_of_row(row), severity=row.severity, shown_ms=row.shown_ms)
    return tally


def _weight(held: Held, row: Exposure) -> int:
    """Return the weight by which a row counts; of a version that is not known here, what holds now."""
    in_force = held.facts.ledger.weights
    if row.load_model_version == held.facts.load_model_version:
        return in_force[row.severity]
    return hundredths_by_version().get(row.load_model_version, in_force)[row.severity]
