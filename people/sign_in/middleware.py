"""Who must have a second factor gets no further than enrolling one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from people.access import OWED, SecondFactorOwed, Unconfirmed, owes_second_factor
from people.models import User

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
        return _to_enrolment() if isinstance(exception, SecondFactorOwed) else None


def _to_enrolment() -> HttpResponse:
    return HttpResponseRedirect(reverse("mfa_activate_totp"))
