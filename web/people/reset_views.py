"""What follows when somebody else sets a sign-in anew: the page about one's own, and a lost second factor."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from people.models import User
from people.selectors import rows
from people.services.resets import take_factors_away
from people.sign_in.resets import confirm_by_code
from web.people.doors import Operator, for_operators, page
from web.people.forms import CodeForm
from web.shared.acting import tell
from web.shared.chrome import chrome
from web.shared.fresh import acts_proven_anew
from web.shared.refusals import REFUSALS, sentence
from web.shared.sign_ins import own_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """Tell a person who set their sign-in anew, and who confirmed it; let them confirm it by a factor of their own."""
    if not isinstance(request.user, User):
        raise Http404
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_by_code(request, request.user, form.cleaned_data["code"], at=timezone.now())
        except REFUSALS as refusal:
            form.add_error("code", sentence(refusal))
        else:
            messages.success(request, _("Confirmed. Your records are open again."))
            return redirect("people:my_sign_in")
    context = {"sign_in": own_sign_in(request.user, at=timezone.now()), "form": form}
    status = 422 if form.errors else 200
    return render(request, "people/my_sign_in.html", context | chrome(request.user, ""), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
@acts_proven_anew
def factor_lost(request: HttpRequest, operator: Operator, person_id: int) -> HttpResponse:
    """Say what follows, and with a POST take a lost second factor away."""
    user = get_object_or_404(User, pk=person_id, deactivated_at__isnull=True)
    if request.method != "POST":
        return page(request, "people/factor_lost.html", {"person": rows.person(user)})
    tell(
        request,
        partial(take_factors_away, user=user, actor=operator.actor, at=operator.at),
        _("The second factor of %(name)s is gone.") % {"name": user},
    )
    return redirect("people:person", person_id=user.pk)
