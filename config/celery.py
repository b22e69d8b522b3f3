"""Celery in cluster mode: it carries nudges 'run entry N' to the workers. The truth is the outbox's rows.

celery --app config.celery worker --queues main
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.conf import settings
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError
from redis import Redis
from redis.exceptions import RedisError

from config import cluster
from config.shared.breaker import Breaker, impatient
from outbox.kinds import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

RUN_ENTRY = "outbox.run_entry"

app = Celery("respite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["outbox"])

broker = Breaker(errors=(RedisError, KombuError, OSError))
_redis: dict[int, Redis] = {}


@worker_init.connect
def _insist(**_: Any) -> None:
    cluster.insist()


def nudge(*, entry_id: int, kind: str) -> bool:
    """Tell the workers of this kind's pool to run an entry; say whether the broker took it."""
    return broker.ask(lambda: _send(entry_id, kind), lambda: False)


def waiting_in(pool: str) -> int | None:
    """Return how many nudges of a pool nobody has taken yet, or None while the broker is gone."""
    return broker.ask(lambda: _length_of(pool), lambda: None)


def _send(entry_id: int, kind: str) -> bool:
    # Asked first, because a publisher waits for a broker that is gone, and a request must not.
    _client().ping()
    handlers: dict[str, Handler] = import_string(settings.OUTBOX_HANDLERS)
    app.send_task(RUN_ENTRY, args=[entry_id], queue=handlers[kind].pool, ignore_result=True, retry=False)
    return True


def _length_of(pool: str) -> int | None:
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    length: int = _client().llen(f"{prefix}{pool}")
    return length


def _client() -> Redis:
    """Return this process's connection for short questions: one does not survive a fork."""
    return _redis.setdefault(
        os.getpid(), _redis.get(os.getpid()) or Redis.from_url(settings.REDIS_URL, **impatient())
    )
