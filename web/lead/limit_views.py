"""The limits of a lead's team: the fields, what a change would mean, and then the change."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from queues.selectors import outlook
from web.lead.doors import LeadVisit, for_leads
from web.lead.leaves import values_of, what_it_leaves
from web.lead.limit_forms import LimitForm, limit_forms
from web.lead.limit_pages import change_rows, limit_groups
from web.shared.chrome import chrome
from web.shared.names import Names
from web.shared.refusals import sentence
from wellbeing.exceptions import ChangedMeanwhile, Refused
from wellbeing.limits.selectors.overview import LimitLine, team_limits
from wellbeing.limits.services.team_limits import Wanted, change_team_limits

HERE = "lead:limits"


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def limits(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Show the limits; with a POST, what would change (``step=look``), or change it (``step=save``)."""
    lines = team_limits(visit.who.team_id, visit.at)
    if request.method != "POST":
        return _fields(request, visit, lines)
    typed = limit_forms(lines, request.POST)
    if not all(form.is_valid() for form in typed):
        return _fields(request, visit, lines, typed, status=422)
    if any(form.is_overtaken for form in typed):
        return _fields(request, visit, lines, typed, status=409)
    if request.POST.get("step") == "edit":
        return _fields(request, visit, lines, typed)
    changes = [form for form in typed if form.is_change]
    if not changes:
        messages.info(request, _("Nothing was changed."))
        return redirect(HERE)
    go_on = _save if request.POST.get("step") == "save" else _review
    return go_on(request, visit, lines, changes)


def _save(
    request: HttpRequest, visit: LeadVisit, lines: list[LimitLine], changes: list[LimitForm]
) -> HttpResponse:
    if any(change.needs_reason and not change.cleaned_data["reason"] for change in changes):
        return _review(request, visit, lines, changes, status=422)
    try:
        change_team_limits(
            team_id=visit.who.team_id,
            wanted=[_wanted(change) for change in changes],
            set_by=visit.subject,
            at=visit.at,
        )
    except ChangedMeanwhile:
        lines = team_limits(visit.who.team_id, visit.at)
        return _fields(request, visit, lines, limit_forms(lines, request.POST), status=409)
    except Refused as refusal:
        return _review(request, visit, lines, changes, problem=sentence(refusal), status=422)
    messages.success(request, _saved(len(changes)))
    return redirect(HERE)


def _fields(
    request: HttpRequest,
    visit: LeadVisit,
    lines: list[LimitLine],
    typed: Sequence[LimitForm] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "team": visit.who.team_name,
        "groups": limit_groups(lines, Names(line.set_by for line in lines), typed),
        "leaves": what_it_leaves(values_of(lines)),
        "problem": _("Nothing was saved. Look at the marked fields.") if status != 200 else "",
        **chrome(visit.user, HERE),
    }
    return render(request, "lead/limits.html", context, status=status)


def _review(
    request: HttpRequest,
    visit: LeadVisit,
    lines: list[LimitLine],
    changes: list[LimitForm],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    team = visit.who.team_id
    values = values_of(lines, {one.name: one.wanted for one in changes})
    context = {
        "team": visit.who.team_name,
        "changes": change_rows(
            changes,
            lambda name, value: outlook(team, name, value, visit.at),
            values=values,
            checked=status != 200,
        ),
        "leaves": what_it_leaves(values),
        "problem": problem,
        **chrome(visit.user, HERE),
    }
    return render(request, "lead/limits_review.html", context, status=status)


def _wanted(change: LimitForm) -> Wanted:
    return Wanted(change.name, change.wanted, change.cleaned_data["reason"], change.cleaned_data["seen"])


def _saved(count: int) -> str:
    return ngettext(
        "The change is saved. What is tighter holds now.",
        "%(count)d changes are saved. What is tighter holds now.",
        count,
    ) % {"count": count}
