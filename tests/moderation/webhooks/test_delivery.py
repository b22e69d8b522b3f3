"""From a decision to a platform's receiver: the whole schedule by an injected clock, over real HTTP."""

import json
from datetime import datetime, timedelta

import pytest
from django.db.models import F
from pytest_django import Settings

from config.outbox import HANDLERS
from moderation.exceptions import StillPending
from moderation.models import DeliveryState, WebhookAttempt, WebhookDelivery
from moderation.rules.deliveries import GAPS
from moderation.selectors.decisions import answers, decision_payload
from moderation.services.endpoints import IssuedEndpoint, create_endpoint, disable_endpoint
from moderation.services.notices import replay
from outbox.models import OutboxEntry, OutboxState
from outbox.services.running import run_due
from people.models import Platform
from queues.models import Queue
from tests.cast import T0
from tests.moderation.judging import a_case, a_decision, an_item, finalised
from tests.moderation.webhooks.sink import Answering, Sink
from tests.moderation.webhooks.test_signing import verified_by_hand
from tests.outbox.steps import Clock, quiet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback_allowed")]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def issued(lumen: Platform, sink: Sink, loopback_allowed: None) -> IssuedEndpoint:
    return create_endpoint(platform=lumen, url=sink.url, actor="system", at=T0)


@pytest.fixture
def delivery(issued: IssuedEndpoint, photos: Queue) -> WebhookDelivery:
    case = a_case(photos)
    an_item(case, "post-1")
    finalised(a_decision(case))
    return WebhookDelivery.objects.get()


def runs(at: datetime) -> int:
    return run_due(handlers=HANDLERS, around=quiet(Clock(at)))


def runs_until_the_end(delivery: WebhookDelivery) -> list[datetime]:
    """Run the outbox at each time that it asks for; return when attempts were made."""
    begun = []
    while entry := OutboxEntry.objects.filter(state=OutboxState.PENDING).first():
        begun.append(entry.run_after)
        runs(entry.run_after)
    delivery.refresh_from_db()
    return begun


def test_the_platform_gets_the_decision_signed(
    delivery: WebhookDelivery, issued: IssuedEndpoint, sink: Sink
) -> None:
    runs(T0)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.ended_at) == (DeliveryState.DELIVERED, T0)
    received = sink.received[0]
    assert verified_by_hand(issued.secret, received.headers, received.body)
    assert received.headers["webhook-id"] == f"whe_{delivery.event_id.hex}"
    told = json.loads(received.body)
    assert told["type"] == "decision.made"
    assert told["data"] == decision_payload(answers().get())


def test_every_attempt_is_recorded(delivery: WebhookDelivery, sink: Sink) -> None:
    sink.answers_with(Answering(500, body=b"try later"), Answering(204))
    runs_until_the_end(delivery)
    rows = list(
        WebhookAttempt.objects.order_by("number").values_list("number", "status", "response_excerpt", "at")
    )
    assert [row[:3] for row in rows] == [(1, 500, "try later"), (2, 204, "")]
    assert rows[1][3] - rows[0][3] == GAPS[0]


def quarantined_because() -> list[str]:
    """Return why each entry of the outbox was given up."""
    entries = OutboxEntry.objects.filter(state=OutboxState.QUARANTINED)
    return list(entries.order_by("id").values_list("last_error", flat=True))


def test_ten_attempts_at_the_promised_times_and_then_it_stays_listed(
    delivery: WebhookDelivery, sink: Sink
) -> None:
    sink.answers_with(Answering(503))
    begun = runs_until_the_end(delivery)
    assert [later - T0 for later in begun] == [sum(GAPS[:n], timedelta(0)) for n in range(10)]
    assert len(sink.received) == 10
    assert delivery.state == DeliveryState.EXHAUSTED
    assert quarantined_because() == ["status 503"]


def test_every_attempt_bears_the_same_id_and_its_own_time(delivery: WebhookDelivery, sink: Sink) -> None:
    sink.answers_with(Answering(500), Answering(204))
    runs_until_the_end(delivery)
    first, second = (received.headers for received in sink.received)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 5


