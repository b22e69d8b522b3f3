"""What somebody does about what is theirs alone: a plain post, a sentence, and back to the page."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from web.desk.doors import at_the_desk, with_own_records
from web.desk.pages import DeskVisit
from web.shared.refusals import REFUSALS, About, sentence

Step = Callable[..., str]


def own_act(page: str, *, said_as: str = "") -> Callable[[Step], Callable[..., HttpResponse]]:
    """Make a view of a step that returns what is said; a refusal is said instead, and nothing was changed.

    ``page``: where it goes on; ``said_as``: a page of ``web.shared.refusals``.
    """

    def of(step: Step) -> Callable[..., HttpResponse]:
        @require_POST
        @at_the_desk
        @with_own_records
        def view(request: HttpRequest, visit: DeskVisit, /, **which: UUID) -> HttpResponse:
            about = About(page=said_as, name=request.POST.get("name", ""), zone=visit.zone)
            try:
                messages.success(request, step(request, visit, **which))
            except REFUSALS as refusal:
                messages.warning(request, sentence(refusal, about))
            return redirect(page)

        return view

    return of
