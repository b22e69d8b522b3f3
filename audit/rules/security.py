"""Which rows of the record are about security, and what of them an auditor is told: codes and pseudonyms, to the minute."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final

from audit.rules.chain import Link

BOUNDED: Final = ("sign_in.refused", "sign_in.locked", "door.refused", "key.refused", "link.refused")
"""What anybody can bring about as often as they like. So a quarter of an hour has at most one row of it, by who it was, what
it was and where: a flood does not grow the record."""

DETAILS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(BOUNDED, ()),
    "sign_in.done": (),
    "sign_in.ended": (),
    "person.created": ("active",),
    "person.link_made": (),
    "person.password_set": (),
    "person.password_changed": (),
    "person.chose_own_password": (),
    "person.factor_changed": ("what",),
    "person.roles_changed": ("granted", "revoked"),
    "person.deactivated": (),
    "person.sign_in_reset": ("what",),
    "person.told_of_reset": (),
    "person.reset_signed": ("as", "way"),
    "person.confirmed": ("by",),
    "platform.created": (),
    "key.issued": ("key", "scopes"),
    "key.revoked": ("key", "scopes"),
}
"""Action → what of its detail is told. What is not named here is not told: neither reasons, which people write, nor from
where somebody is and since when they do this work, which is as good as a name."""


def told(link: Link) -> dict[str, Any]:
    """Return what an auditor is told of a row, ready for JSON. ``at`` is UTC, cut to the minute.

    Raises:
        KeyError: the row is not about security.
    """
    return {
        "id": link.id,
        "at": f"{link.at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        "action": link.action,
        "actor": link.actor,
        "target_kind": link.target_kind,
        "target_id": link.target_id,
        "detail": {name: link.detail[name] for name in DETAILS[link.action] if name in link.detail},
    }
