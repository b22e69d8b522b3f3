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
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from people.statements import Statement, columns, from_values, many_from_json
from queues.exceptions import JobMoved
from queues.models import Job, JobState
from queues.rules.lanes import OpenLane
from queues.services import bookmarks
from wellbeing.core.rules import opt_outs
from wellbeing.core.rules.opt_outs import OptedOut
from wellbeing.core.rules.turns import DUE_SOON

WIDTHS = (4, 64)
COLUMNS = columns(Job)

_LANES_POSTGRESQL = """
FROM json_to_recordset(%(lanes)s::json) AS lane (id bigint, seconds bigint, mild_only boolean, rank int, due_rank int)
"""
_LANES_SQLITE = """
FROM (
    SELECT json_extract(value, '$.id') AS id, json_extract(value, '$.seconds') AS seconds,
           json_extract(value, '$.mild_only') AS mild_only,
           json_extract(value, '$.rank') AS rank, json_extract(value, '$.due_rank') AS due_rank
    FROM json_each(%(lanes)s)
) AS lane
"""
_BOOKMARK = """
LEFT JOIN queues_bookmark AS bookmark ON bookmark.subject = %(subject)s AND bookmark.lane_id = lane.id
"""
# Of each lane what waits after the person's bookmark, from the first on where they have none; and the earlier jobs, few, that
# came to wait at or before it.
_IS_LATER = f"(job.sort_key, job.id) > (COALESCE(bookmark.sort_key, {bookmarks.BEFORE_ALL}), COALESCE(bookmark.job_id, 0))"
_IS_EARLIER = """
bookmark.job_id IS NOT NULL AND (job.sort_key, job.id) <= (bookmark.sort_key, bookmark.job_id)
"""
_FROM_LATER = f"FROM queues_job AS job WHERE {_IS_LATER} AND"
_FROM_EARLIER = f"""
FROM queues_earlierjob AS earlier JOIN queues_job AS job ON job.id = earlier.job_id
WHERE earlier.lane_id = lane.id AND {_IS_EARLIER} AND
"""
# What a person opted out of by medium or sound is told once for all lanes, as a list that is read once.
_IS_ON_TERMS = """
job.lane_id = lane.id AND job.state = 'waiting'
AND job.expected_seconds <= lane.seconds
AND (NOT lane.mild_only OR job.medium = 'text' OR job.mild_confirmed)
AND (NOT job.sound OR NOT %(without_sound)s)
AND job.medium NOT IN (SELECT value FROM {each}(%(without_media)s))
AND NOT EXISTS (
    SELECT 1 FROM queues_skip AS skip WHERE skip.subject = %(subject)s AND skip.case_ref = job.case_ref
)
"""
_LINE = "ORDER BY job.sort_key, job.id"

_NEXT = f"{_FROM_LATER} job.lane_id = lane.id AND job.state = 'waiting' {_LINE}"
_IS_BEHIND = f"""
CASE WHEN NOT EXISTS (
    SELECT 1 FROM (SELECT job.case_ref {_NEXT} LIMIT {bookmarks.MANY}) AS next
    WHERE (
        SELECT 1 FROM queues_skip AS skip WHERE skip.subject = %(subject)s AND skip.case_ref = next.case_ref
    ) IS NULL
) THEN EXISTS (SELECT 1 {_NEXT} LIMIT 1 OFFSET {bookmarks.MANY - 1}) ELSE false END
"""  # noqa: S608 - as above


def _lanes_behind(lanes: str) -> str:
    """Return what reads in which lanes the person's bookmark should move."""
    return f"SELECT CAST({{list}}(lane.id) AS text) {lanes} {_BOOKMARK} WHERE {_IS_BEHIND}"


_PLACE = """
SELECT job.id, job.sort_key, CASE WHEN job.due_at <= %(soon)s THEN lane.due_rank ELSE lane.rank END AS rank
"""


