"""The operator's page about platforms and their keys."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.models import ApiKey, Platform
from people.selectors import rows
from people.services.platforms import IssuedKey, issue_key, revoke_key
from web.people.doors import Operator, for_operators, page
from web.people.forms import NewKeyForm
from web.shared.acting import tell
from web.shared.fresh import acts_proven_anew
from web.shared.refusals import REFUSALS, sentence

HERE = "people:platforms"


@require_safe
@for_operators
def platforms(request: HttpRequest, operator: Operator) -> HttpResponse:
    """List the platforms with the beginnings of their keys."""
    return page(request, "people/platforms.html", {"platforms": rows.platforms(at=operator.at)}, current=HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
@acts_proven_anew
def new_key(request: HttpRequest, operator: Operator, platform_id: UUID) -> HttpResponse:
    """Issue a key; its secret is shown once, on the page that answers."""
    platform = get_object_or_404(Platform, pk=platform_id)
    form = NewKeyForm(request.POST if request.method == "POST" else None)
    context = {"platform": platform, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context["issued"] = _issue(form, platform, operator)
        except REFUSALS as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return page(request, "people/key.html", context, current=HERE)
    return page(request, "people/new_key.html", context, current=HERE)


@require_POST
@for_operators
@acts_proven_anew
def revoke(request: HttpRequest, operator: Operator, key_id: int) -> HttpResponse:
    """Let a key open nothing any more."""
    key = get_object_or_404(ApiKey.objects.select_related("platform"), pk=key_id)
    tell(
        request,
        partial(revoke_key, key=key, actor=operator.actor, at=operator.at),
        _("The key %(prefix)s… opens nothing any more.") % {"prefix": key.prefix},
    )
    return redirect(HERE)


def _issue(form: NewKeyForm, platform: Platform, operator: Operator) -> IssuedKey:
    last_day = form.cleaned_data["expires_on"]
    ends = last_day and datetime.combine(last_day + timedelta(days=1), time(), tzinfo=UTC)
    return issue_key(
        platform=platform,
        scopes=form.cleaned_data["scopes"],
        live=form.cleaned_data["kind"] == "live",
        expires_at=ends,
        actor=operator.actor,
        at=operator.at,
    )
