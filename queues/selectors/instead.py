"""What other paid work the queues of a team name, for when their severe work is closed to somebody."""

from dataclasses import dataclass

from django.db.models import Q

from queues.models import HANDS_OUT, Queue


@dataclass(frozen=True, slots=True)
class OtherWork:
    """What, and with whom (may be empty), as a lead wrote it."""

    what: str
    whom: str


def other_work_of(team_id: int | None) -> list[OtherWork]:
    """Return what the queues name that a team takes from now, each once, by queue; one query."""
    mine = Q(every_team=True) | Q(teams=team_id)
    found = Queue.objects.filter(mine, state__in=HANDS_OUT).exclude(other_work="").order_by("name", "id")
    return [OtherWork(*row) for row in dict.fromkeys(found.values_list("other_work", "other_work_with"))]
