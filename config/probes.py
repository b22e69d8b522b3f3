"""Whoever watches the servers asks by their address, which ALLOWED_HOSTS need not list: probes are answered before it is asked.

Nothing of theirs is built from the host, and they tell nothing that a stranger at the public address is not told.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from config import health

View = Callable[[HttpRequest], HttpResponse]

PROBES: Mapping[str, View] = {"/healthz": health.healthz, "/readyz": health.readyz}


class ProbesMiddleware:
    """Answer probes; hand everything else on.

    Comes after what puts headers of ours on answers, and before what asks for host, session or user.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path, self.get_response)(request)
