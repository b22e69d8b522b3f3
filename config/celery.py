"""Celery in cluster mode: it carries nudges 'look, there is work in your pool'. The truth is the outbox's rows.

celery --app config.celery worker --queues main
"""

import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from celery import Celery
from celery.signals import worker_init
from django.conf import settings
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from config import cluster
from config.shared.breaker import REST_SECONDS, Breaker
from config.shared.connection import redis
from config.waking.bell import Bell
from outbox.kinds import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# `cluster.insist_beside` makes them in a child: what they import, every page, would stay in every worker.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

log = logging.getLogger("respite.waking")

RUN_POOL = "outbox.run_pool"
SOON: Final = "soon"
CHECK_SECONDS: Final = 30.0

app = Celery("respite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["outbox"])

broker = Breaker(errors=(RedisError, KombuError, OSError))


AT_ONCE: Final = {"main": 1, "media": 2, "webhooks": 3}
"""So many nudges one moment's work of a pool is worth at most: each wakes a process, which goes on until nothing is due."""
WAKES: Final = "respite-wakes"
"""The channel on which the sweeper hears of what will be due in a moment."""


@worker_init.connect
def _insist(**_: Any) -> None:
    cluster.insist_beside()
    # Loaded before the children are forked, and left alone by their collector: so they share its memory.
    import_string(settings.OUTBOX_HANDLERS)
    gc.freeze()


def nudge(*, kind: str, is_due: bool) -> None:
    """Tell the workers of this kind's pool that there is work, or the sweeper that there will be; a moment from now."""
    handlers: dict[str, Handler] = import_string(settings.OUTBOX_HANDLERS)
    handler = handlers[kind]
    if is_due:
        bell().ask(handler.pool, apart=handler.linger.total_seconds())
    else:
        bell().ask(SOON)


def nudge_pool(pool: str, times: int) -> bool:
    """Wake so many of a pool's workers at most; say whether the broker took it."""
    return broker.ask(lambda: _send(pool, min(times, AT_ONCE.get(pool, 1))), lambda: False)


def waiting_in(pool: str) -> int | None:
    """Return how many nudges of a pool nobody has taken yet, or None while the broker is gone."""
    return broker.ask(lambda: _length_of(pool), lambda: None)


def listen(hear: Callable[[Collection[str]], None], _names: Collection[str]) -> None:
    """Hand over `SOON` whenever something will be due in a moment, from a thread, as long as the process lives."""
    threading.Thread(target=_hear, args=(hear,), name="wakes", daemon=True).start()


def _hear(hear: Callable[[Collection[str]], None]) -> None:
    while True:
        try:
            with redis().pubsub() as line:  # type: ignore[no-untyped-call]
                line.subscribe(WAKES)
                while True:
                    message = line.get_message(timeout=CHECK_SECONDS)
                    if message is None:
                        line.ping()  # a line that was cut would be silent for ever
                    elif message["type"] == "message":
                        hear({SOON})
        except (RedisError, OSError):
            time.sleep(REST_SECONDS)


_bells: dict[int, Bell] = {}
_first = threading.Lock()


def bell() -> Bell:
    """Return this process's bell: a thread does not survive a fork."""
    with _first:
        if os.getpid() not in _bells:
            _bells[os.getpid()] = Bell(_ring)
        return _bells[os.getpid()]


def _ring(asked: Mapping[str, int]) -> list[str]:
    """Tell of each name; return those that the broker did not take. Of what will be due the sweeper knows again by itself."""
    return [name for name, times in asked.items() if not _is_told(name, times)]


def _is_told(name: str, times: int) -> bool:
    try:
        if name != SOON:
            return nudge_pool(name, times)
        broker.ask(lambda: redis().publish(WAKES, SOON), lambda: 0)
    except Exception as error:  # noqa: BLE001 - what was promised is committed: whatever a broker raises, it is done later
        log.warning("%s could not be nudged (%s)", name, type(error).__name__)
    return True


def _send(pool: str, times: int) -> bool:
    # Asked first, because a publisher waits for a broker that is gone. Who takes a nudge that lies there sees what is committed now.
    for _ in range(times - _length_of(pool)):
        app.send_task(RUN_POOL, args=[pool], queue=pool, ignore_result=True, retry=False)
    return True


def _length_of(pool: str) -> int:
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    length: int = redis().llen(f"{prefix}{pool}")
    return length
