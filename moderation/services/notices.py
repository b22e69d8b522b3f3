"""Tell a platform that something happened: the event as it will be sent, and a promise per endpoint."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from moderation.exceptions import StillPending
from moderation.models import Answer, DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookEvent
from moderation.rules.grace import to_the_minute
from moderation.selectors.decisions import rfc3339
from outbox.services import promise, promise_all

DECISION_MADE: Final = "decision.made"
DECISION_SUPERSEDED: Final = "decision.superseded"
ITEM_QUARANTINED: Final = "item.quarantined"

DELIVER: Final = "webhook.deliver"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell a platform: what kind of event it is, and API.md's account of it."""

    platform_id: UUID
    event_type: str
    data: dict[str, Any]
    answer: Answer | None = None


def live_endpoints(platform_ids: Collection[UUID]) -> dict[UUID, list[WebhookEndpoint]]:
    """Return where these platforms want to hear of events. One that is not in it listens nowhere: it reads the feed."""
    found: dict[UUID, list[WebhookEndpoint]] = defaultdict(list)
    live = WebhookEndpoint.objects.filter(platform_id__in=platform_ids, disabled_at__isnull=True)
    for endpoint in live.order_by("id"):
        found[endpoint.platform_id].append(endpoint)
    return dict(found)


def notify(*, platform_id: UUID, event_type: str, data: dict[str, Any], at: datetime) -> None:
    """Write an event of *platform_id* and promise its delivery to each live endpoint, in the caller's transaction."""
    notice = Notice(platform_id, event_type, data)
    notify_all(notices=[notice], to=live_endpoints([platform_id]), at=at)


def notify_all(
    *, notices: Iterable[Notice], to: Mapping[UUID, Sequence[WebhookEndpoint]], at: datetime
) -> list[WebhookDelivery]:
    """Write these events and promise their deliveries, in the caller's transaction; three statements, however many.

    *to*: the endpoints of each platform; nothing is written for one that has none.
    """
    events = WebhookEvent.objects.bulk_create(
        WebhookEvent(
            platform_id=one.platform_id,
            type=one.event_type,
            body=_body(one, at),
            answer=one.answer,
            created_at=at,
        )
        for one in notices
        if one.platform_id in to
    )
    deliveries = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(endpoint=endpoint, event=event, created_at=at)
        for event in events
        for endpoint in to[event.platform_id]
    )
    promise_all(kind=DELIVER, arguments=[_arguments(one) for one in deliveries], at=at)
    return deliveries


def _body(notice: Notice, at: datetime) -> str:
    told = {"type": notice.event_type, "timestamp": rfc3339(to_the_minute(at)), "data": notice.data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _arguments(delivery: WebhookDelivery) -> dict[str, str]:
    return {"delivery_id": str(delivery.id)}


def replay(*, delivery: WebhookDelivery, at: datetime) -> None:
    """Send a delivery again, through the whole schedule: what was exhausted, cancelled, or lost by its receiver.

    Raises:
        StillPending: it has not ended yet.
    """
    with transaction.atomic():
        ended = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.PENDING)
        if not ended.update(state=DeliveryState.PENDING, ended_at=None):
            raise StillPending
        promise(kind=DELIVER, arguments=_arguments(delivery), at=at)
