"""What a record comes to: the figures of one floor, to stand beside those of the other."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.simulation.checker import by_rule, violations
from benchmarks.simulation.people import AWAY, GRAPHIC, LONG_AGO, Worker
from benchmarks.simulation.record import Look, Record, Rest

SEVERE = 3
LONG_REST = timedelta(minutes=10)


@dataclass
class Figures:
    """Figures of one floor. ``severe_minutes``: person → minutes at severity 3 and up; the hours are paid ones.

    ``decisions``: by people. ``answered``: items that a decision answered; ``due`` those whose due time came, ``met`` those
    of them that were in time. ``longest_severe_run``: the most cases of severity 3 and up that one person saw one after the
    other, without a milder one or a rest of 10 min between; ``longest_avoidable_run``: the same of those that came while
    something milder waited that they might take. ``severe_per_hour``: of each site the minutes of those on its severe queues
    who may take all of it, per paid hour. ``severe_left``: items of ``severe_wanted`` not answered. ``severe_a_day``: day → minutes of all people.
    """

    decisions: int = 0
    answered: int = 0
    due: int = 0
    met: int = 0
    longest_severe_run: int = 0
    paid_hours: float = 0.0
    idle_hours: float = 0.0
    rest_hours: float = 0.0
    refusals: int = 0
    wanted: int = 0
    severe_wanted: int = 0
    severe_left: int = 0
    longest_avoidable_run: int = 0
    severe_per_hour: list[list[float]] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)
    severe_minutes: dict[int, float] = field(default_factory=dict)
    severe_a_day: dict[int, float] = field(default_factory=dict)

    @property
    def violations(self) -> int:
        """How many times a rule was broken."""
        return sum(self.broken.values())

    @property
    def gini_eligible(self) -> float:
        """How unevenly severe minutes per paid hour are spread within a site's team, on average over the people."""
        many = sum(len(team) for team in self.severe_per_hour)
        return sum(gini(team) * len(team) for team in self.severe_per_hour) / max(many, 1)

    def told(self) -> dict[str, float]:
        """Return the figures under the names that ``--json`` promises."""
        return {
            "decisions": self.decisions,
            "violations": self.violations,
            "severe_minutes_per_decision": round(
                sum(self.severe_minutes.values()) / max(self.decisions, 1), 4
            ),
            "gini_severe_minutes": round(gini(list(self.severe_minutes.values())), 4),
            "longest_severe_run": self.longest_severe_run,
            "due_met_share": round(self.met / max(self.due, 1), 4),
            "answered_share": round(self.answered / max(self.wanted, 1), 4),
            "gini_severe_minutes_eligible": round(self.gini_eligible, 4),
            "longest_severe_run_avoidable": self.longest_avoidable_run,
            "severe_minutes_per_item": round(sum(self.severe_minutes.values()) / max(self.answered, 1), 4),
            "severe_items_left_share": round(self.severe_left / max(self.severe_wanted, 1), 4),
            "paid_idle_hours": round(self.idle_hours, 1),
        }


def figures_of(record: Record, staff: Sequence[Worker], *, begins_at: datetime, ends_at: datetime) -> Figures:
    """Add a record up. Items whose due time comes after *ends_at* say nothing about due times."""
    due = [(case, at) for case, at, _ in record.wanted if at <= ends_at]
    decided = record.decided
    severe = [case for case, _, severity in record.wanted if severity >= SEVERE]
    return Figures(
        decisions=len(record.looks),
        answered=sum(case in decided for case, _, _ in record.wanted),
        wanted=len(record.wanted),
        severe_wanted=len(severe),
        severe_left=sum(case not in decided for case in severe),
        due=len(due),
        met=sum(case in decided and decided[case] <= at for case, at in due),
        longest_severe_run=_longest_run(record, lambda _: True),
        longest_avoidable_run=_longest_run(record, lambda look: (look.person, look.case) in record.avoidable),
        severe_per_hour=[_severe_per_hour(record, staff)],
        paid_hours=_hours((one.left_at - one.begins_at) for one in record.worked),
        idle_hours=sum(record.waited.values()) / 3600,
        rest_hours=_hours((one.ends_at - one.begins_at) for one in record.rests),
        refusals=len(record.refusals),
        broken=by_rule(violations(record, staff)),
        severe_minutes=_severe_minutes(record, staff),
        severe_a_day=_severe_a_day(record, begins_at),
    )


