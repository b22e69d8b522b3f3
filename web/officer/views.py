"""The officer's first page: what waits, without opening anybody's record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.access import record_reader_for
from people.exceptions import NotYet
from people.sign_in.tenure import named_too_lately
from web.officer.doors import OfficerVisit, for_officers
from web.officer.pages import first_page
from web.shared.announced import told_to_everybody
from web.shared.chrome import chrome

HERE = "officer:page"


@require_safe
@for_officers
def page(request: HttpRequest, visit: OfficerVisit) -> HttpResponse:
    """Show what waits: questions, flags to look at again, how many flags are open, the review, breaks by team."""
    context = {
        "page": first_page(visit.at),
        "waits": _waits(visit),
        **told_to_everybody(visit.user, visit.at),
        **chrome(visit.user, HERE),
    }
    return render(request, "officer/page.html", context)


def _waits(visit: OfficerVisit) -> str:
    """Say from when an officer who was just named may read records; nothing to whoever may."""
    try:
        record_reader_for(visit.user, visit.at)
    except NotYet as refusal:
        return named_too_lately(refusal)
    return ""
