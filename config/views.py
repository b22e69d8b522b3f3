"""The pages that need more than one app: the first page, signing out, and ending an account."""

from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config import leaving
from people.access import require_operator
from people.exceptions import AlreadyDeactivated, LastOperator, ReasonMissing
from people.models import User
from people.rules import roles
from people.selectors import roles_with_open_doors
from people.services.security import note_sign_out
from people.sign_in.telling import OwnCookie
from web.shared.fresh import insist

HOMES: Final = (
    (roles.MODERATOR, "/desk/"),
    (roles.LEAD, "/lead/"),
    (roles.WELLBEING_OFFICER, "/officer/"),
    (roles.OPERATOR, "/people/"),
)
"""The first page of each role, in this order for who has several; everybody else begins at the safeguard."""


@require_safe
@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Send people to the first page of their role; say so plainly to who has none."""
    user = request.user if isinstance(request.user, User) else None
    held = roles_with_open_doors(user, at=timezone.now()) if user else frozenset()
    if not held:
        return render(request, "home.html", {"signed_in_as": str(request.user)})
    return redirect(next((address for role, address in HOMES if role in held), "/safeguard/"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Let go of the case in hand, then end the session."""
    if request.user.is_authenticated:
        at = timezone.now()
        leaving.sign_out(user=request.user, at=at)
        note_sign_out(user=request.user, at=at)
        logout(request)
    response = redirect("account_login")
    response.delete_cookie(OwnCookie.cookie_name)
    return response


@require_POST
@login_required
def deactivate_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """End the account of a person, for the operator, with a reason."""
    actor = require_operator(request.user)
    insist(request)
    user = get_object_or_404(User, pk=person_id)
    reason = request.POST.get("reason", "")
    try:
        leaving.deactivate(user=user, reason=reason, actor=str(actor), at=timezone.now())
    except ReasonMissing:
        messages.error(request, _("Say why, please: the reason is kept in the record."))
    except LastOperator:
        messages.error(request, _("This is the only operator. Name another one first."))
    except AlreadyDeactivated:
        messages.info(request, _("This account was ended before."))
    else:
        messages.success(request, _("The account of %(name)s has ended.") % {"name": user})
    return redirect("/people/")
