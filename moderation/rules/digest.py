"""Digests by which content and requests are recognised: SHA-256 over one canonical JSON."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any


def canonical(value: Any) -> str:
    """Return *value* (JSON types only) as the one JSON text that equal values share."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(value: Any) -> str:
    """Return the SHA-256 (64 hex digits) of *value*'s canonical JSON."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def content_digest(*, text: str, media: Sequence[str], context: dict[str, Any]) -> str:
    """Return what makes two items the same case: text, the media's SHA-256s in their order, and context."""
    return digest_of({"context": context, "media": list(media), "text": text})


def canonical_size(value: Any) -> int:
    """Return how many bytes *value* takes as JSON in UTF-8, without spaces."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
