"""The organisation's contract with an independent counsellor: an officer puts it on record, and ends it; both are kept."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.access import record_reader_for
from web.officer.contract_pages import contract_page
from web.officer.doors import OfficerVisit, for_officers
from web.officer.forms import ContractForm
from web.shared.acting import submit, tell
from web.shared.chrome import chrome
from web.shared.fresh import acts_proven_anew
from wellbeing.limits.services import contracts as service

HERE = "officer:contracts"
# As the limits page: a page that the nav does not name stands under the one it belongs to.
UNDER = "officer:page"


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
@acts_proven_anew
def contracts(request: HttpRequest, visit: OfficerVisit) -> HttpResponse:
    """Show what is and was on record; with a POST, put a contract on record."""
    if request.method != "POST":
        return _page(request, visit, ContractForm())
    # It loosens: an officer who was just named waits as for a signature. Whoever ends one tightens, and waits for nothing.
    record_reader_for(visit.user, visit.at)
    form = ContractForm(request.POST)
    record = partial(
        service.record_contract, recorded_by=visit.subject, today=localdate(visit.at), at=visit.at
    )
    status = submit(form, lambda: record(**form.cleaned_data))
    if status:
        return _page(request, visit, form, status=status)
    messages.success(request, _("It is on record, and holds from each person’s next local day."))
    return redirect(HERE)


@require_POST
@for_officers
@acts_proven_anew
def end(request: HttpRequest, visit: OfficerVisit, contract_id: UUID) -> HttpResponse:
    """End a contract before its last day."""
    tell(
        request,
        partial(service.end_contract, contract_id=contract_id, ended_by=visit.subject, at=visit.at),
        _("It is ended. Where no other one stands, the specialists have the default’s limits now."),
    )
    return redirect(HERE)


def _page(
    request: HttpRequest, visit: OfficerVisit, form: ContractForm, *, status: int = 200
) -> HttpResponse:
    context = {"page": contract_page(localdate(visit.at)), "form": form, **chrome(visit.user, UNDER)}
    return render(request, "officer/contracts.html", context, status=status)
