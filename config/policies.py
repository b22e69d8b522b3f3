"""What every answer says to a browser beside its content, pages, API and static files alike; and where reports come in."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from web.shared import policy_reports

UNUSED: Final = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
"""What a browser can do for a page, and no page of ours asks for: so nothing that gets into one can either. Some know
only a part of it, and say so in their console."""
HEADER: Final = "Permissions-Policy"
VALUE: Final = ", ".join(f"{feature}=()" for feature in UNUSED)
MOST_BYTES: Final = 32 * 1024
KIND: Final = "application/csp-report"


class PoliciesMiddleware:
    """Set the header on whatever is answered. Stands before what serves static files, as the policy itself does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, VALUE)
        return response


@csrf_exempt
@require_POST
def reports(request: HttpRequest) -> HttpResponse:
    """Count what browsers report about the policy, from anybody; 204, or a status and nothing else."""
    if request.content_type != KIND:
        return HttpResponse(status=415)
    if not 0 < _announced(request) <= MOST_BYTES:
        return HttpResponse(status=413)
    if not policy_reports.may_come():
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    try:
        policy_reports.note(policy_reports.rule_in(request.body), at=timezone.now())
    except policy_reports.Unreadable:
        return HttpResponse(status=400)
    return HttpResponse(status=204)


def _announced(request: HttpRequest) -> int:
    """Return how long the body says that it is; 0 where it does not say."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else 0
