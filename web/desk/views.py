"""The desk's pages. A script is told the same state by the same templates, without what stands around it."""

from dataclasses import replace
from typing import Final

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_GET

from people.selectors import announcements_for
from queues.selectors import DeskState, desk_state
from queues.services import desk
from web.desk import pages
from web.desk.asked_by import is_script
from web.desk.doors import at_the_desk
from web.desk.my_day_pages import my_day_page
from web.desk.my_limits_pages import my_limits
from web.desk.pages import DeskVisit
from web.desk.refusals import Refusal
from web.desk.shapes import UnsentDraft
from web.desk.shielding import shield_comes_back
from web.shared.announced import announced
from web.shared.chrome import chrome
from wellbeing.choices.selectors.buddies import is_asked
from wellbeing.core.selectors.stage import has_stage
from wellbeing.limits.selectors.overview import has_news_for
from wellbeing.shifts.selectors import has_shift_news

MET = "desk_met_claim"
"""Session: the claim that was shown once. A case that arrived while its person waited is announced only before that."""
HANDED_BACK = "desk_handed_back"
"""Session: the claim that 'this was too much' ended, until its person keeps the case or says so again."""
OF_A_BREAK: Final = "of-a-break"
"""Tag of what a break has refused: its own page tells it, and no case that comes after it."""
LONGEST_NUMBER = 3
GO: Final = "X-Respite-Go"
"""Answer to a script: the address of the page that takes the desk's place. A redirect would be fetched, and its page lost."""


@require_GET
@at_the_desk
def page(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """The desk as it is; during a break, the way to the break page."""
    # A limit that was just tightened covers this very answer, not the one after the next beat.
    look = desk.catch_up if has_stage(visit.subject) else desk_state
    return tell(request, visit, look(subject=visit.subject, at=visit.at))


@require_GET
@at_the_desk
def rest(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """The break page; without a break, the way to the desk."""
    return show_rest(request, visit, desk_state(visit.subject, visit.at)) or redirect("desk:page")


def tell(
    request: HttpRequest, visit: DeskVisit, state: DeskState, *, picture: int | None = None
) -> HttpResponse:
    """Answer with the desk as it is, or, during a break, with the way to its page."""
    if shield_comes_back(visit, state):
        state = desk_state(visit.subject, visit.at)
    if state.kind == "break":
        return lead(request, "desk:break")
    return show_desk(request, visit, state, picture=picture)


def lead(request: HttpRequest, page: str, *, status: int | None = None) -> HttpResponse:
    """Answer with the way to *page* (a name or an address); a script is told it, with *status*, and its browser goes there."""
    if not is_script(request.headers):
        return redirect(page)
    return HttpResponse(status=status or 204, headers={GO: resolve_url(page)})


@require_GET
@at_the_desk
def my_day(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """A person's own record. Only they see it; who may not be them is told so instead."""
    if not visit.is_confirmed:
        context = {"messages": list(get_messages(request)), **chrome(request.user, "desk:my_day")}
        return render(request, "desk/my_day_closed.html", context)
    return render(
        request,
        "desk/my_day.html",
        {
            "day": my_day_page(visit),
            "tab": "today",
            "limits": my_limits(visit),
            "messages": list(get_messages(request)),
            "announcements": announcements_for(visit.subject, at=visit.at),
            "announced": announced(visit.at),
            **chrome(request.user, "desk:my_day"),
        },
    )


def show_desk(
    request: HttpRequest,
    visit: DeskVisit,
    state: DeskState,
    *,
    picture: int | None = None,
    refusal: Refusal | None = None,
    unsent: UnsentDraft | None = None,
) -> HttpResponse:
    """Render the desk, with what was refused and its status if something was; for a script without what stands around it.

    ``picture``: which one is on the stage; None, as the request says. What is on the stage of a page with a script is told
    to scripts alone: a second tab, the page's source and what a browser keeps of where it was hold nothing of it.
    """
    by_script = is_script(request.headers)
    picture = picture or picture_number(request.POST.get("picture") or request.GET.get("picture"))
    met = request.session.get(MET, "")
    is_withheld = bool(state.exposure and state.exposure.beating) and not by_script
    told = replace(state, exposure=None) if is_withheld else state
    page = pages.desk_page(visit, told, picture=picture, met=met, unsent=unsent)
    context = {
        "page": replace(page, is_withheld=is_withheld),
        "refusal": refusal,
        "messages": [said for said in get_messages(request) if OF_A_BREAK not in said.tags.split()],
        # Between cases only: nothing but the case speaks while one is on the stage.
        "announcements": announcements_for(visit.subject, at=visit.at) if state.kind == "off" else [],
        "announced": announced(visit.at) if state.kind == "off" else [],
        "languages_not_asked": state.kind == "off" and not state.person.profile.worker(visit.at).languages,
        "has_shift_news": state.kind == "off" and has_shift_news(visit.subject, at=visit.at),
        **(_private_news(visit) if state.kind == "off" and visit.is_confirmed else {}),
        **({} if by_script else chrome(request.user, "desk:page")),
    }
    template = "desk/_answer.html" if by_script else "desk/page.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _private_news(visit: DeskVisit) -> dict[str, bool]:
    """Return what waits on a person's own pages."""
    return {
        "is_asked_to_talk": is_asked(visit.subject),
        "has_limit_news": has_news_for(visit.subject, visit.at),
    }


def show_rest(
    request: HttpRequest, visit: DeskVisit, state: DeskState, *, refusal: Refusal | None = None
) -> HttpResponse | None:
    """Render the break page, or return None when no break runs."""
    handed_back = request.session.get(HANDED_BACK, "")
    shown = pages.break_page(visit, state, longer="longer" in request.GET, handed_back=handed_back)
    if shown is None:
        return None
    context = {
        "rest": shown,
        "refusal": refusal,
        "messages": list(get_messages(request)),
        **chrome(request.user, ""),
    }
    return render(request, "desk/break.html", context, status=refusal.status if refusal else 200)


def picture_number(text: str | None) -> int:
    """Return which picture an address or a form names, from 1; the first if it names none."""
    if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return max(1, int(text))
    return 1
