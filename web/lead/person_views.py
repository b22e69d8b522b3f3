"""The lead's team by name, and what leads set for one person. Nothing that a person was shown or did is read here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import Member, member_for, members_for
from people.selectors.languages import languages_by_user, languages_of
from web.lead.doors import LeadVisit, for_leads
from web.lead.leaves import values_of, what_it_leaves
from web.lead.person_forms import PersonLimitForm
from web.lead.person_pages import asked_rows, person_rows
from web.shared.acting import submit
from web.shared.chrome import chrome
from web.shared.languages import what_they_read
from web.shared.names import Names
from web.shared.refusals import About
from wellbeing.core.rules.names import is_looser
from wellbeing.limits.selectors.asked import asked_of
from wellbeing.limits.selectors.overview import LimitLine, PersonLine, person_limits_set_by_leads, team_limits
from wellbeing.limits.services import requests
from wellbeing.limits.services.setting import set_limit

HERE = "lead:team"
TIGHTER, LOOSER = "tighter_%s", "looser_%s"
"""Two forms of one kind are on the page; their fields have ids of their own."""


@require_safe
@for_leads
def team(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Who is in the team, and which languages each reads; nothing else."""
    people = members_for(visit.who, visit.at)
    reads = languages_by_user([one.id for one in people])
    rows = [(one, what_they_read(reads.get(one.id, []))) for one in people]
    context = {"team": visit.who.team_name, "people": rows, **chrome(visit.user, HERE)}
    return render(request, "lead/team.html", context)


@require_safe
@for_leads
def person(request: HttpRequest, visit: LeadVisit, person_id: int) -> HttpResponse:
    """What leads set for one person of the team, and the two forms about it."""
    return _page(request, visit, member_for(visit.who, person_id, visit.at))


@require_POST
@for_leads
def tighten(request: HttpRequest, visit: LeadVisit, person_id: int) -> HttpResponse:
    """Set a tighter value for one person, or set one again."""
    member = member_for(visit.who, person_id, visit.at)
    form = PersonLimitForm(request.POST, auto_id=TIGHTER, lines=_lines(visit))
    status = submit(form, lambda: _set(visit, member, form), About(name=form.data.get("name", "")))
    if status:
        return _page(request, visit, member, tighter=form, status=status)
    messages.success(request, _("It holds now. %(name)s is told.") % {"name": member.name})
    return redirect("lead:person", person_id=member.id)


@require_POST
@for_leads
def ask_looser(request: HttpRequest, visit: LeadVisit, person_id: int) -> HttpResponse:
    """Ask a person whether a looser value may hold for them."""
    member = member_for(visit.who, person_id, visit.at)
    form = PersonLimitForm(request.POST, auto_id=LOOSER, lines=_lines(visit))
    status = submit(form, lambda: _ask(visit, member, form), About(name=form.data.get("name", "")))
    if status:
        return _page(request, visit, member, looser=form, status=status)
    messages.success(request, _("Asked. Nothing changes unless %(name)s says yes.") % {"name": member.name})
    return redirect("lead:person", person_id=member.id)


def _set(visit: LeadVisit, member: Member, form: PersonLimitForm) -> None:
    set_limit(
        scope="person",
        scope_ref=str(member.subject),
        name=form.cleaned_data["name"],
        value=form.cleaned_data["value"],
        set_by=visit.subject,
        reason=form.cleaned_data["reason"],
        at=visit.at,
        last_seen=form.seen,
    )


def _ask(visit: LeadVisit, member: Member, form: PersonLimitForm) -> None:
    requests.ask_looser(
        subject=member.subject,
        name=form.cleaned_data["name"],
        value=form.cleaned_data["value"],
        asked_by=visit.subject,
        reason=form.cleaned_data["reason"],
        at=visit.at,
    )


def _lines(visit: LeadVisit) -> list[LimitLine]:
    return team_limits(visit.who.team_id, visit.at)


def _tighter(lines: list[PersonLine], team: list[LimitLine]) -> dict[str, int]:
    """Return what leads set for one person, where it allows less than the team has."""
    of_team = values_of(team)
    return {
        line.name: line.value for line in lines if not is_looser(line.name, line.value, of_team[line.name])
    }


def _page(
    request: HttpRequest,
    visit: LeadVisit,
    member: Member,
    *,
    tighter: PersonLimitForm | None = None,
    looser: PersonLimitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    lines, team = person_limits_set_by_leads(member.subject, visit.at), _lines(visit)
    looser = looser or PersonLimitForm(auto_id=LOOSER, lines=team)
    # A post is read with all of them: whose value has just ended is told so, in words.
    looser.offer([line for line in team if line.name in {own.name for own in lines}])
    context = {
        "person": member,
        "reads": what_they_read(languages_of(member.subject)),
        "leaves": what_it_leaves(values_of(team, _tighter(lines, team))),
        "rows": person_rows(lines, Names(line.set_by for line in lines)),
        "requests": asked_rows(asked_of(member.subject)),
        "tighter": tighter or PersonLimitForm(auto_id=TIGHTER, lines=team),
        "looser": looser,
        **chrome(visit.user, HERE),
    }
    return render(request, "lead/person.html", context, status=status)
