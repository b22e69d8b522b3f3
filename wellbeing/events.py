"""Change numbers per person: 'something on your page is different now', never what."""

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.db.models import F

from wellbeing.models import Rev

log = logging.getLogger("respite.wellbeing")


def group_of(subject: UUID) -> str:
    """Return the name of the group that this person's pages listen on."""
    return f"person.{subject}"


def bump(subjects: Iterable[UUID]) -> None:
    """Move the change number of these people in the caller's transaction and tell live pages after the commit.

    ``rev`` is the last lock of the fixed order: call it after every other lock. A page that hears
    nothing finds out by its next beat, so a lost channel layer is no error.
    """
    groups = sorted({group_of(subject) for subject in subjects})
    with transaction.atomic():
        for group in groups:
            _raise_number(group)
        transaction.on_commit(partial(_tell, groups), robust=True)


def bump_after_commit(subject: UUID) -> None:
    """Do the same once the caller's transaction has committed, for a caller that has locks still to take."""
    transaction.on_commit(partial(bump, [subject]), robust=True)


def _raise_number(group: str) -> None:
    if not Rev.objects.filter(group=group).update(number=F("number") + 1):
        Rev.objects.bulk_create([Rev(group=group)], ignore_conflicts=True)
        Rev.objects.filter(group=group).update(number=F("number") + 1)


def _tell(groups: Sequence[str]) -> None:
    numbers = Rev.objects.filter(group__in=groups).values_list("group", "number")
    for group, number in numbers:
        send(group, number)


def send(group: str, number: int) -> None:
    """Tell the pages of a group, on this process's layer, that the number moved."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group, message(number))
    except Exception:  # noqa: BLE001 - whatever a broken layer raises: pages find out by their next beat
        log.warning("the channel layer did not take a change number")


def message(number: int) -> dict[str, object]:
    """Return what a consumer receives: a number, never content."""
    return {"type": "rev", "rev": number}
