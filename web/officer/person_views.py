"""People by name, and one person's record. Every opening is noted in the same transaction, for the person to read."""

from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import member_by_subject, people_for_officer, person_for_officer
from queues.services import care
from web.officer.doors import OfficerVisit, for_officers, for_record_readers
from web.officer.forms import MeasureForm
from web.officer.person_pages import record_page
from web.shared.acting import submit
from web.shared.chrome import chrome
from web.shared.fresh import proven_anew
from web.shared.refusals import About, sentence
from wellbeing.exceptions import MeasureEnded
from wellbeing.officer.services import records

HERE = "officer:people"


@require_safe
@for_officers
def people(request: HttpRequest, visit: OfficerVisit) -> HttpResponse:
    """Show who there is: names, and nothing else."""
    context = {"people": people_for_officer(), **chrome(visit.user, HERE)}
    return render(request, "officer/people.html", context)


@require_safe
@for_record_readers
@proven_anew
def person(request: HttpRequest, visit: OfficerVisit, person_id: int) -> HttpResponse:
    """Show one person's record."""
    return _page(request, visit, person_id)


@require_POST
@for_record_readers
@proven_anew
def measure(request: HttpRequest, visit: OfficerVisit, person_id: int) -> HttpResponse:
    """Do something for this person without a flag."""
    member = person_for_officer(person_id)
    form = MeasureForm(request.POST)
    act = partial(care.act_for_person, subject=member.subject, set_by=visit.subject, at=visit.at)
    status = submit(form, lambda: act(act=form.act), About(page="officer"))
    if status:
        return _page(request, visit, person_id, form=form, status=status)
    messages.success(request, _("It is written down, and holds. The person finds it on My day."))
    return redirect("officer:person", person_id=person_id)


@require_POST
@for_record_readers
@proven_anew
def end_measure(request: HttpRequest, visit: OfficerVisit, measure_id: UUID) -> HttpResponse:
    """End a rest day or a lighter queue before its last day."""
    try:
        subject = care.end_measure(measure_id=measure_id, ended_by=visit.subject, at=visit.at)
    except MeasureEnded as refusal:
        messages.info(request, sentence(refusal))
        return redirect("officer:page")
    messages.success(request, _("It ends with the person’s day."))
    member = member_by_subject().get(subject)
    return redirect("officer:person", person_id=member.id) if member else redirect("officer:page")


def _page(
    request: HttpRequest,
    visit: OfficerVisit,
    person_id: int,
    *,
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    member = person_for_officer(person_id)
    found = records.read_record(subject=member.subject, reader=visit.subject, at=visit.at)
    context = {
        "person": record_page(found, member),
        "form": form or MeasureForm(),
        **chrome(visit.user, HERE),
    }
    return render(request, "officer/person.html", context, status=status)
