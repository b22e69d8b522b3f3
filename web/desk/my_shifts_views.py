"""'My shifts': when a person works, planned and cancelled by themselves. Planning costs nothing and needs no reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from web.desk.doors import at_the_desk
from web.desk.pages import DeskVisit
from web.shared.chrome import chrome
from web.shared.names import Names
from web.shared.refusals import About, sentence
from web.shared.shift_forms import ShiftForm
from web.shared.shifts import planned_sentence, shift_rows
from wellbeing.exceptions import Refused
from wellbeing.shifts import services as shifts
from wellbeing.shifts.selectors import ShiftLine, shifts_of

HERE = "desk:my_shifts"


@require_safe
@at_the_desk
def my_shifts(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """What is planned, and the form with which more is."""
    return _page(request, visit, ShiftForm())


@require_POST
@at_the_desk
def plan(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Plan a day, or a pattern of weeks; all of it or nothing."""
    form = ShiftForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, form, status=422)
    try:
        made = shifts.plan(
            subject=visit.subject,
            planned=form.planned(visit.zone),
            planned_by=str(visit.subject),
            at=visit.at,
        )
    except Refused as refusal:
        form.add_error(None, sentence(refusal, About(page="shifts", zone=visit.zone)))
        return _page(request, visit, form, status=422)
    messages.success(request, planned_sentence(len(made)))
    return redirect(HERE)


@require_POST
@at_the_desk
def cancel(request: HttpRequest, visit: DeskVisit, shift_id: UUID) -> HttpResponse:
    """Cancel a shift that has not begun."""
    try:
        shifts.cancel(subject=visit.subject, shift_id=shift_id, cancelled_by=str(visit.subject), at=visit.at)
    except Refused as refusal:
        messages.warning(request, sentence(refusal, About(page="shifts", zone=visit.zone)))
    else:
        messages.success(request, _("Cancelled."))
    return redirect(HERE)


def _page(request: HttpRequest, visit: DeskVisit, form: ShiftForm, *, status: int = 200) -> HttpResponse:
    lines = shifts_of(visit.subject, at=visit.at)
    context = {
        "rows": shift_rows(lines, Names(_others(lines)), lambda _subject: visit.zone),
        "form": form,
        "zone": visit.zone.key,
        **chrome(request.user, HERE),
    }
    return render(request, "desk/my_shifts.html", context, status=status)


def _others(lines: list[ShiftLine]) -> list[str]:
    return [line.cancelled_by or line.planned_by for line in lines if line.is_by_other]
