"""Who works, where, and when: the staff and the rota that somebody drew up without asking any rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.simulation.streams import BEGINS_AT, STREAMS

ZONES = ("Europe/Berlin", "Africa/Nairobi", "Asia/Manila", "America/New_York", "Asia/Kolkata")
SHIFT = timedelta(hours=8)
LUNCH = timedelta(minutes=30)
WELLNESS = timedelta(minutes=45)
STAYS_ON = timedelta(minutes=45)
"""How long after the planned end somebody stays who is asked to."""

BEGINS = {"day": time(9), "evening": time(15), "night": time(22), "early": time(7)}
ROTAS = (("day", 55), ("evening", 25), ("night", 10), ("turning", 10))
"""A rota and how many of a hundred have it. ``turning``: evening and early shifts by turns, with 8 h between."""

FIRST_DAY = BEGINS_AT.date()
LONG_AGO = FIRST_DAY - timedelta(days=700)
STARTERS = {3: 0, 17: 7, 41: -14, 53: -35, 71: -49}
"""Of every hundred people, who began how many days after the first day."""

AWAY = {29: range(3, 18), 67: range(1, 16)}
"""Of every hundred people, who is away on which days."""

CHOICES = ((9, ("category", "TERROR")), (12, ("category", "VIO_ASSAULT")), (14, ("sound", "")))
"""Who opted out of what: one of so many people."""

GENERAL = tuple(stream.name for stream in STREAMS[:2])
GRAPHIC = ("mixed", "graphic pictures", "violent video", "extreme clips")


@dataclass(frozen=True)
class Worker:
    """One moderator. ``queues``: the streams that their team takes from. ``agreed``: to severity 4.

    ``opted_out``: (kind, value) of what they do not want to be handed, from the first day to the last.
    """

    number: int
    zone: str
    rota: str
    began_on: date
    agreed: bool
    queues: tuple[str, ...]
    opted_out: frozenset[tuple[str, str]] = frozenset()

    @property
    def here(self) -> ZoneInfo:
        """The zone whose clock they live by."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Shift:
    """A planned shift; ``stays_until`` is later than ``ends_at`` where somebody was asked to stay on. All UTC."""

    starts_at: datetime
    ends_at: datetime
    stays_until: datetime


def staff(*, people: int, seed: int) -> list[Worker]:
    """Return everybody."""
    random = Random(f"staff {seed}")
    return [_worker(number, random) for number in range(people)]


def _worker(number: int, random: Random) -> Worker:
    rota = random.choices([name for name, _ in ROTAS], [share for _, share in ROTAS])[0]
    began_on = FIRST_DAY + timedelta(days=STARTERS[number % 100]) if number % 100 in STARTERS else LONG_AGO
    is_experienced = began_on == LONG_AGO
    return Worker(
        number=number,
        zone=ZONES[number % len(ZONES)],
        rota=rota,
        began_on=began_on,
        agreed=is_experienced and random.random() < 0.9,
        queues=GRAPHIC if number % 2 else GENERAL,
        opted_out=frozenset(choice for every, choice in CHOICES if number % every == every - 1),
    )


def advised(people: Sequence[Worker]) -> list[Worker]:
    """Return the same people with the teams that the forecast advises: nights and starters off the severe queues, and more
    of the others on them.
    """
    return [replace(one, queues=_advised_queues(one)) for one in people]


def _advised_queues(worker: Worker) -> tuple[str, ...]:
    may_take_severe = worker.rota != "night" and worker.began_on == LONG_AGO and worker.agreed
    return GRAPHIC if may_take_severe and worker.number % 4 else GENERAL


def rota_of(worker: Worker, *, days: int, seed: int) -> list[Shift]:
    """Return the shifts that were drawn up for one person, earliest first: five days on, two off."""
    random = Random(f"rota {seed} {worker.number}")
    return list(_shifts(worker, days, random))


def _shifts(worker: Worker, days: int, random: Random) -> Iterator[Shift]:
    for day in range(days):
        stays_on = random.random() < 0.1
        on = FIRST_DAY + timedelta(days=day)
        is_off = (day + worker.number) % 7 in {5, 6} or day in AWAY.get(worker.number % 100, ())
        if is_off or on < worker.began_on:
            continue
        begins = BEGINS[worker.rota] if worker.rota != "turning" else BEGINS[("evening", "early")[day % 2]]
        starts_at = datetime.combine(on, begins, tzinfo=worker.here).astimezone(UTC)
        ends_at = starts_at + SHIFT
        yield Shift(starts_at, ends_at, ends_at + STAYS_ON if stays_on else ends_at)
