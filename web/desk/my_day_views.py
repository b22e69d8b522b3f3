"""'My day' over several days, and one day of the past. Only the person it is about gets here."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from web.desk.doors import at_the_desk, with_own_records
from web.desk.my_day_periods import SPANS, Unreadable, day_page, period_page, read_day, read_time
from web.desk.pages import DeskVisit
from web.shared.chrome import chrome

HERE: Final = "desk:my_day"
SPAN_OF: Final = {str(span): span for span in SPANS}


@require_safe
@at_the_desk
@with_own_records
def days(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """The last 7 or 28 days."""
    span = SPAN_OF.get(request.GET.get("span", str(SPANS[0])))
    if span is None:
        raise Http404
    context = {"period": period_page(visit, span=span), "tab": str(span), **chrome(request.user, HERE)}
    return render(request, "desk/my_day_period.html", context)


@require_safe
@at_the_desk
@with_own_records
def day(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """One day, and what held at a time of it; what cannot be read is said, and the nearest that can is shown."""
    problem = ""
    on = read_day("", visit)
    try:
        on = read_day(request.GET.get("day", ""), visit)
        held_at = read_time(request.GET.get("time", ""), on=on, visit=visit)
    except Unreadable as unreadable:
        problem, held_at = str(unreadable), read_time("", on=on, visit=visit)
    context = {
        "day": day_page(visit, on=on, held_at=held_at),
        "tab": "day",
        "problem": problem,
        **chrome(request.user, HERE),
    }
    return render(request, "desk/my_day_on.html", context, status=422 if problem else 200)
