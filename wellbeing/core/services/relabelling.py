"""'Worse than labelled': this person's whole exposure of a case is counted anew at a higher severity."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.core.rules import breaks, clock
from wellbeing.core.rules.breaks import Cause
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.load import NOTHING, ShownSoFar, Units
from wellbeing.core.selectors.figures import shifts_between
from wellbeing.core.services import flags, sums, weighing
from wellbeing.models import Break, CaseSeen, Exposure

Before = Sequence[tuple[int, Units]]
"""Severity and load of each row, as they were."""


def relabel(locked: Locked, *, case_ref: UUID, category: str, severity: int, may_lower: bool = False) -> None:
    """Count the rows of a case at *severity* where theirs was lower (or another, with ``may_lower``), all under *category*.

    Every row of the case is weighed anew, in the order of sight: the base of its load may have moved to another one.
    """
    rows = list(Exposure.objects.filter(subject=locked.subject, case_ref=case_ref).order_by("opened_at"))
    before = [(row.severity, weighing.units_of(row)) for row in rows]
    for row in rows:
        row.category, row.severity = category, severity if may_lower else max(row.severity, severity)
    _weigh_in_turn(locked, rows)
    _move_sums(locked, rows, before)
    _move_counters(locked, rows, before)
    _recount_cases(locked, case_ref=case_ref, severity=severity, may_lower=may_lower)
    Exposure.objects.bulk_update(rows, ["category", "severity", "load_units", "units_at_one", "clearest"])
    writing.write_back(locked)
    if rows:
        flags.raise_anew(locked=locked, since=day_of(locked.zones, rows[0].quarter_at).date)


def _weigh_in_turn(locked: Locked, rows: Sequence[Exposure]) -> None:
    all_so_far: dict[date, ShownSoFar] = {}
    for row in rows:
        so_far = all_so_far.setdefault(day_of(locked.zones, row.quarter_at).date, ShownSoFar())
        line = weighing.line_of_row(row)
        row.case_ms, (row.line_ms, row.clearest) = so_far.case_ms, so_far.before(line)
        weighing.weigh(locked, row)
        so_far.add(line, severity=row.severity, shown_ms=row.shown_ms)


def _move_sums(locked: Locked, rows: Sequence[Exposure], before: Before) -> None:
    shifts = shifts_between(locked.subject, rows[0].opened_at, locked.at) if rows else []
    block_load = locked.state.block_load
    for row, (severity, units) in zip(rows, before, strict=True):
        move = partial(sums.add, locked, quarter_at=row.quarter_at, shifts=shifts)
        if row.severity == severity:
            move(severity=severity, units=weighing.units_of(row).less(units))
        else:
            move(severity=severity, shown_ms=-row.shown_ms, units=NOTHING.less(units))
            move(severity=row.severity, shown_ms=row.shown_ms, units=weighing.units_of(row))
    locked.set_block_load(block_load)


def _move_counters(locked: Locked, rows: Sequence[Exposure], before: Before) -> None:
    """Let the counters run as if the case had been known to be this severe, since the last break that answered each."""
    severe_since, rested_at = _answered_at(locked), _rested_at(locked)
    block_load = locked.state.block_load
    for row, (severity, units) in zip(rows, before, strict=True):
        if severe_since is None or row.opened_at >= severe_since:
            sums.count_severe(locked, severity=severity, shown_ms=-row.shown_ms)
            sums.count_severe(locked, severity=row.severity, shown_ms=row.shown_ms)
        if rested_at is None or row.opened_at >= rested_at:
            block_load += row.load_units - units.as_shown
    locked.set_block_load(block_load)


def _recount_cases(locked: Locked, *, case_ref: UUID, severity: int, may_lower: bool) -> None:
    seen = CaseSeen.objects.filter(subject=locked.subject, case_ref=case_ref)
    others = seen.exclude(severity=severity) if may_lower else seen.filter(severity__lt=severity)
    for case in others:
        on, quarter_at = case.local_date, case.quarter_at
        sums.add_cases(locked, quarter_at=quarter_at, on=on, severity=case.severity, cases=-1)
        sums.add_cases(locked, quarter_at=quarter_at, on=on, severity=severity, cases=1)
    others.update(severity=severity)


def _answered_at(locked: Locked) -> datetime | None:
    """Return when the counter at severity 3 was answered last; before that was noted, by which break."""
    long_enough = Q(served_ms__gte=clock.in_ms(breaks.length_of(locked.limits, Cause.SEVERE)))
    kept = Q(cause=Cause.SEVERE, served_ms__gte=F("length_ms"))
    by_break = _last(Break.objects.filter(long_enough | kept, subject=locked.subject))
    return _later(locked.state.severe_answered_at, by_break)


def _rested_at(locked: Locked) -> datetime | None:
    rests = Break.objects.filter(subject=locked.subject, served_ms__gte=clock.in_ms(breaks.BLOCK_REST))
    return _later(locked.state.block_rested_at, _last(rests))


def _later(*instants: datetime | None) -> datetime | None:
    return max((one for one in instants if one is not None), default=None)


def _last(rests: QuerySet[Break]) -> datetime | None:
    last: datetime | None = rests.aggregate(last=Max("over_at"))["last"]
    return last
