"""The claim that a person holds, read by one prepared statement: it is asked for in every act of a desk, and by every page."""

import json
from typing import Any
from uuid import UUID

from people.statements import Part, Row, fields_of, from_values
from queues.models import Claim, Job, Lane, Queue
from queues.statements import OPEN_CLAIM, OWN_CLAIM


def open_claim(subject: UUID) -> Claim | None:
    """Return the person's claim, live or parked, with its job and lane."""
    statement, parameters = open_claim_part(subject)
    return open_claim_from(statement.row(**parameters))


def open_claim_part(subject: UUID) -> Part:
    """Return the statement that ``open_claim`` runs, for whoever has more to read in the same round trip."""
    return OPEN_CLAIM, {"subject": subject}


def open_claim_from(row: Row | None) -> Claim | None:
    """Return the claim that ``open_claim_part`` has read."""
    return claim_from(row[0] if row else None)


def own_claim(*, subject: UUID, claim_id: UUID) -> Claim | None:
    """Return a claim of this person, live or long closed, with its job, lane and queue."""
    statement, parameters = own_claim_part(subject=subject, claim_id=claim_id)
    return own_claim_from(statement.row(**parameters))


def own_claim_part(*, subject: UUID, claim_id: UUID) -> Part:
    """Return the statement that reads a claim of this person, live or long closed, with its job, lane and queue."""
    return OWN_CLAIM, {"claim_id": claim_id, "subject": subject}


def own_claim_from(row: Row | None) -> Claim | None:
    """Return the claim that ``own_claim_part`` has read; None when there is none, or another's."""
    return claim_from(row[0] if row else None)


def claim_from(text: str | None) -> Claim | None:
    """Return the claim that came as JSON, with its job and lane, and the queue if that came too."""
    if text is None:
        return None
    values, width = json.loads(text), len(fields_of(Claim))
    claim = from_values(Claim, values[:width])
    claim.job = _job(values[width:])
    return claim


def _job(values: list[Any]) -> Job:
    width = len(fields_of(Job))
    job, values = from_values(Job, values[:width]), values[width:]
    width = len(fields_of(Lane))
    job.lane, values = from_values(Lane, values[:width]), values[width:]
    if values:
        job.lane.queue = from_values(Queue, values)
    return job
