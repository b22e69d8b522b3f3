"""Finalise decisions: give each waiting item its answer, at a place of the platform's feed.

As many decisions as the outbox brings together share a transaction, and each step is one statement for all of them.
Lock order: cases by id → items by id → the platforms' feed heads by id. Positions are given under the head's lock
and become visible when it is let go, so a reader that pages by position misses nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from moderation.exceptions import NotFinal
from moderation.models import Answer, Case, DecidedBy, Decision, DecisionState, Item, ItemRevision, ItemStatus
from moderation.rules.grace import came_later
from moderation.selectors.decisions import (
    answers,
    decision_payload,
    decisions_to_finalise,
    superseded,
    untold,
)
from moderation.services.notices import (
    DECISION_MADE,
    DECISION_SUPERSEDED,
    Notice,
    live_endpoints,
    notify_all,
)
from moderation.statements import TAKE_POSITIONS
from outbox.kinds import RetryAfter, Work

FINALISE: Final = "decision.finalise"
BATCH: Final = 100
"""How many items are answered in one transaction at most, so that a platform's feed is never held for long."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one revision is to be answered."""

    revision: ItemRevision
    decision: Decision
    decided_by: DecidedBy
    event_type: str = DECISION_MADE


def finalise(work: Work) -> None:
    """Make a provisional decision final (outbox kind ``decision.finalise``). May be run again.

    It answers what waits in its case, and anew what another decision answered that it takes the place of, if it differs;
    not what doubts it, and nothing where yet another one stands in its place already. A case with very many items is
    answered in batches, each its own transaction; the decision is final with the last.

    Raises:
        RetryAfter: the grace of the queue is not over.
    """
    decision_id = _id(work)
    while not _finalise_by_itself(decision_id, work.at):
        decision = Decision.objects.get(pk=decision_id)
        if decision.effective_at > work.at:
            raise RetryAfter(decision.effective_at - work.at, "the grace is not over")


def finalise_all(works: Sequence[Work]) -> list[Work]:
    """Do the same for several decisions, in the caller's transaction; return those that it leaves alone.

    These are what `finalise` would raise for, and what does not fit into a batch of items.
    """
    done = _finalise([_id(work) for work in works], works[0].at)
    return [work for work in works if _id(work) not in done]


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
    return _answer([Told(revision, decision, DecidedBy.MATCH)], at)[0]


def _id(work: Work) -> UUID:
    return UUID(work.arguments["decision_id"])


def _finalise_by_itself(decision_id: UUID, at: datetime) -> bool:
    with transaction.atomic():
        return decision_id in _finalise([decision_id], at)


def _finalise(decision_ids: Sequence[UUID], at: datetime) -> set[UUID]:
    """Answer what fits into a batch, in the order of these decisions; return those of which nothing is left to be done."""
    decisions = _locked_with_their_cases(decision_ids)
    ended = {one.pk for one in decisions if one.state != DecisionState.PROVISIONAL}
    due = [one for one in decisions if one.pk not in ended and one.effective_at <= at]
    replaced = superseded([one.pk for one in due])
    told, whole = _to_tell([one for one in due if one.pk not in replaced])
    _answer(told, at)
    final = whole | replaced
    Decision.objects.filter(pk__in=final).update(state=DecisionState.FINAL)
    return ended | final


def _locked_with_their_cases(decision_ids: Sequence[UUID]) -> list[Decision]:
    """Lock the cases first, then read the decisions, in this order: their state changes only under that lock."""
    case_ids = Decision.objects.filter(pk__in=decision_ids).values("case_id")
    list(Case.objects.select_for_update().filter(pk__in=case_ids).order_by("id").values_list("id"))
    found = decisions_to_finalise(decision_ids)
    return [found[one] for one in decision_ids if one in found]


