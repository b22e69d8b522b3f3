"""The board: the queues of a lead's team, and how far the labels of their platforms were off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation.selectors.off_labels import off_labels
from queues.selectors import board as lines_of
from queues.selectors.board import platforms_of
from web.lead.board_pages import queue_row
from web.lead.doors import LeadVisit, for_leads
from web.shared.announced import told_to_everybody
from web.shared.chrome import chrome
from web.shared.off_labels import off_part


@require_safe
@for_leads
def board(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Every queue of the team, with what is open in it, as it may be told."""
    lines = lines_of(visit.who.team_id, visit.at)
    platforms = platforms_of(line.id for line in lines)
    context = {
        "team": visit.who.team_name,
        "queues": [queue_row(line, visit.at) for line in lines],
        "off": off_part(off_labels(at=visit.at, platform_ids=platforms), visit.at),
        **told_to_everybody(visit.user, visit.at),
        **chrome(visit.user, "lead:board"),
    }
    return render(request, "lead/board.html", context)
