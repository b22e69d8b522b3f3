"""Runs both floors over the same people, shifts and items, and returns their figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from multiprocessing import get_context

from benchmarks.simulation.drive import LUNCH_ONLY, Drive, Pause
from benchmarks.simulation.figures import Figures, figures_of, together
from benchmarks.simulation.ordinary import OrdinaryFloor
from benchmarks.simulation.people import FIRST_DAY, WELLNESS, Shift, Worker, advised, rota_of, staff
from benchmarks.simulation.record import Record
from benchmarks.simulation.respite import RespiteFloor
from benchmarks.simulation.streams import BEGINS_AT, arrivals
from people.rules.zones import BEGINNING, ZonePeriod
from wellbeing.core.rules.names import loosest_of
from wellbeing.core.rules.scopes import OWN, TEAM, Value
from wellbeing.shifts.rules import Planned, TooLittleRest, require_possible

ORDINARY, RESPITE, ADVISED = "ordinary", "respite", "advised"
SITE = 100
"""So many people share one line of work; two sites run beside each other, one on each core."""

WITH_WELLNESS = (Pause(timedelta(hours=3), WELLNESS, "wellness"), *LUNCH_ONLY)
WEEKS = 4


@dataclass(frozen=True)
class Site:
    """What is simulated at one site. ``number`` tells the sites of one run apart."""

    number: int
    people: int
    days: int
    seed: int

    @property
    def salt(self) -> int:
        """The seed of this site."""
        return self.seed * 1_000 + self.number

    @property
    def ends_at(self) -> datetime:
        """When the last day is over."""
        return BEGINS_AT + timedelta(days=self.days)


def sites_of(*, people: int, days: int, seed: int) -> list[Site]:
    """Return the sites of a run: of up to 100 people each."""
    count = -(-people // SITE)
    sizes = [people // count + (number < people % count) for number in range(count)]
    return [Site(number, size, days, seed) for number, size in enumerate(sizes)]


def both(*, people: int, days: int, seed: int, processes: int = 2) -> dict[str, Figures]:
    """Return the figures of the ordinary floor and of Respite's, with the rota as it is and as the forecast advises it."""
    sites = sites_of(people=people, days=days, seed=seed)
    tasks = [(name, site) for name in (RESPITE, ADVISED, ORDINARY) for site in sites]
    if processes == 1 or len(tasks) == 1:
        done = [one_floor(task) for task in tasks]
    else:
        with get_context("fork").Pool(processes) as pool:
            done = pool.map(one_floor, tasks, chunksize=1)
    found = {name: list[Figures]() for name in (ORDINARY, RESPITE, ADVISED)}
    for (name, _), figures in zip(tasks, done, strict=True):
        found[name].append(figures)
    return {name: together(parts) for name, parts in found.items()}


def one_floor(task: tuple[str, Site]) -> Figures:
    """Run one floor of one site."""
    name, site = task
    people = staff(people=site.people, seed=site.salt)
    people = advised(people) if name == ADVISED else people
    record = run_ordinary(site, people) if name == ORDINARY else run_respite(site, people)
    return figures_of(record, people, begins_at=BEGINS_AT, ends_at=site.ends_at)


def run_ordinary(site: Site, people: Sequence[Worker]) -> Record:
    """First in, first out, with lunch."""
    shifts = [(one.number, shift) for one in people for shift in rota_of(one, days=site.days, seed=site.salt)]
    drive = Drive(OrdinaryFloor(), staff=people, shifts=shifts, joins=False)
    return drive.run(arrivals(people=site.people, days=site.days, seed=site.salt))


def run_respite(site: Site, people: Sequence[Worker]) -> Record:
    """The same with the safeguard: shifts as they may be planned, lunch and the wellness time."""
    floor = RespiteFloor(people, values=rotation_of(people, scope=TEAM), evens=True)
    shifts = planned(site, people)
    drive = Drive(floor, staff=people, shifts=shifts, pauses=WITH_WELLNESS)
    return drive.run(arrivals(people=site.people, days=site.days, seed=site.salt))


def planned(site: Site, people: Sequence[Worker]) -> list[tuple[int, Shift]]:
    """Return the shifts as Respite lets them be planned."""
    return [
        (one.number, shift)
        for one in people
        for shift in _with_rest(rota_of(one, days=site.days, seed=site.salt), one.zone)
    ]


def _with_rest(shifts: Sequence[Shift], zone: str) -> list[Shift]:
    """Begin a shift that would follow too soon on the one before at the earliest time that the rule names."""
    kept: list[Shift] = []
    for shift in shifts:
        last = [Planned(kept[-1].starts_at, kept[-1].ends_at)] if kept else []
        try:
            require_possible(
                Planned(shift.starts_at, shift.ends_at),
                others=last,
                at=shift.starts_at,
                zones=[ZonePeriod(zone, BEGINNING)],
            )
            kept.append(shift)
        except TooLittleRest as refused:
            later = (refused.earliest or shift.starts_at) - shift.starts_at
            kept.append(Shift(shift.starts_at + later, shift.ends_at + later, shift.stays_until + later))
    return kept


def rotation_of(people: Sequence[Worker], *, scope: str = OWN) -> Mapping[int, Sequence[Value]]:
    """Return who takes no severity 4 in which week: a quarter of the people in each, so that it never rests on all.

    Without it the rule 'three weeks, then one off' would send everybody off in the same week.
    """
    return {worker.number: _week_off(worker, scope) for worker in people}


def _week_off(worker: Worker, scope: str) -> list[Value]:
    monday = FIRST_DAY + timedelta(weeks=worker.number // 2 % WEEKS)
    begins_at, sunday = (
        datetime.combine(on, time(hour), tzinfo=worker.here)
        for on, hour in ((monday, 0), (monday + timedelta(days=6), 12))
    )
    return [
        Value(scope, "seconds_4", 0, begins_at),
        Value(scope, "seconds_4", loosest_of("seconds_4"), sunday),
    ]