def _to_tell(decisions: Sequence[Decision]) -> tuple[list[Told], set[UUID]]:
    """Lock the items that these decisions answer, as far as they fit into a batch; return also which are answered whole.

    They come in the order of the decisions; of each, what waited for it comes first, in the order in which it was sent.
    """
    if not decisions:
        return [], set()
    found = untold(decisions)
    items, whole = _next(found, decisions)
    of_case = {decision.case_id: decision for decision in decisions}
    place = {decision.pk: number for number, decision in enumerate(decisions)}
    told = [_told(revision, of_case[revision.case_id]) for revision in _lock(found, items)]
    told.sort(
        key=lambda one: (
            place[one.decision.pk],
            one.event_type != DECISION_MADE,
            one.revision.created_at,
            one.revision.pk,
        )
    )
    return told, whole


def _next(
    found: QuerySet[ItemRevision], decisions: Sequence[Decision]
) -> tuple[list[tuple[UUID, UUID]], set[UUID]]:
    """Return the case and item of what fits into a batch, whole cases if it holds one, and whose cases these are."""
    pairs = list(found.order_by("case_id", "item_id").values_list("case_id", "item_id")[: BATCH + 1])
    if len(pairs) <= BATCH:
        return pairs, {decision.pk for decision in decisions}
    cut = pairs.pop()[0]
    fitting = [pair for pair in pairs if pair[0] != cut]
    return fitting or pairs, {decision.pk for decision in decisions if decision.case_id < cut}


def _lock(found: QuerySet[ItemRevision], items: Sequence[tuple[UUID, UUID]]) -> list[ItemRevision]:
    """Lock these items by id and return their revisions, re-read under the lock."""
    case_ids, item_ids = {case_id for case_id, _ in items}, {item_id for _, item_id in items}
    list(Item.objects.select_for_update().filter(pk__in=item_ids).order_by("id").values_list("id"))
    return list(
        found.filter(case_id__in=case_ids, item_id__in=item_ids).only("case_id", "status", "created_at")
    )


def _told(revision: ItemRevision, decision: Decision) -> Told:
    """A person decided what was there to be seen; what joined after that minute was matched with it."""
    later = came_later(created_at=revision.created_at, decided_at=decision.decided_at)
    return Told(
        revision,
        decision,
        DecidedBy.MATCH if later else DecidedBy.PERSON,
        DECISION_MADE if revision.status == ItemStatus.WAITING else DECISION_SUPERSEDED,
    )


def _answer(told: Sequence[Told], at: datetime) -> list[Answer]:
    """Write the answers at the next positions of their feeds, mark the revisions decided, and tell the platforms."""
    if not told:
        return []
    ids = [one.revision.pk for one in told]
    ItemRevision.objects.filter(pk__in=ids).update(status=ItemStatus.DECIDED, ended_at=at)
    positions = _reserve(Counter(one.decision.case.platform_id for one in told))
    made = Answer.objects.bulk_create(
        Answer(
            platform_id=one.decision.case.platform_id,
            revision=one.revision,
            decision=one.decision,
            decided_by=one.decided_by,
            feed_position=next(positions[one.decision.case.platform_id]),
            appealable_until=one.decision.effective_at + timedelta(days=one.decision.case.queue.appeal_days),
            answered_at=at,
        )
        for one in told
    )
    _tell({answer.pk: one.event_type for answer, one in zip(made, told, strict=True)}, positions.keys(), at)
    return made


def _reserve(counts: Mapping[UUID, int]) -> dict[UUID, Iterator[int]]:
    """Take so many next positions of each platform's feed, under its head's lock; return them."""
    taken = {}
    for platform_id in sorted(counts):
        count = counts[platform_id]
        (last,) = TAKE_POSITIONS.row(platform_id=platform_id, count=count) or (0,)
        taken[platform_id] = iter(range(last - count + 1, last + 1))
    return taken


def _tell(event_types: Mapping[UUID, str], platform_ids: Collection[UUID], at: datetime) -> None:
    """Tell the platforms that listen of these answers, in this order."""
    endpoints = live_endpoints(platform_ids)
    if not endpoints:
        return
    heard = answers().filter(platform_id__in=endpoints).in_bulk(list(event_types))
    notices = [
        Notice(
            platform_id=heard[one].platform_id,
            event_type=event_type,
            data=decision_payload(heard[one]),
            answer=heard[one],
        )
        for one, event_type in event_types.items()
        if one in heard
    ]
    notify_all(notices=notices, to=endpoints, at=at)
