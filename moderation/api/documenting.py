"""What the OpenAPI document says of an operation, from the schemas that read and the table of problems."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from moderation.api.problems import CONTENT_TYPE, KINDS

REF: Final = "#/components/schemas/{model}"
# Any operation may answer these.
ALWAYS: Final = (
    "key_missing", "key_unknown", "key_expired", "scope_missing", "invalid", "rate_limited", "failed", "unavailable",
)  # fmt: skip
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body are answered once and then replayed, for 7 days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
}
_collected: Final[dict[str, type[BaseModel]]] = {}


def documented(
    *,
    answers: Mapping[int, type[BaseModel]],
    body: type[BaseModel] | None = None,
    multipart: bool = False,
    query: type[BaseModel] | None = None,
    problems: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the OpenAPI of an operation: its parameters, its body, its answers and every problem it may have."""
    extra: dict[str, Any] = {"parameters": _parameters(query), "responses": _responses(answers, problems)}
    if body is not None:
        extra["parameters"].append(IDEMPOTENCY_KEY)
        extra["requestBody"] = _request_body(body, multipart=multipart)
    return extra


def collected_schemas() -> dict[str, Any]:
    """Return the JSON Schema of every model that was named to `documented`, by name."""
    found: dict[str, Any] = {}
    for name, model in _collected.items():
        mode: Any = "serialization" if name.endswith("Out") else "validation"
        schema = model.model_json_schema(ref_template=REF, mode=mode)
        found |= schema.pop("$defs", {})
        found[name] = schema
    return found


def _ref(model: type[BaseModel]) -> dict[str, str]:
    _collected[model.__name__] = model
    return {"$ref": REF.format(model=model.__name__)}


def _parameters(query: type[BaseModel] | None) -> list[dict[str, Any]]:
    if query is None:
        return []
    schema = query.model_json_schema(ref_template=REF)
    definitions = schema.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": False, "schema": _plain(each, definitions)}
        for name, each in schema.get("properties", {}).items()
    ]


def _plain(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A parameter is absent or given, never null; and its schema stands where it is used."""
    options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    option = dict(options[0])
    if reference := option.pop("$ref", None):
        option |= definitions[reference.rsplit("/", 1)[-1]]
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "$ref"} and value is not None}
    return option | rest


def _request_body(body: type[BaseModel], *, multipart: bool) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": _ref(body)}}
    if multipart:
        content["multipart/form-data"] = {
            "schema": {
                "type": "object",
                "required": ["item"],
                "properties": {
                    "item": _ref(body),
                    "media": {"type": "array", "items": {"type": "string", "format": "binary"}},
                },
            },
            "encoding": {"item": {"contentType": "application/json"}},
        }
    return {"content": content, "required": any(field.is_required() for field in body.model_fields.values())}


def _responses(answers: Mapping[int, type[BaseModel]], problems: Sequence[str]) -> dict[int, Any]:
    found: dict[int, Any] = {
        status: {
            "description": " ".join((model.__doc__ or "").split()),
            "content": {"application/json": {"schema": _ref(model)}},
        }
        for status, model in answers.items()
    }
    for code in (*ALWAYS, *problems):
        kind = KINDS[code]
        response = found.setdefault(
            kind.status, {"description": "", "content": {CONTENT_TYPE: {"schema": _PROBLEM}}}
        )
        response["description"] = ", ".join(filter(None, [response["description"], f"`{code}`"]))
    return found


_PROBLEM: Final = {"$ref": REF.format(model="ProblemOut")}
