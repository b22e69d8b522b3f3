"""Other paid work of a team in words: what was said of each kind, and how much was done, all together.

Never whose it was, and never of a day that still runs.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from web.lead.history_pages import Happened, HistoryPart
from web.shared.activities import LABELS
from web.shared.limits import KINDS, LOOSER, TIGHTER
from web.shared.moments import moment
from web.shared.names import Names
from wellbeing.core.rules.presence import Activity
from wellbeing.core.selectors.other_work import SaidLine, team_total


def said_changes(lines: Sequence[SaidLine], names: Names) -> HistoryPart:
    """Return what was said of which kind, newest first."""
    return HistoryPart(_("Other paid work"), [_said(line, names) for line in reversed(lines)])


def _said(line: SaidLine, names: Names) -> Happened:
    is_without = line.saying.is_without_content
    words = (
        _("%(kind)s: no content is shown in it") if is_without else _("%(kind)s: content may be shown in it")
    )
    kind = LOOSER if is_without else TIGHTER
    return Happened(
        when=moment(line.saying.set_at),
        who=names.of(line.set_by),
        what=words % {"kind": LABELS[Activity(line.saying.activity)]},
        why=line.reason,
        kind=kind,
        kind_word=str(KINDS[kind]),
    )


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
