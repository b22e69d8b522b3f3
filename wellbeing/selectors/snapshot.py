"""All rows that decide about one person at one moment, read by one statement.

Under the person's lock it must run after the statement that locks, never as part of it: what waited for the lock would
otherwise see the other rows as they were before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from people.selectors import Profile, profile_of
from people.statements import Statement, columns, instant, many_from_json, moment, one_from_json
from wellbeing.events import group_of
from wellbeing.models import Break, Exposure, LoadModel, PersonState, Presence
from wellbeing.rules.caps import DAYS_LOOKED_BACK, Ordered, Shift
from wellbeing.rules.limits import Spent
from wellbeing.rules.scopes import Value

LONGER_THAN_A_DAY = timedelta(days=3)
"""No local day lasts as long, not even with a change of time zone in it: a team left before that binds no more."""

DATES_REACH_BACK = timedelta(days=DAYS_LOOKED_BACK + 1)
LATELY = timedelta(days=2)
"""What is older is of a date that is over in every zone."""
SHIFTS_REACH = timedelta(hours=36)
REDS_REACH_BACK = timedelta(days=16)

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
        SELECT {{list}}({{array}}(quarter_at, severity, shown_ms, cases, load_units)) FROM wellbeing_exposuresum
        WHERE subject = %(subject)s AND quarter_at >= %(since)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(id, scope, scope_ref, name, value, set_at, set_by, reason))
        FROM wellbeing_limitrow
        WHERE scope = 'ceiling' OR (scope IN ('person', 'own') AND scope_ref = %(ref)s)
           OR (scope = 'team' AND scope_ref IN (SELECT value FROM {{each}}(%(teams)s)))
    ) AS text),
    (SELECT number FROM wellbeing_rev WHERE "group" = %(group)s),
    CAST((
        SELECT {{list}}({{array}}(local_date, severity, shown_ms, cases, load_units)) FROM wellbeing_daysum
        WHERE subject = %(subject)s AND local_date >= %(dates_since)s AND local_date < %(lately)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(local_date, severity, shown_ms, cases, load_units)) FROM wellbeing_daysum
        WHERE subject = %(subject)s AND local_date >= %(lately)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(starts_at, ends_at)) FROM wellbeing_shift
        WHERE subject = %(subject)s AND ends_at > %(shifts_since)s AND starts_at < %(shifts_until)s
          AND cancelled_at IS NULL
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(kind, from_on, until_on, set_at, set_by)) FROM wellbeing_measure
        WHERE subject = %(subject)s AND until_on >= %(yesterday)s AND ended_at IS NULL
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(code, local_date, red_at)) FROM wellbeing_loadflag
        WHERE subject = %(subject)s AND red_at >= %(reds_since)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(kind, value, until)) FROM wellbeing_optout
        WHERE subject = %(subject)s AND ended_at IS NULL
    ) AS text),
    CAST((
        SELECT given_at FROM wellbeing_severeagreement WHERE subject = %(subject)s AND revoked_at IS NULL
    ) AS text),
    CAST((
        SELECT until_on FROM wellbeing_counselling WHERE subject = %(subject)s
        ORDER BY recorded_at DESC, id LIMIT 1
    ) AS text),
    EXISTS (
        SELECT 1 FROM wellbeing_introduction WHERE subject = %(subject)s AND done_at IS NOT NULL
    ),
    CAST((
        SELECT {{list}}({{array}}(id, team_id, preset)) FROM wellbeing_teampreset
        WHERE team_id IN (SELECT CAST(value AS bigint) FROM {{each}}(%(teams)s))
    ) AS text),
    CAST((
        SELECT {{array}}({columns(LoadModel)}) FROM wellbeing_loadmodel
        WHERE holds_from <= %(at)s ORDER BY version DESC LIMIT 1
    ) AS text)
"""  # noqa: S608 - put together from constants
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows as they are.

    ``values``: of the ceiling, the person and all their teams of some days, oldest first; ``version`` is the last
    one's. ``rev``: the change number that the person's pages know. ``dates``: what was shown on local dates of the last
    weeks. ``shifts``, ``ordered``: planned and ordered around now. ``reds``: red flags (code, local date, since when) of
    15 days. ``presets``: team → the preset chosen last. ``load_model``: None where the shipped weights hold.
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
    dates: Mapping[tuple[date, int], Spent]
    shifts: Sequence[Shift]
    ordered: Sequence[Ordered]
    reds: Sequence[tuple[str, date, datetime]]
    opt_outs: Sequence[tuple[str, str, datetime | None]]
    agreed_at: datetime | None
    counselled_until: date | None
    is_introduced: bool
    presets: Mapping[int, str]
    load_model: LoadModel | None


