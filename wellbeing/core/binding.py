"""What binds a person and is not moved by looking: read seldom, and known to this process while its marks stand.

Whoever decides reads two marks with the rows that do move, under the same lock and in the same statement. Triggers move a
mark with every change of a row that is read here, in the transaction of that change (``people.models.Mark``). So what is
known is used only where a reading now would find the same rows.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from people.selectors import STAYS, Profile, profile_from, profile_part
from people.statements import (
    Part,
    Row,
    Statement,
    columns,
    instant,
    many_from_json,
    moment,
    one_from_json,
    rows_of,
)
from wellbeing.core.rules.caps import Ordered
from wellbeing.core.rules.contracts import Contract
from wellbeing.core.rules.load import SHIPPED_WEIGHTS, VERSION
from wellbeing.core.rules.parts import Shift
from wellbeing.core.rules.scopes import Value, Values
from wellbeing.models import LimitRow, LoadModel

LONGER_THAN_A_DAY = timedelta(days=3)
"""No local day lasts as long, not even with a change of time zone in it: a team left before that binds no more."""

SHIFTS_REACH = timedelta(hours=36)
REDS_REACH_BACK = timedelta(days=30)
"""The share after a red flag lasts 14 days from the first worked one; who was away for 14 has a share for that."""

KNOWN_AT_MOST: Final = timedelta(minutes=1)
"""The windows above are wider than any rule reaches by more than this."""
MOST_PEOPLE: Final = 1024

Marks = tuple[str | None, str | None]
"""The stamps for everybody and for this person, None where nothing was ever written."""

MARKS = """
    (SELECT stamp FROM people_mark WHERE key = ''),
    (SELECT stamp FROM people_mark WHERE key = %(mark)s)
"""
"""For a part of a statement: two columns, as ``Marks``."""

ROWS = Statement(
    f"""
SELECT
    CAST((
        SELECT {{list}}({{array}}(id, scope, scope_ref, name, value, set_at, set_by, reason))
        FROM wellbeing_limitrow
        WHERE scope = 'ceiling' OR (scope IN ('person', 'own') AND scope_ref = %(ref)s)
           OR (scope = 'team' AND scope_ref IN (SELECT CAST(stays.team_id AS text) FROM ({STAYS}) AS stays))
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(starts_at, ends_at)) FROM wellbeing_shift
        WHERE subject = %(subject)s AND ends_at > %(shifts_since)s AND starts_at < %(shifts_until)s
          AND cancelled_at IS NULL
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(kind, from_on, until_on, set_at, set_by)) FROM wellbeing_measure
        WHERE subject = %(subject)s AND until_on >= %(days_ago)s AND ended_at IS NULL
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
        SELECT {{list}}({{array}}(from_on, until_on, recorded_at, ended_at)) FROM wellbeing_counsellorcontract
        WHERE until_on >= %(days_ago)s
    ) AS text),
    EXISTS (
        SELECT 1 FROM wellbeing_introduction WHERE subject = %(subject)s AND done_at IS NOT NULL
    ),
    CAST((
        SELECT {{list}}({{array}}(id, team_id, preset)) FROM wellbeing_teampreset WHERE team_id IN ({STAYS})
    ) AS text),
    CAST((
        SELECT {{array}}({columns(LoadModel)}) FROM wellbeing_loadmodel
        WHERE holds_from <= %(at)s ORDER BY version DESC LIMIT 1
    ) AS text),
    CAST((SELECT min(holds_from) FROM wellbeing_loadmodel WHERE holds_from > %(at)s) AS text)
