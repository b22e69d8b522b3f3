"""What a person does about their own account: accept an invitation, put an announcement away."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people.exceptions import InvitationGone, NoSuchAnnouncement, PasswordRefused
from people.models import User
from people.selectors import roles_of
from people.services.announcements import put_away
from people.services.invitations import accept_invitation, invitation_for
from people.services.security import note_refused_link
from people.sign_in.after import after_answer
from web.people.forms import NewPasswordForm
from web.shared.refusals import sentence


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let who holds the link set a password, once."""
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    try:
        user = invitation_for(token, at=timezone.now()).user
        if request.method == "POST" and form.is_valid():
            return _accept(request, form, token)
    except InvitationGone as gone:
        after_answer(request, partial(note_refused_link, at=timezone.now()))
        return render(request, "people/invitation_gone.html", {"sentence": sentence(gone)}, status=410)
    return render(request, "people/invitation.html", {"form": form, "person": user})


@require_POST
@login_required
def announcement_away(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Put an announcement away, and go back to where it was read."""
    if not isinstance(request.user, User) or not roles_of(request.user):
        raise PermissionDenied
    try:
        put_away(user=request.user, announcement_id=announcement_id, at=timezone.now())
    except NoSuchAnnouncement:
        raise Http404 from None
    back = request.POST.get("next", "/")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/")


def _accept(request: HttpRequest, form: NewPasswordForm, token: str) -> HttpResponse:
    try:
        user = accept_invitation(token=token, password=form.cleaned_data["password"], at=timezone.now())
    except PasswordRefused as refusal:
        form.add_error("password", sentence(refusal))
        return render(request, "people/invitation.html", {"form": form})
    messages.success(request, _("Your password is set, %(name)s. Sign in with it.") % {"name": user})
    return redirect("account_login")
