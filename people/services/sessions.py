"""Sessions: they go on while they are used, and end when somebody says so, wherever they are."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from people.exceptions import NoSuchSession
from people.models import User
from people.rules.sessions import end_of, idle_limit
from people.selectors import roles_of


def note_use(*, key: str, user: User, began_at: datetime, at: datetime) -> datetime:
    """Let a session that is used at *at* go on from there, as long as the roles of *user* let it; return until when.

    One that is over stays so.
    """
    ends_at = end_of(began_at=began_at, used_at=at, idle=idle_limit(roles_of(user)))
    if Session.objects.filter(session_key=key, expire_date__gt=at).update(expire_date=ends_at):
        UserSession.objects.filter(session_key=key).update(last_seen_at=at)
    return ends_at


def end_session(*, user: User, session_id: int) -> None:
    """End one of the sessions of *user*: no page, beat or socket of it is answered any more.

    Raises:
        NoSuchSession: it is somebody else's, or over.
    """
    with transaction.atomic():
        key = (
            UserSession.objects.filter(user=user, pk=session_id).values_list("session_key", flat=True).first()
        )
        if key is None:
            raise NoSuchSession
        _end([key])


def end_other_sessions(*, user: User, but: str) -> int:
    """End all sessions of *user* except the one with the key *but*; return how many."""
    with transaction.atomic():
        others = UserSession.objects.filter(user=user).exclude(session_key=but)
        return _end(list(others.values_list("session_key", flat=True)))


def forget_ended(at: datetime) -> int:
    """Forget sessions that are over, and from where they were used; return how many rows that were."""
    over, _ = Session.objects.filter(expire_date__lte=at).delete()
    lasting = Session.objects.filter(session_key=OuterRef("session_key"))
    gone, _ = UserSession.objects.filter(~Exists(lasting)).delete()
    return over + int(gone)


def _end(keys: list[str]) -> int:
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return ended
