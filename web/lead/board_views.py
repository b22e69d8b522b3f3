"""The board: the queues of a lead's team."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from queues.selectors import board as lines_of
from web.lead.board_pages import queue_row
from web.lead.doors import LeadVisit, for_leads
from web.shared.chrome import chrome


@require_safe
@for_leads
def board(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Every queue of the team, with what is open in it, as it may be told."""
    context = {
        "team": visit.who.team_name,
        "queues": [queue_row(line, visit.at) for line in lines_of(visit.who.team_id, visit.at)],
        **chrome(visit.user, "lead:board"),
    }
    return render(request, "lead/board.html", context)
