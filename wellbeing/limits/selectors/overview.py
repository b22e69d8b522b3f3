"""What leads and guardians read about limits: values, ceilings, what waits, who and why. Never what anybody has spent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from people.selectors import members_of, zones_of_all
from wellbeing.core.binding import values_of
from wellbeing.core.rules.days import latest_day_end
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.names import FOR_TEAMS, bounds_of, is_at_least, is_looser, tightness, unit_of
from wellbeing.core.rules.scopes import PERSON_HOLDS, NextDay, ScopeState, scope_state
from wellbeing.models import LimitRequest, LimitRow, LimitScope, Proposal, ProposalObjection, ProposalState

HISTORY_SHOWN = 200
NEWS_FOR = timedelta(days=1)


@dataclass(frozen=True)
class LimitLine:
    """One limit of a team (or the organisation's own) beside its ceiling. Values in seconds or cases.

    ``value`` holds for everybody in it now; ``waiting`` holds for each person from their next local day, for all of them
    at ``waits_until``. ``at_least``: of a rest the ceiling is the least, and longer is tighter. ``set_by`` (a subject,
    ``system``, or empty where nothing was ever set), ``set_at`` and ``reason`` are of the newest row;
    ``last_seen`` is its key, for ``set_limit``. ``least`` and ``most``: what makes sense at all.
    """

    name: str
    value: int
    ceiling: int
    waiting: int | None
    waits_until: datetime | None
    set_by: str
    set_at: datetime | None
    reason: str
    last_seen: int
    unit: str
    at_least: bool
    least: int
    most: int


@dataclass(frozen=True)
class PersonLine:
    """A value that leads set for one person. It ends by itself at ``ends_at``, unless it is set again.

    ``row``: the key of the value that holds, ``last_seen`` that of the newest. ``asked``: a looser value that waits for
    this person's answer, if any.
    """

    name: str
    value: int
    waiting: int | None
    waits_until: datetime | None
    set_by: str
    set_at: datetime
    reason: str
    ends_at: datetime
    last_seen: int
    unit: str
    at_least: bool
    asked: int | None
    row: int


@dataclass(frozen=True)
class HistoryLine:
    """One change of one limit: who and why. ``before`` is None for the first value."""

    name: str
    value: int
    before: int | None
    loosens: bool
    set_by: str
    set_at: datetime
    reason: str
    unit: str


@dataclass(frozen=True)
class RequestLine:
    """A looser value that a lead asked this person to agree to."""

    id: UUID
    subject: UUID
    name: str
    value: int
    unit: str
    reason: str
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True)
class ProposalLine:
    """A change that needs, or needed, two people. ``before`` and ``value`` are plain values of its kind."""

    id: UUID
    kind: str
    target: str
    before: Any
    value: Any
    reason: str
    state: str
    proposed_by: str
    proposed_as: str
    proposed_at: datetime
    signed_by: str
    signed_as: str
    ended_at: datetime | None
    announced_at: datetime | None = None


def team_limits(team_id: int, at: datetime) -> list[LimitLine]:
    """Return every limit of a team, in a fixed order; five queries."""
    ceilings = _ceilings(at)
    rows = _rows_by_name(LimitScope.TEAM, str(team_id), at)
    next_day = _next_day_of(at, members_of(team_id, at=at))
    return [_line(name, rows.get(name, []), ceilings[name].value, at, next_day) for name in FOR_TEAMS]


def ceiling_lines(at: datetime) -> list[LimitLine]:
    """Return every ceiling of the organisation, in a fixed order; two queries."""
    return list(_ceilings(at).values())


def person_limits_set_by_leads(subject: UUID, at: datetime) -> list[PersonLine]:
    """Return what leads have set for one person and holds; never what that person has spent."""
    rows = _rows_by_name(LimitScope.PERSON, str(subject), at)
    next_day = _next_day_of(at, [subject])
    asked = {one.name: one.value for one in _open_requests().filter(subject=subject)}
    lines = (_person_line(rows.get(name, []), asked.get(name), at, next_day) for name in FOR_TEAMS)
    return [line for line in lines if line is not None]


def has_news_for(subject: UUID, at: datetime) -> bool:
    """Tell whether a lead asks this person something, or has set something for them in the last day."""
    if _open_requests().filter(subject=subject).exists():
        return True
    rows = LimitRow.objects.filter(scope=LimitScope.PERSON, scope_ref=str(subject), loosens=False)
    return rows.filter(set_at__gt=at - NEWS_FOR).exists()


def own_limits(subject: UUID, at: datetime) -> dict[str, ScopeState]:
    """Return what this person set for themselves; for their own page and nobody else's."""
    rows = _rows_by_name(LimitScope.OWN, str(subject), at)
    next_day = _next_day_of(at, [subject])
    return {name: scope_state(values_of(found), at=at, next_day=next_day) for name, found in rows.items()}


def limit_history(scope: str, scope_ref: str) -> list[HistoryLine]:
    """Return the changes of one scope, newest first. ``own`` has no history that anybody reads.

    Raises:
        ValueError: the scope is ``own``.
    """
    if scope == LimitScope.OWN:
        raise ValueError(scope)
    rows = LimitRow.objects.filter(scope=scope, scope_ref=scope_ref).order_by("set_at", "id")
    lines: list[HistoryLine] = []
    before: dict[str, int] = {}
    for row in rows:
        lines.append(_history(row, before.get(row.name)))
        before[row.name] = row.value
    return lines[: -HISTORY_SHOWN - 1 : -1]


def open_requests_to(subject: UUID) -> list[RequestLine]:
    """Return what leads have asked this person and waits for an answer."""
    return [
        RequestLine(
            one.pk,
            one.subject,
            one.name,
            one.value,
            unit_of(one.name),
            one.reason,
            one.asked_by,
            one.asked_at,
        )
        for one in _open_requests().filter(subject=subject).order_by("asked_at")
    ]


def open_proposals(at: datetime) -> list[ProposalLine]:
    """Return what waits for a second signature at *at*, oldest first."""
    rows = Proposal.objects.filter(state=ProposalState.OPEN, proposed_at__lte=at)
    return [proposal_line(row) for row in rows.order_by("proposed_at", "id")]


def announced_proposals(at: datetime) -> list[ProposalLine]:
    """Return what is announced to everybody at *at* and may be objected to, oldest first; one query."""
    rows = Proposal.objects.filter(state=ProposalState.ANNOUNCED, announced_at__lte=at)
    return [proposal_line(row) for row in rows.order_by("announced_at", "id")]


def objects_to(subject: UUID, proposal_id: UUID) -> bool:
    """Tell a person whether they object to something announced; asked for nobody else."""
    return ProposalObjection.objects.filter(proposal_id=proposal_id, subject=subject).exists()


def proposal_history() -> list[ProposalLine]:
    """Return what was adopted, withdrawn or void, newest first."""
    scope_state = (ProposalState.OPEN, ProposalState.ANNOUNCED)
    rows = Proposal.objects.exclude(state__in=scope_state).order_by("-ended_at", "id")
    return [proposal_line(row) for row in rows[:HISTORY_SHOWN]]


def adopted_by_instant(kind: str, target: str) -> dict[datetime | None, str]:
    """Return who proposed each change of one thing that was adopted, by the instant at which its value was written; one query."""
    rows = Proposal.objects.filter(kind=kind, target=target, state=ProposalState.ADOPTED)
    return dict(rows.values_list("ended_at", "proposed_by"))


def loosened_for_all_at(at: datetime) -> datetime:
    """Return when the next local day has begun for every active person: what loosens for all holds from then."""
    return latest_day_end(zones_of_all(at=at), at)


def _rows_by_name(scope: str, scope_ref: str, at: datetime) -> dict[str, list[LimitRow]]:
    rows: dict[str, list[LimitRow]] = {}
    found = LimitRow.objects.filter(scope=scope, scope_ref=scope_ref, set_at__lte=at)
    for row in found.order_by("set_at", "id"):
        rows.setdefault(row.name, []).append(row)
    return rows


def _next_day_of(at: datetime, subjects: list[UUID] | None) -> NextDay:
    return partial(latest_day_end, zones_of_all(at=at, subjects=subjects))


def _ceilings(at: datetime) -> Mapping[str, LimitLine]:
    rows, next_day = _rows_by_name(LimitScope.CEILING, "", at), _next_day_of(at, None)
    return {
        name: _line(name, rows.get(name, []), preset, at, next_day, is_ceiling=True)
        for name, preset in DEFAULT_PRESET.items()
    }


def _line(
    name: str,
    rows: list[LimitRow],
    ceiling: int,
    at: datetime,
    next_day: NextDay,
    *,
    is_ceiling: bool = False,
) -> LimitLine:
    """Describe one limit; *ceiling* stands in where nothing was set, and is the tightest that a team's value can be."""
    stands = scope_state(values_of(rows), at=at, next_day=next_day)
    newest, bounds = rows[-1] if rows else None, bounds_of(name)
    value = stands.holds.value if stands.holds else ceiling
    if not is_ceiling:
        value = min(value, ceiling, key=partial(tightness, name))
    return LimitLine(
        name=name,
        value=value,
        ceiling=value if is_ceiling else ceiling,
        waiting=stands.waits.value if stands.waits else None,
        waits_until=stands.waits_until,
        set_by=newest.set_by if newest else "",
        set_at=newest.set_at if newest else None,
        reason=newest.reason if newest else "",
        last_seen=newest.pk if newest else 0,
        unit=unit_of(name),
        at_least=is_at_least(name),
        least=bounds.least,
        most=bounds.most,
    )


def _person_line(
    rows: list[LimitRow], asked: int | None, at: datetime, next_day: NextDay
) -> PersonLine | None:
    stands = scope_state(values_of(rows), at=at, next_day=next_day)
    if stands.holds is None:
        return None
    holds = stands.holds
    return PersonLine(
        name=holds.name,
        value=holds.value,
        waiting=stands.waits.value if stands.waits else None,
        waits_until=stands.waits_until,
        set_by=holds.set_by,
        set_at=holds.set_at,
        reason=holds.reason,
        ends_at=next_day(holds.set_at + PERSON_HOLDS),
        last_seen=rows[-1].pk,
        unit=unit_of(holds.name),
        at_least=is_at_least(holds.name),
        asked=asked,
        row=holds.row,
    )


def _history(row: LimitRow, before: int | None) -> HistoryLine:
    return HistoryLine(
        name=row.name,
        value=row.value,
        before=before,
        loosens=before is not None and is_looser(row.name, row.value, before),
        set_by=row.set_by,
        set_at=row.set_at,
        reason=row.reason,
        unit=unit_of(row.name),
    )


def _open_requests() -> QuerySet[LimitRequest]:
    return LimitRequest.objects.filter(answered_at__isnull=True)


def proposal_line(row: Proposal) -> ProposalLine:
    """Describe one proposal."""
    return ProposalLine(
        id=row.pk,
        kind=row.kind,
        target=row.target,
        before=row.before,
        value=row.value,
        reason=row.reason,
        state=row.state,
        proposed_by=row.proposed_by,
        proposed_as=row.proposed_as,
        proposed_at=row.proposed_at,
        signed_by=row.signed_by,
        signed_as=row.signed_as,
        ended_at=row.ended_at,
        announced_at=row.announced_at,
    )
