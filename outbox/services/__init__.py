"""Promise work in a transaction; lease, finish, fail and sweep what was promised."""

from outbox.services.entries import (
    PROMISED,
    Leased,
    fail,
    finish,
    finish_all,
    lease_next,
    promise,
    promise_all,
    promised,
    purge_next,
    release,
    renew,
)

__all__ = [
    "PROMISED",
    "Leased",
    "fail",
    "finish",
    "finish_all",
    "lease_next",
    "promise",
    "promise_all",
    "promised",
    "purge_next",
    "release",
    "renew",
]
