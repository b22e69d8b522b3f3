"""The doors to one object of a platform, or of a team. What is another's looks like what does not exist."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404

from moderation.exceptions import NoSuchId, NotFound
from moderation.models import Answer, Item
from moderation.rules import public_ids
from queues.models import Queue


def get_item_for(*, platform_id: UUID, public_id: str) -> Item:
    """Return the platform's item ``itm_…``.

    Raises:
        NotFound: there is none, or it is another platform's.
    """
    item = Item.objects.filter(platform_id=platform_id, id=_read(public_ids.ITEM, public_id)).first()
    if item is None:
        raise NotFound
    return item


def get_answer_for(*, platform_id: UUID, public_id: str) -> Answer:
    """Return the platform's decision ``dec_…``, which is one item's answer.

    Raises:
        NotFound: there is none, or it is another platform's.
    """
    answers = Answer.objects.filter(platform_id=platform_id, id=_read(public_ids.DECISION, public_id))
    answer = answers.first()
    if answer is None:
        raise NotFound
    return answer


def get_queue_for(*, team_id: int, queue_id: int) -> Queue:
    """Return a queue that the team of a lead works on: its own, or one that every team works on.

    Raises:
        Http404: there is none, or it is another team's.
    """
    of_team = Queue.teams.through.objects.filter(queue_id=queue_id, team_id=team_id)
    queue = Queue.objects.filter(
        Q(every_team=True) | Q(pk__in=of_team.values("queue_id")), pk=queue_id
    ).first()
    if queue is None:
        raise Http404
    return queue


def _read(prefix: str, public_id: str) -> UUID:
    try:
        return public_ids.read(prefix, public_id)
    except NoSuchId:
        raise NotFound from None
