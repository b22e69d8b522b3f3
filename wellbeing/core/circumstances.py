"""From the rows of a person to what the rules about days, shifts, ramps and orders ask."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from wellbeing.core.binding import Binding
from wellbeing.core.rows import Rows
from wellbeing.core.rules import contracts, ramp, worked
from wellbeing.core.rules.caps import DAYS_LOOKED_BACK, Circumstances
from wellbeing.core.rules.days import Day, midnight
from wellbeing.core.rules.limits import DEFAULT_PRESET, InForceByName
from wellbeing.core.rules.names import is_looser
from wellbeing.core.rules.ramp import Share
from wellbeing.core.rules.scopes import InForce
from wellbeing.models import FlagCode, MeasureKind, Preset

BINDING = frozenset({MeasureKind.REST_DAY, MeasureKind.LIGHTER_QUEUE})


def circumstances(binding: Binding, rows: Rows, *, day: Day, at: datetime) -> Circumstances:
    """Return what caps are made of."""
    profile = binding.profile
    return Circumstances(
        day=day,
        at=at,
        is_known=profile.is_known,
        began_on=profile.began_on or rows.state.first_day,
        is_starter=profile.began_on is None,
        is_introduced=binding.is_introduced,
        agreed_at=binding.agreed_at,
        severe_on=worked.severe_dates(rows.dates),
        extreme_weeks=worked.extreme_weeks(rows.dates),
        worked_on=worked.worked_dates(rows.dates),
        shifts=binding.shifts,
        shown_in=sorted({quarter for (quarter, _), one in rows.spent.items() if one.shown_ms or one.cases}),
        ordered=[order for order in binding.ordered if order.kind in BINDING],
        heavy_red_on=max((on for code, on, _ in binding.reds if code == FlagCode.HEAVY_STREAK), default=None),
    )


def bounded(
    binding: Binding, rows: Rows, limits: InForceByName, *, day: Day, at: datetime
) -> dict[str, InForce]:
    """Return the limits as a missing contract, and then a ramp, a return or a red flag, leave them for this person."""
    return ramp.shared(_without_contract(binding, limits, day, at), _shares(binding, rows, day))


def past_loads(rows: Rows, day: Day) -> list[int]:
    """Return the load at P = 1 of each local date before today, in units, yesterday's first."""
    loads: dict[date, int] = {}
    for (on, _), spent in rows.dates.items():
        loads[on] = loads.get(on, 0) + spent.units_at_one
    return [loads.get(day.date - timedelta(days=n), 0) for n in range(1, DAYS_LOOKED_BACK)]


def opted_out(binding: Binding, *, at: datetime) -> frozenset[tuple[str, str]]:
    """Return (kind, value) of the opt-outs that hold at *at*."""
    return frozenset((kind, value) for kind, value, until in binding.opt_outs if until is None or at < until)


def _shares(binding: Binding, rows: Rows, day: Day) -> Iterable[Share]:
    profile, state = binding.profile, rows.state
    if profile.is_known:
        began_on = profile.began_on or state.first_day or day.date
        yield from ramp.shares_of_starter(began_on, on=day.date, since=_begins(day, began_on))
    if state.returned_on is not None:
        percent = ramp.percent_after((day.date - state.returned_on).days)
        yield Share(percent, "returned", _begins(day, state.returned_on))
    worked_on = worked.worked_dates(rows.dates) if binding.reds else frozenset()
    for _, on, red_at in binding.reds:
        yield Share(ramp.percent_after_red(on, worked_on, today=day.date), "red_flag", red_at)


def _without_contract(
    binding: Binding, limits: InForceByName, day: Day, at: datetime
) -> Mapping[str, InForce]:
    """Return the limits of ``default`` where a specialist's would be looser and no contract with a counsellor stands."""
    if not _is_specialist(binding, at) or contracts.stands(binding.contracts, day=day, at=at):
        return limits
    return {
        name: InForce(name, DEFAULT_PRESET[name], "contract")
        if is_looser(name, limit.value, DEFAULT_PRESET[name])
        else limit
        for name, limit in limits.items()
    }


def _is_specialist(binding: Binding, at: datetime) -> bool:
    teams: Sequence[int] = [stay.team_id for stay in binding.profile.stays if stay.lasts(at)]
    return any(binding.presets.get(team) == Preset.SPECIALIST for team in teams)


def _begins(day: Day, on: date) -> datetime:
    return midnight(day, (on - day.date).days)
