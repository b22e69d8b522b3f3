"""Finalising: answers, their places in the feed, and what is told of them."""

import json
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from moderation.exceptions import NotFinal
from moderation.models import Answer, DecisionState, FeedHead, ItemStatus, WebhookDelivery, WebhookEvent
from moderation.selectors.decisions import (
    answers,
    decided,
    decision_payload,
    feed,
    newest_standing,
    standing_decision,
)
from moderation.services.answers import answer_match, finalise
from moderation.services.endpoints import create_endpoint
from outbox.kinds import RetryAfter
from outbox.models import OutboxEntry
from people.models import Platform
from queues.models import Queue
from tests.cast import T0, a_platform, a_queue
from tests.moderation.judging import a_case, a_decision, a_policy, an_item, finalised, work_for
from tests.outbox.steps import at_once

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def positions(platform: Platform) -> list[int]:
    return [answer.feed_position for answer in feed(platform_id=platform.id, after=0, limit=200)]


def test_every_waiting_item_of_the_case_gets_its_answer(photos: Queue, lumen: Platform) -> None:
    case = a_case(photos)
    revisions = [an_item(case) for _ in range(3)]
    decision = finalised(a_decision(case))
    assert decision.state == DecisionState.FINAL
    assert positions(lumen) == [1, 2, 3]
    for revision in revisions:
        revision.refresh_from_db()
        assert (revision.status, revision.ended_at) == (ItemStatus.DECIDED, T0)


def test_an_item_that_was_withdrawn_gets_none(photos: Queue, lumen: Platform) -> None:
    case = a_case(photos)
    gone = an_item(case)
    gone.status = ItemStatus.WITHDRAWN
    gone.save()
    finalised(a_decision(case))
    assert positions(lumen) == []


def test_nothing_is_told_before_the_grace_is_over(photos: Queue, lumen: Platform) -> None:
    case = a_case(photos)
    revision = an_item(case)
    decision = a_decision(case, grace=MINUTE)
    with pytest.raises(RetryAfter) as told:
        finalise(work_for(decision, T0 + MINUTE / 2))
    assert told.value.delay == MINUTE / 2
    assert positions(lumen) == []
    revision.refresh_from_db()
    assert revision.status == ItemStatus.WAITING
    finalised(decision)
    assert positions(lumen) == [1]


def test_finalised_twice_counts_once(photos: Queue, lumen: Platform) -> None:
    case = a_case(photos)
    an_item(case)
    create_endpoint(platform=lumen, url="https://lumen.example/hooks", actor="system", at=T0)
    decision = a_decision(case)
    finalised(decision)
    finalised(decision)
    assert positions(lumen) == [1]
    assert WebhookEvent.objects.count() == 1


def test_a_decision_that_was_undone_meanwhile_answers_nobody(photos: Queue, lumen: Platform) -> None:
    case = a_case(photos)
    an_item(case)
    decision = a_decision(case, grace=MINUTE)
    decision.state = DecisionState.UNDONE
    decision.save()
    finalised(decision)
    assert (decision.state, positions(lumen)) == (DecisionState.UNDONE, [])


