"""Django's sessions in the database, read by a prepared statement: every request of a page begins with it."""

import re
from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from people.statements import Statement

KEY: Final = re.compile(r"[a-z0-9]{32}")
"""As Django makes them; what no session is called is no question for a database."""

ONE = Statement("""
SELECT session_data FROM django_session WHERE session_key = %(key)s AND expire_date > %(at)s
""")


class SessionStore(db.SessionStore):
    """Differs from its parent in how it reads, and in nothing else: both know each other's sessions."""

    def _get_session_from_db(self) -> Session | None:
        """Return the session of this key while it lasts; a key without one is forgotten, as the parent does."""
        key = self.session_key or ""
        row = ONE.row(key=key, at=timezone.now()) if KEY.fullmatch(key) else None
        if row is None:
            self._session_key = None
            return None
        return Session(session_key=key, session_data=row[0])
