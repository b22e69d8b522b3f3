"""Who gets to the safeguard's pages: everybody reads, guardians propose and sign, the officer answers questions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from people.access import (
    Guardian,
    SecondFactorOwed,
    Unconfirmed,
    confirmer_for,
    guardian_for,
    officer_for,
    owes_second_factor,
)
from people.models import User
from people.rules import roles
from people.selectors import roles_with_open_doors
from web.shared.doors import Visit, opened_by


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the safeguard. ``guardian``: as what they may propose and sign, None for who may not; ``held``: roles."""

    guardian: Guardian | None
    held: frozenset[str]
    may_tighten: bool


ReaderVisit = Visit[Reader]


@opened_by
def for_readers(user: User, at: datetime) -> Reader:
    """Give the view whoever is signed in and holds any role; what only guardians do, to them as themselves alone."""
    held = roles_with_open_doors(user, at=at)
    if not held:
        raise PermissionDenied
    guardian = _guardian(user)
    return Reader(guardian, held, may_tighten=roles.LEAD in held or _is_officer(guardian))


def _guardian(user: User) -> Guardian | None:
    """Return as what *user* may propose and sign, None for who may not."""
    try:
        return guardian_for(user)
    except Unconfirmed:
        return None
    except PermissionDenied:
        if owes_second_factor(user):
            raise SecondFactorOwed from None
        return None


def _is_officer(guardian: Guardian | None) -> bool:
    return guardian is not None and guardian.role == roles.WELLBEING_OFFICER


@opened_by
def for_confirmers(user: User, _at: datetime) -> User:
    """Give the view the officer or representative who asks."""
    return confirmer_for(user)


@opened_by
def for_officers(user: User, _at: datetime) -> UUID:
    """Give the view the wellbeing officer who asks."""
    return officer_for(user)
