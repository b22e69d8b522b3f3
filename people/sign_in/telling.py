"""Where a sentence waits for the page that tells it: in a cookie of this session alone, not in the database.

Nearly every act leaves one ('Sent.'), and a session's row written twice for each was two commits more.
"""

from typing import Any

from django.contrib.messages.storage.base import BaseStorage, Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core import signing
from django.http import HttpResponseBase


class OwnCookie(CookieStorage):
    """Signed for one session: whoever signs in after somebody else on the same browser is not told what was theirs."""

    def __init__(self, request: Any, *args: Any, **kwargs: Any) -> None:
        # Not the parent's: its signer is the same for all sessions.
        BaseStorage.__init__(self, request, *args, **kwargs)

    @property
    def signer(self) -> signing.TimestampSigner:
        """The signer of the session as it is now: signing in gives it another key while a request runs."""
        return signing.get_cookie_signer(salt=f"{self.key_salt}.{self.request.session.session_key or ''}")


class Storage(FallbackStorage):
    """What is too long for a cookie waits in the session."""

    storage_classes = (OwnCookie, SessionStorage)

    def update(self, response: HttpResponseBase) -> list[Message] | None:
        """Keep what was not told yet; take a cookie away that another session left behind."""
        own = self.storages[0]
        if own.used:  # Django's mark for a cookie that could not be read
            response.delete_cookie(OwnCookie.cookie_name)
        return super().update(response)
