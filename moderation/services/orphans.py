"""Collect stored bytes that no row came to refer to: an intake that ended between its bytes and its commit."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.conf import settings

from moderation.media.store import BlobStore
from moderation.models import Blob

KEEP: Final = timedelta(hours=24)
BATCH: Final = 500


def collect_orphans(at: datetime) -> int:
    """Delete every blob that was stored more than a day ago and has no row, and old temporary files; return how many.

    The same bytes may be sent again meanwhile: storing them makes them young, and the store deletes the old alone.
    """
    store = BlobStore(settings.MEDIA_ROOT)
    before = at - KEEP
    collected = store.sweep_temporaries(older_than=before)
    for names in _batches(store.iter_older_than(before)):
        known = set(Blob.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        collected += sum(store.delete_if_older_than(name, before) for name in names if name not in known)
    return collected


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(names, BATCH)):
        yield batch
