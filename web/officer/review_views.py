"""The review of the limits every six months: for officers and representatives, who hold it together."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from web.officer.doors import ReviewVisit, for_reviewers
from web.officer.forms import ReviewForm
from web.officer.review_pages import others_of, review_page
from web.shared.acting import number_in, submit, tell
from web.shared.chrome import chrome
from web.shared.fresh import acts_proven_anew
from web.shared.refusals import About
from wellbeing.limits.services import reviews as service

HERE = "officer:reviews"


@require_http_methods(["GET", "HEAD", "POST"])
@for_reviewers
@acts_proven_anew
def reviews(request: HttpRequest, visit: ReviewVisit) -> HttpResponse:
    """Show when the next review is due and what was held; with a POST, record one."""
    others = others_of(visit)
    if request.method != "POST":
        return _page(request, visit, ReviewForm(others=others))
    form = ReviewForm(request.POST, others=others)
    status = submit(form, lambda: _record(visit, form.cleaned_data), About(page="officer"))
    if status:
        return _page(request, visit, form, status=status)
    messages.success(request, _("It is written down. Nothing is held before the other person has signed."))
    return redirect(HERE)


@require_POST
@for_reviewers
@acts_proven_anew
def sign(request: HttpRequest, visit: ReviewVisit) -> HttpResponse:
    """Sign what another person wrote down, as the one who was named."""
    return _act(
        request, visit, service.sign, {"signed_by": visit.subject}, _("Signed by two people, and kept.")
    )


@require_POST
@for_reviewers
@acts_proven_anew
def object_to(request: HttpRequest, visit: ReviewVisit) -> HttpResponse:
    """Say that it was not as it was written down, as the one who was named."""
    by = {"objected_by": visit.subject, "words": request.POST.get("words", "")}
    return _act(
        request, visit, service.object_to, by, _("You objected. Nothing was held, and the page says so.")
    )


@require_POST
@for_reviewers
@acts_proven_anew
def take_back(request: HttpRequest, visit: ReviewVisit) -> HttpResponse:
    """Take back what waits for a signature."""
    done = _("Taken back. It can be written down again.")
    return _act(request, visit, service.take_back, {"taken_by": visit.subject}, done)


def _record(visit: ReviewVisit, data: dict[str, Any]) -> None:
    """Record it with the one who was there; where nobody can be named, write it down for a second officer to sign."""
    facts = {
        "seen": data["seen"],
        "held_on": data["held_on"],
        "words": data["words"],
        "recorded_by": visit.subject,
    }
    if "held_with" in data:
        service.record_review(held_with=data["held_with"], at=visit.at, **facts)
    else:
        service.write_down(at=visit.at, **facts)


def _act(
    request: HttpRequest, visit: ReviewVisit, act: Callable[..., object], by: dict[str, str], done: str
) -> HttpResponse:
    seen, fold = number_in(request, "seen"), number_in(request, "fold")
    tell(request, lambda: act(seen=seen, fold=fold, at=visit.at, **by), done, About(page="officer"))
    return redirect(HERE)


def _page(request: HttpRequest, visit: ReviewVisit, form: ReviewForm, *, status: int = 200) -> HttpResponse:
    context = {"review": review_page(visit), "form": form, **chrome(visit.user, HERE)}
    return render(request, "officer/reviews.html", context, status=status)
