"""The security log: lines for the operator (``respite.security``) and rows of the record for the auditor. Neither holds content.

What anybody can bring about as often as they like is counted by who it was, what it was, where, and the quarter of an hour. The
first time gets a row, every power of ten a line. The count lies in the cache; where that forgets, the row's own constraint
keeps a flood out of the record. Nobody's typed name is kept: it may be a password that was typed into the wrong field.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.db import DatabaseError, transaction

from audit.rules.telling import last_full_quarter
from audit.services import AlreadyRecorded, record_once
from people.access import KeyExpired, KeyRefused, ScopeMissing
from people.models import Subject, User
from people.rules.counting import is_told
from people.selectors import subject_of
from people.services.trail import record_about

log = logging.getLogger("respite.security")

STRANGER: Final = "stranger"
"""Who acted, where nobody knows it; and whom all tries with names that nobody bears are about."""
LONGEST: Final = 80
COUNTED_SECONDS: Final = 30 * 60
"""Longer than the quarter of an hour that is counted."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal. ``actor``: a subject, ``platform:<id>`` or ``stranger``; ``line``: what a line says of it, without content."""

    action: str
    actor: str
    target_kind: str
    target_id: str
    line: str


def note_sign_in(*, user: User, at: datetime) -> None:
    """Record that *user* signed in, to the minute."""
    _record_own(user, action="sign_in.done", at=_to_minute(at))


def note_sign_out(*, user: User, at: datetime) -> None:
    """Record that *user* signed out, to the minute. There is no line: when somebody leaves is no business of an operator."""
    _record_own(user, action="sign_in.ended", at=_to_minute(at))


def note_own_password(*, user: User, at: datetime) -> None:
    """Record that *user* changed their password in their own session."""
    _record_own(user, action="person.password_changed", at=at)


def note_own_factor(*, user: User, what: list[str], at: datetime) -> None:
    """Record that *user* changed their second factor in their own session. *what*: kinds of authenticators."""
    with transaction.atomic():
        record_about(
            user, action="person.factor_changed", actor=str(subject_of(user)), at=at, detail={"what": what}
        )


def note_refused_sign_in(*, username: str, at: datetime) -> None:
    """Note a wrong password or code for a typed name; whoever bears it is the target, and the name is not kept."""
    _note(_about_name("sign_in.refused", username), at=at)


def note_locked_out(*, username: str, at: datetime) -> None:
    """Note that a name was tried too often from one place, and this try was not looked at."""
    _note(_about_name("sign_in.locked", username), at=at)


def note_refused_door(*, user: User, door: str, at: datetime) -> None:
    """Note that *user* has not the role that *door* asks for. *door*: the pattern of an address, nothing filled in."""
    actor, pattern = str(subject_of(user)), door[:LONGEST]
    line = f"account={user.pk} door=/{pattern}"
    _note(Refused("door.refused", actor, "door", pattern, line), at=at)


def note_refused_key(refused: KeyRefused, *, at: datetime) -> None:
    """Note that a platform's key was refused: by its own prefix where there is such a key, else for all of them together."""
    key = refused.key
    if key is None:
        _note(Refused("key.refused", STRANGER, "key", "unknown", f"key=unknown why={refused.code}"), at=at)
        return
    is_theirs = isinstance(refused, (KeyExpired, ScopeMissing))
    actor = f"platform:{key.platform_id}" if is_theirs else STRANGER
    _note(Refused("key.refused", actor, "key", key.prefix, f"key={key.pk} why={refused.code}"), at=at)


def note_refused_link(*, at: datetime) -> None:
    """Note that a link was opened which is used, over, or never was; all of them together."""
    _note(Refused("link.refused", STRANGER, "link", "unknown", "link=unknown"), at=at)


def _about_name(action: str, username: str) -> Refused:
    found = _bearer_of(username)
    if found is None:
        return Refused(action, STRANGER, "person", "unknown", "account=unknown")
    return Refused(action, STRANGER, "person", str(found.pk), f"account={found.user_id}")


def _bearer_of(username: str) -> Subject | None:
    typed = User.normalize_username(username.replace("\0", "").strip())
    return Subject.objects.filter(user__username__iexact=typed).first() if typed else None


def _note(refused: Refused, *, at: datetime) -> None:
    counter = _counter_of(refused, at=at)
    times = _count(counter)
    if is_told(times):
        log.warning("%s %s times=%d", refused.action, refused.line, times)
    if times == 1:
        _record(refused, counter, at=at)


def _counter_of(refused: Refused, *, at: datetime) -> str:
    quarter = last_full_quarter(at).isoformat()
    what = f"{refused.action}\n{refused.actor}\n{refused.target_kind}\n{refused.target_id}\n{quarter}"
    return f"security:{hashlib.sha256(what.encode()).hexdigest()}"


def _count(counter: str) -> int:
    cache.add(counter, 0, COUNTED_SECONDS)
    try:
        return int(cache.incr(counter))
    except ValueError:  # it went between the two
        cache.set(counter, 1, COUNTED_SECONDS)
        return 1


def _record(refused: Refused, counter: str, *, at: datetime) -> None:
    """Write the row, unless it is there; where it cannot be written the next refusal tries again."""
    try:
        record_once(
            actor=refused.actor,
            action=refused.action,
            target_kind=refused.target_kind,
            target_id=refused.target_id,
            at=at,
        )
    except AlreadyRecorded:
        pass
    except DatabaseError:
        cache.delete(counter)
        raise


def _record_own(user: User, *, action: str, at: datetime) -> None:
    with transaction.atomic():
        record_about(user, action=action, actor=str(subject_of(user)), at=at)


def _to_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
