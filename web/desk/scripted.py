"""What only a script asks: beats, and drafts at a pause. Answers are JSON; refusals are RFC 9457 problems."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from queues.exceptions import NotYourClaim
from queues.services import desk
from web.desk import drafting, forms, wording
from web.desk.doors import at_the_desk
from web.desk.pages import DeskVisit
from web.desk.refusals import Refusal, refusal_of
from web.shared.refusals import REFUSALS, FormUnreadable


@require_POST
@at_the_desk
def beat(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Say that the desk is alive; learn whether the page is still what the server knows."""
    try:
        return heard(request, visit)
    except REFUSALS as error:
        return problem(refusal_of(error, visit))


def heard(request: HttpRequest, visit: DeskVisit) -> JsonResponse:
    """Take a beat and answer it.

    Raises:
        REFUSALS: one of them.
    """
    sent = forms.beat_of(request)
    answer = desk.beat(
        subject=visit.subject,
        claim_id=sent.claim_id,
        exposure_id=sent.exposure_id,
        holding=sent.holding,
        silent_ms=sent.silent_ms,
        at=visit.at,
    )
    return JsonResponse(
        {
            "rev": answer.rev,
            "kind": answer.kind,
            "claim": str(answer.claim_id or ""),
            "exposure": str(answer.exposure_id or ""),
            "level": answer.level,
            "covers_in": _milliseconds(answer.covers_at, visit.at),
        }
    )


@require_POST
@at_the_desk
def draft(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Keep what is chosen and written, at a pause."""
    if not forms.DraftForm(request.POST).is_valid():
        return problem(refusal_of(FormUnreadable(), visit))
    if drafting.keep(visit, request) is None:
        return problem(refusal_of(NotYourClaim(), visit))
    return JsonResponse({"saved": _("saved %(time)s") % {"time": wording.clock(visit.at, visit.zone)}})


def _milliseconds(until: datetime | None, at: datetime) -> int | None:
    return max(0, int((until - at).total_seconds() * 1000)) if until is not None else None


def problem(refusal: Refusal) -> JsonResponse:
    """Return a refusal as RFC 9457 has it, with its explanation where there is a rule."""
    body = {
        "type": "about:blank",
        "title": refusal.sentence,
        "status": refusal.status,
        "detail": refusal.sentence,
        "code": refusal.code,
        **_explained(refusal),
    }
    return JsonResponse(body, status=refusal.status, content_type="application/problem+json")


def _explained(refusal: Refusal) -> dict[str, object]:
    """Return which rule, whose, since when, and what there is instead; nothing for refusals without a rule."""
    why = refusal.explained
    if why is None:
        return {}
    asked = f"{reverse('desk:ask_about')}?{urlencode({'about': why.about, 'ref': why.about_ref})}"
    return {
        "rule": why.rule,
        "because": why.because,
        "whose": why.whose,
        "since": why.since,
        "instead": why.instead,
        "ask": asked,
    }
