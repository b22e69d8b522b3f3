"""Items: sent, read, listed, withdrawn, reported again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from moderation.access import get_item_for
from moderation.api import cursors
from moderation.api.answering import answer_once, json_response
from moderation.api.documenting import documented
from moderation.api.doors import ApiKeyBearer, platform_of
from moderation.api.reading import json_body, parsed, query_of
from moderation.api.schemas import ItemIn, ItemOut, ItemsOut, ItemsQuery, NoQuery, NothingIn, ReportsIn
from moderation.api.sent_items import fields_of, new_item, new_report, read_item
from moderation.selectors.items import current_revision, item_payload, revisions_of
from moderation.services.blobs import store
from moderation.services.intake import accept
from moderation.services.looks import add_reports
from moderation.services.withdrawal import withdraw

router = Router(tags=["Items"])
READ = ApiKeyBearer("items:read")
WRITE = ApiKeyBearer("items:write")


@router.post(
    "/items",
    auth=WRITE,
    operation_id="send_item",
    summary="Send an item",
    openapi_extra=documented(
        body=ItemIn,
        multipart=True,
        answers={201: ItemOut, 200: ItemOut},
        problems=["malformed", "too_large", "unsupported_media_type", "external_id_conflict", "in_flight",
                  "idempotency_key_reused", "media_rejected", "queue_closed", "queue_paused"],
    ),
)  # fmt: skip
def post_item(request: HttpRequest) -> HttpResponse:
    """Send an item to be looked at, as JSON with base64 or as multipart with the files apart.

    201: taken in. 200: this external_id with the same content is known; new reports were added, a worse category, hint or
    score counts at once, and author, language and metadata were replaced where you sent them.
    """
    at = timezone.now()
    query_of(request, NoQuery)
    item, uploads = read_item(request)
    media = store(uploads=uploads)
    platform = platform_of(request)

    def act() -> tuple[int, dict[str, Any]]:
        accepted = accept(platform=platform, item=new_item(item, media), at=at)
        return (201 if accepted.created else 200), item_payload(accepted.revision)

    return answer_once(request, fields=fields_of(item, media), act=act, at=at)


@router.get(
    "/items",
    auth=READ,
    operation_id="list_items",
    summary="List items",
    openapi_extra=documented(query=ItemsQuery, answers={200: ItemsOut}),
)
def list_items(request: HttpRequest) -> HttpResponse:
    """List your items, newest first. What arrives while you page changes no page behind it."""
    asked = query_of(request, ItemsQuery)
    page = revisions_of(
        platform_id=platform_of(request).pk,
        status=asked.status,
        external_id=asked.external_id,
        before=cursors.place(cursors.ITEMS, asked.cursor, name="cursor"),
        limit=asked.limit,
    )
    data = [item_payload(revision) for revision in page.revisions]
    return json_response({"data": data, "next_cursor": cursors.cursor(cursors.ITEMS, page.next_before)})


@router.get(
    "/items/{item_id}",
    auth=READ,
    operation_id="read_item",
    summary="Read an item",
    openapi_extra=documented(answers={200: ItemOut}, problems=["not_found"]),
)
def get_item(request: HttpRequest, item_id: str) -> HttpResponse:
    """Read one item. A look in progress is not shown: the item is 'waiting' until its decision holds."""
    query_of(request, NoQuery)
    item = get_item_for(platform_id=platform_of(request).pk, public_id=item_id)
    return json_response(item_payload(current_revision(item)))


@router.post(
    "/items/{item_id}/withdraw",
    auth=WRITE,
    operation_id="withdraw_item",
    summary="Withdraw an item",
    openapi_extra=documented(
        body=NothingIn,
        answers={200: ItemOut},
        problems=["malformed", "too_large", "unsupported_media_type", "not_found", "already_decided",
                  "in_flight", "idempotency_key_reused"],
    ),
)  # fmt: skip
def post_withdrawal(request: HttpRequest, item_id: str) -> HttpResponse:
    """Take an item back. Where no other item waits in its case, a look in progress ends at once.

    Sent twice, it is withdrawn once. An item that was quarantined stays so.
    """
    at = timezone.now()
    query_of(request, NoQuery)
    item = get_item_for(platform_id=platform_of(request).pk, public_id=item_id)
    parsed(NothingIn, json_body(request))

    def act() -> tuple[int, dict[str, Any]]:
        return 200, item_payload(withdraw(item=item, at=at))

    return answer_once(request, fields={}, act=act, at=at)


@router.post(
    "/items/{item_id}/reports",
    auth=WRITE,
    operation_id="report_item",
    summary="Add reports to an item",
    openapi_extra=documented(
        body=ReportsIn,
        answers={200: ItemOut},
        problems=["malformed", "too_large", "unsupported_media_type", "not_found", "in_flight",
                  "idempotency_key_reused"],
    ),
)  # fmt: skip
def post_reports(request: HttpRequest, item_id: str) -> HttpResponse:
    """Add reports to an item, whatever became of it."""
    at = timezone.now()
    query_of(request, NoQuery)
    item = get_item_for(platform_id=platform_of(request).pk, public_id=item_id)
    sent = parsed(ReportsIn, json_body(request))
    reports = [new_report(report) for report in sent.reports]

    def act() -> tuple[int, dict[str, Any]]:
        return 200, item_payload(add_reports(item=item, reports=reports, at=at))

    return answer_once(request, fields=sent.model_dump(mode="json"), act=act, at=at)
