"""Promise work in a transaction; lease, finish, fail and sweep what was promised."""

from outbox.services.entries import (
    Leased,
    fail,
    finish,
    lease_next,
    promise,
    purge_next,
    release,
    renew,
)

__all__ = [
    "Leased",
    "fail",
    "finish",
    "lease_next",
    "promise",
    "purge_next",
    "release",
    "renew",
]
