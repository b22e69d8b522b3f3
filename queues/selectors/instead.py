"""What the queues of a team say to its people: the other paid work that they name, the languages that come to them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from people.selectors import team_of
from queues.models import HANDS_OUT, Lane, Queue


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


def languages_that_come(subject: UUID, *, at: datetime) -> set[str]:
    """Return the languages, without regions, of all that ever came to the queues of a person's team; two queries."""
    mine = Q(queue__every_team=True) | Q(queue__teams=team_of(subject, at=at))
    found = Lane.objects.filter(mine).exclude(language="").values_list("language", flat=True).distinct()
    return {language.partition("-")[0].lower() for language in found}
