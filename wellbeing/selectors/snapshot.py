"""All rows that decide about one person at one moment: what looking moves by one statement, and what is kept besides.

Under the person's lock it must run after the statement that locks, never as part of it: what waited for the lock would
otherwise see the other rows as they were before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from live.events import group_of
from people.selectors import Profile
from people.statements import Part, Row, Statement, columns, instant, many_from_json, one_from_json
from wellbeing.models import Break, Exposure, LoadModel, PersonState, Presence
from wellbeing.rules.caps import DAYS_LOOKED_BACK, Ordered
from wellbeing.rules.contracts import Contract
from wellbeing.rules.limits import Spent
from wellbeing.rules.parts import Shift
from wellbeing.rules.scopes import Values
from wellbeing.selectors.kept import MARKS, kept_of

DATES_REACH_BACK = timedelta(days=DAYS_LOOKED_BACK + 1)
LATELY = timedelta(days=2)
"""What is older is of a date that is over in every zone."""

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
        SELECT {{list}}({{array}}(quarter_at, severity, shown_ms, cases, load_units, units_at_one)) FROM wellbeing_exposuresum
        WHERE subject = %(subject)s AND quarter_at >= %(since)s
    ) AS text),
    (SELECT number FROM wellbeing_rev WHERE "group" = %(group)s),
    CAST((
        SELECT {{list}}({{array}}(local_date, severity, shown_ms, cases, load_units, units_at_one)) FROM wellbeing_daysum
        WHERE subject = %(subject)s AND local_date >= %(dates_since)s AND local_date < %(lately)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(local_date, severity, shown_ms, cases, load_units, units_at_one)) FROM wellbeing_daysum
        WHERE subject = %(subject)s AND local_date >= %(lately)s
    ) AS text),
    {MARKS}
"""  # noqa: S608 - put together from constants
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows as they are.

    ``rev``: the change number that the person's pages know. ``dates``: what was shown on local dates of the last weeks.
    What stands below ``dates`` is as in ``wellbeing.selectors.kept.Kept``.
    """

    state: PersonState | None
    open_break: Break | None
    exposure: Exposure | None
    presence: Presence | None
    spent: dict[tuple[datetime, int], Spent]
    rev: int
    dates: Mapping[tuple[date, int], Spent]
    profile: Profile
    values: Values
    version: int
    shifts: Sequence[Shift]
    ordered: Sequence[Ordered]
    reds: Sequence[tuple[str, date, datetime]]
    opt_outs: Sequence[tuple[str, str, datetime | None]]
    agreed_at: datetime | None
    contracts: Sequence[Contract]
    is_introduced: bool
    presets: Mapping[int, str]
    load_model: LoadModel | None


def read(subject: UUID, *, at: datetime) -> Snapshot:
    """Return the snapshot of a person around *at*: one statement, and two more where what is kept no longer serves."""
    statement, parameters = part(subject, at=at)
    return snapshot_from(subject, statement.row(**parameters), at=at)


def part(subject: UUID, *, at: datetime) -> Part:
    """Return the statement that ``read`` begins with, for whoever has more to read in the same round trip."""
    return ROWS, {
        "subject": subject,
        "mark": subject.hex,
        "since": at - SUMS_REACH_BACK,
        "group": group_of(subject),
        "dates_since": str((at - DATES_REACH_BACK).date()),
        "lately": str((at - LATELY).date()),
    }


def snapshot_from(subject: UUID, row: Row | None, *, at: datetime) -> Snapshot:
    """Return the snapshot that ``part`` has begun."""
    state, rest, exposure, presence, sums, rev, past, lately, *marks = row or ((None,) * 10)
    for_all, for_me = marks
    kept = kept_of(subject, (for_all, for_me), at=at)
    return Snapshot(
        state=one_from_json(PersonState, state),
        open_break=one_from_json(Break, rest),
        exposure=one_from_json(Exposure, exposure),
        presence=one_from_json(Presence, presence),
        spent={(instant(when), severity): Spent(*what) for when, severity, *what in many_from_json(sums)},
        rev=rev or 0,
        dates={**_past(past), **_dates(lately)},
        profile=kept.profile,
        values=kept.values,
        version=kept.version,
        shifts=kept.shifts,
        ordered=kept.ordered,
        reds=kept.reds,
        opt_outs=kept.opt_outs,
        agreed_at=kept.agreed_at,
        contracts=kept.contracts,
        is_introduced=kept.is_introduced,
        presets=kept.presets,
        load_model=kept.load_model,
    )


@lru_cache(maxsize=256)
def _past(text: str | None) -> Mapping[tuple[date, int], Spent]:
    """Return what was shown on dates that are over. Kept, by the whole text: it is the same in every act of a day."""
    return _dates(text)


def _dates(text: str | None) -> dict[tuple[date, int], Spent]:
    return {(date.fromisoformat(on), severity): Spent(*what) for on, severity, *what in many_from_json(text)}
