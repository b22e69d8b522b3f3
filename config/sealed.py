"""Every field that is kept under the field keys, in one table. What seals something new adds its row here."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from moderation.models import WebhookEndpoint
from people.encryption import decrypt, is_newest, rotate
from people.exceptions import CannotDecrypt
from people.models import OwnHand

Change = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table with sealed fields. ``through(row, change)`` puts every sealed value of a row through *change*."""

    table: str
    rows: "models.Manager[Any]"
    fields: tuple[str, ...]
    through: Callable[[Any, Change], None]

    def ids(self) -> list[Any]:
        """Return the id of every row, in order."""
        return list(self.rows.order_by("pk").values_list("pk", flat=True))


def _endpoint(row: WebhookEndpoint, change: Change) -> None:
    row.secret = change(row.secret)
    if row.previous_secret:
        row.previous_secret = change(row.previous_secret)


def _second_factor(row: Authenticator, change: Change) -> None:
    for name in ("secret", "seed"):
        if name in row.data:
            row.data[name] = change(row.data[name])
    if row.data.get("migrated_codes"):
        row.data["migrated_codes"] = [change(code) for code in row.data["migrated_codes"]]


TABLE: Final = (
    Sealed("moderation_webhookendpoint", WebhookEndpoint.objects, ("secret", "previous_secret"), _endpoint),
    Sealed("mfa_authenticator", Authenticator.objects, ("data",), _second_factor),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A row, by table and id alone."""

    table: str
    key: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


def unreadable() -> list[Place]:
    """Return every row with a value that no key of the ring opens."""
    return [
        Place(sealed.table, str(key)) for sealed in TABLE for key in sealed.ids() if not _opens(sealed, key)
    ]


def _opens(sealed: Sealed, key: Any) -> bool:
    row = sealed.rows.filter(pk=key).first()
    try:
        if row is not None:
            sealed.through(row, decrypt)
    except CannotDecrypt:
        return False
    return True


def _save(row: Any, sealed: Sealed) -> None:
    """Write it; the same second factor under another key is nobody's act on the person's sign-in."""
    with OwnHand.objects.of(row.user) if isinstance(row, Authenticator) else nullcontext():
        row.save(update_fields=sealed.fields)


def rotate_row(sealed: Sealed, key: Any) -> bool:
    """Move the values of one row to the newest key, in a transaction of its own; tell whether there was any to move.

    Raises:
        CannotDecrypt: no key of the ring opens one of them.
    """
    moved = 0

    def change(token: str) -> str:
        nonlocal moved
        if is_newest(token):
            return token
        moved += 1
        return rotate(token)

    with transaction.atomic():
        row = sealed.rows.select_for_update().filter(pk=key).first()
        if row is None:
            return False
        sealed.through(row, change)
        if moved:
            _save(row, sealed)
    return moved > 0
