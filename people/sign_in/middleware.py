"""Who must have a second factor gets no further than enrolling one; and a session that is used goes on."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from people.access import OWED, began_at_of, owes_second_factor
from people.exceptions import NotYet, SecondFactorOwed, Unconfirmed
from people.models import User
from people.rules.sessions import is_use_written
from people.services.sessions import note_use
from people.sign_in.after import refused_at_the_door, write_after
from people.sign_in.sessions import SessionStore
from people.sign_in.tenure import named_too_lately

# What remains open until the second factor is there: enrolling it, its QR picture, and the way out.
OPEN_NAMES = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "totp_picture",
    }
)


class SecondFactorMiddleware:
    """Send a session that owes a second factor to enrolment.

    The session says so since sign-in, so that nobody else pays a query for it. Who was given such a role
    later is stopped by the doors of ``people.access``, and sent the same way from here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if OWED not in request.session or not isinstance(request.user, User):
            return None
        if not owes_second_factor(request.user):
            del request.session[OWED]
            return None
        match = request.resolver_match
        return None if match is not None and match.url_name in OPEN_NAMES else _to_enrolment()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Unconfirmed):
            return HttpResponseRedirect(reverse("people:my_sign_in"))
        if isinstance(exception, NotYet):
            messages.warning(request, named_too_lately(exception))
            return HttpResponseRedirect(reverse("safeguard:page"))
        return _to_enrolment() if isinstance(exception, SecondFactorOwed) else None


class RefusedDoorMiddleware:
    """Note who was refused because they have not the role, and let what was noted be written after the answer.

    Stands innermost: a beat that is answered by its own door does not come here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        write_after(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, PermissionDenied):
            refused_at_the_door(request)


class SessionUseMiddleware:
    """Write down that a session was used, every few minutes: it ends when nobody uses it, or at its absolute limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        session, at = request.session, timezone.now()
        began_at = began_at_of(session)
        if began_at is None or not isinstance(session, SessionStore) or session.ends_at is None:
            return
        if is_use_written(began_at=began_at, ends_at=session.ends_at, at=at):
            return
        if isinstance(request.user, User) and session.session_key:
            session.ends_at = note_use(key=session.session_key, user=request.user, began_at=began_at, at=at)


def _to_enrolment() -> HttpResponse:
    return HttpResponseRedirect(reverse("mfa_activate_totp"))
