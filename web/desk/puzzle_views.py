"""The block puzzle of long breaks: it runs in the page alone. Nothing of it is sent, stored or counted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from queues.selectors import desk_state
from web.desk import pages
from web.desk.doors import at_the_desk
from web.desk.pages import DeskVisit
from web.shared.chrome import chrome


@require_GET
@at_the_desk
def puzzle(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """The puzzle, in a break that is long enough; else the way to wherever the person is."""
    rest = pages.break_page(visit, desk_state(visit.subject, visit.at))
    if rest is None or not rest.may_puzzle:
        return redirect("desk:break")
    return render(request, "desk/puzzle.html", {"rest": rest, **chrome(request.user, "")})
