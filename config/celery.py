"""Celery in cluster mode: it carries nudges 'run entry N' to the workers. The truth is the outbox's rows.

celery --app config.celery worker --queues main
"""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.conf import settings
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from config import cluster
from config.shared.breaker import Breaker
from config.shared.connection import ping, redis
from outbox.kinds import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

RUN_ENTRY = "outbox.run_entry"

app = Celery("respite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["outbox"])

broker = Breaker(errors=(RedisError, KombuError, OSError))


@worker_init.connect
def _insist(**_: Any) -> None:
    cluster.insist()
    # Loaded before the children are forked, and left alone by their collector: so they share its memory.
    import_string(settings.OUTBOX_HANDLERS)
    gc.freeze()


def nudge(*, entry_id: int, kind: str) -> bool:
    """Tell the workers of this kind's pool to run an entry; say whether the broker took it."""
    return broker.ask(lambda: _send(entry_id, kind), lambda: False)


def waiting_in(pool: str) -> int | None:
    """Return how many nudges of a pool nobody has taken yet, or None while the broker is gone."""
    return broker.ask(lambda: _length_of(pool), lambda: None)


def _send(entry_id: int, kind: str) -> bool:
    # Asked first, because a publisher waits for a broker that is gone, and a request must not.
    ping()
    handlers: dict[str, Handler] = import_string(settings.OUTBOX_HANDLERS)
    app.send_task(RUN_ENTRY, args=[entry_id], queue=handlers[kind].pool, ignore_result=True, retry=False)
    return True


def _length_of(pool: str) -> int | None:
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    length: int = redis().llen(f"{prefix}{pool}")
    return length
