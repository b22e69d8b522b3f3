"""How much other paid work a team did, all together: never whose, and never of a day that still runs."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from wellbeing.selectors.other_work import team_total


def other_work_sentence(team_id: int, at: datetime) -> str:
    """Return what is told about yesterday (UTC): a total in quarters of an hour, or why none is told."""
    yesterday = at.astimezone(UTC).date() - timedelta(days=1)
    total = team_total(team_id, yesterday, at=at)
    if total is None:
        return _(
            "Other paid work is told of a day on which 5 or more were at their desks. Yesterday it was fewer."
        )
    hours, minutes = divmod(int(total.total_seconds()) // 60, 60)
    return _("Yesterday the team did other paid work for %(hours)d:%(minutes)02d hours, all together.") % {
        "hours": hours,
        "minutes": minutes,
    }
