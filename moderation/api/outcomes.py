"""What comes back: decisions, the taxonomy that they speak in, and the queues that they come from."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from moderation.access import get_answer_for
from moderation.api import cursors
from moderation.api.answering import json_response
from moderation.api.documenting import documented
from moderation.api.doors import ApiKeyBearer, platform_of
from moderation.api.reading import query_of
from moderation.api.schemas import (
    CategoriesOut,
    DecisionOut,
    DecisionsOut,
    DecisionsQuery,
    NoQuery,
    QueuesOut,
)
from moderation.selectors.decisions import decision_payload, feed
from moderation.selectors.queueing import guidelines_in_force, queue_payload, queues_of
from moderation.selectors.taxonomy import categories_in_force
from moderation.services.choices import actions_of

router = Router()
READ = ApiKeyBearer("decisions:read")
FLAGS: Final = {"V": "violent", "G": "graphic", "S": "sexual", "C": "child", "A": "audio", "T": "text"}


@router.get(
    "/decisions",
    auth=READ,
    tags=["Decisions"],
    operation_id="read_feed",
    summary="Follow the decisions",
    openapi_extra=documented(query=DecisionsQuery, answers={200: DecisionsOut}),
)
def list_decisions(request: HttpRequest) -> HttpResponse:
    """Read final decisions in the order of their commits; nothing is skipped. Keep next_cursor and go on after it."""
    asked = query_of(request, DecisionsQuery)
    after = cursors.place(cursors.DECISIONS, asked.after, name="after")
    answers = feed(platform_id=platform_of(request).pk, after=after or 0, limit=asked.limit)
    last = answers[-1].feed_position if answers else None
    data = [decision_payload(answer) for answer in answers]
    return json_response({"data": data, "next_cursor": cursors.cursor(cursors.DECISIONS, last)})


@router.get(
    "/decisions/{decision_id}",
    auth=READ,
    tags=["Decisions"],
    operation_id="read_decision",
    summary="Read a decision",
    openapi_extra=documented(answers={200: DecisionOut}, problems=["not_found"]),
)
def get_decision(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Read one final decision."""
    query_of(request, NoQuery)
    answer = get_answer_for(platform_id=platform_of(request).pk, public_id=decision_id)
    return json_response(decision_payload(answer))


@router.get(
    "/categories",
    auth=ApiKeyBearer("items:read"),
    tags=["Categories"],
    operation_id="list_categories",
    summary="List the categories",
    openapi_extra=documented(query=NoQuery, answers={200: CategoriesOut}),
)
def list_categories(request: HttpRequest) -> HttpResponse:
    """List the taxonomy with the severities that hold now. 'unknown' may be sent in place of any of them."""
    query_of(request, NoQuery)
    found = categories_in_force(at=timezone.now()).values()
    data = [
        {
            "code": category.code,
            "label": category.label,
            "severity": category.severity,
            "flags": [FLAGS[letter] for letter in category.flags],
            "dsa_category": category.dsa_category,
            "accepted": category.is_enabled,
        }
        for category in found
    ]
    return json_response({"data": data, "next_cursor": None})


@router.get(
    "/queues",
    auth=ApiKeyBearer("items:read"),
    tags=["Queues"],
    operation_id="list_queues",
    summary="List the queues",
    openapi_extra=documented(query=NoQuery, answers={200: QueuesOut}),
)
def list_queues(request: HttpRequest) -> HttpResponse:
    """List your queues with what their moderators are told, and the guidelines in force."""
    query_of(request, NoQuery)
    queues = queues_of(platform_id=platform_of(request).pk)
    guidelines = guidelines_in_force(queues, at=timezone.now())
    data = [
        queue_payload(queue, guidelines.get(queue.pk)) | {"actions": list(actions_of(queue))}
        for queue in queues
    ]
    return json_response({"data": data, "next_cursor": None})
