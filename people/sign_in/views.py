"""One's own account, beside what allauth has: where one is signed in, and the picture for an authenticator app."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from people.access import OwnSession, own_sessions_for
from people.encryption import open_number, seal_number
from people.exceptions import NoSuchSession
from people.models import User
from people.rules.browsers import browser_and_system
from people.services import sessions
from people.services.security import note_sign_out

SESSION = "session"
"""Sessions of everybody share a sequence: a bare number would tell how many people signed in meanwhile."""


@require_safe
@login_required
@never_cache
def totp_picture(request: HttpRequest) -> HttpResponse:
    """Draw the QR code of the secret that this session is enrolling; nobody else can ask for it.

    An address of its own, because the pages' security policy takes no picture from inside the page.
    """
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(svg, content_type="image/svg+xml")


@require_safe
@login_required
@never_cache
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in."""
    found = own_sessions_for(_me(request), this=_this(request), at=timezone.now())
    rows = [{"session": one, "name": _name(one), "mark": seal_number(one.id, about=SESSION)} for one in found]
    others = sum(not one.is_this for one in found)
    return render(request, "account/sessions.html", {"rows": rows, "others": others})


@require_POST
@login_required
def end_session(request: HttpRequest, mark: str) -> HttpResponse:
    """Sign out somewhere else; for this very session there is 'Sign out', which lets go of the case in hand."""
    found = own_sessions_for(_me(request), this=_this(request), at=timezone.now())
    session_id = open_number(mark, about=SESSION)
    if session_id is None or any(one.id == session_id and one.is_this for one in found):
        raise Http404
    try:
        sessions.end_session(user=_me(request), session_id=session_id)
    except NoSuchSession:
        raise Http404 from None
    note_sign_out(user=_me(request), at=timezone.now())
    messages.success(request, _("You are signed out there."))
    return redirect("own_sessions")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    ended = sessions.end_other_sessions(user=_me(request), but=_this(request))
    if ended:
        note_sign_out(user=_me(request), at=timezone.now())
    done = ngettext(
        "You are signed out in one other place.", "You are signed out in %(count)d other places.", ended
    )
    messages.success(request, done % {"count": ended})
    return redirect("own_sessions")


def _me(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _this(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _name(session: OwnSession) -> str:
    """Return 'Firefox on Linux', as far as the browser says so."""
    browser, system = browser_and_system(session.user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that does not say what it is")
