"""Plays a whole shift as somebody lives it who asks at once and takes every break, and says what it came to.

Whoever plays is driven over the floor in memory, which is moved by the product's own rules and no others. What forbids a
case is asked of the same rules, apart from the pick: a person who waits while nothing hard forbids what lies there waits
for no reason.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from benchmarks.simulation.desk import Desk
from benchmarks.simulation.drive import Drive, Pause, Seat
from benchmarks.simulation.people import FIRST_DAY, LONG_AGO, Shift, Worker
from benchmarks.simulation.record import Look, Record, Rest
from benchmarks.simulation.respite import LANE_OF, RespiteFloor
from benchmarks.simulation.streams import BY_NAME, Item, Stream
from people.rules.zones import BEGINNING
from wellbeing.core.rules.limits import Fit
from wellbeing.core.rules.scopes import CEILING, Value
from wellbeing.limits.rules.presets import NAMED

ZONE = "UTC"
SHIFT_HOURS = 8
LUNCH = Pause(timedelta(hours=4), timedelta(minutes=45), "lunch")
LUNCH_FROM_HOURS = 6
CASES_A_DAY = 3_000
"""So many wait for each person at the beginning of a day: more than anybody gets through."""

CLOSE_TOGETHER = timedelta(minutes=20)
ASKED_BY_WORK = frozenset({"work", "severe", "long"})
"""The causes of breaks that are not severity 4, a red load or 'too much'."""

LOADS = ("load_day_red", "load_week_red", "load_month_red")


@dataclass(frozen=True)
class Play:
    """One shift, or those of some days: under which preset, on which queue, by whom.

    ``week``: of a new starter, None for somebody with experience. ``varies``: looks differ in length around the stream's mean.
    """

    preset: str
    stream: str
    people: int = 1
    week: int | None = None
    begins: time = time(9)
    hours: float = SHIFT_HOURS
    days: int = 1
    varies: bool = True

    @property
    def queue(self) -> str:
        """The queue and what is special about this play, in words."""
        words = [self.stream.removeprefix("only ")]
        words += [f"week {self.week}"] if self.week else []
        words += ["night"] if self.begins >= time(22) else []
        words += ["part time"] if self.hours < LUNCH_FROM_HOURS else []
        words += [f"{self.people} people"] if self.people > 1 else []
        words += [f"{self.days} days"] if self.days > 1 else []
        return ", ".join(words)

    @property
    def staff(self) -> list[Worker]:
        """Whoever plays, all alike."""
        began_on = LONG_AGO if self.week is None else FIRST_DAY - timedelta(weeks=self.week - 1)
        return [
            Worker(number, ZONE, "day", began_on, self.week is None, (self.stream,))
            for number in range(self.people)
        ]

    @property
    def shifts(self) -> list[tuple[int, Shift]]:
        """Five days on, two off."""
        days = [FIRST_DAY + timedelta(days=n) for n in range(self.days) if n % 7 < 5]
        return [(number, self._shift(on)) for on in days for number in range(self.people)]

    @property
    def pauses(self) -> Sequence[Pause]:
        """Lunch, in a shift that is long enough for one."""
        return (LUNCH,) if self.hours >= LUNCH_FROM_HOURS else ()

    @property
    def values(self) -> Mapping[int, Sequence[Value]]:
        """Person → the limits of the preset, as a ceiling that was moved for it."""
        named = [Value(CEILING, name, value, BEGINNING) for name, value in NAMED[self.preset].items()]
        return dict.fromkeys(range(self.people), named)

    def items(self) -> Iterator[Item]:
        """Yield what lies there at the beginning of each day."""
        random, number = Random(f"play {self.preset} {self.queue}"), 0
        for on in sorted({shift.starts_at for _, shift in self.shifts}):
            for _ in range(CASES_A_DAY * self.people):
                yield self._item(number, on - timedelta(minutes=1), random)
                number += 1

    def _shift(self, on: date) -> Shift:
        starts_at = datetime.combine(on, self.begins, tzinfo=BEGINNING.tzinfo)
        ends_at = starts_at + timedelta(hours=self.hours)
        return Shift(starts_at, ends_at, ends_at)

    def _item(self, number: int, at: datetime, random: Random) -> Item:
        stream = BY_NAME[self.stream]
        severity = random.choices(list(stream.mix), list(stream.mix.values()))[0]
        look = stream.look[severity]
        takes = max(round(look * random.triangular(0.4, 2.0, 0.6)), 2) if self.varies else look
        return Item(
            number=number,
            case=number,
            stream=stream,
            severity=severity,
            arrives_at=at,
            due_at=at + timedelta(days=2),
            look=takes,
            around=0,
            expected=look,
            level=_level(stream, random),
            sound=random.random() < stream.sound,
        )


def _level(stream: Stream, random: Random) -> str:
    if stream.medium == "text":
        return "text"
    return "colour" if random.random() < stream.colour else "grey"


class WatchedDesk(Desk):
    """A desk that notes when which limit or cap first closed something on a date."""

    def __init__(self, worker: Worker, values: Sequence[Value]) -> None:
        super().__init__(worker, values)
        self.bound: dict[tuple[date, str], datetime] = {}

    def what_fits(self, at: datetime, *, with_breaks: bool = True) -> Fit:
        """Return what may be allocated, and note what may not."""
        found = super().what_fits(at, with_breaks=with_breaks)
        for reached in {one.name: one for one in found.closed_by.values()}.values():
            self.bound.setdefault((at.date(), reached.name), at)
        return found


class WatchedFloor(RespiteFloor):
    """The floor in memory, asked besides whether somebody waits for no reason."""

    def __init__(self, staff: Sequence[Worker], *, values: Mapping[int, Sequence[Value]]) -> None:
        super().__init__(staff, values=values, evens=True)
        self.watched = {one.number: WatchedDesk(one, values.get(one.number, ())) for one in staff}
        self.desks.update(self.watched)

    def is_takeable(self, worker: Worker, *, at: datetime) -> bool:
        """Say whether a case lies there that no hard rule and no choice of theirs keeps from this person."""
        desk = self.watched[worker.number]
        if desk.on_break or worker.number in self.in_hand:
            return False
        found = desk.what_fits(at, with_breaks=False)
        return any(
            job.item.expected <= found.fit[severity].total_seconds()
            for name in worker.queues
            for severity in BY_NAME[name].mix
            if severity in found.fit
            for job in self.lanes[LANE_OF[name, severity]]
            if _is_open(job.item, found, desk)
        )


def _is_open(item: Item, found: Fit, desk: Desk) -> bool:
    is_mild = found.mild_only is None or (item.severity == 0 and item.stream.medium == "text")
    return is_mild and not desk.opted_out.closes_job(medium=item.stream.medium, sound=item.sound)


class PlayDrive(Drive):
    """Drives a play, and keeps how long somebody waited for no reason."""

    def __init__(self, floor: WatchedFloor, play: Play) -> None:
        super().__init__(floor, staff=play.staff, shifts=play.shifts, pauses=play.pauses)
        self.watched = floor
        self.since: dict[int, datetime] = {}
        self.takeable = timedelta(0)

    def _ask(self, seat: Seat, at: datetime) -> None:
        self._count_takeable(seat, at)
        super()._ask(seat, at)

    def _take(self, seat: Seat, item: Item, at: datetime) -> None:
        self._count_takeable(seat, at)
        super()._take(seat, item, at)

    def _work(self, seat: Seat, at: datetime) -> None:
        super()._work(seat, at)
        if seat.since is not None and self.watched.is_takeable(seat.worker, at=at):
            self.since[seat.worker.number] = at

    def _count_takeable(self, seat: Seat, at: datetime) -> None:
        since = self.since.pop(seat.worker.number, at)
        self.takeable += at - since


@dataclass(frozen=True)
class Outcome:
    """What a play came to, of all people in it: minutes, cases, and what went wrong.

    ``looked``: severity → minutes. ``bound``: limit or cap → when it first closed something. ``loads``: of those the loads
    that closed what no limit of minutes or cases did.
    """

    play: Play
    cases: Mapping[int, int]
    looked: Mapping[int, float]
    waited_min: float
    takeable_s: float
    breaks_min: float
    close_breaks: int
    bound: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def shift_min(self) -> float:
        """Paid minutes."""
        return self.play.hours * 60 * len(self.play.shifts)

    def told(self) -> dict[str, str | float]:
        """Return it as ``--json`` promises."""
        return {
            "preset": self.play.preset,
            "queue": self.play.queue,
            "cases": sum(self.cases.values()),
            "looked_min": round(sum(self.looked.values()), 1),
            "waited_min": round(self.waited_min, 1),
            "waited_while_takeable_s": round(self.takeable_s),
            "breaks_min": round(self.breaks_min, 1),
            "breaks_within_20_min": self.close_breaks,
        }


def play_out(play: Play) -> Outcome:
    """Play it."""
    floor = WatchedFloor(play.staff, values=play.values)
    drive = PlayDrive(floor, play)
    record = drive.run(play.items())
    breaks = [rest for rest in record.rests if rest.cause != LUNCH.cause]
    return Outcome(
        play=play,
        cases=Counter(look.severity for look in record.looks),
        looked=_looked(record.looks),
        waited_min=sum(record.waited.values()) / 60,
        takeable_s=drive.takeable.total_seconds(),
        breaks_min=sum(((rest.ends_at - rest.begins_at) for rest in breaks), timedelta(0)).total_seconds()
        / 60,
        close_breaks=_close_breaks(record),
        bound=_bound(floor),
    )


def _looked(looks: Sequence[Look]) -> dict[int, float]:
    found: dict[int, float] = {}
    for look in looks:
        found[look.severity] = (
            found.get(look.severity, 0.0) + (look.ends_at - look.begins_at).total_seconds() / 60
        )
    return found


def _bound(floor: WatchedFloor) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for desk in floor.watched.values():
        for (_, name), at in desk.bound.items():
            found[name] = min(at, found.get(name, at))
    return found


def _close_breaks(record: Record) -> int:
    """Return how often a break came within 20 minutes of work of the one before, and neither was for severity 4 or load."""
    count = 0
    for person in {rest.person for rest in record.rests}:
        before: Rest | None = None
        for rest in sorted(
            (one for one in record.rests if one.person == person), key=lambda one: one.begins_at
        ):
            if before is not None and _is_close(before, rest):
                count += 1
            before = rest
    return count


def _is_close(before: Rest, after: Rest) -> bool:
    are_for_work = {before.cause, after.cause} <= ASKED_BY_WORK
    return are_for_work and after.begins_at - before.ends_at < CLOSE_TOGETHER


def failures(outcome: Outcome) -> list[str]:
    """Return in words what must not be: (a) to (e) of what ``benchmarks.shifts`` says of itself."""
    found = []
    if outcome.takeable_s:
        found.append(
            f"(a) waited {outcome.takeable_s:.0f} s while a case lay there that nothing hard forbids"
        )
    if outcome.close_breaks:
        found.append(f"(b) {outcome.close_breaks} breaks within 20 min of work of another")
    is_default = outcome.play.preset == "default"
    has_extreme = 4 in BY_NAME[outcome.play.stream].mix
    if is_default and not has_extreme and outcome.breaks_min > outcome.shift_min / 4:
        found.append(f"(c) {outcome.breaks_min:.0f} min of breaks are more than a quarter of the shift")
    if is_default:
        found += [f"(e) {name} bound before the minutes did" for name in LOADS if name in outcome.bound]
    return [*found, *_not_reached(outcome)]


REACHABLE: Mapping[str, Mapping[str, int]] = {
    "severity 4 of 9 s": {"cases": 400},
    "severity 4 of 60 s": {"minutes": 120},
}
"""What a specialist's preset says can be done before 16:00: queue → cases, or minutes, at severity 4."""


def _not_reached(outcome: Outcome) -> Iterator[str]:
    if outcome.play.preset != "specialist":
        return
    wanted = REACHABLE.get(outcome.play.stream, {})
    if outcome.cases.get(4, 0) < wanted.get("cases", 0):
        yield f"(d) {outcome.cases.get(4, 0)} cases, not {wanted['cases']}"
    # A look that would not end before the minutes do is not begun, so the last one may be left out.
    if outcome.looked.get(4, 0.0) + 1 <= wanted.get("minutes", 0):
        yield f"(d) {outcome.looked.get(4, 0.0):.0f} min, not {wanted['minutes']}"
