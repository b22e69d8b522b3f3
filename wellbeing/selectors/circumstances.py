"""From the rows of a snapshot to what the rules about days, shifts, ramps and orders ask."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from wellbeing.models import FlagCode, MeasureKind, Preset
from wellbeing.rules import contracts, ramp, worked
from wellbeing.rules.caps import DAYS_LOOKED_BACK, Circumstances
from wellbeing.rules.days import Day, midnight
from wellbeing.rules.limits import DEFAULT_PRESET, InForceByName
from wellbeing.rules.load import SHIPPED_WEIGHTS
from wellbeing.rules.names import is_looser
from wellbeing.rules.ramp import Share
from wellbeing.rules.scopes import InForce
from wellbeing.selectors.snapshot import Snapshot

BINDING = frozenset({MeasureKind.REST_DAY, MeasureKind.LIGHTER_QUEUE})


def circumstances(found: Snapshot, *, day: Day, at: datetime) -> Circumstances:
    """Return what caps are made of."""
    profile, state = found.profile, found.state
    first_day = state.first_day if state else None
    return Circumstances(
        day=day,
        at=at,
        is_known=profile.is_known,
        began_on=profile.began_on or first_day,
        is_starter=profile.began_on is None,
        is_introduced=found.is_introduced,
        agreed_at=found.agreed_at,
        severe_on=worked.severe_dates(found.dates),
        extreme_weeks=worked.extreme_weeks(found.dates),
        worked_on=worked.worked_dates(found.dates),
        shifts=found.shifts,
        shown_in=sorted({quarter for (quarter, _), one in found.spent.items() if one.shown_ms or one.cases}),
        ordered=[order for order in found.ordered if order.kind in BINDING],
        heavy_red_on=max((on for code, on, _ in found.reds if code == FlagCode.HEAVY_STREAK), default=None),
    )


def bounded(found: Snapshot, limits: InForceByName, *, day: Day, at: datetime) -> dict[str, InForce]:
    """Return the limits as a missing contract, and then a ramp, a return or a red flag, leave them for this person."""
    return ramp.shared(_without_contract(found, limits, day, at), _shares(found, day))


def past_loads(found: Snapshot, day: Day) -> list[int]:
    """Return the load at P = 1 of each local date before today, in units, yesterday's first."""
    loads: dict[date, int] = {}
    for (on, _), spent in found.dates.items():
        loads[on] = loads.get(on, 0) + spent.units_at_one
    return [loads.get(day.date - timedelta(days=n), 0) for n in range(1, DAYS_LOOKED_BACK)]


def weights(found: Snapshot) -> Mapping[int, int]:
    """Return severity → weight in hundredths, as it holds now."""
    model = found.load_model
    if model is None:
        return SHIPPED_WEIGHTS
    return dict(enumerate((model.weight_0, model.weight_1, model.weight_2, model.weight_3, model.weight_4)))


def opted_out(found: Snapshot, *, at: datetime) -> frozenset[tuple[str, str]]:
    """Return (kind, value) of the opt-outs that hold at *at*."""
    return frozenset((kind, value) for kind, value, until in found.opt_outs if until is None or at < until)


def _shares(found: Snapshot, day: Day) -> Iterable[Share]:
    profile, state = found.profile, found.state
    if profile.is_known:
        began_on = profile.began_on or (state.first_day if state else None) or day.date
        yield from ramp.shares_of_starter(began_on, on=day.date, since=_begins(day, began_on))
    if state is not None and state.returned_on is not None:
        percent = ramp.percent_after((day.date - state.returned_on).days)
        yield Share(percent, "returned", _begins(day, state.returned_on))
    worked_on = worked.worked_dates(found.dates) if found.reds else frozenset()
    for _, on, red_at in found.reds:
        yield Share(ramp.percent_after_red(on, worked_on, today=day.date), "red_flag", red_at)


def _without_contract(
    found: Snapshot, limits: InForceByName, day: Day, at: datetime
) -> Mapping[str, InForce]:
    """Return the limits of ``default`` where a specialist's would be looser and no contract with a counsellor stands."""
    if not _is_specialist(found, at) or contracts.stands(found.contracts, day=day, at=at):
        return limits
    return {
        name: InForce(name, DEFAULT_PRESET[name], "contract")
        if is_looser(name, limit.value, DEFAULT_PRESET[name])
        else limit
        for name, limit in limits.items()
    }


def _is_specialist(found: Snapshot, at: datetime) -> bool:
    teams: Sequence[int] = [stay.team_id for stay in found.profile.stays if stay.lasts(at)]
    return any(found.presets.get(team) == Preset.SPECIALIST for team in teams)


def _begins(day: Day, on: date) -> datetime:
    return midnight(day, (on - day.date).days)
