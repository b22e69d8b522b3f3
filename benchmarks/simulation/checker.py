"""Finds what breaks a rule of WELLBEING.md in a record, whoever made it: by naive arithmetic of its own.

Nothing here comes from the rules under test. The numbers are written down again, from WELLBEING.md, and every sum is
made anew from the looks, the rests and the shifts. A look that breaks three rules counts three times.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from typing import NamedTuple

from benchmarks.simulation.people import Worker
from benchmarks.simulation.record import Look, Record, Rest, Worked
from benchmarks.simulation.rested import missed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEAT = timedelta(seconds=5)
WINDOW = timedelta(hours=24)
WEIGHT = (0, 0.25, 1, 2, 4)
TEXT = 0.5
MINUTES_A_DAY = {1: 240, 3: 120, 4: 30}
CASES_A_DAY = {3: 150, 4: 60}
HEAVY = 200
LOAD_RED = {1: 600, 7: 2500, 28: 10000}
"""WELLBEING.md names 300, 1,200 and 4,200, to be confirmed by ``benchmarks.shifts``, which asks that minutes bind first."""


class Violation(NamedTuple):
    """One rule that was broken: ``rule`` names it, ``at`` says when."""

    rule: str
    person: int
    at: datetime


def violations(record: Record, staff: Sequence[Worker]) -> list[Violation]:
    """Return everything that broke a rule."""
    looks, rests, worked = _by_person(record)
    found: list[Violation] = []
    for worker in staff:
        mine = worker.number
        found += _Life(worker, looks.get(mine, []), rests.get(mine, []), worked.get(mine, [])).check()
    return found


def by_rule(found: Sequence[Violation]) -> dict[str, int]:
    """Return how often each rule was broken."""
    return dict(sorted(Counter(one.rule for one in found).items()))


@dataclass
class _Spent:
    """What was shown since some instant: looks before it are taken off the front."""

    looks: Sequence[Look]
    ends: list[datetime]
    sums: dict[int, list[float]]
    loads: list[float]
    cases: dict[int, list[int]]
    firsts: dict[datetime, int] = field(default_factory=dict)

    @classmethod
    def of(cls, looks: Sequence[Look], is_first: Sequence[bool]) -> "_Spent":
        """Add up from the front."""
        sums = {
            least: _running([_seconds(one) * (one.severity >= least) for one in looks])
            for least in MINUTES_A_DAY
        }
        cases = {
            level: [
                round(n)
                for n in _running(
                    [
                        float(first and one.severity == level)
                        for one, first in zip(looks, is_first, strict=True)
                    ]
                )
            ]
            for level in CASES_A_DAY
        }
        return cls(
            looks, [one.ends_at for one in looks], sums, _running([load_at_one(one) for one in looks]), cases
        )

    def first_since(self, start: datetime) -> int:
        """Return the number of the first look that ended after *start*."""
        if start not in self.firsts:
            self.firsts[start] = bisect_left(self.ends, start + timedelta(microseconds=1))
        return self.firsts[start]

    def seconds(self, least: int, start: datetime, upto: int) -> float:
        """Return the seconds at *least* or more since *start*, of the looks before number *upto*."""
        first = self.first_since(start)
        if first >= upto:
            return 0.0
        one = self.looks[first]
        before = max((start - one.begins_at).total_seconds(), 0.0) * (one.severity >= least)
        return self.sums[least][upto] - self.sums[least][first] - before

    def load(self, start: datetime, upto: int) -> float:
        """Return the load since *start*; of a look that began before, only its share of the time."""
        first = self.first_since(start)
        if first >= upto:
            return 0.0
        one = self.looks[first]
        before = max((start - one.begins_at).total_seconds(), 0.0)
        return self.loads[upto] - self.loads[first] - (_rate_at_one(one) * (before + 10) if before else 0.0)

    def shown(self, level: int, start: datetime, upto: int) -> int:
        """Return how many cases of exactly this severity were first shown since *start*."""
        first = self.first_since(start)
        while first < upto and self.looks[first].begins_at < start:
            first += 1
        return self.cases[level][upto] - self.cases[level][first] if first < upto else 0


@dataclass
class _Life:
    """One person's looks, rests and shifts, in order."""

    worker: Worker
    looks: list[Look]
    rests: list[Rest]
    worked: list[Worked]
    found: list[Violation] = field(default_factory=list)
    shares: dict[tuple[int, date], float] = field(default_factory=dict)
    _found_reds: list[date] | None = None

    def check(self) -> list[Violation]:
        """Look at every rule."""
        self.dates = [look.begins_at.astimezone(self.worker.here).date() for look in self.looks]
        seen: set[tuple[date, int]] = set()
        first = []
        for look, on in zip(self.looks, self.dates, strict=True):
            first.append((on, look.case) not in seen)
            seen.add((on, look.case))
        self.returns = list(self._returns())
        self.spent = _Spent.of(self.looks, first)
        self.loads: dict[date, float] = {}
        for look, on in zip(self.looks, self.dates, strict=True):
            self.loads[on] = self.loads.get(on, 0.0) + load_at_one(look)
        self._check_days()
        self._check_hours()
        self._check_dates()
        self._check_breaks()
        self._check_daily_rest()
        return self.found

    def _say(self, rule: str, at: datetime) -> None:
        self.found.append(Violation(rule, self.worker.number, at))

    # ── what a day holds ─────────────────────────────────────────────────────────────────────────────────────────

    def _check_days(self) -> None:
        began: dict[date, float] = {}
        earlier: dict[date, tuple[float, float]] = {}
        for number, (look, on) in enumerate(zip(self.looks, self.dates, strict=True)):
            before = earlier[on] = earlier.get(on) or self.loads_before(on)
            today = began.get(on, 0.0)
            began[on] = today + load_at_one(look)
            if look.severity == 0:
                continue
            self._check_starter(look, on)
            self._check_amounts(number, look, on)
            self._check_loads(number, look, today, before)

    def loads_before(self, on: date) -> tuple[float, float]:
        """Return the load of the 6 and of the 27 dates before one."""
        return tuple(  # type: ignore[return-value]
            sum(self.loads.get(on - n * DAY, 0.0) for n in range(1, many)) for many in (7, 28)
        )

    def _check_amounts(self, number: int, look: Look, on: date) -> None:
        for start in (self._midnight(on), _quarter(look.ends_at) - WINDOW):
            for least, minutes in MINUTES_A_DAY.items():
                most = minutes * 60 * self._share(least, on)
                used = self.spent.seconds(least, start, number + 1) - look.unheard.total_seconds()
                began = self.spent.seconds(least, start, number)
                if look.severity < least:
                    continue
                if used > most + BEAT.total_seconds():
                    self._say(f"minutes a day at {least}+", look.ends_at)
                elif began >= most:
                    self._say(f"looked after the minutes at {least}+", look.begins_at)
            for level, cases in CASES_A_DAY.items():
                most = cases * self._share(3, on)
                used = self.spent.shown(level, start, number + (look.severity == level))
                if look.severity == level and used > int(most):
                    self._say(f"cases a day at {level}", look.begins_at)
                elif look.severity > level and used >= int(most):
                    self._say(f"looked after the cases at {level}", look.begins_at)

    def _check_loads(self, number: int, look: Look, today: float, before: tuple[float, float]) -> None:
        rolling = self.spent.load(_quarter(look.begins_at) - WINDOW, number)
        if max(today, rolling) >= LOAD_RED[1]:
            self._say("load of a day", look.begins_at)
        if today + before[0] >= LOAD_RED[7]:
            self._say("load of 7 days", look.begins_at)
        if today + before[1] >= LOAD_RED[28]:
            self._say("load of 28 days", look.begins_at)

    def _check_starter(self, look: Look, on: date) -> None:
        week = (on - self.worker.began_on).days // 7 + 1
        if (look.severity >= 3 and week <= 2) or (look.severity == 4 and week <= 8):
            self._say("new starter", look.begins_at)
        if look.severity == 4 and not self.worker.agreed:
            self._say("no agreement", look.begins_at)

    def _share(self, least: int, on: date) -> float:
        """Return what share of a limit a person has: new starters, and those who were away for two weeks."""
        if (least, on) not in self.shares:
            self.shares[least, on] = self._share_of(least, on)
        return self.shares[least, on]

    def _share_of(self, least: int, on: date) -> float:
        week = (on - self.worker.began_on).days // 7 + 1
        if least < 3:
            return 0.5 if week <= 2 else 1.0
        share = 0.0 if week <= 2 else 0.25 if week <= 4 else 0.5 if week <= 6 else 0.75 if week <= 8 else 1.0
        for since in (*self.returns, *self._first_worked_after_reds(on)):
            days = (on - since).days
            share = min(share, 0.5 if 0 <= days < 7 else 0.75 if 7 <= days < 14 else 1.0)
        return share

    def _first_worked_after_reds(self, today: date) -> Iterator[date]:
        """Return of each red flag before *today* the first worked day after it: from then on there is a share again."""
        worked = sorted({on for on in self.dates if on <= today})
        for red in self._reds():
            following = next((on for on in worked if on > red), None)
            if following is not None:
                yield following

    def _reds(self) -> list[date]:
        """Return the first day of four heavy ones running, and the first on which the load had doubled.

        Nobody closes an episode here, and an episode restarts the shares once.
        """
        if self._found_reds is None:
            self._found_reds = [*islice(self._red_streaks(), 1), *islice(self._red_rises(), 1)]
        return self._found_reds

    def _red_streaks(self) -> Iterator[date]:
        worked, severe = sorted(set(self.dates)), self._loads_of(3)
        heavy = {on for on in worked if self.loads[on] >= HEAVY and severe.get(on, 0.0) >= 60}
        for place, on in enumerate(worked):
            if place >= 3 and heavy.issuperset(worked[place - 3 : place + 1]):
                yield on

    def _red_rises(self) -> Iterator[date]:
        """Mean of the last 5 worked days above twice that of the worked ones, ten at least, in the 42 days before."""
        worked = sorted(set(self.dates))
        for place, on in enumerate(worked):
            last = worked[max(place - 4, 0) : place + 1]
            before = [one for one in worked[: max(place - 4, 0)] if last[0] - 42 * DAY <= one]
            week = sum(self.loads.get(on - n * DAY, 0.0) for n in range(7))
            if len(before) < 10 or week < 240 or self._is_explained(on):
                continue
            if _mean(self.loads[one] for one in last) > 2 * _mean(self.loads[one] for one in before):
                yield on

    def _is_explained(self, on: date) -> bool:
        is_starting = (on - self.worker.began_on).days < 8 * 7
        return is_starting or any(0 <= (on - since).days < 14 for since in self.returns)

    def _returns(self) -> Iterator[date]:
        for before, after in zip(self.worked, self.worked[1:], strict=False):
            if after.begins_at - before.left_at >= 14 * DAY:
                yield after.begins_at.astimezone(self.worker.here).date()

    # ── the hours ────────────────────────────────────────────────────────────────────────────────────────────────

    def _check_hours(self) -> None:
        for look in self.looks:
            if {("category", look.category), ("sound", "" if look.sound else "none")} & self.worker.opted_out:
                self._say("opted out", look.begins_at)
            shift = self._shift_of(look)
            if look.severity >= 3 and (
                self._is_night(look.begins_at) or self._is_night(look.heard_until - BEAT)
            ):
                self._say("night", look.begins_at)
            if shift is None:
                continue
            if look.severity >= 3 and shift.planned_end - HOUR < look.heard_until - BEAT < shift.planned_end:
                self._say("last hour of a shift", look.begins_at)
            if look.severity >= 2 and look.heard_until - BEAT > shift.planned_end:
                self._say("beyond the shift", look.begins_at)

    def _is_night(self, at: datetime) -> bool:
        return not 6 <= at.astimezone(self.worker.here).hour < 22

    def _shift_of(self, look: Look) -> Worked | None:
        begun = [shift for shift in self.worked if shift.begins_at <= look.begins_at <= shift.left_at]
        return begun[0] if begun else None

    def _midnight(self, on: date) -> datetime:
        return datetime(on.year, on.month, on.day, tzinfo=self.worker.here)

    # ── the days and weeks before ────────────────────────────────────────────────────────────────────────────────

    def _check_dates(self) -> None:
        counting = self._counting({3, 4}, lambda on: on, seconds=120, cases=3)
        for on, at in self._first_of({3, 4}).items():
            if sum(on - n * DAY in counting for n in range(1, 7)) >= 4:
                self._say("days of 7", at)
            if all(on - n * DAY in counting for n in (1, 2, 3)):
                self._say("days in a row", at)
        weeks = self._counting({4}, _monday, seconds=300, cases=5)
        for on, at in self._first_of({4}).items():
            if all(_monday(on) - n * 7 * DAY in weeks for n in (1, 2, 3)):
                self._say("weeks in a row", at)
        self._check_streaks()

    def _counting(
        self, severities: set[int], when: Callable[[date], date], *, seconds: int, cases: int
    ) -> set[date]:
        """Return the days, or weeks, that had so many seconds or cases of these severities."""
        shown, seen = Counter[date](), set[tuple[date, date, int]]()
        for look, on in zip(self.looks, self.dates, strict=True):
            if look.severity in severities:
                shown[when(on)] += round(_seconds(look) * 1000)
                seen.add((when(on), on, look.case))
        many = Counter(on for on, _, _ in seen)
        return {on for on in shown if shown[on] >= seconds * 1000 or many[on] >= cases}

    def _check_streaks(self) -> None:
        """After four worked days running of 200 points, 60 of them from severity 3 and up, the next is light."""
        worked, light = sorted(set(self.dates)), self._first_of({2, 3, 4})
        reds = set(self._red_streaks())
        for before, on in pairwise(worked):
            if on in light and before in reds:
                self._say("day after a red streak", light[on])

    def _loads_of(self, least: int) -> dict[date, float]:
        loads: dict[date, float] = {}
        for look, on in zip(self.looks, self.dates, strict=True):
            if look.severity >= least:
                loads[on] = loads.get(on, 0.0) + load_at_one(look)
        return loads

    def _first_of(self, severities: set[int]) -> dict[date, datetime]:
        found: dict[date, datetime] = {}
        for look, on in zip(self.looks, self.dates, strict=True):
            if look.severity in severities:
                found.setdefault(on, look.begins_at)
        return found

    def _check_daily_rest(self) -> None:
        """Until 11 hours have passed since the end of the working day before, at most severity 1."""
        for before, after in zip(self.worked, self.worked[1:], strict=False):
            rested_at = before.planned_end + 11 * HOUR
            for look in self.looks:
                if look.severity >= 2 and after.begins_at <= look.begins_at < min(rested_at, after.left_at):
                    self._say("before 11 hours of rest", look.begins_at)

    # ── breaks ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _check_breaks(self) -> None:
        for shift in self.worked:
            looks = [one for one in self.looks if shift.begins_at <= one.begins_at <= shift.left_at]
            rests = [one for one in self.rests if shift.begins_at <= one.begins_at <= shift.left_at]
            for rule, at in missed(looks, rests, begins_at=shift.begins_at):
                self._say(rule, at)


