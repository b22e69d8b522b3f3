"""'Talk to someone': a page that can be opened without a trace, and the few acts between buddies."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web.desk.doors import at_the_desk
from web.desk.own_acts import own_act
from web.desk.pages import DeskVisit
from web.desk.talk_pages import whom_to_talk_to
from web.shared.chrome import chrome
from wellbeing.choices.services import buddies


@require_GET
@at_the_desk
def talk(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Whom to talk to. Opening it is recorded nowhere."""
    context = {
        "whom": whom_to_talk_to(visit),
        **chrome(request.user, "desk:talk"),
    }
    return render(request, "desk/talk.html", context)


@own_act("desk:talk", said_as="talk")
def ask_buddy(request: HttpRequest, visit: DeskVisit) -> str:
    """Ask a colleague by name."""
    buddies.ask(subject=visit.subject, name=request.POST.get("name", ""), at=visit.at)
    return _("Asked. They see it on this page of theirs.")


@own_act("desk:talk", said_as="talk")
def agree(_request: HttpRequest, visit: DeskVisit, buddy_id: UUID) -> str:
    """Say yes to a colleague."""
    buddies.agree(buddy=visit.subject, buddy_id=buddy_id, at=visit.at)
    return _("Said. They see it on this page of theirs.")


@own_act("desk:talk", said_as="talk")
def end(_request: HttpRequest, visit: DeskVisit, buddy_id: UUID) -> str:
    """Say no, take it back, or end it."""
    buddies.end(subject=visit.subject, buddy_id=buddy_id, at=visit.at)
    return _("Done. Nobody is told, and no reason is asked.")
