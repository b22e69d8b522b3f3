"""The API as one object: routers, errors, and the document that describes it."""

from typing import Any

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from moderation.api import items, outcomes
from moderation.api.docs import DocsPage
from moderation.api.documenting import collected_schemas
from moderation.api.errors import answer_error
from moderation.api.schemas import ProblemOut

DESCRIPTION = (
    "Send flagged content, receive decisions. Every error is application/problem+json with a stable code; every POST "
    "may carry an Idempotency-Key; another platform's object looks like one that does not exist."
)


class RespiteAPI(NinjaAPI):
    """ninja's API, whose document also holds the schemas that our own strict reading uses."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the OpenAPI 3.1 document."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schemas = schema["components"]["schemas"]
        schemas.update(collected_schemas())
        problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}))
        schemas["ProblemOut"] = problem
        return schema


api = RespiteAPI(
    title="Respite",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api-1",
    docs=DocsPage(),
)
for _kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(_kind, answer_error)
api.add_router("", items.router)
api.add_router("", outcomes.router)