def load_at_one(look: Look) -> float:
    """Return the load at P = 1, as days and flags read it: W × (0.5 for text) × (BASE + min(t, 600)) / 60."""
    return _rate_at_one(look) * (min(_seconds(look), 600) + (10 if look.severity >= 2 else 0))


def _rate_at_one(look: Look) -> float:
    return WEIGHT[look.severity] * (TEXT if look.level == "text" else 1.0) / 60


def _seconds(look: Look) -> float:
    return (look.ends_at - look.begins_at).total_seconds()


def _mean(values: Iterable[float]) -> float:
    each = list(values)
    return sum(each) / len(each)


def _running(each: Sequence[float]) -> list[float]:
    sums = [0.0]
    for one in each:
        sums.append(sums[-1] + one)
    return sums


def _monday(on: date) -> date:
    return on - on.weekday() * DAY


def _quarter(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def _by_person(
    record: Record,
) -> tuple[dict[int, list[Look]], dict[int, list[Rest]], dict[int, list[Worked]]]:
    looks: dict[int, list[Look]] = {}
    rests: dict[int, list[Rest]] = {}
    worked: dict[int, list[Worked]] = {}
    for look in sorted(record.looks, key=lambda one: one.begins_at):
        looks.setdefault(look.person, []).append(look)
    for rest in sorted(record.rests, key=lambda one: one.begins_at):
        rests.setdefault(rest.person, []).append(rest)
    for shift in sorted(record.worked, key=lambda one: one.begins_at):
        worked.setdefault(shift.person, []).append(shift)
    return looks, rests, worked
