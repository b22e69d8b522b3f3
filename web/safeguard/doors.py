"""Who gets to the safeguard's pages: everybody reads, guardians propose and sign, the officer answers questions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from people.access import Guardian, guardian_for, officer_for
from people.models import User
from people.rules import roles
from people.selectors import roles_of
from web.shared.doors import Visit, opened_by


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the safeguard. ``guardian``: as what they may propose and sign, None for who may not; ``held``: roles."""

    guardian: Guardian | None
    held: frozenset[str]
    may_tighten: bool


ReaderVisit = Visit[Reader]


@opened_by
def for_readers(user: User, _at: datetime) -> Reader:
    """Give the view whoever is signed in and holds any role."""
    held = roles_of(user)
    if not held:
        raise PermissionDenied
    try:
        guardian = guardian_for(user)
    except PermissionDenied:
        guardian = None
    return Reader(guardian, held, may_tighten=bool(held & {roles.LEAD, roles.WELLBEING_OFFICER}))


@opened_by
def for_officers(user: User, _at: datetime) -> UUID:
    """Give the view the wellbeing officer who asks."""
    return officer_for(user)
