"""The safeguard: what the organisation allows, for everybody to read; tightened by one person, loosened by two."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moderation.exceptions import CategoryUnknown
from moderation.services import safeguards
from people.access import Guardian
from people.rules.roles import MODERATOR
from people.selectors import announcements_for, is_unconfirmed
from web.safeguard import selectors
from web.safeguard.doors import ReaderVisit, for_readers
from web.safeguard.forms import ChangeForm, form_for
from web.safeguard.history_pages import history_of
from web.safeguard.wording import about
from web.shared.chrome import chrome
from web.shared.fresh import acts_proven_anew, insist
from web.shared.refusals import REFUSALS, sentence
from wellbeing.exceptions import NotFound, UnknownLimit
from wellbeing.limits.services import proposals

HERE = "safeguard:page"


@require_safe
@for_readers
def page(request: HttpRequest, visit: ReaderVisit) -> HttpResponse:
    """Ceilings, categories, weights and the shield; what is proposed, and what was signed."""
    told = {"announcements": announcements_for(UUID(visit.subject), at=visit.at)}
    context = selectors.safeguard_page(visit.who, at=visit.at) | told | chrome(visit.user, HERE)
    return render(request, "safeguard/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def change(request: HttpRequest, visit: ReaderVisit, kind: str, target: str) -> HttpResponse:
    """Show one thing with its history; with a POST, tighten it (``act=tighten``) or propose a change of it."""
    try:
        stands = safeguards.read(kind, target, visit.at)
    except (UnknownLimit, CategoryUnknown):
        raise Http404 from None
    if request.method != "POST":
        return _change_page(request, visit, kind, target, stands)
    form = form_for(kind, target, stands, request.POST)
    try:
        if form.is_valid():
            return _act(request, visit, kind, target, form)
    except REFUSALS as refusal:
        form.add_error(None, sentence(refusal, about(kind, target)))
    return _change_page(request, visit, kind, target, stands, form, status=422)


@require_safe
@for_readers
def proposal(request: HttpRequest, visit: ReaderVisit, proposal_id: UUID) -> HttpResponse:
    """One proposal, and what signing it would do."""
    return _proposal_page(request, visit, proposal_id)


@require_POST
@for_readers
@acts_proven_anew
def sign(request: HttpRequest, visit: ReaderVisit, proposal_id: UUID) -> HttpResponse:
    """Sign as the second person."""
    role = _guardian_of(visit).role
    sign = partial(safeguards.sign, signed_by=visit.subject, signed_as=role)
    return _answer(request, visit, proposal_id, sign, _("Signed by two people."))


@require_POST
@for_readers
def object_to(request: HttpRequest, visit: ReaderVisit, proposal_id: UUID) -> HttpResponse:
    """Object to what is announced, as a moderator; told to nobody."""
    return _objection(request, visit, proposal_id, proposals.object_to, _("You object. Nobody is told."))


@require_POST
@for_readers
def object_no_more(request: HttpRequest, visit: ReaderVisit, proposal_id: UUID) -> HttpResponse:
    """Take one's objection back."""
    done = _("You object no more. Nobody is told.")
    return _objection(request, visit, proposal_id, proposals.take_objection_back, done)


def _objection(
    request: HttpRequest, visit: ReaderVisit, proposal_id: UUID, act: Callable[..., None], done: str
) -> HttpResponse:
    if MODERATOR not in visit.who.held:
        raise PermissionDenied
    return _answer(request, visit, proposal_id, partial(act, subject=UUID(visit.subject)), done)


def _answer(
    request: HttpRequest,
    visit: ReaderVisit,
    proposal_id: UUID,
    act: Callable[..., object],
    done: str,
    *,
    leads_on: bool = False,
) -> HttpResponse:
    """Do *act* to the proposal, and show it again with what was done, or with why not; ``leads_on``: to the first page."""
    try:
        act(proposal_id=proposal_id, at=visit.at)
    except NotFound:
        raise
    except REFUSALS as refusal:
        return _proposal_page(request, visit, proposal_id, problem=sentence(refusal), status=409)
    messages.success(request, done)
    return redirect(HERE) if leads_on else redirect("safeguard:proposal", proposal_id=proposal_id)


@require_POST
@for_readers
@acts_proven_anew
def withdraw(request: HttpRequest, visit: ReaderVisit, proposal_id: UUID) -> HttpResponse:
    """Take a proposal back, or decline it."""
    _guardian_of(visit)
    withdraw = partial(safeguards.withdraw, withdrawn_by=visit.subject)
    return _answer(request, visit, proposal_id, withdraw, _("Withdrawn. Nothing changed."), leads_on=True)


def _act(request: HttpRequest, visit: ReaderVisit, kind: str, target: str, form: ChangeForm) -> HttpResponse:
    if request.POST.get("act") == "tighten":
        _tighten(visit, kind, target, form)
        messages.success(request, _("It is set, and holds now."))
        return redirect("safeguard:change", kind=kind, target=target)
    if visit.who.guardian is not None:
        insist(request)  # a proposal is the first of two signatures; tightening waits for nothing
    proposed = _propose(visit, kind, target, form)
    messages.success(request, _("Proposed. Nothing changes before a second person signs."))
    return redirect("safeguard:proposal", proposal_id=proposed)


def _guardian_of(visit: ReaderVisit) -> Guardian:
    """Return as what the reader proposes and signs.

    Raises:
        NotYet: they were named too lately.
        PermissionDenied: they are no guardian.
    """
    if visit.who.waits is not None:
        raise visit.who.waits
    if visit.who.guardian is None:
        raise PermissionDenied
    return visit.who.guardian


def _tighten(visit: ReaderVisit, kind: str, target: str, form: ChangeForm) -> None:
    if not visit.who.may_tighten:
        raise PermissionDenied
    safeguards.tighten(
        kind=kind,
        target=target,
        value=form.wanted,
        actor=visit.subject,
        reason=form.cleaned_data["reason"],
        at=visit.at,
    )


def _propose(visit: ReaderVisit, kind: str, target: str, form: ChangeForm) -> UUID:
    role = _guardian_of(visit).role
    return safeguards.propose(
        kind=kind,
        target=target,
        value=form.wanted,
        reason=form.cleaned_data["reason"],
        proposed_by=visit.subject,
        proposed_as=role,
        at=visit.at,
    ).id


def _change_page(
    request: HttpRequest,
    visit: ReaderVisit,
    kind: str,
    target: str,
    stands: Any,
    form: ChangeForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "subject": selectors.subject_page(visit.who, kind, target, stands, at=visit.at),
        "form": form or form_for(kind, target, stands),
        "history": history_of(kind, target),
        **chrome(visit.user, HERE),
    }
    return render(request, "safeguard/change.html", context, status=status)


def _proposal_page(
    request: HttpRequest, visit: ReaderVisit, proposal_id: UUID, *, problem: str = "", status: int = 200
) -> HttpResponse:
    found = selectors.proposal_page(
        visit.who, visit.subject, proposal_id, is_themselves=not is_unconfirmed(visit.user), at=visit.at
    )
    if found is None:
        raise Http404
    context = {**found, "problem": problem, **chrome(visit.user, HERE)}
    return render(request, "safeguard/proposal.html", context, status=status)