def _heads(width: int) -> str:
    """Return the first jobs of each lane. The width is in the text: as a parameter it would cost the plan its index.

    The lanes come as one JSON value, so that their number is unknown to every plan: PostgreSQL then keeps one plan for all,
    instead of planning (0.5 ms) what it runs in 0.2.
    """
    return f"""
        {_LANES_POSTGRESQL}
        CROSS JOIN LATERAL ({_PLACE} FROM queues_job AS job WHERE {_IS_ON_TERMS} {_LINE} LIMIT {width}) AS head
    """


def _heads_by_bookmarks(width: int) -> str:
    few = f"{_IS_ON_TERMS} {_LINE} LIMIT {width}"
    return f"""
        {_LANES_POSTGRESQL} {_BOOKMARK}
        CROSS JOIN LATERAL (
            SELECT * FROM (({_PLACE} {_FROM_EARLIER} {few}) UNION ALL ({_PLACE} {_FROM_LATER} {few})) AS job
            {_LINE} LIMIT {width}
        ) AS head
    """  # noqa: S608 - as above


_SHORTEST_HEADS = f"""
{_LANES_POSTGRESQL}
CROSS JOIN LATERAL (
    SELECT job.id, job.sort_key, job.expected_seconds AS rank
    FROM queues_job AS job WHERE {_IS_ON_TERMS}
    ORDER BY job.expected_seconds, job.sort_key, job.id LIMIT {WIDTHS[0]}
) AS head
"""  # noqa: S608 - as above


def _pick_from(heads: str, waiting: str = "SKIP LOCKED") -> str:
    """The heads are sorted before their rows are fetched, so only as many are fetched as others have locked."""
    return f"""
        UPDATE queues_job SET state = 'claimed', fence = fence + 1
        WHERE id = (
            SELECT job.id
            FROM (
                SELECT head.id, head.sort_key, head.rank {heads} ORDER BY head.rank, head.sort_key, head.id
            ) AS first
            JOIN queues_job AS job ON job.id = first.id
            WHERE job.state = 'waiting'
            ORDER BY first.rank, first.sort_key, first.id
            LIMIT 1
            FOR UPDATE OF job {waiting}
        )
        RETURNING CAST({{array}}({COLUMNS}) AS text) AS job
    """  # noqa: S608 - as above


def _and_lanes_behind(pick: str) -> str:
    return f"WITH picked AS ({pick}) SELECT (SELECT job FROM picked), ({_lanes_behind(_LANES_POSTGRESQL)})"  # noqa: S608 - as above


class Look(NamedTuple):
    """One way to look on PostgreSQL. ``first``: narrow, then wide; ``waits``: for what others hold too."""

    first: tuple[Statement, ...]
    waits: Statement
    any_left: Statement


PLAIN = Look(
    tuple(Statement(_pick_from(_heads(width))) for width in WIDTHS),
    Statement(_pick_from(_heads(WIDTHS[-1]), waiting="")),
    Statement(f"SELECT EXISTS (SELECT 1 {_heads(1)})"),
)
BY_BOOKMARKS = Look(
    tuple(Statement(_and_lanes_behind(_pick_from(_heads_by_bookmarks(width)))) for width in WIDTHS),
    Statement(_and_lanes_behind(_pick_from(_heads_by_bookmarks(WIDTHS[-1]), waiting=""))),
    Statement(f"SELECT EXISTS (SELECT 1 {_heads_by_bookmarks(1)})"),
)
# The shortest has no place in the line: all of a lane is looked at, and no bookmark counts.
SHORTEST_POSTGRESQL = Statement(_pick_from(_SHORTEST_HEADS))


def _pick_on_sqlite(
    first: str, *, rank: str, tables: str = _LANES_SQLITE, read_with_it: str = ""
) -> Statement:
    return Statement(f"""
        UPDATE queues_job SET state = 'claimed', fence = fence + 1
        WHERE id = (
            SELECT first.id
            FROM (SELECT lane.rank AS rank, lane.due_rank AS due_rank, {first} AS id {tables}) AS first
            JOIN queues_job AS job ON job.id = first.id
            ORDER BY {rank}, job.sort_key, job.id
            LIMIT 1
        )
        RETURNING CAST({{array}}({COLUMNS}) AS text){read_with_it}
    """)  # noqa: S608 - as above