def read(subject: UUID, *, at: datetime) -> Snapshot:
    """Return the snapshot of a person around *at*, in two statements: what people tell, and what wellbeing keeps."""
    profile = profile_of(subject, since=at - LONGER_THAN_A_DAY)
    row = ROWS.row(
        subject=subject,
        since=at - SUMS_REACH_BACK,
        ref=str(subject),
        teams=[str(stay.team_id) for stay in profile.stays],
        group=group_of(subject),
        at=at,
        dates_since=str((at - DATES_REACH_BACK).date()),
        lately=str((at - LATELY).date()),
        shifts_since=at - SHIFTS_REACH,
        shifts_until=at + SHIFTS_REACH,
        yesterday=str((at - LONGER_THAN_A_DAY).date()),
        reds_since=at - REDS_REACH_BACK,
    )
    return _snapshot(profile, row or ((None,) * 18))


def _snapshot(profile: Profile, row: Sequence[Any]) -> Snapshot:
    state, rest, exposure, presence, sums, limits, rev = row[:7]
    past, lately, shifts, ordered, reds, opt_outs, agreed, counselled, introduced, presets, model = row[7:]
    values = sorted(
        (_value(tuple(one)) for one in many_from_json(limits)), key=lambda one: (one.set_at, one.row)
    )
    return Snapshot(
        profile=profile,
        state=one_from_json(PersonState, state),
        open_break=one_from_json(Break, rest),
        exposure=one_from_json(Exposure, exposure),
        presence=one_from_json(Presence, presence),
        spent={(instant(at), severity): Spent(*what) for at, severity, *what in many_from_json(sums)},
        values=values,
        version=max((one.row for one in values), default=0),
        rev=rev or 0,
        dates={**_past(past), **_dates(lately)},
        shifts=[Shift(instant(starts), instant(ends)) for starts, ends in many_from_json(shifts)],
        ordered=[_ordered(one) for one in many_from_json(ordered)],
        reds=[(code, date.fromisoformat(on), instant(at)) for code, on, at in many_from_json(reds)],
        opt_outs=[(kind, value, moment(until)) for kind, value, until in many_from_json(opt_outs)],
        agreed_at=moment(agreed),
        counselled_until=None if counselled is None else date.fromisoformat(counselled),
        is_introduced=bool(introduced),
        presets={team: preset for _id, team, preset in sorted(many_from_json(presets))},
        load_model=one_from_json(LoadModel, model),
    )


@lru_cache(maxsize=256)
def _past(text: str | None) -> Mapping[tuple[date, int], Spent]:
    """Return what was shown on dates that are over. Kept, by the whole text: it is the same in every act of a day."""
    return _dates(text)


def _dates(text: str | None) -> dict[tuple[date, int], Spent]:
    return {(date.fromisoformat(on), severity): Spent(*what) for on, severity, *what in many_from_json(text)}


@lru_cache(maxsize=4096)
def _value(row: tuple[Any, ...]) -> Value:
    """Return a row as the rules take it. Kept, by all that it says: rows of limits never change."""
    key, scope, scope_ref, name, value, set_at, set_by, reason = row
    return Value(scope, name, value, instant(set_at), set_by, reason, scope_ref, key)


def _ordered(row: Sequence[Any]) -> Ordered:
    kind, from_on, until_on, set_at, set_by = row
    return Ordered(kind, date.fromisoformat(from_on), date.fromisoformat(until_on), instant(set_at), set_by)
