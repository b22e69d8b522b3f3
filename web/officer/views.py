"""The officer's first page: what waits, without opening anybody's record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from web.officer.doors import OfficerVisit, for_officers
from web.officer.pages import first_page
from web.shared.chrome import chrome

HERE = "officer:page"


@require_safe
@for_officers
def page(request: HttpRequest, visit: OfficerVisit) -> HttpResponse:
    """Show what waits: questions, flags to look at again, how many flags are open, the review, breaks by team."""
    context = {"page": first_page(visit.at), **chrome(visit.user, HERE)}
    return render(request, "officer/page.html", context)