def together(parts: Iterable[Figures]) -> Figures:
    """Return the figures of several sites as one."""
    whole = Figures()
    for one in parts:
        for name in (
            "decisions",
            "answered",
            "due",
            "met",
            "paid_hours",
            "idle_hours",
            "rest_hours",
            "refusals",
            "wanted",
            "severe_wanted",
            "severe_left",
            "severe_per_hour",
        ):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        whole.longest_severe_run = max(whole.longest_severe_run, one.longest_severe_run)
        whole.longest_avoidable_run = max(whole.longest_avoidable_run, one.longest_avoidable_run)
        whole.severe_minutes |= {
            len(whole.severe_minutes) + n: m for n, m in enumerate(one.severe_minutes.values())
        }
        for rule, count in one.broken.items():
            whole.broken[rule] = whole.broken.get(rule, 0) + count
        for day, minutes in one.severe_a_day.items():
            whole.severe_a_day[day] = whole.severe_a_day.get(day, 0.0) + minutes
    return whole


def gini(values: Sequence[float]) -> float:
    """Return how unevenly something is spread: 0 where all have the same, towards 1 where one has everything."""
    total = sum(values)
    if not total:
        return 0.0
    ranked = sum(rank * value for rank, value in enumerate(sorted(values), start=1))
    return 2 * ranked / (len(values) * total) - (len(values) + 1) / len(values)


def _hours(durations: Iterable[timedelta]) -> float:
    return sum(one.total_seconds() for one in durations) / 3600


def _minutes(look: Look) -> float:
    return (look.ends_at - look.begins_at).total_seconds() / 60


def _severe_minutes(record: Record, staff: Sequence[Worker]) -> dict[int, float]:
    found = {worker.number: 0.0 for worker in staff}
    for look in record.looks:
        found[look.person] += _minutes(look) if look.severity >= SEVERE else 0.0
    return found


def _severe_a_day(record: Record, begins_at: datetime) -> dict[int, float]:
    found: dict[int, float] = {}
    for look in record.looks:
        if look.severity >= SEVERE:
            day = (look.begins_at - begins_at).days
            found[day] = found.get(day, 0.0) + _minutes(look)
    return found


def _severe_per_hour(record: Record, staff: Sequence[Worker]) -> list[float]:
    """Return severe minutes per paid hour of those whom severe work is evened out for, on the queues with most of it.

    Starters, nights, those who did not agree or opted out of something, and those who were away are left out.
    """
    away = {number for number in range(len(staff)) if number % 100 in AWAY}
    alike = [
        one
        for one in staff
        if one.queues == GRAPHIC
        and one.began_on == LONG_AGO
        and one.agreed
        and one.rota != "night"
        and not one.opted_out
        and one.number not in away
    ]
    hours = dict.fromkeys((one.number for one in alike), 0.0)
    for one in record.worked:
        if one.person in hours:
            hours[one.person] += _hours([one.left_at - one.begins_at])
    minutes = _severe_minutes(record, staff)
    return [minutes[number] / worked for number, worked in hours.items() if worked]


def _longest_run(record: Record, counts: Callable[[Look], bool]) -> int:
    """Return the longest run of anybody, of those severe looks that count; the others do not end it."""
    longest = 0
    run: dict[int, int] = {}
    both: list[Look | Rest] = [*record.looks, *record.rests]
    for one in sorted(both, key=lambda each: each.begins_at):
        run[one.person] = _run_after(run.get(one.person, 0), one, counts)
        longest = max(longest, run[one.person])
    return longest


def _run_after(run: int, one: Look | Rest, counts: Callable[[Look], bool]) -> int:
    if isinstance(one, Rest):
        return run if one.ends_at - one.begins_at < LONG_REST else 0
    return run + counts(one) if one.severity >= SEVERE else 0
