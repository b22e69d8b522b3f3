"""The walk of the first day: pages of text and two harmless pictures of Respite's own. It shows no case, so it opens none."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from queues.services import other_work
from web.desk import drafting, first_day_pages, languages_views
from web.desk.acts import act
from web.desk.doors import at_the_desk
from web.desk.pages import DeskVisit
from web.desk.talk_pages import whom_to_talk_to
from web.shared.chrome import chrome
from wellbeing.choices.rules.introduction import Step, after
from wellbeing.choices.services import introduction
from wellbeing.core.rules.presence import Activity


@require_GET
@at_the_desk
def overview(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """What the walk is, and where to go on."""
    return _page(request, "desk/first_day/overview.html", walk=first_day_pages.walk(visit))


@require_GET
@at_the_desk
def step(request: HttpRequest, visit: DeskVisit, walk_step: str) -> HttpResponse:
    """One page of the walk."""
    found = _step(walk_step)
    page = first_day_pages.step_page(
        found, picture=request.GET.get("picture", ""), level=request.GET.get("level", "")
    )
    whom = whom_to_talk_to(visit) if found == Step.CONTACTS else None
    reads = languages_views.choice(visit) if found == Step.LANGUAGES else None
    return _page(request, "desk/first_day/step.html", step=page, whom=whom, choice=reads)


@act
def begin(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Begin the walk, or go on: it is training, and paid."""
    drafting.keep(visit, request)
    _train(visit)
    return redirect("desk:first_day_step", first_day_pages.walk(visit).next_step or Step.DESK)


@act
def take(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Take a step, and go to the next one; that about languages is taken by choosing some."""
    taken = _step(request.POST.get("step", ""))
    _train(visit)
    problem = languages_views.take(request, visit) if taken == Step.LANGUAGES else ""
    if problem:
        return _not_taken(request, visit, taken, problem)
    introduction.take_step(subject=visit.subject, step=taken, at=visit.at)
    following = after(taken)
    return redirect("desk:first_day_step", following) if following else redirect("desk:first_day")


def _not_taken(request: HttpRequest, visit: DeskVisit, step: Step, problem: str) -> HttpResponse:
    answer = _page(
        request,
        "desk/first_day/step.html",
        step=first_day_pages.step_page(step, picture="", level=""),
        choice=languages_views.choice(visit, languages_views.ticked(request)),
        problem=problem,
    )
    answer.status_code = 422
    return answer


def _train(visit: DeskVisit) -> None:
    other_work.do_other_work(subject=visit.subject, activity=Activity.TRAINING, at=visit.at, beating=False)


def _step(code: str) -> Step:
    try:
        return Step(code)
    except ValueError:
        raise Http404 from None


def _page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    return render(request, template, {**context, **chrome(request.user, "")})
