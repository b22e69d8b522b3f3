"""Load flags: the list and each of them, every opening noted for whom it is about; and what is done about one."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.access import member_by_subject
from queues.services import care
from web.officer.doors import OfficerVisit, for_record_readers
from web.officer.flag_pages import flag_row, flag_rows, measure_rows, people_in
from web.officer.forms import FlagForm
from web.shared.acting import submit
from web.shared.chrome import chrome
from web.shared.fresh import proven_anew
from web.shared.names import Names
from web.shared.refusals import About
from wellbeing.officer.selectors.record import measures_on, today_of
from wellbeing.officer.services import records

HERE = "officer:flags"


@require_safe
@for_record_readers
@proven_anew
def flags(request: HttpRequest, visit: OfficerVisit) -> HttpResponse:
    """Show the open flags, red ones first; that they were read is noted for everybody on the list."""
    found = records.read_flags(reader=visit.subject, at=visit.at)
    context = {"flags": flag_rows(found, member_by_subject()), **chrome(visit.user, HERE)}
    return render(request, "officer/flags.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_record_readers
@proven_anew
def flag(request: HttpRequest, visit: OfficerVisit, flag_id: UUID) -> HttpResponse:
    """Show one flag; with a POST, do something about it."""
    if request.method != "POST":
        return _page(request, visit, flag_id)
    form = FlagForm(request.POST)
    act = partial(care.act_on_flag, flag_id=flag_id, set_by=visit.subject, at=visit.at)
    status = submit(
        form, lambda: act(seen_fold=form.cleaned_data["fold"], act=form.act), About(page="officer")
    )
    if status:
        return _page(request, visit, flag_id, form, status=status)
    messages.success(request, _("It is written down, and holds. The person finds it on My day."))
    return redirect("officer:flag", flag_id=flag_id)


def _page(
    request: HttpRequest,
    visit: OfficerVisit,
    flag_id: UUID,
    form: FlagForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    line = records.read_flag(flag_id=flag_id, reader=visit.subject, at=visit.at)
    done = measures_on(flag_id, today=today_of(line.subject, at=visit.at))
    context = {
        "flag": flag_row(line, member_by_subject().get(line.subject)),
        "is_open": line.closed_at is None,
        "fold": line.fold,
        "measures": measure_rows(done, Names(people_in(done))),
        "form": form or FlagForm(),
        **chrome(visit.user, HERE),
    }
    return render(request, "officer/flag.html", context, status=status)