def test_a_case_with_many_items_is_answered_in_batches(
    photos: Queue, lumen: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.services.answers.BATCH", 2)
    case = a_case(photos)
    for _ in range(5):
        an_item(case)
    finalised(a_decision(case))
    assert positions(lumen) == [1, 2, 3, 4, 5]


def test_what_joined_after_the_look_was_matched(photos: Queue) -> None:
    case = a_case(photos)
    an_item(case, "looked at")
    decision = a_decision(case, grace=MINUTE)
    an_item(case, "joined later", at=T0 + MINUTE)
    finalised(decision)
    told = {answer.revision.item.external_id: answer.decided_by for answer in answers()}
    assert told == {"looked at": "person", "joined later": "match"}


def test_who_sends_the_same_content_each_second_learns_no_second(photos: Queue) -> None:
    """What joins before and after a decision is told apart by the minute alone. Seen red with ``decided_at`` compared."""
    case = a_case(photos)
    decision = a_decision(case, at=T0 + MINUTE / 3, grace=3 * MINUTE)
    for second in range(0, 120, 7):
        an_item(case, f"{second:03}", at=T0 + second * MINUTE / 60)
    finalised(decision)
    told = {answer.revision.item.external_id: answer.decided_by for answer in answers()}
    assert {int(second) for second, by in told.items() if by == "match"} == set(range(63, 120, 7))


def test_no_time_of_an_answer_is_told_finer_than_the_minute(photos: Queue, lumen: Platform) -> None:
    """Feed, decision and webhook. Seen red with each of the four times as it is kept."""
    create_endpoint(platform=lumen, url="https://lumen.example/hooks", actor="system", at=T0)
    case = a_case(photos)
    an_item(case)
    decision = a_decision(case, at=T0 + MINUTE / 3)
    finalised(decision, at=T0 + MINUTE / 2)
    (answer,) = feed(platform_id=lumen.pk, after=0, limit=9)
    event = json.loads(WebhookEvent.objects.get().body)
    told = decision_payload(answer)
    assert event["data"] == told
    times = [told["decided_at"], told["effective_at"], told["appealable_until"], event["timestamp"]]
    assert [time[-7:] for time in times] == [":00:00Z"] * 4


def test_a_later_item_with_known_content_is_answered_as_match(photos: Queue, lumen: Platform) -> None:
    case = a_case(photos)
    an_item(case)
    decision = finalised(a_decision(case))
    later = an_item(case, at=T0 + MINUTE)
    answer = answer_match(revision=later, decision=decision, at=T0 + MINUTE)
    assert (answer.decided_by, answer.feed_position, later.status) == ("match", 2, ItemStatus.DECIDED)
    assert positions(lumen) == [1, 2]


def test_a_provisional_decision_answers_nothing_yet(photos: Queue) -> None:
    case = a_case(photos)
    decision = a_decision(case, grace=MINUTE)
    with pytest.raises(NotFinal):
        answer_match(revision=an_item(case), decision=decision, at=T0)


def test_a_decision_knows_whether_its_policy_is_the_newest(photos: Queue) -> None:
    case = a_case(photos)
    finalised(a_decision(case))
    decision = newest_standing([case])
    assert decision is not None
    a_policy(photos, version=2, in_force_from=T0 + MINUTE)
    assert decided(decision, at=T0 + MINUTE - timedelta(seconds=1)).is_newest_policy
    assert not decided(decision, at=T0 + MINUTE).is_newest_policy
    assert standing_decision(case_id=case.id) == decision


def test_each_platform_has_its_own_feed(photos: Queue, lumen: Platform) -> None:
    other = a_platform("Ember")
    elsewhere = a_queue(platform=other, name="Ember photos")
    for queue in (photos, elsewhere, photos):
        case = a_case(queue)
        an_item(case)
        finalised(a_decision(case))
    assert positions(lumen) == [1, 2]
    assert positions(other) == [1]


def test_every_live_endpoint_is_promised_the_event_and_a_disabled_one_is_not(
    photos: Queue, lumen: Platform
) -> None:
    endpoints = [
        create_endpoint(platform=lumen, url=f"https://lumen.example/{n}", actor="system", at=T0).endpoint
        for n in range(3)
    ]
    endpoints[2].disabled_at = T0
    endpoints[2].save()
    case = a_case(photos)
    an_item(case)
    finalised(a_decision(case))
    assert set(WebhookDelivery.objects.values_list("endpoint_id", flat=True)) == {
        endpoints[0].pk,
        endpoints[1].pk,
    }
    promised = OutboxEntry.objects.filter(kind="webhook.deliver")
    assert {UUID(entry.arguments["delivery_id"]) for entry in promised} == set(
        WebhookDelivery.objects.values_list("pk", flat=True)
    )


def test_the_event_holds_the_whole_decision(photos: Queue, lumen: Platform) -> None:
    create_endpoint(platform=lumen, url="https://lumen.example/hooks", actor="system", at=T0)
    case = a_case(photos)
    an_item(case)
    finalised(a_decision(case))
    event = WebhookEvent.objects.get()
    told = json.loads(event.body)
    assert told["type"] == "decision.made"
    assert told["timestamp"] == "2026-11-23T09:00:00Z"
    assert told["data"] == decision_payload(answers().get())


def test_a_page_of_the_feed_costs_the_same_queries_whatever_its_length(
    photos: Queue, lumen: Platform
) -> None:
    case = a_case(photos)
    for n in range(6):
        an_item(case, sha256=f"{n:064x}")
    finalised(a_decision(case))

    def queries(limit: int) -> int:
        connection.force_debug_cursor = True
        before = len(connection.queries_log)
        for answer in feed(platform_id=lumen.id, after=0, limit=limit):
            decision_payload(answer)
        connection.force_debug_cursor = False
        return len(connection.queries_log) - before

    assert queries(1) == queries(6) == 5


@pytest.mark.django_db(transaction=True)
def test_eight_writers_leave_no_gap_and_a_reader_misses_nothing(photos: Queue, lumen: Platform) -> None:
    per_writer, writers = 6, 8
    decisions = []
    for _ in range(per_writer * writers):
        case = a_case(photos)
        an_item(case)
        decisions.append(a_decision(case))

    def write(share: int) -> None:
        for decision in decisions[share::writers]:
            finalise(work_for(decision))

    def read() -> list[int]:
        seen: list[int] = []
        while len(seen) < len(decisions):
            page = feed(platform_id=lumen.id, after=seen[-1] if seen else 0, limit=5)
            seen += [answer.feed_position for answer in page]
        return seen

    results = at_once(*(partial(write, share) for share in range(writers)), read)
    assert [error for error in results[:-1] if error is not None] == []
    assert results[-1] == list(range(1, len(decisions) + 1))
    assert FeedHead.objects.get(platform=lumen).position == Answer.objects.count() == len(decisions)


@pytest.mark.django_db(transaction=True)
def test_one_decision_finalised_by_two_workers_at_once_is_answered_once(
    photos: Queue, lumen: Platform
) -> None:
    case = a_case(photos)
    an_item(case)
    decision = a_decision(case)
    assert at_once(*[partial(finalise, work_for(decision))] * 4) == [None] * 4
    assert positions(lumen) == [1]
