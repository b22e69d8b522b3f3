"""'Worse than labelled': this person's whole exposure of a case is counted anew at a higher severity."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.models import Break, CaseSeen, Exposure
from wellbeing.rules import breaks, clock
from wellbeing.rules.breaks import Cause
from wellbeing.rules.days import day_of
from wellbeing.rules.load import NOTHING, Tally, Units
from wellbeing.selectors.figures import shifts_between
from wellbeing.services import flags, sums, weighing

Before = Sequence[tuple[int, Units]]
"""Severity and load of each row, as they were."""


def relabel(held: Locked, *, case_ref: UUID, category: str, severity: int, may_lower: bool = False) -> None:
    """Count the rows of a case at *severity* where theirs was lower (or another, with ``may_lower``), all under *category*.

    Every row of the case is weighed anew, in the order of sight: the base of its load may have moved to another one.
    """
    rows = list(Exposure.objects.filter(subject=held.subject, case_ref=case_ref).order_by("opened_at"))
    before = [(row.severity, weighing.units_of(row)) for row in rows]
    for row in rows:
        row.category, row.severity = category, severity if may_lower else max(row.severity, severity)
    _weigh_in_turn(held, rows)
    _move_sums(held, rows, before)
    _move_counters(held, rows, before)
    _recount_cases(held, case_ref=case_ref, severity=severity, may_lower=may_lower)
    Exposure.objects.bulk_update(rows, ["category", "severity", "load_units", "units_at_one", "clearest"])
    writing.write_back(held)
    if rows:
        flags.raise_anew(held=held, since=day_of(held.zones, rows[0].quarter_at).date)


def _weigh_in_turn(held: Locked, rows: Sequence[Exposure]) -> None:
    tallies: dict[date, Tally] = {}
    for row in rows:
        tally = tallies.setdefault(day_of(held.zones, row.quarter_at).date, Tally())
        line = weighing.line_of_row(row)
        row.case_ms, (row.line_ms, row.clearest) = tally.case_ms, tally.before(line)
        weighing.weigh(held, row)
        tally.add(line, severity=row.severity, shown_ms=row.shown_ms)


def _move_sums(held: Locked, rows: Sequence[Exposure], before: Before) -> None:
    shifts = shifts_between(held.subject, rows[0].opened_at, held.at) if rows else []
    block_load = held.state.block_load
    for row, (severity, units) in zip(rows, before, strict=True):
        move = partial(sums.add, held, quarter_at=row.quarter_at, shifts=shifts)
        if row.severity == severity:
            move(severity=severity, units=weighing.units_of(row).less(units))
        else:
            move(severity=severity, shown_ms=-row.shown_ms, units=NOTHING.less(units))
            move(severity=row.severity, shown_ms=row.shown_ms, units=weighing.units_of(row))
    held.set_block_load(block_load)


def _move_counters(held: Locked, rows: Sequence[Exposure], before: Before) -> None:
    """Let the counters run as if the case had been known to be this severe, since the last break that answered each."""
    severe_since, rested_at = _answered_at(held), _rested_at(held)
    block_load = held.state.block_load
    for row, (severity, units) in zip(rows, before, strict=True):
        if severe_since is None or row.opened_at >= severe_since:
            sums.count_severe(held, severity=severity, shown_ms=-row.shown_ms)
            sums.count_severe(held, severity=row.severity, shown_ms=row.shown_ms)
        if rested_at is None or row.opened_at >= rested_at:
            block_load += row.load_units - units.as_shown
    held.set_block_load(block_load)


def _recount_cases(held: Locked, *, case_ref: UUID, severity: int, may_lower: bool) -> None:
    seen = CaseSeen.objects.filter(subject=held.subject, case_ref=case_ref)
    others = seen.exclude(severity=severity) if may_lower else seen.filter(severity__lt=severity)
    for case in others:
        on, quarter_at = case.local_date, case.quarter_at
        sums.add_cases(held, quarter_at=quarter_at, on=on, severity=case.severity, cases=-1)
        sums.add_cases(held, quarter_at=quarter_at, on=on, severity=severity, cases=1)
    others.update(severity=severity)


def _answered_at(held: Locked) -> datetime | None:
    """Return when the counter at severity 3 was answered last; before that was noted, by which break."""
    long_enough = Q(served_ms__gte=clock.in_ms(breaks.length_of(held.limits, Cause.SEVERE)))
    kept = Q(cause=Cause.SEVERE, served_ms__gte=F("length_ms"))
    by_break = _last(Break.objects.filter(long_enough | kept, subject=held.subject))
    return _later(held.state.severe_answered_at, by_break)


def _rested_at(held: Locked) -> datetime | None:
    rests = Break.objects.filter(subject=held.subject, served_ms__gte=clock.in_ms(breaks.BLOCK_REST))
    return _later(held.state.block_rested_at, _last(rests))


def _later(*instants: datetime | None) -> datetime | None:
    return max((one for one in instants if one is not None), default=None)


def _last(rests: QuerySet[Break]) -> datetime | None:
    last: datetime | None = rests.aggregate(last=Max("over_at"))["last"]
    return last