_ONE = f"{_IS_ON_TERMS} {_LINE} LIMIT 1"
_RANK_SQLITE = "CASE WHEN job.due_at <= %(soon)s THEN first.due_rank ELSE first.rank END"
PLAIN_SQLITE = _pick_on_sqlite(f"(SELECT job.id FROM queues_job AS job WHERE {_ONE})", rank=_RANK_SQLITE)  # noqa: S608 - as above
BY_BOOKMARKS_SQLITE = _pick_on_sqlite(
    f"COALESCE((SELECT job.id {_FROM_EARLIER} {_ONE}), (SELECT job.id {_FROM_LATER} {_ONE}))",
    rank=_RANK_SQLITE,
    tables=f"{_LANES_SQLITE} {_BOOKMARK}",
    read_with_it=f", ({_lanes_behind(_LANES_SQLITE)})",
)
SHORTEST_SQLITE = _pick_on_sqlite(
    f"""(
        SELECT job.id FROM queues_job AS job WHERE {_IS_ON_TERMS}
        ORDER BY job.expected_seconds, job.sort_key, job.id LIMIT 1
    )""",  # noqa: S608 - as above
    rank="job.expected_seconds",
)
BEHIND_SQLITE = Statement(_lanes_behind(_LANES_SQLITE))


def pick(
    *,
    lanes: Sequence[OpenLane],
    subject: UUID,
    at: datetime,
    opted_out: OptedOut = opt_outs.NOTHING,
    waits: bool = True,
    by_bookmarks: bool = False,
) -> Job | None:
    """Set the first job of *lanes* to ``claimed`` with the next fence and return it; None when there is none.

    ``waits``: whether others may be waited for who hold all that was seen. ``by_bookmarks``: whether to begin after what the
    person has skipped; worth it for who has bookmarks (``QueueFacts``), and the same job comes either way.

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
        return _pick_alone(parameters, by_bookmarks=by_bookmarks)
    return _pick_with_others(parameters, BY_BOOKMARKS if by_bookmarks else PLAIN, waits=waits)


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


def _pick_alone(parameters: dict[str, Any], *, by_bookmarks: bool) -> Job | None:
    if not by_bookmarks:
        return _first(PLAIN_SQLITE, parameters)
    job = _first(BY_BOOKMARKS_SQLITE, parameters)
    if job is None:
        _look_behind(BEHIND_SQLITE.row(**parameters), parameters)
    return job


def _pick_with_others(parameters: dict[str, Any], look: Look, *, waits: bool) -> Job | None:
    for statement in look.first:
        job = _first(statement, parameters)
        if job is not None:
            return job
        if not _any_left(look, parameters):
            return None
    job = _first(look.waits, parameters) if waits else None
    if job is None and _any_left(look, parameters):
        raise JobMoved
    return job


def _first(statement: Statement, parameters: dict[str, Any]) -> Job | None:
    job, *behind = statement.row(**parameters) or (None,)
    _look_behind(behind, parameters)
    return None if job is None else from_values(Job, json.loads(job))


def _look_behind(behind: Sequence[Any] | None, parameters: dict[str, Any]) -> None:
    """Let the bookmarks that were found to be behind be moved after the commit."""
    if behind:
        bookmarks.move_after_commit(subject=parameters["subject"], lane_ids=many_from_json(behind[0]))


def _any_left(look: Look, parameters: dict[str, Any]) -> bool:
    row = look.any_left.row(**parameters)
    return row is not None and bool(row[0])


def take_offered(*, job: Job) -> bool:
    """Set one ``offering`` job to ``claimed`` with the next fence (in *job* too); False when it moved meanwhile."""
    offered = Job.objects.filter(pk=job.pk, state=JobState.OFFERING, fence=job.fence, lane_id=job.lane_id)
    taken = offered.update(state=JobState.CLAIMED, fence=job.fence + 1)
    if taken:
        job.state, job.fence = JobState.CLAIMED, job.fence + 1
    return taken == 1
