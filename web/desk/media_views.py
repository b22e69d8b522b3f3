"""The one address of media: a rendition, of a case in hand, under an exposure that is open now, for its stage alone."""

from collections.abc import Callable, Mapping
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from moderation.media.limits import LEVELS, RENDITION_CONTENT_TYPE, Level
from moderation.models import BlobState, Medium
from moderation.services.blobs import read_rendition
from moderation.services.shields import served_shield
from people.sign_in.after import refused_at_the_door
from queues.selectors import live_claim
from web.desk.asked_by import VARY, is_stage
from web.desk.doors import at_desk_of
from wellbeing.core.selectors.stage import may_serve

KNOWN: dict[str, Level] = {level: level for level in LEVELS}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "none",
    "Vary": VARY,
}
SENTENCE_CONTENT_TYPE = "text/plain; charset=utf-8"
View = Callable[[HttpRequest, UUID, UUID, str], HttpResponse]


def kept_by_nobody(view: View) -> View:
    """Set the same headers on whatever *view* answers, refusals too."""

    @wraps(view)
    def answered(request: HttpRequest, exposure_id: UUID, medium_id: UUID, level: str) -> HttpResponse:
        response = view(request, exposure_id, medium_id, level)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return answered


@kept_by_nobody
@require_http_methods(["GET"])
def medium(request: HttpRequest, exposure_id: UUID, medium_id: UUID, level: str) -> HttpResponse:
    """Serve the bytes of one level, whole, or nothing: 403 to who is no moderator, 404 for all else."""
    try:
        subject = at_desk_of(request).subject
    except PermissionDenied:
        refused_at_the_door(request)
        return HttpResponse(status=403)
    data = _bytes(request.headers, subject, exposure_id, medium_id, level)
    if data is None:
        sentence = _("Nothing is shown here. A picture is shown on the desk, and nowhere else.")
        return HttpResponse(f"{sentence}\n", content_type=SENTENCE_CONTENT_TYPE, status=404)
    return HttpResponse(data, content_type=RENDITION_CONTENT_TYPE)


def _bytes(
    headers: Mapping[str, str], subject: UUID, exposure_id: UUID, medium_id: UUID, level: str
) -> bytes | None:
    """Ask every door on the way, each time: exposure and level, stage, claim, case, rendition. Never the original."""
    at = timezone.now()
    if level not in KNOWN:
        return None
    exposure = may_serve(subject=subject, exposure_id=exposure_id, level=level, at=at)
    if exposure is None or not is_stage(headers, exposure_id=exposure_id, beating=exposure.beating):
        return None
    claim = live_claim(subject, at)
    if claim is None or claim.id != exposure.claim_ref:
        return None
    blobs = Medium.objects.filter(id=medium_id, revision__case_id=claim.case_ref, blob__state=BlobState.READY)
    sha256 = blobs.values_list("blob_id", flat=True).first()
    if not sha256:
        return None
    if level == "shielded":
        return served_shield(sha256=sha256, at=at)
    return read_rendition(sha256=sha256, level=KNOWN[level])
