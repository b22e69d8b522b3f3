"""The line of desks that wait. Last in the lock order but for ``rev``."""

from datetime import datetime
from uuid import UUID

from people.selectors import members_of
from queues.models import Job, Skip, Ticket
from queues.rules.leases import TICKET_FRESH, TICKET_KEPT
from queues.services.spread import evens_out, fewest_first
from wellbeing.core.rules.turns import SEVERE


def keep(*, subject: UUID, at: datetime) -> None:
    """Stand in the line, or go on standing at the same place unless the desk was silent for too long."""
    renewed = Ticket.objects.filter(pk=subject, last_beat_at__gte=at - TICKET_KEPT).update(last_beat_at=at)
    if not renewed:
        Ticket.objects.update_or_create(subject=subject, defaults={"since": at, "last_beat_at": at})


def drop(*, subject: UUID) -> None:
    """Leave the line."""
    Ticket.objects.filter(pk=subject).delete()


def is_fresh(*, subject: UUID, at: datetime) -> bool:
    """Tell whether the desk stands in the line and beat within the last 10 s."""
    return Ticket.objects.filter(pk=subject, last_beat_at__gte=at - TICKET_FRESH).exists()


def line_for(*, job: Job, at: datetime) -> list[UUID]:
    """Return the waiting desks to ask about *job*, in order: their team works on its queue, they did not skip it.

    Read without locks: whoever is asked is checked again under their own wellbeing row.
    """
    fresh = Ticket.objects.filter(last_beat_at__gte=at - TICKET_FRESH).order_by("since", "subject")
    line = list(fresh.values_list("subject", flat=True))
    if not line or not job.lane.queue.hands_out:
        return []
    skipped = set(Skip.objects.filter(case_ref=job.case_ref).values_list("subject", flat=True))
    willing = [subject for subject in line if subject not in skipped]
    if not job.lane.queue.every_team:
        teams = job.lane.queue.teams.values_list("id", flat=True)
        members = {subject for team in teams for subject in members_of(team, at=at)}
        willing = [subject for subject in willing if subject in members]
    return _in_order(willing, job=job, at=at)


def _in_order(line: list[UUID], *, job: Job, at: datetime) -> list[UUID]:
    """Return the longest waiting first; of severe work that is evened out, whoever has had the least of it today."""
    is_severe = job.lane.severity >= SEVERE and len(line) > 1
    return fewest_first(line, at=at) if is_severe and evens_out(job.lane.queue_id, at=at) else line


def older(*, job: Job, subject: UUID, at: datetime) -> list[UUID]:
    """Return the desks to ask about *job* that have waited longer than this person."""
    line = line_for(job=job, at=at)
    return line[: line.index(subject)] if subject in line else line
