"""Where a platform wants to hear of decisions, what it is told, and every attempt to tell it."""

import uuid

from django.db import models

from moderation.models.judgement import Answer
from people.models import Platform


class WebhookEndpoint(models.Model):
    """An address of the platform. Secrets are encrypted (``people.encryption``); two sign during rotation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="webhook_endpoints")
    url = models.URLField(max_length=500)
    secret = models.TextField()
    previous_secret = models.TextField(blank=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"endpoint {self.id}"


class WebhookEvent(models.Model):
    """Something to tell: its id is the ``webhook-id`` of every attempt. The body is kept as sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="webhook_events")
    type = models.CharField(max_length=40)
    body = models.TextField()
    answer = models.ForeignKey(
        Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="webhook_events"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class DeliveryState(models.TextChoices):
    """How far a delivery is. Cancelled: its endpoint was disabled."""

    PENDING = "pending"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"


class WebhookDelivery(models.Model):
    """One event for one endpoint, until it is delivered or exhausted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="event_once_per_endpoint")]

    def __str__(self) -> str:
        return f"delivery {self.id}"


class WebhookAttempt(models.Model):
    """One try: the status that came back (empty when none did), how long it took, and what it said."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField()
    error = models.CharField(max_length=200, blank=True)
    response_excerpt = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_once_per_number")]

    def __str__(self) -> str:
        return f"attempt {self.number}"
