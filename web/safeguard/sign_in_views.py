"""Officer and representative confirm, together, that somebody whose sign-in was set anew is themselves."""

from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from people.models import ResetSignature, User
from people.selectors.resets import waiting_for_confirmation
from people.services import resets as service
from web.safeguard.doors import for_confirmers
from web.shared.chrome import chrome
from web.shared.doors import Visit
from web.shared.fresh import acts_proven_anew
from web.shared.refusals import REFUSALS, sentence
from web.shared.sign_ins import reset_row

HERE: Final = "safeguard:sign_ins"


class SignForm(forms.Form):
    """How the person was recognised."""

    way = forms.ChoiceField(
        label=gettext_lazy("How do you know that it is them?"),
        choices=ResetSignature.Way.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Ask whether they opened the link themselves, and whether anybody else knows the password. Where anybody "
            "does, they change it first."
        ),
    )


@require_safe
@for_confirmers
def sign_ins(request: HttpRequest, visit: Visit[User]) -> HttpResponse:
    """List who waits for a confirmation."""
    context = {
        "waiting": [reset_row(line) for line in waiting_for_confirmation()],
        **chrome(visit.user, HERE),
    }
    return render(request, "safeguard/sign_ins.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_confirmers
@acts_proven_anew
def sign_in(request: HttpRequest, visit: Visit[User], reset_id: int) -> HttpResponse:
    """Show one, and with a POST sign it."""
    line = next((one for one in waiting_for_confirmation() if one.id == reset_id), None)
    if line is None and request.method != "POST":
        raise Http404
    form = SignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _sign(request, visit, reset_id, form.cleaned_data["way"])
    if line is None:
        raise Http404
    context = {"reset": reset_row(line), "form": form, **chrome(visit.user, HERE)}
    return render(request, "safeguard/sign_in.html", context, status=422 if form.errors else 200)


def _sign(request: HttpRequest, visit: Visit[User], reset_id: int, way: str) -> HttpResponse:
    try:
        is_done = service.sign(reset_id=reset_id, signer=visit.who, way=way, at=visit.at)
    except REFUSALS as refusal:
        messages.warning(request, sentence(refusal))
    else:
        said = _("Confirmed. Their records are open to them again.")
        messages.success(
            request, said if is_done else _("Signed. It is confirmed when a second person signs.")
        )
    return redirect(HERE)
