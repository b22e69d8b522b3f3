"""How the severe cases of each queue are shared among its people. It names nobody, so nothing is noted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from web.officer.doors import OfficerVisit, for_officers
from web.officer.sharing_pages import sharing_page
from web.shared.chrome import chrome

HERE = "officer:page"


@require_safe
@for_officers
def sharing(request: HttpRequest, visit: OfficerVisit) -> HttpResponse:
    """Show the last full week, by queue and in groups of five and more."""
    context = {"page": sharing_page(visit.at), **chrome(visit.user, HERE)}
    return render(request, "officer/sharing.html", context)
