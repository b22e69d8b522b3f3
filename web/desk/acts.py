"""The acts of the desk, each a plain form post. A script is answered with the desk's next state, a page without one with the
way to it; a refusal is the desk itself with the refusal's status and sentence, and with what was written kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.exceptions import DecisionInvalid
from moderation.services import decisions
from queues.exceptions import NotYourClaim
from queues.rules.first_look import comes_with_text
from queues.selectors import DeskState, desk_state
from queues.services import desk, endings, going_on
from queues.services.going_on import NOTHING, Ending
from web.desk import drafting, forms, wording
from web.desk.asked_by import is_script
from web.desk.doors import at_the_desk
from web.desk.pages import DeskVisit
from web.desk.refusals import refusal_of
from web.desk.views import HANDED_BACK, MET, OF_A_BREAK, lead, picture_number, show_desk, show_rest, tell
from web.shared.refusals import REFUSALS, FormUnreadable


@dataclass(frozen=True, slots=True)
class OnPicture:
    """The desk after an act that leaves this picture on the stage, from 1."""

    number: int


Act = Callable[[HttpRequest, DeskVisit], HttpResponse | DeskState | OnPicture | None]
"""What an act comes to: the desk, read already or not, or another page."""


class GivesUp(Protocol):
    """Makes the ending by which somebody lets go of the case in hand."""

    def __call__(self, *, claim_id: UUID, fence: int) -> Ending: ...


def act(step: Act) -> Callable[..., HttpResponse]:
    """Make a view of *step*: it acts, and may say where to go, or what the desk shows then; a refusal becomes the desk."""

    @require_POST
    @at_the_desk
    def view(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
        try:
            done = step(request, visit)
        except REFUSALS as error:
            return _refused(request, visit, error)
        return _answered(request, visit, done)

    return view


@act
def open_desk(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Sit down, and take the first case."""
    beats = beats_of(request)
    return go_on(visit, endings.opening(beating=beats), beats=beats)


