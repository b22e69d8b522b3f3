"""Tell a platform that something happened: the event as it will be sent, and a promise per endpoint."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from moderation.models import Answer, DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent
from moderation.rules.grace import to_the_minute
from moderation.selectors.decisions import rfc3339
from outbox.services import promise

DECISION_MADE: Final = "decision.made"
DECISION_SUPERSEDED: Final = "decision.superseded"
ITEM_QUARANTINED: Final = "item.quarantined"
ENDPOINT_TEST: Final = "endpoint.test"

DELIVER: Final = "webhook.deliver"


def notify(
    *, platform_id: UUID, event_type: str, data: dict[str, Any], at: datetime, answer: Answer | None = None
) -> WebhookEvent | None:
    """Write an event of *platform_id* and promise its delivery to each live endpoint, in the caller's transaction.

    None where the platform has no live endpoint: it reads the feed.
    """
    live = WebhookEndpoint.objects.filter(platform_id=platform_id, disabled_at__isnull=True)
    endpoints = list(live.order_by("id"))
    if not endpoints:
        return None
    event = _write(platform_id=platform_id, event_type=event_type, data=data, at=at, answer=answer)
    for endpoint in endpoints:
        _promise_delivery(WebhookDelivery.objects.create(endpoint=endpoint, event=event, created_at=at), at)
    return event


def notify_endpoint(
    *, endpoint: WebhookEndpoint, event_type: str, data: dict[str, Any], at: datetime
) -> WebhookDelivery:
    """Write an event for one endpoint alone, as a test does, and promise its delivery, in the caller's transaction."""
    event = _write(platform_id=endpoint.platform_id, event_type=event_type, data=data, at=at, answer=None)
    delivery = WebhookDelivery.objects.create(endpoint=endpoint, event=event, created_at=at)
    _promise_delivery(delivery, at)
    return delivery


def _write(
    *, platform_id: UUID, event_type: str, data: dict[str, Any], at: datetime, answer: Answer | None
) -> WebhookEvent:
    body = json.dumps(
        {"type": event_type, "timestamp": rfc3339(to_the_minute(at)), "data": data},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return WebhookEvent.objects.create(
        platform_id=platform_id, type=event_type, body=body, answer=answer, created_at=at
    )


def _promise_delivery(delivery: WebhookDelivery, at: datetime) -> None:
    promise(kind=DELIVER, arguments={"delivery_id": str(delivery.id)}, at=at)


class StillPending(Exception):
    """The delivery is on its way already."""


def replay(*, delivery: WebhookDelivery, at: datetime) -> None:
    """Send a delivery again, through the whole schedule: what was exhausted, cancelled, or lost by its receiver.

    Raises:
        StillPending: it has not ended yet.
    """
    with transaction.atomic():
        ended = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.PENDING)
        if not ended.update(state=DeliveryState.PENDING, ended_at=None):
            raise StillPending
        _promise_delivery(delivery, at)