def test_a_redirect_is_a_failure(delivery: WebhookDelivery, sink: Sink) -> None:
    sink.answers_with(Answering(301, {"location": sink.url}), Answering(204))
    runs(T0)
    delivery.refresh_from_db()
    assert (delivery.state, len(sink.received)) == (DeliveryState.PENDING, 1)


def test_gone_disables_the_endpoint_and_what_waits_for_it_is_cancelled(
    delivery: WebhookDelivery, issued: IssuedEndpoint, sink: Sink, photos: Queue
) -> None:
    another = a_case(photos)
    an_item(another)
    finalised(a_decision(another))
    sink.answers_with(Answering(410))
    runs(T0)
    issued.endpoint.refresh_from_db()
    assert issued.endpoint.disabled_at == T0
    assert len(sink.received) == 1
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {DeliveryState.CANCELLED}
    assert OutboxEntry.objects.filter(state=OutboxState.PENDING).count() == 0


def test_nothing_is_sent_to_an_endpoint_that_was_disabled_meanwhile(
    delivery: WebhookDelivery, issued: IssuedEndpoint, sink: Sink
) -> None:
    disable_endpoint(endpoint=issued.endpoint, reason="moved", actor="system", at=T0)
    runs(T0)
    delivery.refresh_from_db()
    assert (delivery.state, sink.received) == (DeliveryState.CANCELLED, [])


def test_a_longer_wait_that_is_asked_for_is_kept(delivery: WebhookDelivery, sink: Sink) -> None:
    sink.answers_with(Answering(429, {"retry-after": "90"}), Answering(204))
    assert runs_until_the_end(delivery) == [T0, T0 + timedelta(seconds=90)]


def test_an_absurd_wait_is_bounded_to_a_day(delivery: WebhookDelivery, sink: Sink) -> None:
    sink.answers_with(Answering(503, {"retry-after": "999999999"}), Answering(204))
    assert runs_until_the_end(delivery) == [T0, T0 + timedelta(days=1)]


def test_a_receiver_that_is_three_days_away_gets_everything_when_it_is_back(
    delivery: WebhookDelivery, sink: Sink
) -> None:
    back_at = T0 + timedelta(days=3)
    begun = []
    while entry := OutboxEntry.objects.filter(state=OutboxState.PENDING).first():
        sink.answers_with(Answering(204 if entry.run_after >= back_at else 502))
        begun.append(entry.run_after)
        runs(entry.run_after)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
    assert begun[-1] >= back_at


def test_a_private_address_is_refused_at_connect_time(
    delivery: WebhookDelivery, sink: Sink, settings: Settings
) -> None:
    settings.WEBHOOK_ALLOW_NETWORKS = []
    runs(T0)
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.error, sink.received) == (None, "AddressRefused", [])


def test_an_endpoint_whose_secret_cannot_be_read_is_given_up_and_listed(
    delivery: WebhookDelivery, issued: IssuedEndpoint, sink: Sink
) -> None:
    issued.endpoint.secret = "not under any key"
    issued.endpoint.save()
    runs(T0)
    delivery.refresh_from_db()
    assert (delivery.state, sink.received) == (DeliveryState.EXHAUSTED, [])
    assert quarantined_because() == ["the endpoint's secret cannot be read"]


def test_what_was_delivered_is_not_sent_again_by_a_second_worker(
    delivery: WebhookDelivery, sink: Sink
) -> None:
    runs(T0)
    OutboxEntry.objects.update(state=OutboxState.PENDING, fence=F("fence") + 1)
    runs(T0)
    assert len(sink.received) == 1


def test_what_was_exhausted_can_be_replayed_through_the_whole_schedule(
    delivery: WebhookDelivery, sink: Sink
) -> None:
    sink.answers_with(Answering(503))
    runs_until_the_end(delivery)
    sink.answers_with(Answering(500), Answering(204))
    replay(delivery=delivery, at=T0 + timedelta(days=9))
    with pytest.raises(StillPending):
        replay(delivery=delivery, at=T0 + timedelta(days=9))
    runs_until_the_end(delivery)
    assert delivery.state == DeliveryState.DELIVERED
    assert WebhookAttempt.objects.count() == 12
