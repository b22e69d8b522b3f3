"""Other paid work: to a lead, the total of a whole team on a day that is over. What anybody did stays theirs."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from people.selectors import members_of
from wellbeing.models import Presence, PresenceKind
from wellbeing.rules.other_work import rounded
from wellbeing.rules.wellness import used

LEAST_PEOPLE = 5


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
