"""This process's own line to Redis, for short questions."""

import os

from django.conf import settings
from redis import Redis

from config.shared.breaker import impatient

_clients: dict[int, Redis] = {}


def redis() -> Redis:
    """Return the client of this process: a connection does not survive a fork."""
    mine = os.getpid()
    if mine not in _clients:
        _clients[mine] = Redis.from_url(settings.REDIS_URL, **impatient())
    return _clients[mine]


def ping() -> bool:
    """Ask Redis for a sign of life.

    Raises:
        RedisError: there is none.
    """
    return bool(redis().ping())
