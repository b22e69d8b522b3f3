"""The bytes that platforms sent: checked at the door and stored durably before any row speaks of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from moderation.exceptions import MediumRefused
from moderation.media.limits import Level
from moderation.media.rejections import SENTENCES, MediaRejected
from moderation.media.sniff import Sniffed, sniff
from moderation.media.store import BlobMissing, BlobStore
from moderation.models import Blob, BlobState

CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came: its bytes, or the path at which the server spooled them; and its name, unproved."""

    content: bytes | Path
    filename: str = ""


@dataclass(frozen=True, slots=True)
class StoredMedium:
    """One file that is durable now. ``size`` in bytes; ``kind`` and ``format`` by content."""

    sha256: str
    size: int
    kind: str
    format: str
    filename: str


def blob_store() -> BlobStore:
    """Return the store of this installation."""
    return BlobStore(settings.MEDIA_ROOT)


def read_rendition(*, sha256: str, level: Level) -> bytes | None:
    """Return the rendition of one level, whole, or None where there is none."""
    try:
        with blob_store().open_rendition(sha256, level) as file:
            return file.read()
    except BlobMissing:
        return None


def store(*, uploads: Sequence[Upload]) -> tuple[StoredMedium, ...]:
    """Check every file by its headers, then store all of them durably; none is stored if one is refused.

    Raises:
        MediumRefused: one is not accepted, or the decoder refused the same bytes before.
        OSError: the disk would not take them.
    """
    sniffed = [_sniffed(position, upload) for position, upload in enumerate(uploads)]
    stored = tuple(_stored(upload, kind) for upload, kind in zip(uploads, sniffed, strict=True))
    _refuse_known_bad(stored)
    return stored


def _sniffed(position: int, upload: Upload) -> Sniffed:
    try:
        return sniff(upload.content)
    except MediaRejected as refusal:
        raise MediumRefused(position, refusal.code) from None


def _stored(upload: Upload, sniffed: Sniffed) -> StoredMedium:
    blob = blob_store().put(_chunks(upload.content))
    return StoredMedium(blob.sha256, blob.size, sniffed.kind, sniffed.format, upload.filename)


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _refuse_known_bad(stored: Sequence[StoredMedium]) -> None:
    """What the decoder refused once, it refuses for good: say so now instead of quarantining it again."""
    if not stored:
        return
    hashes = {medium.sha256 for medium in stored}
    bad = dict(
        Blob.objects.filter(sha256__in=hashes, state=BlobState.REJECTED).values_list(
            "sha256", "rejected_reason"
        )
    )
    for position, medium in enumerate(stored):
        if medium.sha256 in bad:
            code = bad[medium.sha256] if bad[medium.sha256] in SENTENCES else "undecodable"
            raise MediumRefused(position, code)