"""  # noqa: S608 - put together from constants
)


@dataclass(frozen=True, slots=True)
class Binding:
    """What binds one person around ``read_at``.

    ``values``: of the ceiling, the person and all their teams of some days, oldest first; ``version`` is the last
    one's. ``shifts``, ``ordered``: planned and ordered around now. ``reds``: red flags (code, local date, since when) of
    four weeks. ``contracts``: with a counsellor, ended ones too. ``presets``: team → the preset chosen last.
    ``load_model``: None where the shipped weights hold; other ones follow at ``weights_change_at``.
    """

    read_at: datetime
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
    weights_change_at: datetime | None

    @property
    def weights(self) -> Mapping[int, int]:
        """Severity → weight in hundredths, as it holds now."""
        model = self.load_model
        if model is None:
            return SHIPPED_WEIGHTS
        return dict(
            enumerate((model.weight_0, model.weight_1, model.weight_2, model.weight_3, model.weight_4))
        )

    @property
    def load_model_version(self) -> int:
        """The version of these weights."""
        return self.load_model.version if self.load_model else VERSION

    def serves(self, at: datetime) -> bool:
        """Say whether a reading at *at* would ask for the same rows, as far as any rule can tell."""
        if self.weights_change_at is not None and self.weights_change_at <= at:
            return False
        return self.read_at <= at < self.read_at + KNOWN_AT_MOST


def binding_of(subject: UUID, marks: Marks, *, at: datetime) -> Binding:
    """Return what binds a person, read anew (two statements) unless it is known.

    ``marks`` must have been read before this is called, under the lock where there is one.
    """
    found = _known.get(subject, marks, at)
    if found is None:
        found = read(subject, at=at)
        _known.put(subject, marks, found)
    return found


def read(subject: UUID, *, at: datetime) -> Binding:
    """Return what binds a person around *at*, from the rows."""
    left_since = at - LONGER_THAN_A_DAY
    mine: Part = (
        ROWS,
        {
            "subject": subject,
            "ref": str(subject),
            "left_since": left_since,
            "at": at,
            "shifts_since": at - SHIFTS_REACH,
            "shifts_until": at + SHIFTS_REACH,
            "days_ago": str((at - LONGER_THAN_A_DAY).date()),
            "reds_since": at - REDS_REACH_BACK,
        },
    )
    profile, row = rows_of([profile_part(subject, since=left_since), mine])
    return _binding(at, profile_from(subject, profile), row or ((None,) * 11))


def _binding(at: datetime, profile: Profile, row: Row) -> Binding:
    limits, shifts, ordered, reds, opt_outs, agreed, contracts, introduced, presets, model, change = row
    set_ones = (_value(tuple(one)) for one in many_from_json(limits))
    values = Values(sorted(set_ones, key=lambda one: (one.set_at, one.row)))
    return Binding(
        read_at=at,
        profile=profile,
        values=values,
        version=max((one.row for one in values), default=0),
        shifts=tuple(Shift(instant(starts), instant(ends)) for starts, ends in many_from_json(shifts)),
        ordered=tuple(_ordered(one) for one in many_from_json(ordered)),
        reds=tuple(
            (code, date.fromisoformat(on), instant(red_at)) for code, on, red_at in many_from_json(reds)
        ),
        opt_outs=tuple((kind, value, moment(until)) for kind, value, until in many_from_json(opt_outs)),
        agreed_at=moment(agreed),
        contracts=tuple(
            Contract(
                date.fromisoformat(since), date.fromisoformat(until), instant(recorded_at), moment(ended_at)
            )
            for since, until, recorded_at, ended_at in many_from_json(contracts)
        ),
        is_introduced=bool(introduced),
        presets=MappingProxyType({team: preset for _id, team, preset in sorted(many_from_json(presets))}),
        load_model=one_from_json(LoadModel, model),
        weights_change_at=moment(change),
    )


@lru_cache(maxsize=4096)
def _value(row: tuple[Any, ...]) -> Value:
    """Return a row as the rules take it; once for all that it says, for rows of limits never change."""
    key, scope, scope_ref, name, value, set_at, set_by, reason = row
    return Value(scope, name, value, instant(set_at), set_by, reason, scope_ref, key)


def values_of(rows: Sequence[LimitRow]) -> list[Value]:
    """Return rows of limits as the rules take them."""
    return [
        Value(row.scope, row.name, row.value, row.set_at, row.set_by, row.reason, row.scope_ref, row.pk)
        for row in rows
    ]


def _ordered(row: Sequence[Any]) -> Ordered:
    kind, from_on, until_on, set_at, set_by = row
    return Ordered(kind, date.fromisoformat(from_on), date.fromisoformat(until_on), instant(set_at), set_by)


class _Known:
    """What this process knows of the people who were asked about last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[UUID, tuple[Marks, Binding]] = OrderedDict()

    def get(self, subject: UUID, marks: Marks, at: datetime) -> Binding | None:
        """Return what is known under these very marks, if it serves at *at*."""
        with self._lock:
            known = self._found.get(subject)
            if known is None or known[0] != marks or not known[1].serves(at):
                return None
            self._found.move_to_end(subject)
            return known[1]

    def put(self, subject: UUID, marks: Marks, binding: Binding) -> None:
        """Note it, and drop whom nobody asked about for longest. Without a mark for all there is nothing to go by."""
        if marks[0] is None:
            return
        with self._lock:
            self._found[subject] = marks, binding
            self._found.move_to_end(subject)
            if len(self._found) > MOST_PEOPLE:
                self._found.popitem(last=False)


_known: Final = _Known()
