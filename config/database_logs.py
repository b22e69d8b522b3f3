"""That PostgreSQL's own log repeats nothing of what it is given.

By its defaults a failing INSERT puts a whole row, with the text of an item, into the server's log (`DETAIL: Failing row
contains`), and the statement with it. Only a superuser, or a role that was granted the right, may change that: every
process asks at its start, sets for its own role what it may, and asks again.
"""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction

QUIET: Final[Mapping[str, str]] = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_parameter_max_length_on_error": "0",
}
PLANS: Final = "auto_explain.log_min_duration"
"""It is there where that library is loaded, whoever may see which are; -1 where it writes nothing."""
ONE_AFTER_THE_OTHER: Final = 6_310_441
"""The number of the lock under which a role is altered; no other lock of ours has it."""


class DatabaseTalks(Exception):
    """PostgreSQL's log may repeat content. ``settings``: which settings let it, by name."""

    def __init__(self, settings: list[str]) -> None:
        super().__init__(", ".join(settings))
        self.settings = settings

    @property
    def line(self) -> str:
        """Return what to do, in one line."""
        return (
            f"PostgreSQL may write what people sent into its log ({self}), and this role may not change that. "
            "Set it on the server as docs/operations.md says, or say that you know with DATABASE_LOGS_ACKNOWLEDGED=1."
        )


def insist() -> None:
    """Return where the database's log repeats nothing, or where the operator has said that they know.

    Raises:
        DatabaseTalks: it would.
    """
    if connection.vendor != "postgresql":
        return
    try:
        hush()
    except DatabaseTalks:
        if not settings.DATABASE_LOGS_ACKNOWLEDGED:
            raise


def hush() -> None:
    """Set for this role what is not quiet yet.

    Raises:
        DatabaseTalks: something stays as it is.
    """
    if talking() and _set_for_role():
        _begin_anew()
    if left := talking():
        raise DatabaseTalks(left)


def _begin_anew() -> None:
    """Take no session on that began before: a role's settings hold for those that begin, and a pool keeps others at hand."""
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone has one


def talking() -> list[str]:
    """Return which settings of this connection let the server's log repeat content."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name, true) FROM unnest(%s::text[]) AS name", [[*QUIET, PLANS]]
        )
        wanted = dict(QUIET) | {PLANS: "-1"}
        return [name for name, value in cursor.fetchall() if value not in {None, "", wanted[name]}]


def _set_for_role() -> bool:
    """Say whether the role was allowed to. One process after the other: PostgreSQL refuses two that alter a role at once."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AFTER_THE_OTHER])
            for name, quiet in QUIET.items():
                cursor.execute(f"ALTER ROLE CURRENT_USER SET {name} = '{quiet}'")
    except DatabaseError:
        return False
    return True
