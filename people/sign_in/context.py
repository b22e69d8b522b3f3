from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _


def around(_request: HttpRequest) -> dict[str, object]:
    """Tell every page which mode runs, and whether this demo leaves the second factor out."""
    embedded = connection.vendor == "sqlite"
    return {
        "mode_line": _("Embedded mode, one computer") if embedded else _("PostgreSQL, one web process"),
        "second_factor_skipped": settings.DEMO,
    }
