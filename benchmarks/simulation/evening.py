"""Evens severe work out over memory, as the sweep and the allocator do over rows: by the same pure rule of the median."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from benchmarks.simulation.desk import Desk
from queues.rules.lanes import LaneFacts
from wellbeing.core.rules.days import quarter_start
from wellbeing.core.rules.ramp import SEVERE_LIMITS, most_in_week, week_of
from wellbeing.core.rules.turns import SEVERE
from wellbeing.limits.rules import spread

OWN_TO_NOBODY = frozenset({"ceiling", "team"})


class Evening:
    """What each queue's people have had of severe work today; kept for a quarter of an hour."""

    def __init__(self, desks: Mapping[int, Desk], lanes: Iterable[LaneFacts], names: Sequence[str]) -> None:
        """Know everybody, and which queues have severe work. ``names``: of the queues, the first with the id 1."""
        self.desks = desks
        self.severe_queues = {
            lane.queue_id: names[lane.queue_id - 1] for lane in lanes if lane.severity >= SEVERE
        }
        self.kept: dict[int, tuple[datetime, int | None]] = {}

    def above_in(self, desk: Desk, at: datetime) -> frozenset[int]:
        """Return in which queues this person has had more of it today than others who may take it."""
        mine = severe_ms(desk, at)
        if mine is None:
            return frozenset()
        queues = [number for number, name in self.severe_queues.items() if name in desk.worker.queues]
        return frozenset(
            number for number in queues if (most := self._most(number, at)) is not None and mine > most
        )

    def in_order(self, line: Sequence[int], *, severity: int, queue_id: int, at: datetime) -> Sequence[int]:
        """Return a line; for severe work whoever has had the fewest minutes of it first."""
        if severity < SEVERE or len(line) < 2 or self._most(queue_id, at) is None:
            return line
        return sorted(line, key=lambda number: _shown(self.desks[number], at) // 60_000)

    def _most(self, queue_id: int, at: datetime) -> int | None:
        now = quarter_start(at)
        if queue_id not in self.kept or self.kept[queue_id][0] != now:
            name = self.severe_queues[queue_id]
            working = [one for one in self.desks.values() if one.working_since and name in one.worker.queues]
            alike = [had for one in working if (had := severe_ms(one, at)) is not None]
            self.kept[queue_id] = now, spread.most_of(alike)
        return self.kept[queue_id][1]


def severe_ms(desk: Desk, at: datetime) -> int | None:
    """Return what somebody has had of severe work today; None for whom nothing is evened out."""
    week = week_of(desk.worker.began_on, on=desk.facts(at).day.date)
    has_own = any(desk.limits[name].scope not in OWN_TO_NOBODY for name in SEVERE_LIMITS)
    if desk.worker.opted_out or has_own or most_in_week(week) is not None:
        return None
    return _shown(desk, at)


def _shown(desk: Desk, at: datetime) -> int:
    ledger = desk.facts(at)
    return sum(ledger.today(severity).shown_ms for severity in (3, 4))
