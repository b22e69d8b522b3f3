"""The desk's pages and acts. A post is answered by a redirect to the page, or by the page itself with the
refusal's status and sentence; a script reads the same pages, so there is one way and not two."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from moderation.desk import forms, selectors, wording
from moderation.desk.case_selectors import case_of, first_level, kept_draft
from moderation.desk.chrome import chrome
from moderation.desk.doors import at_the_desk
from moderation.desk.my_day import my_day_page
from moderation.desk.refusals import REFUSALS, FormUnreadable, Refusal, refusal_of
from moderation.desk.selectors import Seat
from moderation.services import decisions, drafts
from people.selectors import organisation
from queues.exceptions import ClaimLost, LimitReached, NotYourClaim, OnBreak
from queues.models import Claim
from queues.selectors import DeskState, desk_state, live_claim
from queues.services import desk

MET = "desk_met_claim"
"""Session: the claim that was shown once. A case that arrived while its person waited is announced only before that."""

F = TypeVar("F", bound=Form)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_GET
@at_the_desk
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    state = desk_state(seat.subject, seat.at)
    if state.kind == "break":
        return redirect("desk:break")
    return _desk(request, seat, state)


@require_GET
@at_the_desk
def rest(request: HttpRequest, seat: Seat) -> HttpResponse:
    return _break(request, seat) or redirect("desk:page")


@require_GET
@at_the_desk
def my_day(request: HttpRequest, seat: Seat) -> HttpResponse:
    return render(
        request, "desk/my_day.html", {"day": my_day_page(seat), **chrome(request.user, "desk:my_day")}
    )


@require_GET
@at_the_desk
def talk(request: HttpRequest, seat: Seat) -> HttpResponse:
    return render(request, "desk/talk.html", {"employer": organisation().name, **chrome(request.user, "")})


def _desk(
    request: HttpRequest, seat: Seat, state: DeskState, *, refusal: Refusal | None = None, kept: Any = None
) -> HttpResponse:
    picture = _number(request.POST.get("picture") or request.GET.get("picture"))
    shown = selectors.desk_page(
        seat, state=state, picture=picture, met=request.session.get(MET, ""), kept=kept
    )
    context = {"page": shown, "refusal": refusal, **chrome(request.user, "desk:page")}
    return render(request, "desk/page.html", context, status=refusal.status if refusal else 200)


def _break(request: HttpRequest, seat: Seat, *, refusal: Refusal | None = None) -> HttpResponse | None:
    shown = selectors.break_page(seat, longer="longer" in request.GET)
    if shown is None:
        return None
    context = {"rest": shown, "refusal": refusal, **chrome(request.user, "")}
    return render(request, "desk/break.html", context, status=refusal.status if refusal else 200)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1


# ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

Act = Callable[[HttpRequest, Seat], HttpResponse | None]


def act(step: Act) -> Callable[..., HttpResponse]:
    """Make a view of *step*: it acts and may answer; a refusal becomes the page, with what was written kept."""

    @require_POST
    @at_the_desk
    def view(request: HttpRequest, seat: Seat) -> HttpResponse:
        try:
            return step(request, seat) or redirect("desk:page")
        except REFUSALS as error:
            return _refused(request, seat, error)

    return view


def _refused(request: HttpRequest, seat: Seat, error: Exception) -> HttpResponse:
    refusal = refusal_of(error, zone=seat.zone, at=seat.at)
    kept = _keep(request, seat) if not isinstance(error, NotYourClaim | FormUnreadable) else None
    state = desk_state(seat.subject, seat.at)
    resting = _break(request, seat, refusal=refusal) if state.kind == "break" else None
    return resting or _desk(request, seat, state, refusal=refusal, kept=kept)


def _keep(request: HttpRequest, seat: Seat) -> Any:
    """Save what the post carries as a draft; return it in words if its case is no longer in hand."""
    form = forms.DraftForm(request.POST)
    if not form.is_valid():
        return None
    case_ref = _save_draft(seat, form.cleaned_data)
    claim = live_claim(seat.subject, seat.at)
    gone = case_ref is not None and (claim is None or claim.case_ref != case_ref)
    return kept_draft(seat.subject, case_ref) if gone and case_ref is not None else None


def _save_draft(seat: Seat, sent: dict[str, Any]) -> Any:
    case_ref = case_of(seat.subject, sent["claim"])
    if case_ref is not None:
        drafts.save_draft(
            subject=seat.subject,
            case_id=case_ref,
            categories=[sent["category"]] if sent["category"] else [],
            action=sent["action"],
            rationale=sent["rationale"],
            at=seat.at,
        )
    return case_ref


def _read(form: type[F], request: HttpRequest) -> tuple[dict[str, Any], bool]:
    """Return what was sent, checked, and whether the page beats. A page without a script saves its draft with every act."""
    sent = form(request.POST)
    if not sent.is_valid():
        raise FormUnreadable
    return sent.cleaned_data, sent.cleaned_data["beats"]


def _read_case(form: type[F], request: HttpRequest, seat: Seat) -> tuple[dict[str, Any], bool]:
    data, beats = _read(form, request)
    draft = forms.DraftForm(request.POST)
    if not beats and draft.is_valid() and "rationale" in request.POST:
        _save_draft(seat, draft.cleaned_data)
    return data, beats


def _go_on(seat: Seat, claim: Claim | None, *, beats: bool) -> None:
    """Put the next case on the stage, shielded, unless it came while its person waited, or nothing may be shown."""
    mine = live_claim(seat.subject, seat.at) if claim is not None else None
    if mine is None or mine.arrived_while_waiting or first_level(mine) == "folded":
        return
    try:
        desk.show(
            subject=seat.subject,
            claim_id=mine.id,
            fence=mine.fence,
            level=first_level(mine),
            with_text=mine.severity < 2,
            at=seat.at,
            beating=beats,
        )
    except (OnBreak, LimitReached):
        return  # the page says it


@act
def open_desk(request: HttpRequest, seat: Seat) -> None:
    _data, beats = _read(forms.BeatsForm, request)
    desk.open_desk(subject=seat.subject, at=seat.at, beating=beats)
    _go_on(seat, desk.next_case(subject=seat.subject, at=seat.at, beating=beats), beats=beats)


@act
def next_case(request: HttpRequest, seat: Seat) -> None:
    _data, beats = _read(forms.BeatsForm, request)
    _go_on(seat, desk.next_case(subject=seat.subject, at=seat.at, beating=beats), beats=beats)


@act
def close_desk(request: HttpRequest, seat: Seat) -> None:
    desk.sign_out(subject=seat.subject, at=seat.at, reason="left")


@act
def show(request: HttpRequest, seat: Seat) -> HttpResponse:
    data, beats = _read_case(forms.ShowForm, request, seat)
    request.session[MET] = str(data["claim"])
    state = desk_state(seat.subject, seat.at)
    level, with_text = _step(data, state)
    picture = data["see"] or data["picture"] or 1
    if level == "folded":
        desk.cover(subject=seat.subject, at=seat.at)
    else:
        desk.show(
            subject=seat.subject,
            claim_id=data["claim"],
            fence=data["fence"],
            level=level,
            with_text=with_text,
            at=seat.at,
            beating=beats,
        )
    return _to_picture(picture)


def _step(data: dict[str, Any], state: DeskState) -> tuple[str, bool]:
    """Return level and text that a post of ``ShowForm`` asks for, beside what is on the stage now."""
    claim, exposure = state.claim, state.exposure
    is_text = claim is not None and claim.medium == "text"
    if data["words"] == "fold" and is_text:
        return "folded", False
    mild = claim is not None and claim.severity < 2
    text = (exposure.with_text if exposure else mild) if not data["words"] else data["words"] == "unfold"
    if is_text:
        return ("folded", False) if data["level"] == "folded" else ("text", True)
    if data["see"]:
        return "shielded", text  # every medium starts shielded
    return data["level"] or (exposure.level if exposure else "shielded"), text


def _to_picture(number: int) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/?picture={number}") if number > 1 else redirect("desk:page")


@act
def cover(request: HttpRequest, seat: Seat) -> HttpResponse:
    _keep_without_script(request, seat)
    desk.cover(subject=seat.subject, at=seat.at)
    return _to_picture(_number(request.POST.get("picture")))


def _keep_without_script(request: HttpRequest, seat: Seat) -> None:
    """Covering needs nothing that could be malformed: what cannot be read is left alone."""
    draft = forms.DraftForm(request.POST)
    if draft.is_valid() and not draft.cleaned_data["beats"] and "rationale" in request.POST:
        _save_draft(seat, draft.cleaned_data)


@act
def decide(request: HttpRequest, seat: Seat) -> None:
    data, beats = _read(forms.DecideForm, request)
    if not data["category"] or not data["action"]:
        raise decisions.DecisionInvalid("action", _("Choose what it is and what should happen first."))
    decisions.decide(
        subject=seat.subject,
        claim_id=data["claim"],
        fence=data["fence"],
        decision_id=data["decision"],
        categories=forms.categories_of(data["category"]),
        action=data["action"],
        rationale=data["rationale"],
        worse=None,
        at=seat.at,
    )
    messages.success(request, _("Sent."))
    _go_on(seat, desk.next_case(subject=seat.subject, at=seat.at, beating=beats), beats=beats)


@act
def skip(request: HttpRequest, seat: Seat) -> None:
    _give_up(request, seat, desk.skip)


@act
def hand_back(request: HttpRequest, seat: Seat) -> None:
    _give_up(request, seat, desk.hand_back)


@act
def escalate(request: HttpRequest, seat: Seat) -> None:
    _give_up(request, seat, desk.escalate)


def _give_up(request: HttpRequest, seat: Seat, command: Callable[..., None]) -> None:
    data, beats = _read_case(forms.CaseForm, request, seat)
    command(subject=seat.subject, claim_id=data["claim"], fence=data["fence"], at=seat.at)
    _go_on(seat, desk.next_case(subject=seat.subject, at=seat.at, beating=beats), beats=beats)


@act
def worse(request: HttpRequest, seat: Seat) -> HttpResponse:
    data, _beats = _read_case(forms.WorseForm, request, seat)
    decisions.worse(
        subject=seat.subject, claim_id=data["claim"], fence=data["fence"], severity=data["worse"], at=seat.at
    )
    messages.success(
        request,
        _("Noted: %(severity)s. Your record counts it so.") % {"severity": wording.severity(data["worse"])},
    )
    return _to_picture(data["picture"] or 1)


@act
def step_away(request: HttpRequest, seat: Seat) -> HttpResponse:
    _keep_without_script(request, seat)
    desk.step_away(subject=seat.subject, at=seat.at)
    return redirect("desk:break")


@act
def too_much(request: HttpRequest, seat: Seat) -> HttpResponse:
    _keep_without_script(request, seat)
    desk.too_much(subject=seat.subject, at=seat.at)
    return redirect("desk:break")


@act
def postpone(request: HttpRequest, seat: Seat) -> None:
    _keep_without_script(request, seat)
    desk.postpone(subject=seat.subject, at=seat.at)


@act
def return_from_break(request: HttpRequest, seat: Seat) -> None:
    _data, beats = _read(forms.BeatsForm, request)
    _go_on(seat, desk.return_from_break(subject=seat.subject, at=seat.at, beating=beats), beats=beats)


# ── what only a script asks ──────────────────────────────────────────────────────────────────────────────────────


@require_POST
@at_the_desk
def beat(request: HttpRequest, seat: Seat) -> HttpResponse:
    sent = forms.beat_of(request)
    try:
        answer = desk.beat(
            subject=seat.subject,
            claim_id=sent.claim_id,
            exposure_id=sent.exposure_id,
            holding=sent.holding,
            at=seat.at,
        )
    except REFUSALS as error:
        return problem(refusal_of(error, zone=seat.zone, at=seat.at))
    return JsonResponse(
        {
            "rev": answer.rev,
            "kind": answer.kind,
            "claim": str(answer.claim_id or ""),
            "exposure": str(answer.exposure_id or ""),
            "level": answer.level,
        }
    )


@require_POST
@at_the_desk
def draft(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = forms.DraftForm(request.POST)
    try:
        if not form.is_valid():
            raise FormUnreadable
        if _save_draft(seat, form.cleaned_data) is None:
            raise NotYourClaim
    except (FormUnreadable, NotYourClaim, ClaimLost) as error:
        return problem(refusal_of(error, zone=seat.zone, at=seat.at))
    except drafts.DraftRefused:
        return problem(refusal_of(NotYourClaim(), zone=seat.zone, at=seat.at))
    return JsonResponse({"saved": _("saved %(time)s") % {"time": wording.clock(seat.at, seat.zone)}})


def problem(refusal: Refusal) -> JsonResponse:
    """Return a refusal as RFC 9457 tells it."""
    body = {
        "type": "about:blank",
        "title": refusal.sentence,
        "status": refusal.status,
        "detail": refusal.sentence,
        "code": refusal.code,
    }
    return JsonResponse(body, status=refusal.status, content_type="application/problem+json")
