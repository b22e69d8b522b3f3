"""The least that Django can do with a POST: one view, no middleware, one row. For WSGI, as ``benchmarks.bare:application``.

The database is the same, with the same pool; the table is made by ``benchmarks.intake``.
"""

import json
from typing import ClassVar

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone

from config.settings import DATABASES

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES=DATABASES,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    ROOT_URLCONF=__name__,
    USE_TZ=True,
)
django.setup()


class BareItem(models.Model):
    """One row."""

    external_id = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["BareItem"]] = models.Manager()

    class Meta:
        app_label = "benchmarks"
        db_table = "bench_item"
        managed = False

    def __str__(self) -> str:
        return self.external_id


def insert(request: HttpRequest) -> HttpResponse:
    """Read the JSON and write the row."""
    sent = json.loads(request.body)
    row = BareItem.objects.create(
        external_id=sent["external_id"], text=sent["text"], created_at=timezone.now()
    )
    return JsonResponse({"id": row.pk}, status=201)


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer that it is there."""
    return JsonResponse({})


urlpatterns: list[URLPattern] = [path("healthz", healthz), path("items", insert)]
application = get_wsgi_application()
