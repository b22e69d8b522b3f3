"""All rows that decide about one person at one moment, read by one statement.

Under the person's lock it must run after the statement that locks, never as part of it: what waited for the lock would
otherwise see the other rows as they were before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from people.selectors import Profile, profile_of
from people.statements import Statement, columns, instant, many_from_json, one_from_json
from wellbeing.events import group_of
from wellbeing.models import Break, Exposure, PersonState, Presence
from wellbeing.rules.limits import Spent
from wellbeing.rules.scopes import Value

LONGER_THAN_A_DAY = timedelta(days=3)
"""No local day lasts as long, not even with a change of time zone in it: a team left before that binds no more."""

SUMS_REACH_BACK = timedelta(hours=26)
"""Covers the local day (25 h at most) and the 97 quarters."""

ROWS = Statement(
    f"""
SELECT
    CAST((
        SELECT {{array}}({columns(PersonState)}) FROM wellbeing_personstate WHERE subject = %(subject)s
    ) AS text),
    CAST((
        SELECT {{array}}({columns(Break)}) FROM wellbeing_break
        WHERE subject = %(subject)s AND NOT (state = 'over')
    ) AS text),
    CAST((
        SELECT {{array}}({columns(Exposure)}) FROM wellbeing_exposure
        WHERE subject = %(subject)s AND closed_at IS NULL
    ) AS text),
    CAST((
        SELECT {{array}}({columns(Presence)}) FROM wellbeing_presence
        WHERE subject = %(subject)s AND closed_at IS NULL
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(quarter_at, severity, shown_ms, cases)) FROM wellbeing_exposuresum
        WHERE subject = %(subject)s AND quarter_at >= %(since)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(id, scope, scope_ref, name, value, set_at, set_by, reason))
        FROM wellbeing_limitrow
        WHERE scope = 'ceiling' OR (scope IN ('person', 'own') AND scope_ref = %(ref)s)
           OR (scope = 'team' AND scope_ref IN (SELECT value FROM {{each}}(%(teams)s)))
    ) AS text),
    (SELECT number FROM wellbeing_rev WHERE "group" = %(group)s)
"""  # noqa: S608 - put together from constants
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows as they are.

    ``values``: of the ceiling, the person and all their teams of some days, oldest first; ``version`` is the last
    one's. ``rev``: the change number that the person's pages know.
    """

    profile: Profile
    state: PersonState | None
    open_break: Break | None
    exposure: Exposure | None
    presence: Presence | None
    spent: dict[tuple[datetime, int], Spent]
    values: Sequence[Value]
    version: int
    rev: int


def read(subject: UUID, *, at: datetime) -> Snapshot:
    """Return the snapshot of a person around *at*, in two statements: what people tell, and what wellbeing keeps."""
    profile = profile_of(subject, since=at - LONGER_THAN_A_DAY)
    state, rest, exposure, presence, sums, limits, rev = ROWS.row(
        subject=subject,
        since=at - SUMS_REACH_BACK,
        ref=str(subject),
        teams=[str(stay.team_id) for stay in profile.stays],
        group=group_of(subject),
    ) or ((None,) * 7)
    values = sorted(many_from_json(limits), key=lambda row: (instant(row[5]), row[0]))
    return Snapshot(
        profile=profile,
        state=one_from_json(PersonState, state),
        open_break=one_from_json(Break, rest),
        exposure=one_from_json(Exposure, exposure),
        presence=one_from_json(Presence, presence),
        spent={
            (instant(quarter_at), severity): Spent(shown_ms, cases)
            for quarter_at, severity, shown_ms, cases in many_from_json(sums)
        },
        values=[_value(row) for row in values],
        version=max((row[0] for row in values), default=0),
        rev=rev or 0,
    )


def _value(row: Sequence[Any]) -> Value:
    key, scope, scope_ref, name, value, set_at, set_by, reason = row
    return Value(scope, name, value, instant(set_at), set_by, reason, scope_ref, key)
