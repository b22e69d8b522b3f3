"""Django's sessions in the database, read by a prepared statement: every request of a page begins with it.

A session's row says when it ends: at its idle or its absolute limit, whichever comes first. So whoever reads the row, a page, a
beat or a socket, respects both. Nothing but use moves the end (``people.services.sessions``), and never past the absolute one.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from people.access import BEGAN, SESSION, began_at_of
from people.rules.sessions import OFFICE_IDLE, end_of
from people.statements import instant
from people.statements.texts import LASTING_SESSION


class SessionStore(db.SessionStore):
    """Differs from its parent in how it reads, and in when a session ends; both know each other's sessions."""

    ends_at: datetime | None = None
    """When the session ends as its row says; None for one that has no row yet."""

    def _get_session_from_db(self) -> Session | None:
        """Return the session of this key while it lasts; a key without one is forgotten, as the parent does."""
        key = self.session_key or ""
        row = LASTING_SESSION.row(key=key, at=timezone.now()) if SESSION.fullmatch(key) else None
        if row is None:
            self._session_key = None
            return None
        self.ends_at = instant(row[1])
        return Session(session_key=key, session_data=row[0])

    def take(self, said: dict[str, Any], *, ends_at: datetime) -> None:
        """Take what somebody else has just read of this session's row, instead of reading it again."""
        self._session_cache = said
        self.ends_at = ends_at

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Return the row to save. A session begins when it first names a user, whichever way they came."""
        if SESSION_KEY in data and BEGAN not in data:
            data[BEGAN] = timezone.now().timestamp()
            self.ends_at = None
        return super().create_model_instance(data)

    def get_expiry_date(self, **_: Any) -> datetime:
        """Return when it ends: as its row says, for saving something in it is no use by itself."""
        at = timezone.now()
        return self.ends_at or end_of(began_at=began_at_of(self) or at, used_at=at, idle=OFFICE_IDLE)

    def get_expiry_age(self, **_: Any) -> int:
        """Return the same in seconds from now."""
        return max(0, int((self.get_expiry_date() - datetime.now(UTC)).total_seconds()))
