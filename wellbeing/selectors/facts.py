"""What the rules ask about one person: the day, the limits in force, and what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from people.rules.zones import ZonePeriod
from wellbeing.models import LimitRow, PersonState
from wellbeing.rules.caps import caps_of
from wellbeing.rules.days import Day, day_of, next_day_start
from wellbeing.rules.limits import DEFAULT_PRESET, Counters, Ledger, Spent
from wellbeing.rules.load import VERSION
from wellbeing.rules.parts import Shift
from wellbeing.rules.scopes import InForce, Stay, Value, Values, of_teams, tightest
from wellbeing.rules.turns import Turn
from wellbeing.selectors import circumstances, snapshot
from wellbeing.selectors.snapshot import Snapshot


@dataclass(frozen=True)
class Facts:
    """Facts of one person at one instant. ``values``: all that was set, oldest first; ``version`` its last row.

    ``limits`` are as a ramp, a return, a red flag or a missing contract leave them. ``dates``: (local date, severity) →
    what was shown then, of the last weeks. ``opt_outs``: (kind, value) of those that hold. ``load_model_version`` with
    its weights in ``ledger.weights``.
    """

    zones: Sequence[ZonePeriod]
    day: Day
    values: Values
    version: int
    limits: dict[str, InForce]
    ledger: Ledger
    dates: dict[tuple[date, int], Spent]
    shifts: Sequence[Shift]
    opt_outs: frozenset[tuple[str, str]]
    load_model_version: int


def facts_of(subject: UUID, *, at: datetime) -> Facts:
    """Read the facts of a person: the same statements and rows with a day of history as with ten years.

    The sums of the 97 to 105 quarters are read by the index ``one_sum_per_quarter``.
    """
    return facts_in(snapshot.read(subject, at=at), at=at)


def facts_in(found: Snapshot, *, at: datetime) -> Facts:
    """Return the facts that a snapshot holds, at *at* of the person's clock."""
    zones = found.profile.zones
    next_day = partial(next_day_start, zones)
    day = day_of(zones, at)
    stays = [Stay(str(stay.team_id), stay.left_at) for stay in found.profile.stays if stay.came_at <= at]
    values = of_teams(found.values, stays, at=at, next_day=next_day)
    in_force = tightest(values, at=at, next_day=next_day, defaults=DEFAULT_PRESET)
    bounded = circumstances.bounded(found, in_force, day=day, at=at)
    return Facts(
        zones=zones,
        day=day,
        values=values,
        version=found.version,
        limits=bounded,
        ledger=Ledger(
            day,
            found.spent,
            past_loads=circumstances.past_loads(found, day),
            block_load=found.state.block_load if found.state else 0,
            weights=circumstances.weights(found),
            caps=caps_of(circumstances.circumstances(found, day=day, at=at), bounded),
        ),
        dates=dict(found.dates),
        shifts=found.shifts,
        opt_outs=circumstances.opted_out(found, at=at),
        load_model_version=found.load_model.version if found.load_model else VERSION,
    )


def counters_of(state: PersonState) -> Counters:
    """Return the counters of a state row as the rules take them."""
    return Counters(state.work_ms, state.severe_ms, state.extreme_ms, state.since_rest_ms, state.breaks_kept)


def turn_of(state: PersonState | None) -> Turn:
    """Return what the cases before say about the next one, as the rules take it."""
    if state is None:
        return Turn()
    return Turn(
        run_category=state.run_category,
        run_cases=state.run_cases,
        severe_run=state.severe_run,
        spacing_owed=state.spacing_owed,
        has_passed=state.has_passed,
    )


def values_of(rows: Sequence[LimitRow]) -> list[Value]:
    """Return rows as the rules take them."""
    return [
        Value(row.scope, row.name, row.value, row.set_at, row.set_by, row.reason, row.scope_ref, row.pk)
        for row in rows
    ]
