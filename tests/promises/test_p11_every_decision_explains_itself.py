"""P11. Every decision explains itself: policy and its version, category, action, whether a person, a rule or a match
decided, and how to appeal. (The appeal itself comes with a later issue.)

The way here is the real one: a claim, a decision, the outbox with Respite's own map, the feed and a real receiver.
"""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.outbox import HANDLERS
from moderation.models import Case, Decision, DecisionState
from moderation.selectors.decisions import decision_payload, feed
from moderation.services.answers import answer_match
from moderation.services.decisions import decide
from moderation.services.endpoints import IssuedEndpoint, create_endpoint
from outbox.services.running import run_due
from people.models import Platform, User
from queues.models import Claim, Queue
from tests.cast import T0
from tests.moderation.judging import a_case, a_category, an_item
from tests.moderation.webhooks.conftest import loopback_allowed, sink
from tests.moderation.webhooks.sink import Sink
from tests.moderation.webhooks.test_signing import verified_by_hand
from tests.outbox.steps import Clock, quiet
from tests.queues.work import a_case_comes_in, gets

__all__ = ["loopback_allowed", "sink"]

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
BYTES = "ab" * 32

# API.md 'A decision', word for word: nothing else may be told, and nothing of it may be missing.
TOLD = {
    "id",
    "item_id",
    "external_id",
    "revision",
    "metadata",
    "case_id",
    "action",
    "categories",
    "policy",
    "ground",
    "territory",
    "until",
    "media",
    "severity",
    "rationale",
    "decided_by",
    "decided_at",
    "effective_at",
    "language",
    "appealable_until",
    "supersedes",
}


@pytest.fixture
def case(photos: Queue) -> Case:
    a_category("VIO_ASSAULT", 2)
    photos.appeal_days = 30
    photos.save()
    case = a_case(photos)
    an_item(case, "post-1", sha256=BYTES)
    a_case_comes_in(photos, case_ref=case.id, category=case.category, severity=case.severity)
    return case


@pytest.fixture
def claim(case: Case, alice: User) -> Claim:
    return gets(alice)


def decided(claim: Claim, at: datetime = T0 + MINUTE) -> Decision:
    return decide(
        subject=claim.subject,
        claim_id=claim.id,
        fence=claim.fence,
        decision_id=uuid.uuid4(),
        categories=["VIO_ASSAULT"],
        action="remove",
        rationale="Someone is hit.",
        worse=None,
        at=at,
    )


def the_outbox_runs(at: datetime) -> None:
    run_due(handlers=HANDLERS, around=quiet(Clock(at)))


def told(platform: Platform) -> list[dict[str, Any]]:
    return [decision_payload(answer) for answer in feed(platform_id=platform.id, after=0, limit=200)]


def test_the_answer_says_by_which_rule_what_and_by_whom_and_until_when_to_appeal(
    claim: Claim, case: Case, lumen: Platform
) -> None:
    decided(claim)
    the_outbox_runs(T0 + MINUTE)
    (answer,) = told(lumen)
    assert set(answer) == TOLD
    assert answer["policy"] == {"code": "COMMUNITY", "version": 1}
    assert answer["ground"] == {"kind": "terms", "reference": "COMMUNITY"}
    assert (answer["action"], answer["categories"], answer["severity"]) == ("remove", ["VIO_ASSAULT"], 2)
    assert (answer["decided_by"], answer["rationale"]) == ("person", "Someone is hit.")
    assert (answer["external_id"], answer["revision"], answer["metadata"]) == ("post-1", 1, {"board": "cats"})
    assert answer["case_id"] == f"cas_{case.id.hex}"
    (medium,) = answer["media"]
    assert (medium["sha256"], medium["verdict"]) == (BYTES, "VIO_ASSAULT")
    assert answer["decided_at"] == answer["effective_at"] == "2026-11-23T09:01:00Z"
    assert answer["appealable_until"] == "2026-12-23T09:01:00Z"
    assert (answer["supersedes"], answer["territory"], answer["until"]) == (None, None, None)


def test_it_never_says_who_or_how_long(claim: Claim, alice: User, lumen: Platform) -> None:
    decision = decided(claim)
    the_outbox_runs(T0 + MINUTE)
    text = json.dumps(told(lumen)).lower()
    for secret in (alice.username, str(claim.subject), claim.subject.hex, decision.id.hex, str(claim.id)):
        assert secret not in text


def test_what_was_matched_says_so_and_by_the_same_rule(claim: Claim, case: Case, lumen: Platform) -> None:
    decision = decided(claim)
    the_outbox_runs(T0 + MINUTE)
    decision.refresh_from_db()
    later = an_item(case, "post-2", at=T0 + 2 * MINUTE, sha256=BYTES)
    answer_match(revision=later, decision=decision, at=T0 + 2 * MINUTE)
    first, second = told(lumen)
    assert (first["decided_by"], second["decided_by"]) == ("person", "match")
    same = TOLD - {"id", "item_id", "external_id", "decided_by", "media"}
    assert {name: first[name] for name in same} == {name: second[name] for name in same}
    assert first["id"] != second["id"]


def test_the_webhook_says_the_same_signed(
    claim: Claim, lumen: Platform, sink: Sink, loopback_allowed: None
) -> None:
    issued: IssuedEndpoint = create_endpoint(platform=lumen, url=sink.url, actor="system", at=T0)
    decided(claim)
    the_outbox_runs(T0 + MINUTE)
    (received,) = sink.received
    assert verified_by_hand(issued.secret, received.headers, received.body)
    assert json.loads(received.body)["data"] == told(lumen)[0]


def test_nothing_is_said_while_it_is_provisional(
    claim: Claim, photos: Queue, lumen: Platform, sink: Sink, loopback_allowed: None
) -> None:
    create_endpoint(platform=lumen, url=sink.url, actor="system", at=T0)
    photos.grace_seconds = 60
    photos.save()
    decision = decided(claim)
    the_outbox_runs(T0 + 2 * MINUTE - timedelta(seconds=1))
    assert told(lumen) == []
    assert sink.received == []
    the_outbox_runs(T0 + 2 * MINUTE)
    assert len(told(lumen)) == len(sink.received) == 1
    decision.refresh_from_db()
    assert decision.state == DecisionState.FINAL
