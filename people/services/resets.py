"""After somebody else has set a person's sign-in anew: whose act it was, telling the person, and confirming them.

The rows themselves are written by triggers (migration 0008). Locks: the user's row, before the reset's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from people.exceptions import (
    AlreadySigned,
    NoFactor,
    NotAConfirmer,
    NothingToConfirm,
    NotYourCode,
    NotYourself,
    WayUnknown,
)
from people.models import Reset, ResetKind, ResetSignature, User
from people.rules.resets import CONFIRMERS, check_signer, is_confirmed_by, still_wanted
from people.selectors import (
    hands_behind,
    has_representative,
    is_unconfirmed,
    open_resets,
    require_counting,
    roles_of,
    roles_that_count,
    subject_of,
)
from people.selectors.resets import confirming_role, held_before, those_that_count, was_named_since
from people.services.trail import record_about


@contextmanager
def made_by(maker: str, *, user: User, at: datetime) -> Iterator[None]:
    """Write down whose act it is that changes the sign-in of *user* inside; all of it is one reset.

    The caller holds the user's row.
    """
    last = Reset.objects.filter(user=user).order_by("-id").values_list("id", flat=True).first() or 0
    yield
    made = Reset.objects.filter(user=user, id__gt=last)
    first = made.order_by("id").first()
    if first is not None:
        made.exclude(pk=first.pk).delete()
        made.update(made_by=maker, made_at=at)
        record_about(user, action="person.sign_in_reset", actor=maker, at=at, detail={"what": first.kind})


def note_first_password(*, user: User, actor: str, at: datetime) -> None:
    """Write down that whoever made the account knows its password; in the caller's transaction."""
    Reset.objects.create(
        user=user, kind=ResetKind.FIRST, made_at=at, made_by=actor, last_factor=0, last_grant=0
    )


def choose_own_password(*, user: User, at: datetime) -> None:
    """Close the reset of a first password, because the person has chosen their own in their own session."""
    first = open_resets(user).filter(kind=ResetKind.FIRST)
    if first.update(confirmed_at=at, confirmation_told_at=at):
        record_about(user, action="person.chose_own_password", actor=str(subject_of(user)), at=at)


def take_factors_away(*, user: User, actor: str, at: datetime) -> None:
    """Take the second factor of *user* away, with its recovery codes, because it was lost; they enrol another one.

    Raises:
        NoFactor: there is none.
    """
    with transaction.atomic():
        locked = _lock(user)
        found = Authenticator.objects.filter(user=locked)
        if not found.exists():
            raise NoFactor
        with made_by(actor, user=locked, at=at):
            found.delete()


def tell(*, user: User, at: datetime) -> list[Reset]:
    """Return the resets of *user* that wait for a confirmation: what is said at each sign-in. The first time is noted."""
    with transaction.atomic():
        found = list(open_resets(_lock(user)))
        new = [one.pk for one in found if one.told_at is None]
        if new:
            Reset.objects.filter(pk__in=new).update(told_at=at)
            record_about(user, action="person.told_of_reset", actor="system", at=at)
    return found


def tell_confirmed(*, user: User, at: datetime) -> bool:
    """Tell whether *user* was confirmed and has not heard it yet; from now on they have."""
    untold = Reset.objects.filter(user=user, confirmed_at__isnull=False, confirmation_told_at__isnull=True)
    return bool(untold.update(confirmation_told_at=at))


def confirm_oneself(*, user: User, validates: Callable[[Authenticator], bool], at: datetime) -> None:
    """Confirm *user* by a second factor or recovery code of theirs that is older than every reset that is open.

    *validates*: whether a code that was typed is one of an authenticator; asked of those alone.

    Raises:
        NothingToConfirm: nothing is open.
        NotYourCode: it is none of those, or there is none.
    """
    with transaction.atomic():
        locked = _lock(user)
        found = list(open_resets(locked))
        if not found:
            raise NothingToConfirm
        oldest = min(one.last_factor for one in found)
        own = Authenticator.objects.filter(user=locked, pk__lte=oldest).order_by("id")
        if not any(validates(one) for one in own):
            raise NotYourCode
        _confirm(locked, found, by=[str(subject_of(locked))], at=at)
        Reset.objects.filter(pk__in=[one.pk for one in found]).update(confirmation_told_at=at)


