"""The pick: one statement that takes the first job of many lanes, raw because every word of it counts.

The first job is that of the smallest (rank, sort_key, id) over all lanes; the first of a lane has a rank of its own where it
is due soon: what WELLBEING.md prefers, of what waits, costs no second look and keeps nobody without a case.

PostgreSQL: each lane gives its first few waiting jobs straight from its index (LATERAL); the best of them
that nobody else has locked is locked and changed in the same statement. Only the outer row is locked, so two
people never wait for each other. If others hold all of the few, the look is widened, and at last waited for:
'nothing' is said only when nothing is there (PERFORMANCE.md 'Claiming').

SQLite: transactions are IMMEDIATE, so nobody else is picking; the same look without locks.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from people.statements import Statement, columns, from_values
from queues.exceptions import JobMoved
from queues.models import Job, JobState
from queues.rules.lanes import OpenLane
from wellbeing.rules import opt_outs
from wellbeing.rules.opt_outs import OptedOut
from wellbeing.rules.turns import DUE_SOON

WIDTHS = (4, 64)
COLUMNS = columns(Job)

# The width is written into the text: as a parameter it would cost the plan its index. The lanes come as one JSON value,
# so that their number is unknown to every plan: PostgreSQL then keeps one plan for all, instead of planning (0.5 ms) what
# it runs in 0.2. The heads are sorted before their rows are fetched, so only as many are fetched as others have locked.
# What a person opted out of by medium or sound is told once for all lanes, as a list that is read once.
_HEADS = """
FROM json_to_recordset(%(lanes)s::json) AS lane (id bigint, seconds bigint, mild_only boolean, rank int, due_rank int)
CROSS JOIN LATERAL (
    SELECT job.id, job.sort_key,
           {rank} AS rank
    FROM queues_job AS job
    WHERE job.lane_id = lane.id AND job.state = 'waiting'
      AND job.expected_seconds <= lane.seconds
      AND (NOT lane.mild_only OR job.medium = 'text' OR job.mild_confirmed)
      AND (NOT job.sound OR NOT %(without_sound)s)
      AND job.medium NOT IN (SELECT value FROM json_array_elements_text(%(without_media)s::json))
      AND NOT EXISTS (
          SELECT 1 FROM queues_skip AS skip WHERE skip.subject = %(subject)s AND skip.case_ref = job.case_ref
      )
    ORDER BY {first}job.sort_key, job.id
    LIMIT {width}
) AS head
"""
_PICK = f"""
UPDATE queues_job SET state = 'claimed', fence = fence + 1
WHERE id = (
    SELECT job.id
    FROM (
        SELECT head.id, head.sort_key, head.rank {_HEADS} ORDER BY head.rank, head.sort_key, head.id
    ) AS first
    JOIN queues_job AS job ON job.id = first.id
    WHERE job.state = 'waiting'
    ORDER BY first.rank, first.sort_key, first.id
    LIMIT 1
    FOR UPDATE OF job {{waiting}}
)
RETURNING CAST({{{{array}}}}({COLUMNS}) AS text)
"""  # noqa: S608 - put together from constants of this module
_BY_RANK = {"rank": "CASE WHEN job.due_at <= %(soon)s THEN lane.due_rank ELSE lane.rank END", "first": ""}
_SHORTEST = {"rank": "job.expected_seconds", "first": "job.expected_seconds, "}
PICK_POSTGRESQL = tuple(
    Statement(_PICK.format(width=width, waiting="SKIP LOCKED", **_BY_RANK)) for width in WIDTHS
)
PICK_AND_WAIT = Statement(_PICK.format(width=WIDTHS[-1], waiting="", **_BY_RANK))
ANY_LEFT = Statement("SELECT EXISTS (SELECT 1 " + _HEADS.format(width=1, **_BY_RANK) + ")")
SHORTEST_POSTGRESQL = Statement(_PICK.format(width=WIDTHS[0], waiting="SKIP LOCKED", **_SHORTEST))

_PICK_SQLITE = f"""
UPDATE queues_job SET state = 'claimed', fence = fence + 1
WHERE id = (
    SELECT first.id
    FROM (
        SELECT json_extract(lane.value, '$.rank') AS rank, json_extract(lane.value, '$.due_rank') AS due_rank, (
            SELECT job.id
            FROM queues_job AS job
            WHERE job.lane_id = json_extract(lane.value, '$.id') AND job.state = 'waiting'
              AND job.expected_seconds <= json_extract(lane.value, '$.seconds')
              AND (NOT json_extract(lane.value, '$.mild_only') OR job.medium = 'text' OR job.mild_confirmed)
              AND (NOT job.sound OR NOT %(without_sound)s)
              AND job.medium NOT IN (SELECT value FROM json_each(%(without_media)s))
              AND NOT EXISTS (
                  SELECT 1 FROM queues_skip AS skip
                  WHERE skip.subject = %(subject)s AND skip.case_ref = job.case_ref
              )
            ORDER BY {{first}}job.sort_key, job.id
            LIMIT 1
        ) AS id
        FROM json_each(%(lanes)s) AS lane
    ) AS first
    JOIN queues_job AS job ON job.id = first.id
    ORDER BY {{rank}}, job.sort_key, job.id
    LIMIT 1
)
RETURNING CAST({{{{array}}}}({COLUMNS}) AS text)
"""  # noqa: S608 - as above
PICK_SQLITE = Statement(
    _PICK_SQLITE.format(
        rank="CASE WHEN job.due_at <= %(soon)s THEN first.due_rank ELSE first.rank END", first=""
    )
)
SHORTEST_SQLITE = Statement(_PICK_SQLITE.format(**_SHORTEST))


def pick(
    *,
    lanes: Sequence[OpenLane],
    subject: UUID,
    at: datetime,
    opted_out: OptedOut = opt_outs.NOTHING,
    waits: bool = True,
) -> Job | None:
    """Set the first job of *lanes* to ``claimed`` with the next fence and return it; None when there is none.

    ``waits``: whether others may be waited for who hold all that was seen.

    Must run inside ``transaction.atomic``, under the person's wellbeing row. Order: (rank, sort_key, id)
    over all lanes at *at* of the wall's clock; cases that this person skipped, and media and sound that they opted out of, are
    left out (categories, languages and queues are no lanes of theirs).

    Raises:
        JobMoved: others took all that was seen, or hold it and may not be waited for: look again in a new transaction.
    """
    if not lanes:
        return None
    parameters = _parameters(lanes, subject, at, opted_out)
    if connection.vendor == "sqlite":
        return _pick_alone(parameters)
    return _pick_with_others(parameters, waits=waits)


def pick_shortest(
    *, lanes: Sequence[OpenLane], subject: UUID, at: datetime, opted_out: OptedOut = opt_outs.NOTHING
) -> Job | None:
    """Do the same with the job that is expected to last the shortest, whatever its rank; what others hold is passed over."""
    if not lanes:
        return None
    shortest = SHORTEST_SQLITE if connection.vendor == "sqlite" else SHORTEST_POSTGRESQL
    return _first(shortest, _parameters(lanes, subject, at, opted_out))


def put_back(*, job: Job) -> None:
    """Let a job wait again that this transaction picked."""
    Job.objects.filter(pk=job.pk, state=JobState.CLAIMED, fence=job.fence).update(state=JobState.WAITING)


def _parameters(
    lanes: Sequence[OpenLane], subject: UUID, at: datetime, opted_out: OptedOut
) -> dict[str, Any]:
    return {
        "lanes": [lane._asdict() for lane in lanes],
        "subject": subject,
        "soon": at + DUE_SOON,
        "without_media": sorted(opted_out.media),
        "without_sound": opted_out.sound,
    }


def _pick_alone(parameters: dict[str, Any]) -> Job | None:
    return _first(PICK_SQLITE, parameters)


def _pick_with_others(parameters: dict[str, Any], *, waits: bool) -> Job | None:
    for statement in PICK_POSTGRESQL:
        job = _first(statement, parameters)
        if job is not None:
            return job
        if not _any_left(parameters):
            return None
    job = _first(PICK_AND_WAIT, parameters) if waits else None
    if job is None and _any_left(parameters):
        raise JobMoved
    return job


def _first(statement: Statement, parameters: dict[str, Any]) -> Job | None:
    row = statement.row(**parameters)
    return None if row is None else from_values(Job, json.loads(row[0]))


def _any_left(parameters: dict[str, Any]) -> bool:
    row = ANY_LEFT.row(**parameters)
    return row is not None and bool(row[0])


def take_offered(*, job: Job) -> bool:
    """Set one ``offering`` job to ``claimed`` with the next fence (in *job* too); False when it moved meanwhile."""
    offered = Job.objects.filter(pk=job.pk, state=JobState.OFFERING, fence=job.fence, lane_id=job.lane_id)
    taken = offered.update(state=JobState.CLAIMED, fence=job.fence + 1)
    if taken:
        job.state, job.fence = JobState.CLAIMED, job.fence + 1
    return taken == 1
