"""The readable docs: a page made here from the OpenAPI document, so it needs no script and no file of others."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from moderation.api.problems import KINDS

JSON: Final = "application/json"


class DocsPage(DocsBase):
    """Renders ``templates/api/docs.html``. Open to everybody: it tells nothing of this installation."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page."""
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "info": schema["info"],
            "operations": operations_of(schema),
            "schemas": schemas_of(schema),
            "problems": [{"code": code, "kind": kind} for code, kind in KINDS.items()],
            "openapi_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "api/docs.html", context)


def operations_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each operation as the page shows it."""
    return [
        {
            "id": operation["operationId"],
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "description": operation.get("description", ""),
            "parameters": [_parameter(each) for each in operation["parameters"]],
            "bodies": _bodies(operation),
            "answers": _answers(operation),
            "errors": _errors(operation),
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]  # fmt: skip


def schemas_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each object that is sent or answered, with its fields."""
    return [
        {"name": name, "description": each.get("description", ""), "fields": _fields(each)}
        for name, each in sorted(schema["components"]["schemas"].items())
        if each.get("type") == "object"
    ]


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = set(schema.get("required", ()))
    return [
        _field(name, each, required=name in required) for name, each in schema.get("properties", {}).items()
    ]


def _field(name: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {
        "name": name,
        "type": _type(schema),
        "required": required,
        "description": schema.get("description", ""),
    }


def _type(schema: dict[str, Any]) -> str:
    """Say a schema in a few words: ``text, at most 200``, ``list of ReportIn``."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(_type(option) for option in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return _limits(str(schema.get("format") or schema.get("type", "anything")), schema)


def _limits(kind: str, schema: dict[str, Any]) -> str:
    if "minimum" in schema and "maximum" in schema:
        return f"{kind} {schema['minimum']:g}–{schema['maximum']:g}"
    if "maxLength" in schema:
        return f"{kind} ≤ {schema['maxLength']:,}"
    return kind


def _bodies(operation: dict[str, Any]) -> list[dict[str, str]]:
    content = operation.get("requestBody", {}).get("content", {})
    return [
        {"type": kind, "schema": _type(each["schema"]) if kind == JSON else "parts item and media"}
        for kind, each in content.items()
    ]


def _answers(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The good ones; `_errors` are told by their codes."""
    return [
        {"status": status, "schema": _type(each["content"][JSON]["schema"])}
        for status, each in sorted(operation["responses"].items())
        if JSON in each.get("content", {})
    ]


def _errors(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"status": status, "codes": [code.strip("` ") for code in each["description"].split(",")]}
        for status, each in sorted(operation["responses"].items())
        if JSON not in each.get("content", {})
    ]


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    field = _field(parameter["name"], parameter["schema"], required=parameter["required"])
    return field | {"description": field["description"] or parameter.get("description", "")}
