"""The pages that need more than one app: the first page, signing out, and ending an account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config import leaving
from people.access import moderator_for, require_operator
from people.models import User
from people.services.accounts import AlreadyDeactivated, LastOperator, ReasonMissing

HOMES = ((moderator_for, "/desk/"), (require_operator, "/people/"))


@require_safe
@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Send people to the first page of their role; say so plainly to roles whose pages are still to come."""
    for door, address in HOMES:
        try:
            door(request.user)
        except PermissionDenied:
            continue
        return redirect(address)
    return render(request, "home.html", {"signed_in_as": str(request.user)})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Let go of the case in hand, then end the session."""
    if request.user.is_authenticated:
        leaving.sign_out(user=request.user, at=timezone.now())
        logout(request)
    return redirect("account_login")


@require_POST
@login_required
def deactivate_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """End the account of a person, for the operator, with a reason."""
    actor = require_operator(request.user)
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
