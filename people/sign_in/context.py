from django.conf import settings
from django.http import HttpRequest


def around(_request: HttpRequest) -> dict[str, object]:
    """Tell every page whether this demo leaves the second factor out."""
    return {"second_factor_skipped": settings.DEMO}
