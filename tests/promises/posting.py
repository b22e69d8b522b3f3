"""A platform's items on their way in, in a process that dies in the middle.

    python -m tests.promises.posting DATABASE MEDIA HISTORY FIRST LAST [--die-at POINT --on NUMBER] [--acknowledge-early]

Sends the items FIRST to LAST - 1 through the real services, and after each writes its external id to HISTORY, fsynced:
that is what the platform has seen answered. POINT is where the process kills itself, with SIGKILL, at the NUMBERth
time that it comes by.

Without arguments it sends nothing itself. It loads Respite, opens no connection, and for each line of its input, the
arguments as JSON, forks a process that sends; it answers with that one's id and, when it has ended, its exit code. To load
Respite anew for each of twenty senders took longer than all that they send.
"""

import argparse
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings

SERVICES = ("blobs", "idempotency", "intake")
POINTS = ("stored", "inserted", "before commit", "after commit")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = "key of {}"


class Death:
    """Kills the process at the nth time that it comes by a point."""

    def __init__(self, point: str | None, on: int) -> None:
        self.point, self.left = point, on

    def passes(self, point: str) -> None:
        if point != self.point:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def external_id(number: int) -> str:
    return f"post-{number}"


def content(number: int) -> bytes:
    """Bytes of a picture that no other number has."""
    picture = (Path(__file__).resolve().parents[1] / "samples" / "rocket.jpg").read_bytes()
    return picture + str(number).encode()


def main() -> None:
    django.setup()
    if len(sys.argv) > 1:
        _send_all(_arguments(sys.argv[1:]))
        return
    for service in SERVICES:
        importlib.import_module(f"moderation.services.{service}")
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _be_the_sender(json.loads(line))
        _tell(pid)
        _tell(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _be_the_sender(words: list[str]) -> None:
    """Send and end here: what the parent has read of its input, and not written of its output, is the parent's."""
    code = 1
    try:
        _send_all(_arguments(words))
        code = 0
    except Exception:  # noqa: BLE001 - it is said, and its exit code fails the test
        traceback.print_exc()
    finally:
        os._exit(code)


def _send_all(arguments: argparse.Namespace) -> None:
    settings.DATABASES["default"]["NAME"] = arguments.database
    settings.MEDIA_ROOT = Path(arguments.media)
    death = Death(arguments.die_at, arguments.on)
    _watch_commits(death)
    with Path(arguments.history).open("a") as history:
        for number in range(arguments.first, arguments.last):

            def acknowledge(number: int = number) -> None:
                history.write(external_id(number) + "\n")
                history.flush()
                os.fsync(history.fileno())

            _send(number, death, acknowledge, early=arguments.acknowledge_early)


def _send(number: int, death: Death, acknowledge: Callable[[], None], *, early: bool) -> None:
    from moderation.services.blobs import Upload, store
    from moderation.services.idempotency import Answered, Request, once
    from moderation.services.intake import NewItem, accept
    from people.models import Platform

    platform = Platform.objects.get(name="Lumen")
    uploads = [Upload(content(number))] if number % 2 else []
    media = store(uploads=uploads)
    death.passes("stored")
    item = NewItem(external_id(number), "SPAM_FRAUD", text=f"Text {number}.", media=media)

    def act() -> Answered:
        accepted = accept(platform=platform, item=item, at=AT)
        death.passes("inserted")
        if early:
            acknowledge()
        return Answered(201, {"id": str(accepted.revision.item_id)})

    request = Request(
        platform=platform, key=KEY.format(number), operation="POST /items", body_digest=item.digest
    )
    once(request=request, act=act, at=AT)
    if not early:
        acknowledge()


def _watch_commits(death: Death) -> None:
    """Come by a point on each side of every COMMIT that the database is told."""
    from django.db import connection

    commit: Callable[[], Any] = getattr(connection, "_commit")  # noqa: B009 - it has no public name

    def watched() -> Any:
        death.passes("before commit")
        done = commit()
        death.passes("after commit")
        return done

    setattr(connection, "_commit", watched)  # noqa: B010 - an instance's own, for this process alone


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("database", "media", "history"):
        parser.add_argument(name)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--die-at", choices=POINTS)
    parser.add_argument("--on", type=int, default=1)
    parser.add_argument("--acknowledge-early", action="store_true")
    return parser.parse_args(words)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
