"""Deliver an event to an endpoint: one attempt, recorded, and what follows from it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from moderation.models import DeliveryState, WebhookAttempt, WebhookDelivery
from moderation.rules.deliveries import GAPS, Outcome, asked_delay, longer, outcome_of
from moderation.services.endpoints import disable_endpoint
from moderation.webhooks.sending import Reply, post
from moderation.webhooks.signing import secrets_of, signed_headers
from outbox.kinds import GiveUp, RetryAfter, Work
from people.exceptions import CannotDecrypt

GONE_REASON: Final = "answered 410 Gone"


def deliver(work: Work) -> None:
    """Make one attempt (outbox kind ``webhook.deliver``). Run twice, the platform may hear twice: the id is the same.

    Raises:
        RetryAfter: it failed; the schedule goes on.
        GiveUp: the endpoint's secret cannot be read.
    """
    delivery = _pending(work)
    if delivery is None:
        return
    reply = _send(delivery, work)
    with transaction.atomic():
        _record(delivery, reply, work)
        outcome = _settle(delivery, reply, work)
    if outcome is Outcome.FAILED:
        raise RetryAfter(_delay(reply, work), reply.error or f"status {reply.status}")


def exhausted(work: Work) -> None:
    """Mark what was tried ten times in vain. It stays listed, and can be replayed."""
    pending = WebhookDelivery.objects.filter(pk=_id(work), state=DeliveryState.PENDING)
    pending.update(state=DeliveryState.EXHAUSTED, ended_at=work.at)


def _id(work: Work) -> UUID:
    return UUID(work.arguments["delivery_id"])


def _pending(work: Work) -> WebhookDelivery | None:
    """The delivery if it is still to be made; cancelled here if its endpoint was disabled meanwhile."""
    rows = WebhookDelivery.objects.select_related("endpoint", "event")
    delivery = rows.filter(pk=_id(work), state=DeliveryState.PENDING).first()
    if delivery is None or delivery.endpoint.disabled_at is None:
        return delivery
    _end(delivery, DeliveryState.CANCELLED, work)
    return None


def _send(delivery: WebhookDelivery, work: Work) -> Reply:
    """Sign and POST, outside any transaction: it may take ten seconds."""
    event, endpoint = delivery.event, delivery.endpoint
    try:
        secrets = secrets_of(endpoint)
    except CannotDecrypt:
        raise GiveUp("the endpoint's secret cannot be read") from None
    headers = signed_headers(event_id=event.id, body=event.body, secrets=secrets, at=work.at)
    return post(url=endpoint.url, body=event.body, headers=headers, allowed=settings.WEBHOOK_ALLOW_NETWORKS)


def _record(delivery: WebhookDelivery, reply: Reply, work: Work) -> None:
    """Write the attempt under the delivery's lock, which gives it its number."""
    WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    WebhookAttempt.objects.create(
        delivery=delivery,
        number=delivery.attempts.count() + 1,
        at=work.at,
        status=reply.status,
        latency_ms=reply.latency_ms,
        error=reply.error,
        response_excerpt=reply.excerpt,
    )


def _settle(delivery: WebhookDelivery, reply: Reply, work: Work) -> Outcome:
    outcome = outcome_of(reply.status)
    if outcome is Outcome.DELIVERED:
        _end(delivery, DeliveryState.DELIVERED, work)
    elif outcome is Outcome.GONE:
        _end(delivery, DeliveryState.CANCELLED, work)
        disable_endpoint(endpoint=delivery.endpoint, reason=GONE_REASON, actor="system", at=work.at)
    return outcome


def _end(delivery: WebhookDelivery, state: DeliveryState, work: Work) -> None:
    """End it, unless it was delivered meanwhile by another worker."""
    open_still = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.DELIVERED)
    open_still.update(state=state, ended_at=work.at)


def _delay(reply: Reply, work: Work) -> timedelta | None:
    """What the receiver asked for if that is longer than the schedule's gap; None leaves it to the schedule."""
    asked = asked_delay(reply.retry_after, at=work.at)
    if asked is None or work.attempt > len(GAPS):
        return None
    return longer(GAPS[work.attempt - 1], asked)
