"""The shield as it is served: never of more samples than the organisation shows today (promises P3 and P6).

A shield that was made when more samples were shown is made anew on the way, once, from our own small rendition: shrunk to
today's samples and enlarged again. In the child process, like every decoding: what lies in the store may have been
written by a file that took over a decoder.
"""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from moderation.media.limits import SHIELD_SAMPLES_MOST, TEMPORARY
from moderation.media.prepare import MediaRejected, PrepareFailed, prepare
from moderation.models import Blob
from moderation.services.blobs import blob_store, read_rendition
from people.selectors import shield_in_force

SECONDS_AT_MOST: Final = 10.0


def served_shield(*, sha256: str, at: datetime) -> bytes | None:
    """Return the shielded rendition with no more samples than are shown at *at*; None where there is none to show."""
    stored = read_rendition(sha256=sha256, level="shielded")
    made_with = Blob.objects.values_list("shield_samples", flat=True).get(pk=sha256) or SHIELD_SAMPLES_MOST
    samples = shield_in_force(at=at).start
    if stored is None or made_with <= samples:
        return stored
    return _made_anew(sha256, stored, samples=samples)


def _made_anew(sha256: str, stored: bytes, *, samples: int) -> bytes | None:
    """Make it of fewer samples and keep it; what cannot be made is not shown at all."""
    try:
        shield = _shrunk(stored, samples=samples)
    except (MediaRejected, PrepareFailed):
        return None
    _keep(sha256, shield, samples=samples)
    return shield


def _keep(sha256: str, shield: bytes, *, samples: int) -> None:
    """Store it under the blob's lock, unless somebody has stored a stronger one meanwhile."""
    with transaction.atomic():
        blob = Blob.objects.select_for_update().get(pk=sha256)
        if blob.shield_samples is None or blob.shield_samples > samples:
            blob_store().put_rendition(sha256, "shielded", shield)
            Blob.objects.filter(pk=sha256).update(shield_samples=samples)


def _shrunk(stored: bytes, *, samples: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as folder:
        source = Path(folder) / "stored"
        source.write_bytes(stored)
        return prepare(source, samples=samples, timeout_seconds=SECONDS_AT_MOST).renditions["shielded"]
