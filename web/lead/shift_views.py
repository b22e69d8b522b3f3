"""Who of the team is planned when: the lead plans by day and cancels, and sees nothing of what anybody did in a shift."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import Member, member_for, members_for
from people.selectors import zones_by_subject
from web.lead.doors import LeadVisit, for_leads
from web.lead.other_work_pages import other_work_sentence
from web.lead.shift_forms import TeamShiftForm
from web.shared.acting import tell
from web.shared.chrome import chrome
from web.shared.names import Names
from web.shared.refusals import About, sentence
from web.shared.shifts import planned_sentence, shift_rows
from wellbeing.core.rules.days import zone_at
from wellbeing.exceptions import Refused
from wellbeing.shifts import services as shifts
from wellbeing.shifts.selectors import ShiftLine, shifts_of_all

HERE = "lead:shifts"


@dataclass(frozen=True)
class Team:
    """The people of the lead's team, each with their clock."""

    members: list[Member]
    zones: Mapping[UUID, ZoneInfo]

    def name_of(self, subject: UUID) -> str:
        """Return what a person of the team is called."""
        return next(member.name for member in self.members if member.subject == subject)


@require_safe
@for_leads
def team_shifts(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Who is planned when, and the form with which more is."""
    team = _team(visit)
    return _page(request, visit, team, TeamShiftForm(members=team.members))


@require_POST
@for_leads
def plan(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Plan for one person of the team: a day, or a pattern of weeks; all of it or nothing."""
    team = _team(visit)
    form = TeamShiftForm(request.POST, members=team.members)
    if not form.is_valid():
        return _page(request, visit, team, form, status=422)
    member = member_for(visit.who, form.cleaned_data["person"], visit.at)
    zone = team.zones[member.subject]
    try:
        made = shifts.plan(
            subject=member.subject, planned=form.planned(zone), planned_by=visit.subject, at=visit.at
        )
    except Refused as refusal:
        form.add_error(None, sentence(refusal, About(person=member.name, zone=zone)))
        return _page(request, visit, team, form, status=422)
    told = _("%(name)s is told.") % {"name": member.name}
    messages.success(request, f"{planned_sentence(len(made))} {told}")
    return redirect(HERE)


@require_POST
@for_leads
def cancel(request: HttpRequest, visit: LeadVisit, shift_id: UUID) -> HttpResponse:
    """Cancel a shift of somebody of the team, if it has not begun."""
    team = _team(visit)
    line = next((line for line in _lines(visit, team) if line.id == shift_id), None)
    if line is None:
        raise Http404
    tell(
        request,
        partial(
            shifts.cancel, subject=line.subject, shift_id=shift_id, cancelled_by=visit.subject, at=visit.at
        ),
        _("Cancelled. %(name)s is told.") % {"name": team.name_of(line.subject)},
        About(zone=team.zones[line.subject]),
    )
    return redirect(HERE)


def _team(visit: LeadVisit) -> Team:
    members = members_for(visit.who, visit.at)
    periods = zones_by_subject([member.subject for member in members])
    return Team(members, {subject: ZoneInfo(zone_at(found, visit.at)) for subject, found in periods.items()})


def _lines(visit: LeadVisit, team: Team) -> list[ShiftLine]:
    return shifts_of_all([member.subject for member in team.members], at=visit.at)


def _page(
    request: HttpRequest, visit: LeadVisit, team: Team, form: TeamShiftForm, *, status: int = 200
) -> HttpResponse:
    def called(subject: UUID) -> str:
        zone, name = team.zones[subject], team.name_of(subject)
        return name if zone == visit.zone else _("%(name)s, %(zone)s") % {"name": name, "zone": zone.key}

    lines = _lines(visit, team)
    names = Names(line.planned_by for line in lines)
    context = {
        "team": visit.who.team_name,
        "rows": shift_rows(lines, names, team.zones.__getitem__, called),
        "has_people": bool(team.members),
        "other_work": other_work_sentence(visit.who.team_id, visit.at),
        "form": form,
        **chrome(visit.user, HERE),
    }
    return render(request, "lead/shifts.html", context, status=status)
