"""The chain of audit rows: pure functions from a row and the previous digest to the next one."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

FIRST_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What of an audit row is bound into the chain: all of it."""

    id: int
    at: datetime
    actor: str
    action: str
    target_kind: str
    target_id: str
    detail: dict[str, Any]
    reason: str


def digest_of(link: Link, *, previous: str) -> str:
    """Return SHA-256 (hex) over the previous digest and the row's canonical JSON."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(link)).hexdigest()


def canonical(link: Link) -> bytes:
    """Return the one JSON text of a row: keys sorted, no spaces, instants in UTC to the microsecond."""
    fields = asdict(link) | {"at": _instant(link.at)}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def statement(*, sequence: int, digest: str, at: datetime) -> bytes:
    """Return what a checkpoint signs."""
    fields = {"respite": "audit checkpoint", "sequence": sequence, "digest": digest, "at": _instant(at)}
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
