"""'Close the day': the desk ends, and a quiet page says the little that helps on the way home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from queues.services import desk
from web.desk import drafting
from web.desk.acts import act
from web.desk.closing_day_pages import closed_day
from web.desk.doors import at_the_desk
from web.desk.pages import DeskVisit
from web.shared.chrome import chrome


@act
def close(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Leave the desk for today; a case in hand goes back whole, and what was written is kept."""
    drafting.keep(visit, request)
    desk.sign_out(subject=visit.subject, at=visit.at, reason="left")
    return redirect("desk:closed_day")


@require_GET
@at_the_desk
def closed(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """What is said at the end of a day."""
    day = closed_day(visit)
    context = {
        "day": day,
        "whom": day.whom,
        **chrome(request.user, ""),
    }
    return render(request, "desk/closed_day.html", context)
