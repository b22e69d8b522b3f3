"""Arrange steps for intake without HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connections

from moderation.models import Case, Decision, Item, ItemRevision, PolicyVersion
from moderation.services import blobs, idempotency, intake, withdrawal
from moderation.services.blobs import Upload
from people.models import Platform
from tests.cast import T0


def an_item(external_id: str = "post-1", **fields: Any) -> intake.NewItem:
    given = {"category": "SPAM_FRAUD", "text": "Ten followers for one coin."} | fields
    return intake.NewItem(external_id=external_id, **given)


def pictures(*contents: bytes) -> tuple[blobs.StoredMedium, ...]:
    return blobs.store(uploads=[Upload(content) for content in contents])


def once(
    platform: Platform, act: Callable[[], dict[str, Any]], *, key: str | None = None, at: datetime = T0
) -> idempotency.Answered:
    request = idempotency.Request(platform=platform, key=key, operation="POST /x", body_digest="d")
    return idempotency.once(request=request, act=lambda: idempotency.Answered(200, act()), at=at)


def take_in(
    platform: Platform, item: intake.NewItem, *, key: str | None = None, at: datetime = T0
) -> ItemRevision:
    """Take *item* in as the API does, and return what it is now."""

    def act() -> dict[str, Any]:
        return {"revision": intake.accept(platform=platform, item=item, at=at).revision.pk}

    kept = once(platform, act, key=key, at=at)
    return ItemRevision.objects.select_related("case", "item").get(pk=kept.body["revision"])


def withdraw(item: Item, *, at: datetime = T0) -> ItemRevision:
    once(item.platform, lambda: {"status": withdrawal.withdraw(item=item, at=at).status}, at=at)
    return ItemRevision.objects.get(item=item, number=item.current_revision)


def decided(case: Case, policy: PolicyVersion, *, state: str = "final", at: datetime = T0) -> Decision:
    """Decide a case as the desk leaves it."""
    import uuid

    Case.objects.filter(pk=case.pk).update(state="decided", closed_at=at)
    return Decision.objects.create(
        id=uuid.uuid4(),
        case=case,
        job_ref=1,
        subject=uuid.uuid4(),
        state=state,
        action="remove",
        policy_version=policy,
        severity=case.severity,
        decided_at=at,
        effective_at=at,
    )


def in_thread(act: Callable[[], Any]) -> Callable[[], Any]:
    """Wrap *act* for a thread of its own, whose connection is closed at its end."""

    def run() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    return run
