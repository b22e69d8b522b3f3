"""What a record comes to: the figures of one floor, to stand beside those of the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.simulation.checker import by_rule, violations
from benchmarks.simulation.people import Worker
from benchmarks.simulation.record import Look, Record, Rest

SEVERE = 3
LONG_REST = timedelta(minutes=10)


@dataclass
class Figures:
    """Figures of one floor. ``severe_minutes``: person → minutes at severity 3 and up; the hours are paid ones.

    ``decisions``: by people. ``answered``: items that a decision answered; ``due`` those whose due time came, ``met`` those
    of them that were in time. ``longest_severe_run``: the most cases of severity 3 and up that one person saw one after the
    other, without a milder one or a rest of 10 min between. ``severe_a_day``: day → minutes of all people.
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
    broken: dict[str, int] = field(default_factory=dict)
    severe_minutes: dict[int, float] = field(default_factory=dict)
    severe_a_day: dict[int, float] = field(default_factory=dict)

    @property
    def violations(self) -> int:
        """How many times a rule was broken."""
        return sum(self.broken.values())

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
            "paid_idle_hours": round(self.idle_hours, 1),
        }


def figures_of(record: Record, staff: Sequence[Worker], *, begins_at: datetime, ends_at: datetime) -> Figures:
    """Add a record up. Items whose due time comes after *ends_at* say nothing about due times."""
    due = [(case, at) for case, at in record.wanted if at <= ends_at]
    decided = record.decided
    runs = _longest_runs(record)
    return Figures(
        decisions=len(record.looks),
        answered=sum(case in decided for case, _ in record.wanted),
        due=len(due),
        met=sum(case in decided and decided[case] <= at for case, at in due),
        longest_severe_run=max(runs, default=0),
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
        ):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        whole.longest_severe_run = max(whole.longest_severe_run, one.longest_severe_run)
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


def _longest_runs(record: Record) -> list[int]:
    """Return the longest run of each person."""
    longest: dict[int, int] = {}
    run: dict[int, int] = {}
    both: list[Look | Rest] = [*record.looks, *record.rests]
    for one in sorted(both, key=lambda each: each.begins_at):
        is_severe = isinstance(one, Look) and one.severity >= SEVERE
        is_short = not isinstance(one, Look) and one.ends_at - one.begins_at < LONG_REST
        if not is_short:
            run[one.person] = run.get(one.person, 0) + 1 if is_severe else 0
        longest[one.person] = max(longest.get(one.person, 0), run.get(one.person, 0))
    return list(longest.values())
