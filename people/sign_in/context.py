from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

MODES = {
    "embedded": _("Embedded mode, one computer"),
    "postgresql": _("PostgreSQL, one web process"),
    "cluster": _("Cluster"),
}


def around(_request: HttpRequest) -> dict[str, object]:
    """Tell every page which mode runs, and whether this demo leaves the second factor out."""
    return {
        "mode_line": MODES[settings.MODE],
        "second_factor_skipped": settings.DEMO,
    }
