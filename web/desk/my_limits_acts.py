"""What a person does about limits from 'My day': set their own, undo it, answer a lead, ask the officer. Plain posts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from web.desk.doors import at_the_desk, with_own_records
from web.desk.my_limits_pages import about, what_is_asked
from web.desk.own_acts import own_act
from web.desk.pages import DeskVisit
from web.shared.chrome import chrome
from web.shared.limits import read
from web.shared.moments import moment_of_this_year
from web.shared.refusals import About, sentence
from wellbeing import exceptions as refused
from wellbeing.core.rules.names import FOR_TEAMS
from wellbeing.limits.services import requests
from wellbeing.limits.services.setting import lift_own, set_limit
from wellbeing.officer.services import questions


@own_act("desk:my_day", said_as="own")
def set_own(request: HttpRequest, visit: DeskVisit) -> str:
    """Set a tighter value for oneself; nobody else reads it."""
    name = request.POST.get("name", "")
    if name not in FOR_TEAMS:
        raise refused.UnknownLimit
    set_limit(
        scope="own",
        scope_ref=str(visit.subject),
        name=name,
        value=read(name, request.POST.get("value", "")),
        set_by=str(visit.subject),
        reason="",
        at=visit.at,
    )
    return _("Kept. What is tighter holds at once, what is looser from your next day. Nobody else sees it.")


@own_act("desk:my_day", said_as="own")
def undo_own(request: HttpRequest, visit: DeskVisit) -> str:
    """Undo one's own value from the next day on."""
    lift_own(subject=visit.subject, name=request.POST.get("name", ""), at=visit.at)
    return _("Undone from your next day.")


@own_act("desk:my_day", said_as="own")
def answer_request(request: HttpRequest, visit: DeskVisit, request_id: UUID) -> str:
    """Agree to a looser value, or not. No reason is asked."""
    agrees = request.POST.get("agrees") == "yes"
    requests.answer(request_id=request_id, subject=visit.subject, agrees=agrees, at=visit.at)
    if agrees:
        return _("Noted. It holds from your next day.")
    return _("Noted. Nothing changes.")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
@with_own_records
def ask(request: HttpRequest, visit: DeskVisit, row: int) -> HttpResponse:
    """Ask the wellbeing officer to look at a limit; words may be left out."""
    found = about(visit.subject, row, visit.at)
    if found is None:
        raise Http404
    limit, said = found
    return _ask(request, visit, "limit", str(row), {"sentence": said, "reason": limit.reason})


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
@with_own_records
def ask_about(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Ask the wellbeing officer to look at something that was refused, or at a load flag; words may be left out."""
    what, ref = request.GET.get("about", ""), request.GET.get("ref", "")
    matter = what_is_asked(visit.subject, what, ref, visit.at)
    if matter is None:
        raise Http404
    told = _("The officer reads what it is about and your words, and nothing else of your day.")
    return _ask(request, visit, what, ref, {"sentence": matter, "told": told})


def _ask(request: HttpRequest, visit: DeskVisit, what: str, ref: str, said: dict[str, Any]) -> HttpResponse:
    context = {**said, "words": request.POST.get("words", ""), "action": request.get_full_path()}
    if request.method == "POST":
        try:
            return _asked(request, visit, what, ref)
        except refused.Refused as refusal:
            context["problem"] = sentence(refusal, About(page="own"))
    status = 422 if "problem" in context else 200
    return render(request, "desk/ask.html", {**context, **chrome(request.user, "")}, status=status)


def _asked(request: HttpRequest, visit: DeskVisit, what: str, ref: str) -> HttpResponse:
    question = questions.ask(
        subject=visit.subject,
        about=what,
        about_ref=ref,
        words=request.POST.get("words", ""),
        at=visit.at,
    )
    said = _("Asked. The answer will stand here by %(due)s.")
    messages.success(request, said % {"due": moment_of_this_year(question.due_at)})
    return redirect("desk:my_day")
