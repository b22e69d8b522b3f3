"""Finalising as it is told, one decision and one row at a time: what `finalise_all` is compared with."""

import json
from datetime import datetime, timedelta

from moderation.models import (
    Answer,
    DecidedBy,
    Decision,
    DecisionState,
    FeedHead,
    ItemRevision,
    ItemStatus,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from moderation.rules.grace import came_later, to_the_minute
from moderation.selectors.decisions import STANDING, categories_of, decision_payload, rfc3339
from moderation.services.notices import DECISION_MADE, DECISION_SUPERSEDED, DELIVER
from outbox.services import promise


def finalise_slowly(decision: Decision, at: datetime) -> bool:
    """Make a decision final, if its time has come; say whether nothing is left to be done for it."""
    decision.refresh_from_db()
    if decision.state != DecisionState.PROVISIONAL:
        return True
    if decision.effective_at > at:
        return False
    if not Decision.objects.filter(supersedes=decision, state__in=STANDING).exists():
        for revision in ItemRevision.objects.filter(case=decision.case).order_by("created_at", "id"):
            if revision.status == ItemStatus.WAITING and revision.doubts_id != decision.pk:
                _tell(revision, decision, DECISION_MADE, at)
        for revision in ItemRevision.objects.filter(case=decision.case).order_by("created_at", "id"):
            if revision.status == ItemStatus.DECIDED and _is_told_otherwise(revision, decision):
                _tell(revision, decision, DECISION_SUPERSEDED, at)
    decision.state = DecisionState.FINAL
    decision.save()
    return True


def _is_told_otherwise(revision: ItemRevision, decision: Decision) -> bool:
    told = list(revision.answers.select_related("decision"))
    if any(answer.decision_id == decision.pk for answer in told):
        return False
    earlier = decision.supersedes
    if earlier is not None and _meaning(earlier) != _meaning(decision):
        return True
    return all(answer.decision.case_id != decision.case_id for answer in told)


def _meaning(decision: Decision) -> tuple[str, set[str]]:
    return decision.action, set(categories_of(decision))


def _tell(revision: ItemRevision, decision: Decision, event_type: str, at: datetime) -> None:
    later = came_later(created_at=revision.created_at, decided_at=decision.decided_at)
    answer = Answer.objects.create(
        platform_id=decision.case.platform_id,
        revision=revision,
        decision=decision,
        decided_by=DecidedBy.MATCH if later else DecidedBy.PERSON,
        feed_position=_next_position(decision),
        appealable_until=decision.effective_at + timedelta(days=decision.case.queue.appeal_days),
        answered_at=at,
    )
    revision.status, revision.ended_at = ItemStatus.DECIDED, at
    revision.save()
    told = {"type": event_type, "timestamp": rfc3339(to_the_minute(at)), "data": decision_payload(answer)}
    endpoints = WebhookEndpoint.objects.filter(platform=answer.platform, disabled_at__isnull=True)
    if not endpoints:
        return
    event = WebhookEvent.objects.create(
        platform_id=answer.platform_id,
        type=event_type,
        body=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
        answer=answer,
        created_at=at,
    )
    for endpoint in endpoints.order_by("id"):
        delivery = WebhookDelivery.objects.create(endpoint=endpoint, event=event, created_at=at)
        promise(kind=DELIVER, arguments={"delivery_id": str(delivery.id)}, at=at)


def _next_position(decision: Decision) -> int:
    head, _ = FeedHead.objects.get_or_create(platform_id=decision.case.platform_id)
    head.position += 1
    head.save()
    return head.position
