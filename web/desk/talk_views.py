"""'Talk to someone': a page that can be opened without a trace, and the few acts between buddies."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from web.desk.doors import at_the_desk, with_own_records
from web.desk.selectors import Seat
from web.desk.talk_pages import whom_to_talk_to
from web.shared.chrome import chrome
from wellbeing import exceptions as refused
from wellbeing.services import buddies

SENTENCES: Final[dict[type[Exception], str | Promise]] = {
    buddies.NobodyCalledSo: gettext_lazy("Nobody who moderates here has that name."),
    buddies.SeveralCalledSo: gettext_lazy("Several people have that name. Their user names tell them apart."),
    buddies.OwnName: gettext_lazy("That is your own name."),
    refused.AlreadyAsked: gettext_lazy("You have asked somebody already. It stands here."),
    refused.AlreadyAnswered: gettext_lazy("You said yes to this before."),
    refused.NotFound: gettext_lazy("That is not there any more. This page shows what holds."),
}


@require_GET
@at_the_desk
def talk(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Whom to talk to. Opening it is recorded nowhere."""
    context = {
        "whom": whom_to_talk_to(seat),
        "messages": list(get_messages(request)),
        **chrome(request.user, "desk:talk"),
    }
    return render(request, "desk/talk.html", context)


def _act(step: Callable[..., str]) -> Callable[..., HttpResponse]:
    """Make a view of *step*, which returns what is said; a refusal is said instead."""

    @require_POST
    @at_the_desk
    @with_own_records
    def view(request: HttpRequest, seat: Seat, /, **which: UUID) -> HttpResponse:
        try:
            messages.success(request, step(request, seat, **which))
        except refused.Refused as refusal:
            messages.error(request, str(SENTENCES[type(refusal)]))
        return redirect("desk:talk")

    return view


@_act
def ask_buddy(request: HttpRequest, seat: Seat) -> str:
    """Ask a colleague by name."""
    buddies.ask(subject=seat.subject, name=request.POST.get("name", ""), at=seat.at)
    return _("Asked. They see it on this page of theirs.")


@_act
def agree(_request: HttpRequest, seat: Seat, buddy_id: UUID) -> str:
    """Say yes to a colleague."""
    buddies.agree(buddy=seat.subject, buddy_id=buddy_id, at=seat.at)
    return _("Said. They see it on this page of theirs.")


@_act
def end(_request: HttpRequest, seat: Seat, buddy_id: UUID) -> str:
    """Say no, take it back, or end it."""
    buddies.end(subject=seat.subject, buddy_id=buddy_id, at=seat.at)
    return _("Done. Nobody is told, and no reason is asked.")
