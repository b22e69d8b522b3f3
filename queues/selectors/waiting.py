"""What is open in a queue at this moment, from the maintained counters: the cost is the same at ten jobs and at a million.

``Tally`` and the changes that are not folded into it yet are added in one statement, which therefore sees every job
once. Raw, because the query language of the ORM has no union to add up, and because SQLite uses a partial index only where
its condition stands in the text; both databases read the same text.

All of it moves with each decision, so it is for ``services.counts`` alone; what pages tell is in ``selectors.told``.
"""

from datetime import UTC, datetime
from typing import Any

from queues.statements import DECIDED_BETWEEN, OLDEST_OPEN_BY_LANE, OPEN_WORK_BY_LANE


def open_work(queue_id: int) -> list[tuple[int, int, int, int]]:
    """Return what is open in a queue: lane id, due quarter, jobs, expected seconds of all of them together."""
    rows = OPEN_WORK_BY_LANE.rows(queue_id=queue_id)
    return [(lane, quarter, int(jobs), int(seconds)) for lane, quarter, jobs, seconds in rows]


def oldest_open(queue_id: int) -> list[tuple[int, datetime]]:
    """Return each lane of a queue in which something is open, and since when its oldest job is; by an index."""
    rows = OLDEST_OPEN_BY_LANE.rows(queue_id=queue_id)
    return [(lane, _instant(oldest)) for lane, oldest in rows if oldest is not None]


def decided_in(queue_id: int, *, after: datetime, until: datetime) -> tuple[int, set[int]]:
    """Return how many people decided in a queue after one instant, until another, and in which of its lanes."""
    rows = DECIDED_BETWEEN.rows(queue_id=queue_id, after=after, until=until)
    return len({subject for subject, _ in rows}), {lane for _, lane in rows}


def _instant(told: Any) -> datetime:
    """SQLite tells instants as text, in UTC."""
    found: datetime = datetime.fromisoformat(told) if isinstance(told, str) else told
    return found if found.tzinfo else found.replace(tzinfo=UTC)
