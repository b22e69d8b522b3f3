"""What waits, from the maintained counters: the cost is the same at ten jobs and at a million.

``Tally`` and the changes that are not folded into it yet are added in one statement, which therefore sees every job
once. Raw, because the query language of the ORM has no union to add up; both databases read the same text.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.dateparse import parse_datetime

from queues.models import HANDS_OUT, NO_DUE_TIME
from queues.rules.outlook import Waiting
from queues.rules.quarters import quarter_of, quarter_start

_CHANGES = """
    SELECT lane_id, due_quarter, jobs, seconds FROM queues_tally
    UNION ALL
    SELECT lane_id, due_quarter, jobs, seconds FROM queues_tallychange
"""
# Which queues a team works on; `every_team` alone is true on both databases.
_OF_TEAM = """
    queue.every_team OR EXISTS (
        SELECT 1 FROM queues_queue_teams AS works WHERE works.queue_id = queue.id AND works.team_id = %(team)s
    )
"""
LANES_OF_TEAM = f"""
WITH counted AS (
    SELECT lane_id, SUM(jobs) AS jobs,
           SUM(CASE WHEN due_quarter BETWEEN 0 AND %(soon)s THEN jobs ELSE 0 END) AS due_soon
    FROM ({_CHANGES}) AS told
    GROUP BY lane_id
)
SELECT queue.id, queue.name, platform.name, queue.state, queue.is_default, queue.every_team,
       lane.language, lane.severity, lane.skill, lane.category, counted.jobs, counted.due_soon,
       (
           SELECT MIN(job.created_at) FROM queues_job AS job
           WHERE job.lane_id = lane.id AND job.state IN ('offering', 'waiting')
       ) AS oldest_at
FROM queues_queue AS queue
JOIN people_platform AS platform ON platform.id = queue.platform_id
LEFT JOIN queues_lane AS lane ON lane.queue_id = queue.id
LEFT JOIN counted ON counted.lane_id = lane.id
WHERE {_OF_TEAM}
ORDER BY platform.name, queue.name, queue.id, lane.id
"""  # noqa: S608 - put together from constants of this module
WORK_OF_TEAM = f"""
SELECT lane.severity, told.due_quarter, SUM(told.jobs), SUM(told.seconds)
FROM ({_CHANGES}) AS told
JOIN queues_lane AS lane ON lane.id = told.lane_id
JOIN queues_queue AS queue ON queue.id = lane.queue_id
WHERE queue.state IN ({", ".join(f"'{state}'" for state in HANDS_OUT)}) AND ({_OF_TEAM})
GROUP BY lane.severity, told.due_quarter
HAVING SUM(told.jobs) > 0
"""  # noqa: S608 - as above


class LaneRow(NamedTuple):
    """A lane of a queue with what waits in it; a queue without lanes has one row with ``severity`` None."""

    queue_id: int
    queue_name: str
    platform_name: str
    state: str
    is_default: bool
    every_team: bool
    language: str | None
    severity: int | None
    skill: str | None
    category: str | None
    jobs: int
    due_soon: int
    oldest_at: datetime | None


def lanes_of_team(team_id: int, *, soon_at: datetime) -> list[LaneRow]:
    """Return the lanes of every queue that a team works on, in the order of pages; one statement.

    ``due_soon`` counts what is due until the end of the quarter of an hour that holds *soon_at*.
    """
    rows = _rows(LANES_OF_TEAM, {"team": team_id, "soon": quarter_of(soon_at)})
    return [_lane_row(row) for row in rows]


def work_of_team(team_id: int) -> list[Waiting]:
    """Return what waits for a team in queues that hand out, by severity and due time; one statement."""
    return [
        Waiting(severity, None if quarter == NO_DUE_TIME else quarter_start(quarter), int(jobs), int(seconds))
        for severity, quarter, jobs, seconds in _rows(WORK_OF_TEAM, {"team": team_id})
    ]


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _lane_row(row: tuple[Any, ...]) -> LaneRow:
    found = LaneRow(*row)
    # A lane in which nothing waits has no counters.
    return found._replace(
        jobs=int(found.jobs or 0), due_soon=int(found.due_soon or 0), oldest_at=_instant(found.oldest_at)
    )


def _instant(told: datetime | str | None) -> datetime | None:
    """SQLite tells instants as text, in UTC."""
    found = parse_datetime(told) if isinstance(told, str) else told
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
