"""'Close the day': the desk ends, and a quiet page says the little that helps on the way home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from queues.services import desk
from web.desk import drafting
from web.desk.acts import act
from web.desk.closing_day_pages import closed_day
from web.desk.doors import at_the_desk
from web.desk.pages import Seat
from web.shared.chrome import chrome


@act
def close(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Leave the desk for today; a case in hand goes back whole, and what was written is kept."""
    drafting.keep(seat, request)
    desk.sign_out(subject=seat.subject, at=seat.at, reason="left")
    return redirect("desk:closed_day")


@require_GET
@at_the_desk
def closed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What is said at the end of a day."""
    day = closed_day(seat)
    context = {
        "day": day,
        "whom": day.whom,
        **chrome(request.user, ""),
    }
    return render(request, "desk/closed_day.html", context)
