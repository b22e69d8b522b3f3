"""Buddies: a colleague who said that they would be there for a talk. Nobody but the two knows; no words are kept.

Every act raises ``NotConfirmed`` while who acts may be somebody else.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from people.selectors import moderators_called
from wellbeing.core.services import locking
from wellbeing.core.services.confirmed import require_themselves
from wellbeing.exceptions import (
    AlreadyAnswered,
    AlreadyAsked,
    NobodyCalledSo,
    NotFound,
    OwnName,
    SeveralCalledSo,
)
from wellbeing.models import Buddy


def ask(*, subject: UUID, name: str, at: datetime) -> Buddy:
    """Ask a colleague, by the name that was typed, whether they would be there for a talk.

    Raises:
        NobodyCalledSo, SeveralCalledSo, OwnName.
        AlreadyAsked: the person has a buddy, or has asked somebody who has not answered.
    """
    buddy = _called(name, not_this=subject)
    with transaction.atomic():
        require_themselves(subject)
        locked = locking.hold(subject=subject, at=at)
        if _open().filter(subject=subject).exists():
            raise AlreadyAsked
        return Buddy.objects.create(subject=subject, buddy=buddy, asked_at=locked.at)


def agree(*, buddy: UUID, buddy_id: UUID, at: datetime) -> Buddy:
    """Say yes to a colleague who asked.

    Raises:
        NotFound: nobody asked this person so, or it has ended.
        AlreadyAnswered: they said yes before.
    """
    with transaction.atomic():
        require_themselves(buddy)
        asked = _held(Q(buddy=buddy), buddy_id, at)
        if asked.agreed_at is not None:
            raise AlreadyAnswered
        asked.agreed_at = at
        asked.save(update_fields=["agreed_at"])
    return asked


def end(*, subject: UUID, buddy_id: UUID, at: datetime) -> None:
    """End it, or say no, or take the question back: either of the two, at any time, without a reason.

    Raises:
        NotFound: there is no such thing between this person and anybody, or it has ended.
    """
    with transaction.atomic():
        require_themselves(subject)
        row = _held(Q(subject=subject) | Q(buddy=subject), buddy_id, at)
        row.ended_at = at
        row.save(update_fields=["ended_at"])


def _called(name: str, *, not_this: UUID) -> UUID:
    found = moderators_called(" ".join(name.split()))
    if not found:
        raise NobodyCalledSo
    if len(found) > 1:
        raise SeveralCalledSo
    if found[0] == not_this:
        raise OwnName
    return found[0]


def _held(mine: Q, buddy_id: UUID, at: datetime) -> Buddy:
    """Return an open row under the lock of the person who asked."""
    row = _open().filter(mine, pk=buddy_id).first()
    if row is None:
        raise NotFound
    locking.hold(subject=row.subject, at=at)
    row = _open().filter(mine, pk=buddy_id).first()
    if row is None:
        raise NotFound
    return row


def _open() -> QuerySet[Buddy]:
    return Buddy.objects.filter(ended_at__isnull=True)
