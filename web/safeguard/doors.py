"""Who gets to the safeguard's pages: everybody reads, guardians propose and sign, the officer answers questions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from people.access import (
    Guardian,
    confirmer_for,
    guardian_for,
    officer_for,
    owes_second_factor,
    record_reader_for,
)
from people.exceptions import NotYet, SecondFactorOwed, Unconfirmed
from people.models import User
from people.rules import roles
from people.selectors import roles_with_open_doors
from web.shared.doors import Visit, opened_by


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the safeguard. ``guardian``: as what they may propose and sign, None for who may not; ``held``: roles.

    ``waits``: the role in which they could, named too lately to count.
    """

    guardian: Guardian | None
    held: frozenset[str]
    may_tighten: bool
    waits: NotYet | None = None


ReaderVisit = Visit[Reader]


@opened_by
def for_readers(user: User, at: datetime) -> Reader:
    """Give the view whoever is signed in and holds any role; what only guardians do, to them as themselves alone."""
    held = roles_with_open_doors(user, at=at)
    if not held:
        raise PermissionDenied
    guardian, waits = None, None
    try:
        guardian = _guardian(user, at)
    except NotYet as refusal:
        waits = refusal
    may_tighten = roles.LEAD in held or _is_officer(guardian)
    return Reader(guardian, held, may_tighten=may_tighten, waits=waits)


def _guardian(user: User, at: datetime) -> Guardian | None:
    """Return as what *user* may propose and sign, None for who may not.

    Raises:
        NotYet: they were named too lately.
    """
    try:
        return guardian_for(user, at)
    except Unconfirmed:
        return None
    except PermissionDenied:
        if owes_second_factor(user):
            raise SecondFactorOwed from None
        return None


def _is_officer(guardian: Guardian | None) -> bool:
    return guardian is not None and guardian.role == roles.WELLBEING_OFFICER


@opened_by
def for_confirmers(user: User, at: datetime) -> User:
    """Give the view the officer or representative who asks."""
    return confirmer_for(user, at)


@opened_by
def for_officers(user: User, _at: datetime) -> UUID:
    """Give the view the wellbeing officer who asks."""
    return officer_for(user)


@opened_by
def for_record_readers(user: User, at: datetime) -> UUID:
    """Give the view the wellbeing officer who asks, if they may read what is recorded of a person."""
    return record_reader_for(user, at)
