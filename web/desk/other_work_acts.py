"""Going over to other paid work or wellness time, and coming back. Plain posts, like every act of the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from queues.selectors import DeskState
from queues.services import endings
from queues.services import other_work as commands
from web.desk import drafting, forms
from web.desk.acts import act, beats_of, go_on
from web.desk.pages import DeskVisit
from web.shared.refusals import FormUnreadable
from wellbeing.core.rules.presence import Activity


@act
def other_work(request: HttpRequest, visit: DeskVisit) -> None:
    """Do other paid work; what was written on the case in hand is kept."""
    sent = forms.OtherWorkForm(request.POST)
    if not sent.is_valid():
        raise FormUnreadable
    drafting.keep(visit, request)
    commands.do_other_work(
        subject=visit.subject,
        activity=Activity(sent.cleaned_data["activity"]),
        at=visit.at,
        beating=sent.cleaned_data["beats"],
    )


@act
def wellness(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Be away on wellness time."""
    drafting.keep(visit, request)
    commands.take_wellness_time(subject=visit.subject, at=visit.at)
    return redirect("desk:break")


@act
def back_to_the_queue(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Ask for a case again."""
    return go_on(visit, endings.leaving_other_work(), beats=beats_of(request))
