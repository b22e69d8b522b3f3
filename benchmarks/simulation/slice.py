"""A few people for a few days, twice: by the rules over memory, and through the services and a database.

Both floors are driven by the same people, shifts, items and clock. What each person was shown, refused and sent to rest
for, and what their sums say in the end, must be the same, to the second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice, zip_longest
from typing import Any

from benchmarks.simulation.drive import Drive, Pause
from benchmarks.simulation.people import Shift, Worker, staff
from benchmarks.simulation.played import Play
from benchmarks.simulation.record import Record
from benchmarks.simulation.respite import RespiteFloor
from benchmarks.simulation.run import Site, planned, rotation_of
from benchmarks.simulation.streams import Item, arrivals
from wellbeing.core.rules.scopes import Value

SHORT_LUNCH = (Pause(timedelta(hours=2), timedelta(minutes=16), "lunch"),)
"""Whoever rests is ticked six times a minute; a shorter lunch is quicker to compare."""


@dataclass(frozen=True)
class Slice:
    """``hours`` of each shift are worked; ``share`` of the items that so many people get come in."""

    people: int = 20
    days: int = 3
    seed: int = 1
    hours: float = 4.0
    share: float = 0.6

    @property
    def site(self) -> Site:
        """The place."""
        return Site(0, self.people, self.days, self.seed)


@dataclass(frozen=True)
class Compared:
    """What both floors did: how much there was to compare, and each difference in words."""

    looks: int
    rests: int
    refusals: int
    sums: int
    differences: list[str]


def compare(what: Slice) -> Compared:
    """Run both floors in the caller's database and compare them."""
    people = staff(people=what.people, seed=what.site.salt)
    return _both(
        people,
        shifts=_shortened(planned(what.site, people), hours=what.hours),
        values=rotation_of(people),
        items=list(arrivals(people=what.people * what.share, days=what.days, seed=what.site.salt)),
    )


def compare_play(play: Play, *, hours: float, cases: int) -> Compared:
    """Do the same with the first *hours* of a play, and so many of its cases."""
    return _both(
        play.staff,
        shifts=_shortened(play.shifts, hours=hours),
        values=play.values,
        items=list(islice(play.items(), cases)),
    )


def _both(
    people: Sequence[Worker],
    *,
    shifts: Sequence[tuple[int, Shift]],
    values: Mapping[int, Sequence[Value]],
    items: Sequence[Item],
) -> Compared:
    from benchmarks.simulation.services import ServicesFloor
    from wellbeing.core.selectors.second_clock import told_by_the_wall

    pure, real = RespiteFloor(people, values=values), ServicesFloor(people, values=values, planned=shifts)
    with told_by_the_wall():
        records = [
            Drive(floor, staff=people, shifts=shifts, pauses=SHORT_LUNCH, tells_why=True).run(items)
            for floor in (pure, real)
        ]
    sums = [_sums_in_memory(pure), real.sums()]
    return Compared(
        looks=len(records[0].looks),
        rests=len(records[0].rests),
        refusals=len(records[0].refusals),
        sums=len(sums[0]),
        differences=[*_differences(*records), *_different_sums(*sums)],
    )


def _shortened(shifts: Sequence[tuple[int, Shift]], *, hours: float) -> list[tuple[int, Shift]]:
    found = []
    for person, shift in shifts:
        less = shift.ends_at - shift.starts_at - timedelta(hours=hours)
        found.append((person, Shift(shift.starts_at, shift.ends_at - less, shift.stays_until - less)))
    return found


def _differences(pure: Record, real: Record) -> Iterator[str]:
    for name in ("looks", "rests", "worked", "refusals"):
        pairs: list[tuple[Any, Any]] = list(zip_longest(getattr(pure, name), getattr(real, name)))
        different = [pair for pair in pairs if pair[0] != pair[1]]
        if different:
            yield f"{len(different)} of {len(pairs)} {name} differ; first by the rules {different[0][0]}, "
            yield f"through the services {different[0][1]}"


def _sums_in_memory(floor: RespiteFloor) -> dict[tuple[Any, ...], Any]:
    found: dict[tuple[Any, ...], Any] = {}
    for number, desk in floor.desks.items():
        if desk.first_day is None:
            continue  # had no shift, so there is no row of theirs
        for (on, severity), one in desk.dates.items():
            found[number, str(on), severity] = (one.shown_ms, one.cases, one.load_units, one.units_at_one)
        found[number, "counters"] = desk.told
    return found


NOTHING_SHOWN = (0, 0, 0, 0)


def _different_sums(pure: dict[tuple[Any, ...], Any], real: dict[tuple[Any, ...], Any]) -> Iterator[str]:
    for key in sorted({*pure, *real}, key=str):
        # A date on which only nothing was shown may have a row of noughts, or none.
        if pure.get(key, NOTHING_SHOWN) != real.get(key, NOTHING_SHOWN):
            yield f"the sum {key}: by the rules {pure.get(key)}, through the services {real.get(key)}"
