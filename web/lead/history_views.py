"""What changed for a lead's team, and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from queues.selectors import board
from web.lead.doors import LeadVisit, for_leads
from web.lead.history_pages import limit_changes
from web.lead.preset_pages import preset_changes
from web.lead.queue_history import queue_changes
from web.shared.chrome import chrome
from web.shared.names import Names
from wellbeing.selectors.limits import limit_history
from wellbeing.selectors.presets import preset_history


@require_safe
@for_leads
def history(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """The changes of the team's limits, its presets and its queues, newest first."""
    lines = limit_history("team", str(visit.who.team_id))
    presets = preset_history(visit.who.team_id)
    names = Names([line.set_by for line in lines] + [one.set_by for one in presets])
    context = {
        "team": visit.who.team_name,
        "parts": [
            limit_changes(lines, names),
            preset_changes(presets, names),
            queue_changes(board(visit.who.team_id, visit.at)),
        ],
        **chrome(visit.user, "lead:history"),
    }
    return render(request, "lead/history.html", context)
