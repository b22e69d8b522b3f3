"""Whose sign-in somebody else has set anew, and who has confirmed them since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from people.models import Reset, ResetKind, ResetSignature, RoleGrant, User
from people.rules.resets import CONFIRMERS
from people.selectors.identity import roles_of

SHOWN_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who signed, as what, how they know and when. ``still_counts``: they hold that role now, and sign in as themselves."""

    name: str
    signed_as: str
    way: str
    signed_at: datetime
    still_counts: bool


@dataclass(frozen=True, slots=True)
class ResetLine:
    """One reset as it is told to the person and to those who confirm; ``signatures`` in the order of signing."""

    id: int
    person: str
    kind: str
    made_at: datetime
    confirmed_at: datetime | None
    signatures: tuple[SignatureLine, ...]


@dataclass(frozen=True, slots=True)
class ResetCounts:
    """How often, within ``SHOWN_FOR``, and how many people wait for a confirmation now. No names."""

    made: int
    waiting: int


def is_unconfirmed(user: User) -> bool:
    """Tell whether somebody else has set the sign-in of *user* anew and nobody has confirmed them since."""
    return Reset.objects.filter(user_id=user.pk, confirmed_at__isnull=True).exists()


def has_only_first_password(user: User) -> bool:
    """Tell whether nothing else keeps *user* from their records than a password that somebody else chose first."""
    kinds = set(open_resets(user).values_list("kind", flat=True))
    return kinds == {ResetKind.FIRST}


def is_themselves(subject: UUID) -> bool:
    """Tell whether who acts as *subject* is that person, as far as Respite knows: no reset waits for a confirmation."""
    return not Reset.objects.filter(user__subject=subject, confirmed_at__isnull=True).exists()


def open_resets(user: User) -> QuerySet[Reset]:
    """Return the resets of *user* that wait for a confirmation, oldest first."""
    return Reset.objects.filter(user_id=user.pk, confirmed_at__isnull=True).order_by("id")


def resets_of(user: User, *, at: datetime) -> list[ResetLine]:
    """Return what happened to the sign-in of *user* within ``SHOWN_FOR``, newest first."""
    mine = Reset.objects.filter(user_id=user.pk, made_at__gt=at - SHOWN_FOR)
    return [_line(one) for one in _with_signatures(mine).order_by("-id")]


def waiting_for_confirmation() -> list[ResetLine]:
    """Return, of everybody who waits, the newest reset: signatures are about that one; by name."""
    newest: dict[int, Reset] = {}
    waiting = _not_first().filter(confirmed_at__isnull=True, user__is_active=True).order_by("id")
    for one in _with_signatures(waiting):
        newest[one.user_id] = one
    return sorted((_line(one) for one in newest.values()), key=lambda line: (line.person.casefold(), line.id))


def reset_counts(*, at: datetime) -> ResetCounts:
    """Return how often a sign-in was set anew by somebody else, and how many people wait; one query."""
    is_open = Q(confirmed_at__isnull=True, user__is_active=True)
    found = _not_first().aggregate(
        made=Count("id", filter=Q(made_at__gt=at - SHOWN_FOR)),
        waiting=Count("user", filter=is_open, distinct=True),
    )
    return ResetCounts(**found)


def _not_first() -> QuerySet[Reset]:
    """Return all but first passwords: those end when the person has chosen their own."""
    return Reset.objects.exclude(kind=ResetKind.FIRST)


def those_that_count(signatures: Iterable[ResetSignature]) -> list[ResetSignature]:
    """Return those signatures whose people hold the role now, and sign in as themselves."""
    return [one for one in signatures if _counts(one)]


def was_named_since(user: User, role: str, reset: Reset) -> bool:
    """Tell whether *user* was given *role* after the reset."""
    grant = RoleGrant.objects.filter(user=user, role=role, revoked_at__isnull=True).order_by("id").first()
    return grant is None or grant.pk > reset.last_grant


def held_before(reset: Reset) -> frozenset[str]:
    """Return the roles of its person that they held before the reset: one given since makes nobody easier to confirm."""
    held = roles_of(reset.user)
    return frozenset(role for role in held if not was_named_since(reset.user, role, reset))


def confirming_role(held: frozenset[str], wanted: Sequence[str]) -> str | None:
    """Return as what somebody who holds these roles signs: a wanted one first, None for who cannot."""
    mine = [role for role in CONFIRMERS if role in held]
    return next((role for role in mine if role in wanted), mine[0] if mine else None)


def _with_signatures(found: QuerySet[Reset]) -> QuerySet[Reset]:
    signatures = ResetSignature.objects.select_related("signed_by").order_by("id")
    return found.select_related("user").prefetch_related(Prefetch("signatures", signatures))


def _line(reset: Reset) -> ResetLine:
    return ResetLine(
        id=reset.pk,
        person=str(reset.user),
        kind=reset.kind,
        made_at=reset.made_at,
        confirmed_at=reset.confirmed_at,
        signatures=tuple(
            SignatureLine(str(one.signed_by), one.signed_as, one.way, one.signed_at, _counts(one))
            for one in reset.signatures.all()
        ),
    )


def _counts(one: ResetSignature) -> bool:
    return one.signed_as in roles_of(one.signed_by) and not is_unconfirmed(one.signed_by)
