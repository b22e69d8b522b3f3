"""The preset of a lead's team: which stands, what another would change, and then the change."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from web.lead.doors import LeadVisit, for_leads
from web.lead.leaves import what_it_leaves
from web.lead.preset_pages import change_groups, preset_rows, problems_of
from web.lead.seen import SeenField, sealed
from web.shared.chrome import chrome
from web.shared.limits import PRESETS
from web.shared.names import Names
from web.shared.refusals import About, sentence, status_of
from wellbeing.exceptions import AlreadySet, Refused
from wellbeing.limits.selectors.presets import PresetLine, TeamPresets, presets_for
from wellbeing.limits.services.presets import Seen, choose

HERE = "lead:presets"
# As the limits page: a page that the nav does not name stands under the one it belongs to.
UNDER = "lead:limits"


@require_safe
@for_leads
def all_presets(request: HttpRequest, visit: LeadVisit) -> HttpResponse:
    """Show the four presets, and which one stands."""
    found = presets_for(visit.who.team_id, at=visit.at)
    context = {
        "team": visit.who.team_name,
        "rows": preset_rows(found, Names([found.chosen.set_by])),
        "has_own_limits": found.has_own_limits,
        **chrome(visit.user, UNDER),
    }
    return render(request, "lead/presets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leads
def preset(request: HttpRequest, visit: LeadVisit, preset: str) -> HttpResponse:
    """Show what one preset would change; with a POST, choose it."""
    if preset not in PRESETS:
        raise Http404
    if request.method != "POST":
        return _review(request, visit, preset)
    try:
        choose(
            team_id=visit.who.team_id,
            preset=preset,
            reason=request.POST.get("reason", ""),
            set_by=visit.subject,
            at=visit.at,
            seen=Seen(_seen(request, "seen_preset"), _seen(request, "seen_limit")),
        )
    except AlreadySet as refusal:
        messages.info(request, sentence(refusal, About(page="presets")))
    except Refused as refusal:
        return _review(request, visit, preset, problem=sentence(refusal), status=status_of(refusal))
    else:
        messages.success(request, _("Chosen. What is tighter holds now, what is looser from the next day."))
    return redirect(HERE)


def _review(
    request: HttpRequest, visit: LeadVisit, preset: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    found = presets_for(visit.who.team_id, at=visit.at)
    line = _line(found, preset)
    context = {
        "team": visit.who.team_name,
        "preset": preset,
        "name": PRESETS[preset],
        "groups": change_groups(line),
        "problems": problems_of(line),
        "lacks_contract": line.lacks_contract,
        "leaves": what_it_leaves(line.values),
        "needs_reason": line.needs_reason,
        "reason": request.POST.get("reason", ""),
        "seen_preset": sealed(found.chosen.row),
        "seen_limit": sealed(found.seen),
        "problem": problem,
        **chrome(visit.user, UNDER),
    }
    return render(request, "lead/presets_review.html", context, status=status)


def _line(found: TeamPresets, preset: str) -> PresetLine:
    return next(line for line in found.lines if line.preset == preset)


def _seen(request: HttpRequest, name: str) -> int:
    return SeenField().clean(request.POST.get(name))
