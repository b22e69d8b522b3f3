"""How severe cases were shared within each queue in the last full week: for the wellbeing officer. Nobody is named."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from people.selectors import staff_of
from queues.models import Claim, Queue
from queues.rules.sharing import Share, shares

SEVERE = 3
WEEK = timedelta(days=7)
DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class SharedQueue:
    """``shares``: what groups of five and more had of the severe cases; empty where nothing may be told."""

    name: str
    platform: str
    shares: list[Share]


def last_full_week(at: datetime) -> tuple[datetime, datetime]:
    """Return when the last week from Monday to Sunday (UTC) began and ended."""
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    end = today - timedelta(days=today.weekday())
    return end - WEEK, end


def shared_queues(at: datetime) -> list[SharedQueue]:
    """Return every queue with how its severe cases were shared in the last full week; what is told changes once a week."""
    begin, end = last_full_week(at)
    cases, teams = _cases(begin, end), _teams()
    people = {(worker.subject, worker.team_id) for worker in staff_of(None, at=end)}
    queues = Queue.objects.select_related("platform").order_by("platform__name", "name", "pk")
    return [
        SharedQueue(
            name=queue.name,
            platform=queue.platform.name,
            shares=shares(
                cases[queue.pk].get(subject, 0)
                for subject, team in people
                if queue.every_team or team in teams[queue.pk]
            ),
        )
        for queue in queues
    ]


def _cases(begin: datetime, end: datetime) -> Mapping[int, dict[UUID, int]]:
    """Return queue id → person → how many severe cases they decided."""
    decided = Claim.objects.filter(closed_reason=DECIDED, closed_at__gte=begin, closed_at__lt=end)
    severe = decided.filter(job__lane__severity__gte=SEVERE).values("job__lane__queue_id", "subject")
    found: defaultdict[int, dict[UUID, int]] = defaultdict(dict)
    for row in severe.annotate(cases=Count("pk")).order_by():
        found[row["job__lane__queue_id"]][row["subject"]] = row["cases"]
    return found


def _teams() -> Mapping[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for queue_id, team_id in Queue.teams.through.objects.values_list("queue_id", "team_id"):
        found[queue_id].add(team_id)
    return found
