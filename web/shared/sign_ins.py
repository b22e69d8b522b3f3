"""Sign-ins that somebody else set anew, in words: for the person, and for those who confirm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import ResetSignature, Role, User
from people.selectors import has_only_first_password, is_unconfirmed
from people.selectors.resets import ResetLine, SignatureLine, resets_of
from web.shared.moments import moment_of_this_year

WHAT: Final[Mapping[str, str | Promise]] = {
    "password": gettext_lazy("Somebody else made it possible to set a new password, or set it."),
    "factor": gettext_lazy("Somebody else changed the second factor."),
    "first": gettext_lazy("Somebody else chose the first password."),
    "address": gettext_lazy("Somebody else changed the e-mail address."),
}


@dataclass(frozen=True, slots=True)
class ResetRow:
    """One reset, told. ``signed``: who said that it is them, each in a sentence."""

    id: int
    person: str
    what: str
    when: str
    signed: list[str]
    state: str


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """What a person reads about their own sign-in. ``is_first``: they only have to choose a password of their own."""

    is_unconfirmed: bool
    is_first: bool
    rows: list[ResetRow]


def own_sign_in(user: User, *, at: datetime) -> OwnSignIn:
    """Return what happened to the sign-in of *user*."""
    return OwnSignIn(
        is_unconfirmed(user),
        has_only_first_password(user),
        [reset_row(line) for line in resets_of(user, at=at)],
    )


def reset_row(line: ResetLine) -> ResetRow:
    """Return a reset in words."""
    state = _("Waits for a confirmation.")
    if line.confirmed_at is not None:
        state = _("Confirmed on %(when)s.") % {"when": moment_of_this_year(line.confirmed_at)}
    return ResetRow(
        line.id,
        line.person,
        str(WHAT[line.kind]),
        moment_of_this_year(line.made_at),
        [*map(_signed, line.signatures)],
        state,
    )


def _signed(line: SignatureLine) -> str:
    said = (
        _("%(name)s, %(role)s, %(way)s, %(when)s.")
        if line.still_counts
        else _("%(name)s, %(role)s, %(way)s, %(when)s. It counts no more: the role was taken back.")
    )
    return said % {
        "name": line.name,
        "role": str(Role(line.signed_as).label).lower(),
        "way": str(ResetSignature.Way(line.way).label).lower(),
        "when": moment_of_this_year(line.signed_at),
    }
