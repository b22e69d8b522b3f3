"""Finalise decisions: give each waiting item its answer, at a place of the platform's feed.

Lock order: case → items by id → the platform's feed head. Positions are given under the head's lock
and become visible when it is let go, so a reader that pages by position misses nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from moderation.models import (
    Answer,
    Case,
    DecidedBy,
    Decision,
    DecisionState,
    FeedHead,
    Item,
    ItemRevision,
    ItemStatus,
)
from moderation.rules.grace import came_later
from moderation.selectors.decisions import answers, categories_of, decision_payload, is_superseded
from moderation.services.notices import DECISION_MADE, DECISION_SUPERSEDED, notify
from outbox.kinds import RetryAfter, Work

FINALISE: Final = "decision.finalise"
BATCH: Final = 100


class NotFinal(Exception):
    """The decision is still provisional or was undone: nothing may be told of it."""


def finalise(work: Work) -> None:
    """Make a provisional decision final (outbox kind ``decision.finalise``). May be run again.

    It answers what waits in its case, and anew what another decision answered that it takes the place of, if it differs;
    not what doubts it, and nothing where yet another one stands in its place already. A case with very many items is answered in batches, each its own transaction, so that the
    platform's feed is never held for long; the decision is final with the last.

    Raises:
        RetryAfter: the grace of the queue is not over.
    """
    decision_id = UUID(work.arguments["decision_id"])
    while _answer_batch(decision_id, work.at):
        pass


def answer_match(*, revision: ItemRevision, decision: Decision, at: datetime) -> Answer:
    """Answer a revision that joined a decided case, ``decided_by`` match, in the caller's transaction.

    The caller holds the case's lock and has saved the revision with its media; its status becomes
    decided here. The lock of the platform's feed is taken last, so do this at the end.

    Raises:
        NotFinal: *decision* is provisional; leave the revision waiting, `finalise` will answer it.
    """
    if decision.state != DecisionState.FINAL:
        raise NotFinal
    revision.status, revision.ended_at = ItemStatus.DECIDED, at
    return _answer([revision], decision, at, matched=True)[0]


def _answer_batch(decision_id: UUID, at: datetime) -> bool:
    """Answer some waiting items of the case; say whether there were any left."""
    with transaction.atomic():
        decision = _locked_with_its_case(decision_id)
        if decision.state != DecisionState.PROVISIONAL:
            return False
        if decision.effective_at > at:
            raise RetryAfter(decision.effective_at - at, "the grace is not over")
        if not is_superseded(decision) and _answer_some(decision, at):
            return True
        decision.state = DecisionState.FINAL
        decision.save(update_fields=["state"])
        return False


def _locked_with_its_case(decision_id: UUID) -> Decision:
    """Lock the case first, then read the decision: its state changes only under that lock."""
    case_id = Decision.objects.values_list("case_id", flat=True).get(pk=decision_id)
    Case.objects.select_for_update().get(pk=case_id)
    return Decision.objects.select_related("case__queue", "supersedes").get(pk=decision_id)


def _answer_some(decision: Decision, at: datetime) -> bool:
    of_case = ItemRevision.objects.filter(case_id=decision.case_id)
    waiting = of_case.filter(status=ItemStatus.WAITING).exclude(doubts=decision)
    for found, event_type in ((waiting, DECISION_MADE), (_told_otherwise(decision), DECISION_SUPERSEDED)):
        revisions = _lock(found)
        if revisions:
            _answer(revisions, decision, at, event_type=event_type)
            return True
    return False


def _told_otherwise(decision: Decision) -> QuerySet[ItemRevision]:
    """Return the items of the case that were answered and must now be told something else.

    Those that came from another case, since they were split off from it, by any decision; else, by one that differs from
    the one before it.
    """
    of_case = ItemRevision.objects.filter(case_id=decision.case_id, status=ItemStatus.DECIDED)
    found = of_case.exclude(answers__decision=decision)
    if decision.supersedes is None or _is_same(decision, decision.supersedes):
        found = found.exclude(answers__decision__case_id=decision.case_id)
    return found


def _is_same(decision: Decision, earlier: Decision) -> bool:
    """Whether both ask for the same and found the same."""
    return (decision.action, set(categories_of(decision))) == (earlier.action, set(categories_of(earlier)))


def _lock(waiting: QuerySet[ItemRevision]) -> list[ItemRevision]:
    """Lock the next of these items by id and return their revisions, re-read under the lock."""
    item_ids = list(waiting.order_by("item_id").values_list("item_id", flat=True)[:BATCH])
    list(Item.objects.select_for_update().filter(pk__in=item_ids).order_by("id"))
    return list(waiting.filter(item_id__in=item_ids).order_by("created_at", "id"))


def _answer(
    revisions: Sequence[ItemRevision],
    decision: Decision,
    at: datetime,
    *,
    matched: bool = False,
    event_type: str = DECISION_MADE,
) -> list[Answer]:
    """Write the answers at the next positions of the feed, mark the revisions decided, and tell the platform."""
    ids = [revision.pk for revision in revisions]
    ItemRevision.objects.filter(pk__in=ids).update(status=ItemStatus.DECIDED, ended_at=at)
    platform_id = decision.case.platform_id
    position = _reserve(platform_id, len(revisions))
    until = decision.effective_at + timedelta(days=decision.case.queue.appeal_days)
    made = Answer.objects.bulk_create(
        Answer(
            platform_id=platform_id,
            revision=revision,
            decision=decision,
            decided_by=_decided_by(revision, decision, matched),
            feed_position=position + place,
            appealable_until=until,
            answered_at=at,
        )
        for place, revision in enumerate(revisions, start=1)
    )
    _tell(made, event_type, at)
    return made


def _decided_by(revision: ItemRevision, decision: Decision, matched: bool) -> DecidedBy:
    """A person decided what was there to be seen; what joined after that minute was matched with it."""
    later = matched or came_later(created_at=revision.created_at, decided_at=decision.decided_at)
    return DecidedBy.MATCH if later else DecidedBy.PERSON


def _reserve(platform_id: UUID, count: int) -> int:
    """Take the next *count* positions of the platform's feed; return the last that was taken before."""
    FeedHead.objects.get_or_create(platform_id=platform_id)
    head = FeedHead.objects.select_for_update().get(platform_id=platform_id)
    before = head.position
    head.position += count
    head.save(update_fields=["position"])
    return before


def _tell(made: Sequence[Answer], event_type: str, at: datetime) -> None:
    for answer in answers().filter(pk__in=[answer.pk for answer in made]).order_by("feed_position"):
        notify(
            platform_id=answer.platform_id,
            event_type=event_type,
            data=decision_payload(answer),
            at=at,
            answer=answer,
        )
