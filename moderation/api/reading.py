"""Reading a request strictly: bytes → JSON → a schema, or one problem that says what is wrong and where."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError

from moderation.api.problems import MOST_ERRORS, Fault, Problem, Sentence

DEEPEST: Final = 32
JSON_TYPE: Final = "application/json"
MULTIPART_TYPE: Final = "multipart/form-data"

Model = TypeVar("Model", bound=BaseModel)

# The sentences of pydantic are for the programmer who wrote the schema; these are for the one who sends.
_SENTENCES: Final[dict[str, Sentence]] = {
    "missing": gettext_lazy("This field is required."),
    "extra_forbidden": gettext_lazy("There is no field of this name here."),
    "string_type": gettext_lazy("This must be text."),
    "int_type": gettext_lazy("This must be a whole number."),
    "int_parsing": gettext_lazy("This must be a whole number."),
    "int_parsing_size": gettext_lazy("This number is too large."),
    "float_type": gettext_lazy("This must be a number."),
    "bool_type": gettext_lazy("This must be true or false."),
    "list_type": gettext_lazy("This must be a list."),
    "dict_type": gettext_lazy("This must be an object."),
    "model_type": gettext_lazy("This must be an object."),
    "model_attributes_type": gettext_lazy("This must be an object."),
    "string_pattern_mismatch": gettext_lazy("This is not written as it must be."),
}
# Of fields that are worth a sentence of their own: (type of error, pointer) → sentence.
_OF_FIELDS: Final[dict[tuple[str, str], Sentence]] = {
    ("missing", "/category"): gettext_lazy(
        "This field is required. If nobody has classified the item, send 'unknown': it is accepted and counts as "
        "severity 3."
    ),
}


def content_type(request: HttpRequest) -> str:
    """Return the media type of the body, without parameters, in lower case."""
    return (request.content_type or "").lower()


def body_of(request: HttpRequest) -> bytes:
    """Return the whole body, never more than the installation allows.

    Raises:
        Problem: ``too_large``.
    """
    refuse_announced_size(request)
    try:
        body = request.read(settings.MAX_BODY_BYTES + 1)
    except RequestDataTooBig:
        raise too_large() from None
    if len(body) > settings.MAX_BODY_BYTES:
        raise too_large()
    return bytes(body)


def refuse_announced_size(request: HttpRequest) -> None:
    """Refuse a body by the length that its header announces, before a byte of it is read.

    Raises:
        Problem: ``too_large``.
    """
    announced = request.headers.get("Content-Length") or "0"
    if announced.isdigit() and int(announced) > settings.MAX_BODY_BYTES:
        raise too_large()


def too_large() -> Problem:
    """Return the refusal of a body over the size."""
    megabytes = settings.MAX_BODY_BYTES // (1024 * 1024)
    return Problem("too_large", _("The body may have at most %(size)s MB.") % {"size": megabytes})


def json_of(text: bytes | str) -> Any:
    """Return the JSON value of *text*: UTF-8, no name twice in an object, finite numbers, not too deep.

    Raises:
        Problem: ``malformed``; ``invalid`` for text that no database can keep.
    """
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        value = json.loads(
            decoded, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite
        )
    except UnicodeDecodeError:
        raise Problem("malformed", _("The body is not UTF-8.")) from None
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        detail = _("This is not JSON: look at line %(line)s, column %(column)s.")
        raise Problem("malformed", detail % {"line": error.lineno, "column": error.colno}) from None
    except _NotPlain as error:
        raise Problem("malformed", str(error)) from None
    except ValueError:  # a whole number of thousands of digits
        raise Problem("malformed", _("A number has too many digits.")) from None
    faults = list(_unkeepable(value))
    if faults:
        raise Problem("invalid", faults=faults[:MOST_ERRORS])
    return value


def json_body(request: HttpRequest) -> Any:
    """Return the JSON body of a request; no body at all reads as an empty object.

    Raises:
        Problem: ``unsupported_media_type``, ``too_large``, ``malformed``, ``invalid``.
    """
    body = body_of(request)
    if not body:
        return {}
    if content_type(request) != JSON_TYPE:
        raise Problem("unsupported_media_type", _("Send application/json."))
    return json_of(body)


def parsed(schema: type[Model], value: Any) -> Model:
    """Return *value* as *schema*.

    Raises:
        Problem: ``invalid``, with a pointer to each field that is not right.
    """
    try:
        return schema.model_validate(value, strict=True)
    except ValidationError as error:
        raise Problem("invalid", faults=faults_of(error)) from None


def query_of(request: HttpRequest, schema: type[Model]) -> Model:
    """Return the query parameters as *schema*; each may be given once.

    Raises:
        Problem: ``invalid``.
    """
    values: dict[str, str] = {}
    for name, given in request.GET.lists():
        if len(given) > 1:
            raise Problem("invalid", faults=[Fault(pointer([name]), _("Give this parameter once."))])
        values[name] = given[0]
    faults = list(_unkeepable(values))
    if faults:
        raise Problem("invalid", faults=faults[:MOST_ERRORS])
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        raise Problem("invalid", faults=faults_of(error)) from None


def faults_of(error: ValidationError) -> list[Fault]:
    """Return what a schema found, as pointers and sentences; nothing of what was sent."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [_fault(each["type"], pointer(each["loc"]), each["msg"]) for each in found[:MOST_ERRORS]]


def pointer(path: Iterable[str | int]) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _fault(kind: str, where: str, message: str) -> Fault:
    sentence = _OF_FIELDS.get((kind, where)) or _SENTENCES.get(kind)
    return Fault(where, sentence or message.removeprefix("Value error, "))


class _NotPlain(ValueError):
    """JSON that two readers could understand differently, or that cannot be kept."""


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotPlain(_("An object has the same name twice."))
    return found


def _no_constant(name: str) -> float:
    raise _NotPlain(_("%(name)s is not a number in JSON.") % {"name": name})


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise _NotPlain(_("A number is too large."))
    return number


def _too_deep() -> Problem:
    return Problem("malformed", _("The JSON is nested deeper than %(most)s levels.") % {"most": DEEPEST})


def _unkeepable(value: Any) -> Iterator[Fault]:
    """Find text that cannot be stored, and refuse what is nested too deeply. A loop, so depth cannot hurt it."""
    left: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while left:
        path, each = left.pop()
        if len(path) > DEEPEST:
            raise _too_deep()
        if isinstance(each, str):
            yield from _text_faults(path, each)
        elif isinstance(each, dict):
            for name, inner in each.items():
                if any(True for _fault_ in _text_faults(path, name)):
                    yield Fault(pointer(path), _("The name of a field has a character that cannot be kept."))
                    continue
                left.append(((*path, name), inner))
        elif isinstance(each, list):
            left.extend(((*path, index), inner) for index, inner in enumerate(each))


def _text_faults(path: Sequence[str | int], text: str) -> Iterator[Fault]:
    if "\x00" in text:
        yield Fault(pointer(path), _("Text must not contain the NUL character (U+0000)."))
    elif not text.isascii() and _SURROGATE.search(text):
        yield Fault(pointer(path), _("Text must not contain half of a surrogate pair (U+D800 to U+DFFF)."))


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
