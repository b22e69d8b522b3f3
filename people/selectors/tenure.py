"""Whose role counts by now for what guards others, and by whose hand somebody is who they are here."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Min, OuterRef, Q, Subquery

from people.exceptions import NotYet
from people.models import Invitation, Organisation, Reset, RoleGrant, User
from people.rules.roles import REPRESENTATIVE
from people.rules.tenure import NAMED_WITHIN, NOBODY_ELECTED_AFTER, WATCHED, counts_from
from people.selectors.identity import SUBJECT, roles_of, user_of


def counts_from_by_role(user: User) -> dict[str, datetime]:
    """Return from when each role of ``WATCHED`` that *user* holds now counts; one query."""
    if not user.is_active:
        return {}
    firsts = RoleGrant.objects.filter(role=OuterRef("role")).order_by().values("role")
    first = Subquery(firsts.annotate(first=Min("granted_at")).values("first"))
    installed = Subquery(Organisation.objects.order_by("id").values("created_at")[:1])
    mine = RoleGrant.objects.filter(user_id=user.pk, role__in=WATCHED, revoked_at__isnull=True)
    rows = mine.annotate(first=first, installed=installed).values_list(
        "role", "granted_at", "first", "installed"
    )
    return {
        role: counts_from(granted_at=granted, first_granted_at=first_at, installed_at=installed_at)
        for role, granted, first_at, installed_at in rows
    }


def roles_that_count(user: User, *, at: datetime) -> frozenset[str]:
    """Return the roles of ``roles_of`` without those of ``WATCHED`` that do not count yet."""
    waiting = {role for role, since in counts_from_by_role(user).items() if since > at}
    return roles_of(user) - waiting


def roles_that_count_of(subject: str, *, at: datetime) -> frozenset[str]:
    """Return the same of the person behind ``str(subject)``; none for who is unknown or not active."""
    user = user_of(UUID(subject)) if SUBJECT.fullmatch(subject) else None
    return frozenset() if user is None else roles_that_count(user, at=at)


def require_counting(user: User, roles: Collection[str], *, at: datetime) -> None:
    """Insist that one of *roles*, of which *user* holds some, counts by now.

    Raises:
        NotYet: none of them does.
    """
    waiting = {role: since for role, since in counts_from_by_role(user).items() if role in roles}
    if waiting and min(waiting.values()) > at:
        role = min(waiting, key=lambda one: waiting[one])
        raise NotYet(role, waiting[role])


def require_counting_of(subject: str, roles: Collection[str], *, at: datetime) -> None:
    """Insist on the same of the person behind ``str(subject)``.

    Raises:
        NotYet: none of them does.
    """
    user = user_of(UUID(subject)) if SUBJECT.fullmatch(subject) else None
    if user is not None:
        require_counting(user, roles, at=at)


def has_representative(*, at: datetime) -> bool:
    """Tell whether anybody is elected representative, or was until less than ``NOBODY_ELECTED_AFTER`` ago; one query."""
    since = at - NOBODY_ELECTED_AFTER
    ended_lately = Q(revoked_at__gt=since) | Q(revoked_at__isnull=True, user__deactivated_at__gt=since)
    stands = Q(revoked_at__isnull=True, user__is_active=True)
    return RoleGrant.objects.filter(stands | ended_lately, role=REPRESENTATIVE).exists()


def nobody_elected_from(*, at: datetime) -> datetime | None:
    """Return from when nobody will count as elected, where the last representative's role has ended; None where one stands."""
    grants = RoleGrant.objects.filter(role=REPRESENTATIVE)
    if grants.filter(revoked_at__isnull=True, user__is_active=True).exists():
        return None
    ends = [
        ended
        for row in grants.values_list("revoked_at", "user__deactivated_at")
        if (ended := min((one for one in row if one), default=None))
    ]
    until = max(ends, default=at - NOBODY_ELECTED_AFTER) + NOBODY_ELECTED_AFTER
    return until if until > at else None


def hands_behind(subjects: Collection[str], *, at: datetime) -> frozenset[str]:
    """Return *subjects* (as text) and whoever invited, reset or named them within ``NAMED_WITHIN``, and so on upwards.

    What was done at a terminal is nobody's hand: who holds the disk needs no second person.
    """
    found: frozenset[str] = frozenset()
    asked = frozenset(one for one in subjects if SUBJECT.fullmatch(one))
    while asked:
        found |= asked
        asked = _hands_on(asked, at=at) - found
    return found


def _hands_on(subjects: Collection[str], *, at: datetime) -> frozenset[str]:
    since, theirs = at - NAMED_WITHIN, Q(user__subject__in=[UUID(one) for one in subjects])
    grants = RoleGrant.objects.filter(theirs, role__in=WATCHED, granted_at__gt=since)
    hands = {
        *Invitation.objects.filter(theirs, used_at__gt=since).values_list("made_by", flat=True),
        *Reset.objects.filter(theirs, made_at__gt=since).values_list("made_by", flat=True),
        *grants.values_list("granted_by", flat=True),
    }
    return frozenset(hand for hand in hands if hand and SUBJECT.fullmatch(hand))