@act
def next_case(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Ask again, on a page without a script."""
    return go_on(visit, NOTHING, beats=beats_of(request))


@act
def close_desk(_request: HttpRequest, visit: DeskVisit) -> None:
    """Leave the desk without signing out."""
    desk.sign_out(subject=visit.subject, at=visit.at, reason="left")


@act
def show(request: HttpRequest, visit: DeskVisit) -> OnPicture:
    """Take a step of the ladder, fold or unfold the text, or bring another picture on the stage."""
    data = read(forms.ShowForm, request)
    keep_without_script(request, visit)
    state = desk_state(visit.subject, visit.at)
    _meet(request, state, data["claim"])
    level, with_text = _step(data, state)
    if level == "folded":
        desk.cover(subject=visit.subject, at=visit.at)
    else:
        desk.show(
            subject=visit.subject,
            claim_id=data["claim"],
            fence=data["fence"],
            level=level,
            with_text=with_text,
            at=visit.at,
            beating=data["beats"],
        )
    return OnPicture(data["see"] or data["picture"] or 1)


@act
def cover(request: HttpRequest, visit: DeskVisit) -> OnPicture:
    """Clear the stage. Needs nothing that could be malformed."""
    keep_without_script(request, visit)
    desk.cover(
        subject=visit.subject,
        at=visit.at,
        exposure_id=forms.exposure_of(request),
        silent_ms=forms.silence_of(request),
    )
    return OnPicture(picture_number(request.POST.get("picture")))


@act
def decide(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Send the decision, and take the next case."""
    data = read(forms.DecideForm, request)
    if not data["category"] or not data["action"]:
        raise DecisionInvalid("both", "missing")
    said = decisions.Said(
        claim_id=data["claim"],
        fence=data["fence"],
        decision_id=data["decision"],
        categories=forms.categories_of(data["category"]),
        action=data["action"],
        rationale=data["rationale"],
    )
    return send(request, visit, said, beats=data["beats"])


@act
def skip(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Give the case back for good. No reason is asked."""
    return _give_up(request, visit, endings.skipping)


@act
def hand_back(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Give the case back; it may come again."""
    return _give_up(request, visit, endings.handing_back)


@act
def escalate(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Send the case to a senior."""
    return _give_up(request, visit, endings.escalating)


@act
def worse(request: HttpRequest, visit: DeskVisit) -> OnPicture:
    """Say that the case is worse than its label."""
    data = read(forms.WorseForm, request)
    keep_without_script(request, visit)
    decisions.worse(
        subject=visit.subject,
        claim_id=data["claim"],
        fence=data["fence"],
        severity=data["worse"],
        at=visit.at,
    )
    said = _("Noted: %(severity)s. Your own record counts it so.")
    messages.success(request, said % {"severity": wording.severity(data["worse"])})
    return OnPicture(data["picture"] or 1)


@act
def step_away(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Leave at once, for as long as wanted."""
    drafting.keep(visit, request)
    desk.step_away(subject=visit.subject, at=visit.at)
    return redirect("desk:break")


@act
def too_much(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """'This was too much': the case goes back, and a rest of at least 15 minutes begins, at once."""
    drafting.keep(visit, request)
    handed_back = desk.too_much(subject=visit.subject, at=visit.at)
    request.session[HANDED_BACK] = str(handed_back or "")
    return redirect("desk:break")


@act
def keep_for_me(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Keep the case that went back: it waits for its person until after the break."""
    data = read(forms.KeepForm, request)
    request.session.pop(HANDED_BACK, None)
    desk.keep_for_me(subject=visit.subject, claim_id=data["claim"], at=visit.at)
    return redirect("desk:break")


@act
def postpone(request: HttpRequest, visit: DeskVisit) -> OnPicture:
    """Move a due break by five minutes."""
    keep_without_script(request, visit)
    desk.postpone(subject=visit.subject, at=visit.at)
    return OnPicture(picture_number(request.POST.get("picture")))


@act
def return_from_break(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Come back from a break or a step away."""
    return go_on(visit, endings.coming_back(), beats=beats_of(request))


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _answered(
    request: HttpRequest, visit: DeskVisit, done: HttpResponse | DeskState | OnPicture | None
) -> HttpResponse:
    """Answer a script with what the page would show next, else with the way there. All that an act writes is committed."""
    if isinstance(done, HttpResponseRedirect):
        return lead(request, done.url)
    if isinstance(done, HttpResponse):
        return done
    picture = done.number if isinstance(done, OnPicture) else 1
    if not is_script(request.headers):
        return _to_picture(picture)
    state = done if isinstance(done, DeskState) else desk_state(visit.subject, visit.at)
    return tell(request, visit, state, picture=picture)


def _refused(request: HttpRequest, visit: DeskVisit, error: Exception) -> HttpResponse:
    refusal = refusal_of(error, visit)
    unread = isinstance(error, NotYourClaim | FormUnreadable)
    case_ref = None if unread else drafting.keep(visit, request)
    state = desk_state(visit.subject, visit.at)
    in_hand = state.claim is not None and state.claim.case_ref == case_ref
    unsent = drafting.in_words(visit, case_ref) if case_ref is not None and not in_hand else None
    if state.kind == "break" and is_script(request.headers):
        # Told by the page to which it leads.
        messages.warning(request, refusal.sentence, extra_tags=OF_A_BREAK)
        return lead(request, "desk:break", status=refusal.status)
    resting = show_rest(request, visit, state, refusal=refusal) if state.kind == "break" else None
    return resting or show_desk(request, visit, state, refusal=refusal, unsent=unsent)


def read(form: type[Form], request: HttpRequest) -> dict[str, Any]:
    """Return what a post carries, by the fields of *form* alone: to build a form copies each of them, for every act.

    Raises:
        FormUnreadable: it is not one of this form.
    """
    try:
        return {
            name: field.clean(field.widget.value_from_datadict(request.POST, request.FILES, name))
            for name, field in form.base_fields.items()
        }
    except ValidationError:
        raise FormUnreadable from None


def beats_of(request: HttpRequest) -> bool:
    """Return whether a script on the page says every 5 s that it is there."""
    return bool(read(forms.BeatsForm, request)["beats"])


def keep_without_script(request: HttpRequest, visit: DeskVisit) -> None:
    """Save the draft with any act of a page that cannot save it by itself."""
    if not request.POST.get("beats"):
        drafting.keep(visit, request)


def send(request: HttpRequest, visit: DeskVisit, said: decisions.Said, *, beats: bool) -> DeskState:
    """Decide, say so, and take the next case."""
    state = decisions.decide_and_go_on(subject=visit.subject, said=said, at=visit.at, beating=beats)
    messages.success(request, _("Sent."))
    return state


def _give_up(request: HttpRequest, visit: DeskVisit, ending: GivesUp) -> DeskState:
    data = read(forms.CaseForm, request)
    drafting.keep(visit, request)
    return go_on(visit, ending(claim_id=data["claim"], fence=data["fence"]), beats=data["beats"])


def go_on(visit: DeskVisit, ending: Ending, *, beats: bool) -> DeskState:
    """End what is in hand, and go on to the next case."""
    return going_on.go_on(subject=visit.subject, at=visit.at, beating=beats, ending=ending)


def _meet(request: HttpRequest, state: DeskState, claim_id: UUID) -> None:
    """Remember that a case which came by itself is not announced again. Others never are, and cost no write of a session."""
    if state.claim is None or state.claim.id != claim_id or not state.claim.arrived_while_waiting:
        return
    if request.session.get(MET) != str(state.claim.id):
        request.session[MET] = str(state.claim.id)


def _step(data: dict[str, Any], state: DeskState) -> tuple[str, bool]:
    """Return the level and the text that a post of ``ShowForm`` asks for, beside what is on the stage now."""
    claim, exposure = state.claim, state.exposure
    text = _text(data["words"], shown=exposure.with_text if exposure else None, state=state)
    if claim is not None and claim.medium == "text":
        is_folded = data["words"] == "fold" or data["level"] == "folded"
        return ("folded", False) if is_folded else ("text", True)
    if data["see"]:
        return "shielded", text  # every medium starts shielded
    return data["level"] or (exposure.level if exposure else "shielded"), text


def _text(words: str, *, shown: bool | None, state: DeskState) -> bool:
    """Tell whether text goes with the next step: as it is now, unless it is folded or unfolded; mild text comes along."""
    if words:
        return words == "unfold"
    return shown if shown is not None else bool(state.claim and comes_with_text(state.claim.severity))


def _to_picture(number: int) -> HttpResponse:
    desk_page = reverse("desk:page")
    return HttpResponseRedirect(f"{desk_page}?picture={number}" if number > 1 else desk_page)
