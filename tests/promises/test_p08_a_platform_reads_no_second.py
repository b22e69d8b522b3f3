"""P8, P10. A platform that asks each second, by list, item and feed, learns the minute of a decision and no more; whatever the
moderator does before it, nothing moves.

Seen red with a grace that ends in the second of the decision plus its length.
"""

import json
import random
import uuid
from datetime import datetime, timedelta

import pytest

from moderation.models import WebhookEvent
from moderation.selectors.decisions import decision_payload, feed
from moderation.selectors.items import item_payload, revisions_of
from moderation.services.answers import finalise
from moderation.services.decisions import decide
from moderation.services.endpoints import create_endpoint
from outbox.kinds import Work
from outbox.models import OutboxEntry
from people.models import Platform, User
from queues.models import Queue
from queues.services import desk
from tests.cast import T0
from tests.moderation.judging import a_case, a_category, a_policy, an_item
from tests.queues.work import SECOND, a_case_comes_in, act, asks, settles

pytestmark = pytest.mark.django_db


def asked(platform: Platform) -> str:
    """All that a platform is told when it asks for everything, and what its webhooks were sent."""
    items = revisions_of(platform_id=platform.pk, status=None, external_id=None, before=None, limit=50)
    told = {
        "items": [item_payload(revision) for revision in items.revisions],
        "waiting": len(
            revisions_of(
                platform_id=platform.pk, status="waiting", external_id=None, before=None, limit=50
            ).revisions
        ),
        "feed": [decision_payload(answer) for answer in feed(platform_id=platform.pk, after=0, limit=50)],
        "events": list(WebhookEvent.objects.order_by("created_at", "id").values_list("body", flat=True)),
    }
    return json.dumps(told, default=str)


def answers_leave(at: datetime) -> None:
    """The worker runs what is due."""
    for entry in OutboxEntry.objects.filter(
        kind="decision.finalise", run_after__lte=at, run_after__gt=at - SECOND
    ):
        finalise(Work(entry_id=entry.pk, arguments=entry.arguments, attempt=1, at=at, fence=1))


def test_who_asks_each_second_learns_the_minute(alice: User, photos: Queue, lumen: Platform) -> None:
    photos.grace_seconds = 60
    photos.save()
    a_policy(photos)
    a_category("VIO_ASSAULT", 1)
    create_endpoint(platform=lumen, url="https://lumen.example/hooks", actor="system", at=T0)
    for number in range(6):
        case = a_case(photos, severity=1)
        an_item(case, f"post-{number}")
        a_case_comes_in(photos, case_ref=case.pk, category=case.category, severity=1)
    dice, moved, before = random.Random(3), [], asked(lumen)
    acts = set(dice.sample(range(1, 100), 8))
    for second in range(1, 200):
        at = T0 + second * SECOND
        if second in acts:
            claim = asks(alice, at)
            if claim is not None and dice.random() < 0.4:
                desk.hand_back(**act(claim, at))
                settles(at)
            elif claim is not None:
                decide(
                    **act(claim, at),
                    decision_id=uuid.uuid4(),
                    categories=["VIO_ASSAULT"],
                    action="remove",
                    rationale="Someone is hit.",
                    worse=None,
                )
        answers_leave(at)
        after = asked(lumen)
        if after != before:
            moved.append(at)
        before = after
    assert len(moved) > 1
    assert all(at.second == 0 for at in moved)
    assert timedelta(0) < max(moved) - T0 < timedelta(minutes=4)
    assert '"decided_at": "2026-11-23T09:' in before
