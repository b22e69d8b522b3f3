"""What a person may be shown at an instant, and until when not: WELLBEING.md, 'Limits' and the day of 'Exposure'."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import math

from tests.wellbeing.naive import history, text
from tests.wellbeing.naive.history import QUARTER, Event, Job, Person, quarter, seconds
from tests.wellbeing.naive.walk import Tick, Walk

DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Closed:
    """A rule that closes `severity` and everything worse."""

    rule: str
    severity: int


class Shown:
    """A tick that counts: what was shown, its severity by now, its date and its quarter of an hour."""

    def __init__(self, walk: Walk, tick: Tick) -> None:
        assert tick.shown is not None
        self.shown = tick.shown
        self.at = tick.at
        self.severity = walk.severity[tick.shown.case]
        self.date = walk.person.date(tick.at)
        self.quarter = quarter(tick.at)


class Day:
    """Everything that counts towards a limit at `at`, from a walk that ends there or before."""

    def __init__(self, walk: Walk, at: dt.datetime | None = None) -> None:
        self.walk, self.person, self.at = walk, walk.person, at or walk.at
        self.seen = [
            Shown(self.walk, tick) for tick in walk.ticks if tick.shown is not None and tick.at < self.at
        ]
        self.today = self.person.date(self.at)
        self.window = quarter(self.at) - DAY
        self._loads: dict[dt.date, float] = {}

    # --- sums ---------------------------------------------------------------------------------------------------------------------------------------

    def seconds_at_least(self, severity: int) -> int:
        """'The local date and the current quarter of an hour plus the 96 before it, the tighter wins.'"""
        ticks = [tick for tick in self.seen if tick.severity >= severity]
        on_date = sum(tick.date == self.today for tick in ticks)
        in_window = sum(tick.quarter >= self.window for tick in ticks)
        return text.TICK * max(on_date, in_window)

    def seconds_on(self, date: dt.date, severity: int) -> int:
        return text.TICK * sum(tick.date == date and tick.severity >= severity for tick in self.seen)

    def first_shown(self) -> dict[tuple[dt.date, str], dt.datetime]:
        """'A case counts once a day, when first shown.'"""
        first: dict[tuple[dt.date, str], dt.datetime] = {}
        for tick in self.seen:
            first.setdefault((tick.date, tick.shown.case), tick.at)
        for event in self.walk.events:
            if event.what == "shown" and event.at <= self.at:
                key = (self.person.date(event.at), event.case)
                first[key] = min(first.get(key, event.at), event.at)
        return first

    def cases_exactly(self, severity: int) -> int:
        first = {key: at for key, at in self.first_shown().items() if self.walk.severity[key[1]] == severity}
        on_date = sum(date == self.today for date, _ in first)
        in_window = sum(quarter(at) >= self.window for at in first.values())
        return max(on_date, in_window)

    def cases_on(self, date: dt.date, severity: int) -> int:
        return sum(day == date and self.walk.severity[case] >= severity for day, case in self.first_shown())

    def by_severity(self) -> dict[int, int]:
        """Seconds of the local date by exact severity."""
        return {n: self.seconds_on(self.today, n) - self.seconds_on(self.today, n + 1) for n in range(5)}

    def load_on(self, date: dt.date) -> float:
        """At P = 1 for pictures and video, with or without sound; text 0.5 and audio 0.9."""
        if date not in self._loads:
            self._loads[date] = self._load_on(date)
        return self._loads[date]

    def _load_on(self, date: dt.date) -> float:
        spent: dict[str, int] = {}
        medium: dict[str, float] = {}
        for tick in self.seen:
            if tick.date == date:
                spent[tick.shown.case] = spent.get(tick.shown.case, 0) + text.TICK
                medium[tick.shown.case] = text.MEDIUM.get(tick.shown.medium, 1.0)
        return sum(
            text.WEIGHT[severity]
            * medium[case]
            * ((text.BASE if severity >= 2 else 0) + min(total, text.LONGEST_CASE_FOR_LOAD))
            / 60
            for case, total in spent.items()
            for severity in [self.walk.severity[case]]
        )

    def load_of_days(self, days: int) -> float:
        return sum(self.load_on(self.today - n * DAY) for n in range(days))

    # --- days, weeks, shares ------------------------------------------------------------------------------------------------------------------------

    def severe_day(self, date: dt.date) -> bool:
        """'A day counts from 2 min or 3 cases.'"""
        return self.seconds_on(date, 3) >= 2 * text.MINUTE or self.cases_on(date, 3) >= 3

    def extreme_week(self, monday: dt.date) -> bool:
        """'A week counts from 5 min or 5 cases; less is an off week.'"""
        dates = [monday + n * DAY for n in range(7)]
        return (
            sum(self.seconds_on(d, 4) for d in dates) >= 5 * text.MINUTE
            or sum(self.cases_on(d, 4) for d in dates) >= 5
        )

    def worked_dates(self) -> list[dt.date]:
        return sorted(
            {
                self.person.date(tick.at)
                for tick in self.walk.ticks
                if tick.doing == "work" and tick.at < self.at
            }
        )

    def share(self) -> float:
        return min(self._starter_share(), self._return_share())

    def week(self) -> int | None:
        """The week since somebody began, counted from 1; None where nothing is known."""
        return None if self.person.began is None else (self.today - self.person.began).days // 7 + 1

    def _starter_share(self) -> float:
        week = self.week()
        if week is None or week > 8:
            return 1
        return {1: 0, 2: 0, 3: 0.25, 4: 0.25, 5: 0.5, 6: 0.5, 7: 0.75, 8: 0.75}[week]

    def _return_share(self) -> float:
        dates = sorted({*self.worked_dates(), self.today})
        share = 1.0
        for before, after in itertools.pairwise(dates):
            if (after - before).days > 14:
                since = (self.today - after).days
                share = 0.5 if since < 7 else 0.75 if since < 14 else 1.0
        return share

    def minutes(self, severity: int) -> int:
        value = self.person.value(f"minutes_{severity}", self.at)
        if severity == 1:
            starting = self.week() is not None and (self.week() or 0) <= 2
            return math.floor(value * 0.5) if starting else value
        return math.floor(value * self.share())

    def cases(self, severity: int) -> int:
        return math.floor(self.person.value(f"cases_{severity}", self.at) * self.share())

    # --- what is closed -----------------------------------------------------------------------------------------------------------------------------

    def closed(self, *, counted: bool = False) -> list[Closed]:
        """Every rule that closes something now. 'A reached limit closes what counts towards it and what is worse.'

        `counted`: of a case that counted today already. A limit of so many cases lets so many be seen; a limit of 0 none.
        """
        return [*self._sums(counted=counted), *self._days(), *self._caps()]

    def may_be_seen(self, job: Job) -> bool:
        """Say whether no limit covers this case in hand."""
        counted = (self.today, job.case) in self.first_shown()
        return all(job.severity < rule.severity for rule in self.closed(counted=counted))

    def _sums(self, *, counted: bool = False) -> list[Closed]:
        found = [
            Closed(f"minutes_{n}", n) for n in (1, 3, 4) if self.seconds_at_least(n) >= 60 * self.minutes(n)
        ]
        found += [
            Closed(f"cases_{n}", n)
            for n in (3, 4)
            if self.cases_exactly(n) >= self.cases(n) + (counted and self.cases(n) > 0)
        ]
        for name, days in (("load_day", 1), ("load_7", 7), ("load_28", 28)):
            if self.load_of_days(days) >= self.person.value(name, self.at):
                found.append(Closed(name, 1))
        return found

    def _days(self) -> list[Closed]:
        before = [self.severe_day(self.today - n * DAY) for n in range(1, 7)]
        in_a_row = self.person.value("days_in_a_row", self.at)
        found = []
        if sum(before) >= self.person.value("days_of_7", self.at):
            found.append(Closed("days_of_7", 3))
        if in_a_row < 7 and all(before[:in_a_row]):
            found.append(Closed("days_in_a_row", 3))
        monday = self.today - dt.timedelta(days=self.today.weekday())
        if all(
            self.extreme_week(monday - 7 * n * DAY)
            for n in range(1, self.person.value("weeks_on", self.at) + 1)
        ):
            found.append(Closed("weeks_on", 4))
        if not self.person.agreed_to_4 or (self.week() or 9) < 9:
            found.append(Closed("agreement", 4))
        return found

    def _caps(self) -> list[Closed]:
        found = []
        hour = self.person.local(self.at).hour
        if hour >= 22 or hour < 6:
            found.append(Closed("night", 3))
        if self.outside():
            found.append(Closed("outside", 2))
        if self.last_hour():
            found.append(Closed("last_hour", 3))
        return found

    def parts_on(self, date: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        return sorted(
            (p.begins, p.ends) for p in self.person.parts if self.person.local(p.begins).date() == date
        )

    def outside(self) -> bool:
        """'All time outside the parts, gaps included'; without a plan after the 8 h; within 11 h of the working day before."""
        return self._outside_plan() or self._too_soon()

    def _outside_plan(self) -> bool:
        parts = self.parts_on(self.person.working_date(self.at))
        if parts:
            return not any(begins <= self.at < ends for begins, ends in parts)
        began = self._shift()
        return began is not None and seconds(began, self.at) >= 8 * text.HOUR

    def worked_quarters(self) -> list[dt.datetime]:
        """Work, as the code has it: the quarters of an hour in which anything was shown (see UNDECIDED)."""
        return sorted({tick.quarter for tick in self.seen})

    def _shift(self) -> dt.datetime | None:
        """'Without a plan the shift is 8 h from the first work after 11 h without any, and midnight ends nothing.'"""
        began = last = None
        for worked in self.worked_quarters():
            if last is None or seconds(last, worked) >= 11 * text.HOUR:
                began = worked
            last = worked + QUARTER
        return began if last is not None and seconds(last, self.at) < 11 * text.HOUR else None

    def _too_soon(self) -> bool:
        """'Where less than 11 h lie between the end of one working day and the start of the next, until they have passed.'"""
        mine = self.person.planned_date(self.at)
        worked = history.worked(self.person, self.worked_quarters())
        ends = [one.quarter + QUARTER for one in worked if one.planned != mine]
        dates = {self.person.local(part.begins).date() for part in self.person.parts}
        ends += [self.parts_on(date)[-1][1] for date in dates if date != mine]
        return any(end <= self.at and seconds(end, self.at) < 11 * text.HOUR for end in ends)

    def last_hour(self) -> bool:
        parts = self.parts_on(self.person.working_date(self.at))
        if parts:
            ends = parts[-1][1]
            return ends - dt.timedelta(hours=1) <= self.at < ends
        began = self._shift()
        return began is not None and 7 * text.HOUR <= seconds(began, self.at) < 8 * text.HOUR

    def open(self) -> set[int]:
        """The severities that no limit closes: they may be allocated, and looked at clearly."""
        least = min((rule.severity for rule in self.closed()), default=5)
        return set(range(min(least, 5)))

    def seconds_left(self, severity: int) -> int:
        """Seconds until a limit on minutes closes this severity."""
        return min(
            (60 * self.minutes(n) - self.seconds_at_least(n) for n in (1, 3, 4) if severity >= n),
            default=24 * text.HOUR,
        )

    def is_capped_within(self, job: Job) -> bool:
        """Say whether the hour or the shift closes this severity before the case would be done: what is left before that is 'fewer than it needs'."""
        at = self.at + dt.timedelta(seconds=job.seconds - 1)
        return any(job.severity >= rule.severity for rule in Day(self.walk, at)._caps())

    def opens_at(self, severity: int) -> dt.datetime | None:
        """The first quarter of an hour at which nothing that happened so far closes this severity; None within 8 days."""
        at = quarter(self.at)
        for _ in range(8 * 96):
            at += QUARTER
            if severity in Day(self.walk, at).open():
                return at
        return None


@dataclasses.dataclass(frozen=True)
class Answer:
    """Everything the model says of one person at one instant."""

    allocatable: frozenset[int]
    clear: frozenset[int]
    only_shielded: frozenset[int]
    break_stage: str
    break_length: int
    break_left: int
    break_causes: frozenset[str]
    may_postpone: bool
    queue_work: int
    severe: int
    extreme: int
    load: float
    spacing: int
    run: tuple[str, int]
    run_severe: int
    heard: int
    unheard: int
    by_severity: tuple[int, ...]


def ask(person: Person, events: list[Event], at: dt.datetime) -> Answer:
    """What the text says of this person at `at`, from everything that happened."""
    walk = Walk(person, events, at)
    day = Day(walk)
    holds = walk.break_ is not None and walk.break_.holds(at)
    stage = walk.break_.stage if walk.break_ is not None and (holds or walk.break_.stage == "over") else ""
    opened = frozenset(day.open())
    return Answer(
        allocatable=opened if walk.takes_cases and walk.hand is None else frozenset(),
        clear=frozenset() if holds else opened,
        only_shielded=frozenset() if holds else frozenset(range(5)) - opened,
        break_stage=stage,
        break_length=walk.break_.length if walk.break_ is not None and stage else 0,
        break_left=walk.break_.length - walk.break_.rested if walk.break_ is not None and stage else 0,
        break_causes=frozenset(walk.break_.causes) if walk.break_ is not None and stage else frozenset(),
        may_postpone=walk.may_postpone(at),
        queue_work=walk.queue_work,
        severe=walk.at_least(3),
        extreme=walk.at_least(4),
        load=walk.load(),
        spacing=walk.spacing,
        run=walk.run_category,
        run_severe=walk.run_severe,
        heard=walk.seconds_seen(heard=True),
        unheard=walk.seconds_seen(heard=False),
        by_severity=tuple(day.by_severity().values()),
    )


def fitting(person: Person, events: list[Event], at: dt.datetime, waiting: list[Job]) -> list[Job]:
    """What of the waiting jobs may be offered now.

    'What does not fit before the next break is offered after it'; where nothing fits and no break falls due by half its minutes, the shortest that waits.
    """
    walk = Walk(person, events, at)
    day = Day(walk)
    if not walk.takes_cases or walk.hand is not None:
        return []
    opened = day.open()
    may = [
        job
        for job in waiting
        if job.severity in opened
        and job.seconds <= day.seconds_left(job.severity)
        and not day.is_capped_within(job)
    ]
    fits = [job for job in may if job.seconds <= walk.before_break(job.severity)]
    if fits or not may:
        return fits
    shortest = min(job.seconds for job in may)
    return [job for job in may if job.seconds == shortest]


def preferred(person: Person, events: list[Event], at: dt.datetime, fits: list[Job]) -> list[Job]:
    """Which of the jobs that fit come first by spacing and run, the first two of the rank; spread and the line choose among them.

    'The next 2 cases are ≤ 1 where such wait, else the mildest that waits'; 'after 20 of one category in a row (severity ≥ 1) another one, after 5 of
    severity ≥ 3 in a row a milder one, comes next where it waits'.
    """
    walk = Walk(person, events, at)

    def rank(job: Job) -> tuple[int, int]:
        category, length = walk.run_category
        spacing = job.severity if walk.spacing and job.severity > 1 else 0
        run = int(job.severity >= 1 and job.category == category and length >= text.RUN_OF_CATEGORY)
        return spacing, run + int(job.severity >= 3 and walk.run_severe >= text.RUN_OF_SEVERE)

    best = min(map(rank, fits), default=None)
    return [job for job in fits if rank(job) == best]
