"""The walk of the first day: pages of text and two harmless pictures of Respite's own. It shows no case, so it opens none."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from queues.services import other_work
from web.desk import drafting, first_day_pages, languages_views
from web.desk.acts import act
from web.desk.doors import at_the_desk
from web.desk.pages import Seat
from web.desk.talk_pages import whom_to_talk_to
from web.shared.chrome import chrome
from wellbeing.rules.introduction import Step, after
from wellbeing.rules.presence import Activity
from wellbeing.services import introduction


@require_GET
@at_the_desk
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the walk is, and where to go on."""
    return _page(request, "desk/first_day/overview.html", walk=first_day_pages.walk(seat))


@require_GET
@at_the_desk
def step(request: HttpRequest, seat: Seat, walk_step: str) -> HttpResponse:
    """One page of the walk."""
    found = _step(walk_step)
    page = first_day_pages.step_page(
        found, picture=request.GET.get("picture", ""), level=request.GET.get("level", "")
    )
    whom = whom_to_talk_to(seat) if found == Step.CONTACTS else None
    reads = languages_views.choice(seat) if found == Step.LANGUAGES else None
    return _page(request, "desk/first_day/step.html", step=page, whom=whom, choice=reads)


@act
def begin(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin the walk, or go on: it is training, and paid."""
    drafting.keep(seat, request)
    _train(seat)
    return redirect("desk:first_day_step", first_day_pages.walk(seat).next_step or Step.DESK)


@act
def take(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take a step, and go to the next one; that about languages is taken by choosing some."""
    taken = _step(request.POST.get("step", ""))
    _train(seat)
    problem = languages_views.take(request, seat) if taken == Step.LANGUAGES else ""
    if problem:
        return _not_taken(request, seat, taken, problem)
    introduction.take_step(subject=seat.subject, step=taken, at=seat.at)
    following = after(taken)
    return redirect("desk:first_day_step", following) if following else redirect("desk:first_day")


def _not_taken(request: HttpRequest, seat: Seat, step: Step, problem: str) -> HttpResponse:
    answer = _page(
        request,
        "desk/first_day/step.html",
        step=first_day_pages.step_page(step, picture="", level=""),
        choice=languages_views.choice(seat, languages_views.ticked(request)),
        problem=problem,
    )
    answer.status_code = 422
    return answer


def _train(seat: Seat) -> None:
    other_work.do_other_work(subject=seat.subject, activity=Activity.TRAINING, at=seat.at, beating=False)


def _step(code: str) -> Step:
    try:
        return Step(code)
    except ValueError:
        raise Http404 from None


def _page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    return render(request, template, {**context, **chrome(request.user, "")})
