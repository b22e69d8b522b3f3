"""Named steps of the outbox's tests."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from outbox.kinds import Handler, Work
from outbox.models import OutboxEntry
from outbox.services import Leased, lease_next, promise
from outbox.services.running import Surroundings
from tests.cast import T0


class Diary:
    """A handler that writes down what it was given, and then does as it was told."""

    def __init__(self, then: Callable[[Work], None] | None = None) -> None:
        self.works: list[Work] = []
        self.then = then

    def run(self, work: Work) -> None:
        self.works.append(work)
        if self.then:
            self.then(work)

    @property
    def entry_ids(self) -> list[int]:
        return [work.entry_id for work in self.works]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = T0) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


def fails(work: Work) -> None:
    raise ZeroDivisionError("the content of an item")


def no_jitter() -> float:
    return 0.0


def quiet(clock: Clock | None = None) -> Surroundings:
    """Surroundings whose clock stands still, without jitter."""
    return Surroundings(clock=clock or Clock(), jitter=no_jitter)


def promised(kind: str = "note", at: datetime = T0, **arguments: Any) -> OutboxEntry:
    return promise(kind=kind, arguments=arguments, at=at)


def leased(handlers: dict[str, Handler], at: datetime = T0) -> Leased:
    (taken,) = lease_next(handlers=handlers, at=at)
    return taken


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in its own thread and connection, all begun together; return results or exceptions, in order."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def go(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results
