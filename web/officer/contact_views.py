"""Outside lines by country: the officer adds, changes and ends them; what stood is kept."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from web.officer.contact_pages import contact_lines, ended_lines
from web.officer.doors import OfficerVisit, for_officers
from web.officer.forms import ContactForm
from web.shared.acting import submit, tell
from web.shared.chrome import chrome
from web.shared.fresh import acts_proven_anew
from wellbeing.officer.rules.contacts import MOST
from wellbeing.officer.selectors.contacts import ContactRow, contact_row, contact_rows, ended_contacts
from wellbeing.officer.services import contacts as service

HERE = "officer:contacts"


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
@acts_proven_anew
def contacts(request: HttpRequest, visit: OfficerVisit) -> HttpResponse:
    """Show the lines that stand; with a POST, add one."""
    if request.method != "POST":
        return _list(request, visit, ContactForm())
    form = ContactForm(request.POST)
    status = submit(form, lambda: service.add(parts=form.cleaned_data, set_by=visit.subject, at=visit.at))
    if status:
        return _list(request, visit, form, status=status)
    messages.success(request, _("It is there, for whom it is meant."))
    return redirect(HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
@acts_proven_anew
def contact(request: HttpRequest, visit: OfficerVisit, contact_id: UUID) -> HttpResponse:
    """Show one line; with a POST, put another in its place."""
    row = contact_row(contact_id)
    if row is None:
        raise Http404
    if request.method != "POST":
        return _one(
            request, visit, row, ContactForm(initial={part: getattr(row.line, part) for part in MOST})
        )
    form = ContactForm(request.POST)
    change = partial(service.change, contact_id=contact_id, set_by=visit.subject, at=visit.at)
    status = submit(form, lambda: change(parts=form.cleaned_data))
    if status:
        return _one(request, visit, row, form, status=status)
    messages.success(request, _("It is changed. What stood before is kept."))
    return redirect(HERE)


@require_POST
@for_officers
@acts_proven_anew
def end(request: HttpRequest, visit: OfficerVisit, contact_id: UUID) -> HttpResponse:
    """Take a line off the pages."""
    tell(
        request,
        partial(service.end, contact_id=contact_id, ended_by=visit.subject, at=visit.at),
        _("Nobody is shown it any more. It is kept in the list below."),
    )
    return redirect(HERE)


def _list(request: HttpRequest, visit: OfficerVisit, form: ContactForm, *, status: int = 200) -> HttpResponse:
    context = {
        "groups": contact_lines(contact_rows()),
        "ended": ended_lines(ended_contacts()),
        "form": form,
        **chrome(visit.user, HERE),
    }
    return render(request, "officer/contacts.html", context, status=status)


def _one(
    request: HttpRequest, visit: OfficerVisit, row: ContactRow, form: ContactForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "contact": row.line,
        "id": row.id,
        "stands": row.ended_at is None,
        "form": form,
        **chrome(visit.user, HERE),
    }
    return render(request, "officer/contact.html", context, status=status)
