"""What may stand in a log line, whoever writes it.

Loggers of ours hold nothing of anybody (CONTRIBUTING). Libraries know nothing of that: Django names the address that
was asked for, which may hold an invitation's token or the id of a look; an exception may repeat the row or the header
that it is about. So of a library's record we print who wrote it, the status, the *pattern* of the address, and where
in the code it happened; never its words.
"""

import logging
import traceback
from types import TracebackType
from typing import Final

from django.http import HttpRequest

OURS: Final = "respite"
TRUSTED: Final = ("celery.worker.consumer.connection", "kombu", "psycopg.pool", "django.utils.autoreload")
"""Libraries whose lines tell of their own connections alone: without them an outage of a server is hard to see."""
UNKNOWN_ADDRESS: Final = "an address that does not exist"

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainFormatter(logging.Formatter):
    """Prints one record: ours in its own words, a library's by what can hold nothing of anybody."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole; what a stranger sent wrongly, as a name that is not ours, is one line and no fault of ours."""
        if record.name.startswith("django.security") or getattr(record, "status_code", 500) < 500:
            record.exc_info, record.exc_text = None, None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        if not _speaks_for_itself(record.name):
            record.message = _of_a_library(record)
        return super().formatMessage(record)

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - logging's name
        """Return where it happened, and what kind it is: its words may repeat what was sent."""
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace)).rstrip()
        return f"{frames}\n{kind.__module__}.{kind.__qualname__}" if kind else frames

    def formatStack(self, _stack_info: str) -> str:  # noqa: N802 - logging's name
        return ""


def _speaks_for_itself(name: str) -> bool:
    return any(name == known or name.startswith(f"{known}.") for known in (OURS, *TRUSTED))


def _of_a_library(record: logging.LogRecord) -> str:
    status = getattr(record, "status_code", None)
    request = getattr(record, "request", None)
    words = [str(status)] if isinstance(status, int) else []
    if isinstance(request, HttpRequest):
        words += [str(request.method)[:10], pattern_of(request)]
    return " ".join(words) or "(its words are not kept)"


def pattern_of(request: HttpRequest) -> str:
    """Return the pattern of the address, without what was filled in."""
    match = request.resolver_match
    return f"/{match.route}" if match is not None else UNKNOWN_ADDRESS
