"""What people's services write down: rows of the audit chain, in subjects and codes, and lines of the security log.

A line names accounts and platforms by their numbers, never by a name, and stands only for what was committed.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from audit.services import record
from people.models import ApiKey, Platform, Subject, User
from people.selectors import subject_of

log = logging.getLogger("respite.security")

TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "sign_in.done": (),
    "person.created": (),
    "person.link_made": (),
    "person.password_set": (),
    "person.password_changed": (),
    "person.chose_own_password": (),
    "person.factor_changed": ("what",),
    "person.roles_changed": ("granted", "revoked"),
    "person.deactivated": (),
    "person.sign_in_reset": ("what",),
    "person.reset_signed": ("as", "way"),
    "person.confirmed": (),
}
"""Actions about a person that get a line → which codes of their detail it says. Others are no matter of security, or, as
signing out, nobody's business."""


def record_about(
    user: User,
    *,
    action: str,
    actor: str,
    at: datetime,
    detail: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write an audit row whose target is the person behind *user*."""
    record(
        actor=actor,
        action=action,
        target_kind="person",
        target_id=str(subject_of(user)),
        at=at,
        detail=detail,
        reason=reason,
    )
    if action in TOLD:
        codes = {name: detail[name] for name in TOLD[action] if name in detail} if detail else {}
        _say(action, account=user.pk, by=_number_of(actor), **codes)


def record_about_platform(
    platform: Platform, *, action: str, actor: str, at: datetime, key: ApiKey | None = None
) -> None:
    """Write an audit row whose target is *platform*, or one of its keys."""
    detail = {} if key is None else {"key": key.prefix, "scopes": key.scopes}
    record(
        actor=actor,
        action=action,
        target_kind="platform",
        target_id=str(platform.pk),
        at=at,
        detail=detail,
    )
    _say(action, platform=platform.pk, **({} if key is None else {"key": key.pk}), by=_number_of(actor))


def _say(action: str, **facts: Any) -> None:
    words = " ".join(f"{name}={_plain(value)}" for name, value in facts.items())
    transaction.on_commit(partial(log.info, "%s %s", action, words))


def _plain(value: Any) -> str:
    return ",".join(map(str, value)) or "-" if isinstance(value, list) else str(value)


def _number_of(actor: str) -> str:
    """Return the account behind a subject as its number; ``system`` stays what it is."""
    try:
        subject = UUID(actor)
    except ValueError:
        return "system"
    number = Subject.objects.filter(pk=subject).values_list("user_id", flat=True).first()
    return "unknown" if number is None else str(number)