def sign(*, reset_id: int, signer: User, way: str, at: datetime) -> bool:
    """Say that the person behind a reset is themselves; return whether that confirms them.

    The signature is about the newest reset of the person and all before it. Signatures of people who have lost the role
    since, or whose own sign-in waits for a confirmation, do not count.

    Raises:
        NothingToConfirm: it is no open reset, or not the newest one, or a first password, which the person changes.
        NotAConfirmer, NotYourself, NotYet, MadeTheLink, NamedSince, NamedByTheMaker: who may not sign.
        WayUnknown: neither in person nor by a call.
        AlreadySigned: the same person twice.
    """
    if way not in ResetSignature.Way.values:
        raise WayUnknown
    with transaction.atomic():
        reset = _newest(reset_id)
        found = list(open_resets(reset.user))
        _sign(reset, found, signer=signer, way=way, at=at)
        counting = those_that_count(reset.signatures.select_related("signed_by").order_by("id"))
        is_done = is_confirmed_by(
            [one.signed_as for one in counting],
            held=held_before(found[0]),
            has_representative=has_representative(at=at),
        )
        if is_done:
            _confirm(reset.user, found, by=[str(subject_of(one.signed_by)) for one in counting], at=at)
    return is_done


def _newest(reset_id: int) -> Reset:
    """Return a reset with its user locked, if it is the newest that is open."""
    reset = Reset.objects.select_related("user").filter(pk=reset_id, user__is_active=True).first()
    if reset is None:
        raise NothingToConfirm
    newest = open_resets(_lock(reset.user)).last()
    if newest is None or newest.pk != reset.pk or reset.kind == ResetKind.FIRST:
        raise NothingToConfirm
    return reset


def _sign(reset: Reset, found: list[Reset], *, signer: User, way: str, at: datetime) -> None:
    held = roles_of(signer)
    if signer.pk == reset.user_id:
        raise NotYourself
    if not held & {*CONFIRMERS} or is_unconfirmed(signer):
        raise NotAConfirmer
    require_counting(signer, CONFIRMERS, at=at)
    before = list(reset.signatures.select_related("signed_by"))
    if any(one.signed_by_id == signer.pk for one in before):
        raise AlreadySigned
    wanted = still_wanted(
        [one.signed_as for one in those_that_count(before)],
        held=held_before(found[0]),
        has_representative=has_representative(at=at),
    )
    role = confirming_role(roles_that_count(signer, at=at), wanted)
    if role is None:
        raise NotAConfirmer
    check_signer(
        made_by={one.made_by for one in found},
        signer=str(subject_of(signer)),
        held=held,
        is_named_since=any(was_named_since(signer, role, one) for one in found),
        is_of_one_hand=_is_of_one_hand(signer, found, at=at),
    )
    ResetSignature.objects.create(reset=reset, signed_by=signer, signed_as=role, way=way, signed_at=at)
    detail = {"as": role, "way": way}
    record_about(
        reset.user, action="person.reset_signed", actor=str(subject_of(signer)), at=at, detail=detail
    )


def _is_of_one_hand(signer: User, found: list[Reset], *, at: datetime) -> bool:
    """Tell whether one hand is behind the signer and behind one of the links, or whether the person's own hand is."""
    links = hands_behind({one.made_by for one in found}, at=at) | {str(subject_of(found[0].user))}
    return bool(hands_behind({str(subject_of(signer))}, at=at) & links)


def _confirm(user: User, found: list[Reset], *, by: list[str], at: datetime) -> None:
    """Close those that were looked at; one that came meanwhile stays open."""
    Reset.objects.filter(pk__in=[one.pk for one in found]).update(confirmed_at=at)
    record_about(user, action="person.confirmed", actor=by[-1], at=at, detail={"by": by})


def _lock(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
