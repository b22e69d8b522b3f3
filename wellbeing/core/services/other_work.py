"""Other paid work: what a person does at the desk that is no queue work. They pick it themselves.

A lead says of each kind whether content is shown in it: where none is, it answers the counters of severity and pays spacing.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from audit.services import record
from live import events
from people.selectors import members_of
from people.services.teams import hold_team
from wellbeing.core.locked import Locked
from wellbeing.core.rules.other_work import SAID_OF, as_said
from wellbeing.core.rules.presence import Activity, Kind
from wellbeing.core.rules.reasons import checked_reason
from wellbeing.core.selectors.other_work import sayings_of
from wellbeing.core.services import attendance, ledger, presence
from wellbeing.exceptions import AlreadySet, OnBreak, SaidMeanwhile
from wellbeing.models import OtherWorkSaying, Presence


def begin(*, locked: Locked, activity: Activity, beating: bool) -> Presence:
    """Cover, and go over to other paid work; the desk is opened if it was not. It is no break.

    Raises:
        OnBreak: a break is due or running, which comes first.
    """
    if locked.on_break and locked.open_break is not None:
        raise OnBreak(back_at=locked.open_break.back_at(locked.at))
    presence.open_desk(locked=locked, beating=beating)
    ledger.hear(locked)
    ledger.close(locked, reason=Kind.OTHER_WORK)
    sitting = attendance.sit(locked, kind=Kind.OTHER_WORK, activity=activity)
    locked.state.limit_grace_until = None
    ledger.keep(locked)
    if sitting is None:
        raise AssertionError("a desk that was just opened is closed")
    return sitting


def say(
    *,
    team_id: int,
    without_content: Collection[Activity],
    set_by: str,
    reason: str,
    at: datetime,
    seen: int | None = None,
) -> list[OtherWorkSaying]:
    """Say in which kinds of a team's other paid work no content is shown; of the rest, that it may be. Audited.

    That none is shown holds from each person's next local day, that some may be holds at once. ``seen``: how many sayings
    the page knew; None for whoever saw none.

    Raises:
        SaidMeanwhile: there are more.
        AlreadySet: all of it is said already.
        ReasonMissing, ReasonTooLong: it is newly said that none is shown, and nobody says why; or too long a reason.
    """
    with transaction.atomic():
        hold_team(team_id)
        lines = sayings_of(team_id)
        if seen is not None and seen != len(lines):
            raise SaidMeanwhile
        before = as_said(line.saying for line in lines)
        changed = [one for one in SAID_OF if (one in without_content) != (one in before)]
        if not changed:
            raise AlreadySet
        why = checked_reason(reason, is_needed=any(one in without_content for one in changed))
        rows = [
            OtherWorkSaying.objects.create(
                team_id=team_id,
                activity=one,
                is_without_content=one in without_content,
                set_by=set_by,
                set_at=at,
                reason=why,
            )
            for one in changed
        ]
        for row in rows:
            _audit(row)
        events.bump(members_of(team_id, at=at))
    return rows


def _audit(row: OtherWorkSaying) -> None:
    record(
        actor=row.set_by,
        action="other_work.said",
        target_kind="team",
        target_id=str(row.team_id),
        at=row.set_at,
        detail={"activity": str(row.activity), "is_without_content": row.is_without_content},
        reason=row.reason,
    )
