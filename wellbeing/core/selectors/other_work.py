"""Other paid work: in which kinds no content is shown, and to a lead the total of a whole team on a day that is over.

What anybody did stays theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from people.selectors import members_of
from wellbeing.core.rules.days import Day
from wellbeing.core.rules.other_work import SAID_OF, Saying, rounded, without_content
from wellbeing.core.rules.presence import Activity
from wellbeing.core.rules.wellness import used
from wellbeing.models import OtherWorkSaying, Presence, PresenceKind

LEAST_PEOPLE = 5


@dataclass(frozen=True)
class SaidLine:
    """One change of what a lead said of a kind."""

    saying: Saying
    set_by: str
    reason: str


def sayings_of(team_id: int | None) -> list[SaidLine]:
    """Return all that was said of the kinds of a team, oldest first; one query."""
    rows = OtherWorkSaying.objects.filter(team_id=team_id).order_by("set_at", "id") if team_id else ()
    return [
        SaidLine(Saying(row.activity, row.is_without_content, row.set_at), row.set_by, row.reason)
        for row in rows
    ]


def is_without_content(activity: str, *, team_id: int | None, day: Day) -> bool:
    """Say whether no content is shown in this kind, to somebody of this team on their *day*; one query at most."""
    if activity not in SAID_OF:
        return activity == Activity.NOTHING
    return activity in without_content((line.saying for line in sayings_of(team_id)), day=day)


def team_total(team_id: int, day: date, *, at: datetime) -> timedelta | None:
    """Return how long a team was at other paid work on a date (UTC), rounded to quarters of an hour.

    None while the day is not over (a total that grows would tell who sits where), and where fewer than five of the
    team were at their desks on it.
    """
    start = datetime.combine(day, time(0), tzinfo=UTC)
    end = start + timedelta(days=1)
    if at < end:
        return None
    rows = Presence.objects.filter(subject__in=members_of(team_id, at=end), opened_at__lt=end)
    there = rows.exclude(closed_at__lte=start).values_list("subject", "kind", "opened_at", "closed_at")
    return _total(there, start, end)


def _total(
    there: Iterable[tuple[UUID, str, datetime, datetime | None]], start: datetime, end: datetime
) -> timedelta | None:
    rows = list(there)
    if len({subject for subject, *_rest in rows}) < LEAST_PEOPLE:
        return None
    spent = [(since, until or end) for _who, kind, since, until in rows if kind == PresenceKind.OTHER_WORK]
    return rounded(used(spent, start=start, end=end))
