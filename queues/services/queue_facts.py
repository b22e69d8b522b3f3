"""What the queues know about one person, read by one statement: the case in hand, the line, the lanes of their team."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from people.selectors import TEAM
from people.statements import Part, Row, Statement, many_from_json
from queues.models import HANDS_OUT, Claim
from queues.rules.lanes import LaneFacts
from queues.rules.leases import TICKET_FRESH
from queues.selectors.claims import claim_from
from queues.statements import OPEN_CLAIM_WITH_QUEUE
from wellbeing.core.rules.days import QUARTER, quarter_start

STATES = ", ".join(f"'{state}'" for state in HANDS_OUT)

# First in the line is who waits longest of those whose desk beat lately, or this person wherever they stand. The lanes
# are those of `lanes.open_to`.
QUEUE_FACTS = Statement(f"""
SELECT
    CAST(({OPEN_CLAIM_WITH_QUEUE}) AS text),
    CAST((
        SELECT ticket.subject FROM queues_ticket AS ticket
        WHERE ticket.subject = %(subject)s OR ticket.last_beat_at >= %(fresh_since)s
        ORDER BY ticket.since, ticket.subject
        LIMIT 1
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(lane.id, lane.language, lane.severity, lane.skill, lane.category, lane.queue_id))
        FROM queues_lane AS lane
        JOIN queues_queue AS queue ON queue.id = lane.queue_id
        WHERE queue.state IN ({STATES}) AND (
            queue.every_team OR EXISTS (
                SELECT 1 FROM queues_queue_teams AS works
                WHERE works.queue_id = queue.id AND works.team_id IN ({TEAM})
            )
        )
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(spread.queue_id, spread.most_ms)) FROM queues_spread AS spread
        WHERE spread.quarter_at >= %(spread_since)s AND spread.most_ms IS NOT NULL
    ) AS text),
    EXISTS (SELECT 1 FROM queues_bookmark AS bookmark WHERE bookmark.subject = %(subject)s)
""")  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """``claim``: live or parked, with job, lane and queue. ``first``: whose ticket is the oldest; None when nobody waits.

    ``lanes``: all lanes of the queues that the person's team works on. ``most_severe``: queue → above how many ms of the day
    somebody is put back there. ``has_bookmarks``: whether their pick may begin after what they have skipped.
    """

    claim: Claim | None
    first: UUID | None
    lanes: tuple[LaneFacts, ...]
    most_severe: Mapping[int, int] = field(default_factory=dict)
    has_bookmarks: bool = False


def queue_facts_part(*, subject: UUID, at: datetime) -> Part:
    """Return the statement that tells how a person stands at *at* of the wall's clock."""
    return QUEUE_FACTS, {
        "subject": subject,
        "fresh_since": at - TICKET_FRESH,
        "team_at": at,
        "spread_since": quarter_start(at) - QUARTER,
    }


def queue_facts_from(row: Row | None) -> QueueFacts:
    """Return what ``queue_facts_part`` has read."""
    claim, first, lanes, spreads, has_bookmarks = row or (None, None, None, None, False)
    return QueueFacts(
        claim=claim_from(claim),
        first=None if first is None else UUID(first),
        lanes=tuple(LaneFacts(*row) for row in many_from_json(lanes)),
        most_severe=dict(many_from_json(spreads)),
        has_bookmarks=bool(has_bookmarks),
    )
