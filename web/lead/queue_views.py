"""The queues of a lead's team: made, described, opened, paused, drained, closed, and given guidelines."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from moderation.access import get_queue_for
from moderation.selectors.queueing import guidelines_of, is_severe, missing_of
from moderation.services import guidelines as guideline_service
from moderation.services import queueing
from people.selectors import platform_names, team_names
from queues.exceptions import QueueChanged, QueueRefused
from queues.models import Queue
from queues.selectors import board
from queues.services.queues import plan_of
from web.lead import wording
from web.lead.doors import LeadVisit, for_leads
from web.lead.leaves import values_of, what_it_leaves
from web.lead.queue_forms import GuidelinesForm, NewQueueForm, QueueForm
from web.lead.queue_pages import queue_page
from web.shared.acting import number_in
from web.shared.chrome import chrome
from web.shared.refusals import About, by_field, lacks, sentence
from wellbeing.limits.rules.leaving import EXTREME, SEVERE
from wellbeing.limits.selectors.overview import team_limits

HERE = "lead:board"
NEW_QUEUE = {"target_seconds": "24", "grace_seconds": "0", "is_severe": True}


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def new_queue(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Make a queue as a draft."""
    choices: dict[str, Any] = {"teams": team_names(), "platforms": platform_names()}
    if request.method != "POST":
        initial = {**NEW_QUEUE, "teams": [str(visit.who.team_id)]}
        return _new_page(request, visit, NewQueueForm(initial=initial, **choices))
    form = NewQueueForm(request.POST, **choices)
    if form.is_valid():
        made: list[Queue] = []
        if _is_done(form, lambda: made.append(_create(visit, form))):
            messages.success(request, _("The draft is made. Write its guidelines, then open it."))
            return redirect("lead:queue", queue_id=made[0].pk)
    return _new_page(request, visit, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def queue(request: HttpRequest, visit: LeadVisit, queue_id: int) -> HttpResponse:
    """Show one queue; with a POST, describe it anew."""
    found = get_queue_for(team_id=visit.who.team_id, queue_id=queue_id)
    if request.method != "POST":
        return _queue_page(request, visit, found)
    form = QueueForm(request.POST, teams=team_names())
    try:
        if form.is_valid() and _is_done(form, lambda: _edit(request, visit, found, form)):
            messages.success(request, _("Saved."))
            return redirect("lead:queue", queue_id=queue_id)
    except QueueChanged as changed:
        found.refresh_from_db()
        form.shows_theirs(plan_of(found))
        return _queue_page(request, visit, found, form=form, problem=sentence(changed), status=409)
    return _queue_page(request, visit, found, form=form, status=422)


@require_POST
@for_leads
def act(request: HttpRequest, visit: LeadVisit, queue_id: int) -> HttpResponse:
    """Open, pause, drain or close it, or make it the platform's default."""
    found = get_queue_for(team_id=visit.who.team_id, queue_id=queue_id)
    name = request.POST.get("act", "")
    if name not in wording.ACTS:
        raise Http404
    try:
        _do(request, visit, queue_id, name)
    except QueueRefused as refusal:
        return _queue_page(request, visit, found, problem=sentence(refusal), status=409)
    messages.success(request, wording.done(name))
    return redirect("lead:queue", queue_id=queue_id)


@require_POST
@for_leads
def guidelines(request: HttpRequest, visit: LeadVisit, queue_id: int) -> HttpResponse:
    """Write a new version of the guidelines, or take back one that is not in force yet."""
    found = get_queue_for(team_id=visit.who.team_id, queue_id=queue_id)
    if "take_back" in request.POST:
        return _take_back(request, visit, found)
    form = GuidelinesForm(request.POST)
    try:
        if form.is_valid() and _is_done(form, lambda: _write(request, visit, found, form)):
            messages.success(request, _("The guidelines are written."))
            return redirect("lead:queue", queue_id=queue_id)
    except QueueChanged as changed:
        problem = sentence(changed, About(page="guidelines"))
        return _queue_page(request, visit, found, policy_form=form, problem=problem, status=409)
    return _queue_page(request, visit, found, policy_form=form, status=422)


def _take_back(request: HttpRequest, visit: LeadVisit, found: Queue) -> HttpResponse:
    try:
        guideline_service.take_back_guidelines(
            queue_id=found.pk,
            team_id=visit.who.team_id,
            actor=visit.subject,
            last_seen=number_in(request, "newest"),
            at=visit.at,
        )
    except QueueRefused as refusal:
        return _queue_page(request, visit, found, problem=sentence(refusal), status=409)
    messages.success(request, _("Taken back. The version before it goes on."))
    return redirect("lead:queue", queue_id=found.pk)


def _create(visit: LeadVisit, form: NewQueueForm) -> Queue:
    return queueing.create_queue(
        team_id=visit.who.team_id,
        actor=visit.subject,
        platform_id=UUID(form.cleaned_data["platform"]),
        plan=form.plan,
        at=visit.at,
    )


def _edit(request: HttpRequest, visit: LeadVisit, found: Queue, form: QueueForm) -> None:
    queueing.edit_queue(
        queue_id=found.pk,
        team_id=visit.who.team_id,
        actor=visit.subject,
        plan=form.plan,
        last_seen=number_in(request, "version"),
        at=visit.at,
    )


def _do(request: HttpRequest, visit: LeadVisit, queue_id: int, name: str) -> None:
    facts: dict[str, Any] = {
        "queue_id": queue_id,
        "team_id": visit.who.team_id,
        "actor": visit.subject,
        "last_seen": number_in(request, "version"),
        "at": visit.at,
        "reason": request.POST.get("reason", "")[: wording.LONGEST_REASON],
    }
    if name == "make_default":
        queueing.make_default(**facts)
    else:
        queueing.change_state(act=name, **facts)


def _write(request: HttpRequest, visit: LeadVisit, found: Queue, form: GuidelinesForm) -> None:
    guideline_service.write_guidelines(
        queue_id=found.pk,
        team_id=visit.who.team_id,
        actor=visit.subject,
        title=form.cleaned_data["title"],
        guidance=form.cleaned_data["guidance"],
        last_seen=number_in(request, "newest"),
        at=visit.at,
        in_force_from=form.begins_at(visit.at),
    )


def _is_done(form: forms.Form, do: Callable[[], object]) -> bool:
    """Do it; if it is refused, say so beside the fields and return False. That somebody was first is the page's to say."""
    try:
        do()
    except QueueChanged:
        raise
    except QueueRefused as refusal:
        for name, said in by_field(refusal):
            form.add_error(name if name in form.fields else None, said)
    return form.is_valid()


def _new_page(
    request: HttpRequest, visit: LeadVisit, form: NewQueueForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, **chrome(visit.user, HERE)}
    return render(request, "lead/new_queue.html", context, status=status)


def _queue_page(
    request: HttpRequest,
    visit: LeadVisit,
    found: Queue,
    *,
    form: QueueForm | None = None,
    policy_form: GuidelinesForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    line = next(one for one in board(visit.who.team_id, visit.at) if one.id == found.pk)
    # Read anew: what was just refused was refused because somebody else changed it.
    found.refresh_from_db()
    context = {
        "queue": queue_page(found, line, guidelines_of(found), visit.at),
        "leaves": _leaves(visit, found),
        "missing": lacks(missing_of(found, at=visit.at)),
        "form": form or QueueForm(initial=QueueForm.written(plan_of(found)), teams=team_names()),
        "policy_form": policy_form or GuidelinesForm(),
        "problem": problem,
        **chrome(visit.user, HERE),
    }
    return render(request, "lead/queue.html", context, status=status)


def _leaves(visit: LeadVisit, found: Queue) -> list[str]:
    """Return what the team's limits leave to do of what may come to this queue: of a mild one nothing is said."""
    if not is_severe(found):
        return []
    return what_it_leaves(values_of(team_limits(visit.who.team_id, visit.at)), (SEVERE, EXTREME))
