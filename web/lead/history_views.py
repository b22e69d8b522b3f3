"""What changed for a lead's team, and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from queues.selectors import board
from web.lead.doors import LeadVisit, for_leads
from web.lead.history_pages import limit_changes
from web.lead.other_work_pages import said_changes
from web.lead.preset_pages import preset_changes
from web.lead.queue_history import queue_changes
from web.shared.chrome import chrome
from web.shared.names import Names
from wellbeing.core.selectors.other_work import sayings_of
from wellbeing.limits.selectors.overview import limit_history
from wellbeing.limits.selectors.presets import preset_history


@require_safe
@for_leads
def history(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """The changes of the team's limits, its presets, its other paid work and its queues, newest first."""
    lines = limit_history("team", str(visit.who.team_id))
    presets = preset_history(visit.who.team_id)
    said = sayings_of(visit.who.team_id)
    names = Names(
        [line.set_by for line in lines] + [one.set_by for one in presets] + [one.set_by for one in said]
    )
    context = {
        "team": visit.who.team_name,
        "parts": [
            limit_changes(lines, names),
            preset_changes(presets, names),
            said_changes(said, names),
            queue_changes(board(visit.who.team_id, visit.at)),
        ],
        **chrome(visit.user, "lead:history"),
    }
    return render(request, "lead/history.html", context)
