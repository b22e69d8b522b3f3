"""Going over to other paid work or wellness time, and coming back. Plain posts, like every act of the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from queues.selectors import DeskState
from queues.services import endings
from queues.services import other_work as commands
from web.desk import drafting, forms
from web.desk.acts import act, beats_of, go_on
from web.desk.pages import Seat
from web.shared.refusals import FormUnreadable
from wellbeing.rules.presence import Activity


@act
def other_work(request: HttpRequest, seat: Seat) -> None:
    """Do other paid work; what was written on the case in hand is kept."""
    sent = forms.OtherWorkForm(request.POST)
    if not sent.is_valid():
        raise FormUnreadable
    drafting.keep(seat, request)
    commands.do_other_work(
        subject=seat.subject,
        activity=Activity(sent.cleaned_data["activity"]),
        at=seat.at,
        beating=sent.cleaned_data["beats"],
    )


@act
def wellness(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Be away on wellness time."""
    drafting.keep(seat, request)
    commands.take_wellness_time(subject=seat.subject, at=seat.at)
    return redirect("desk:break")


@act
def back_to_the_queue(request: HttpRequest, seat: Seat) -> DeskState:
    """Ask for a case again."""
    return go_on(seat, endings.leaving_other_work(), beats=beats_of(request))
