"""A person's private choices as commands of the desk: what no longer fits leaves their hands in the same transaction.

As in ``desk``: wellbeing row → job → claim → ticket. Nothing asks for a reason; the job keeps its place in its line and
goes to whoever comes next (promise P8).
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from queues.models import Queue
from queues.services import lanes, returns
from queues.services.desk import LockedDesk, locked_desk
from wellbeing.choices.services import choosing
from wellbeing.core.rules.caps import EXTREME
from wellbeing.core.rules.opt_outs import QUEUE, OptedOut, check, opted_out
from wellbeing.exceptions import ChoiceUnknown


def opt_out(*, subject: UUID, kind: str, value: str, until: datetime | None, at: datetime) -> UUID:
    """Keep a category, medium, language or queue, or all sound, away from this person; return the opt-out's id.

    A case in hand, or parked, that it concerns is released with it. *kind*: of ``wellbeing.core.rules.opt_outs``; *value*: a
    category's code (whether it is one is told by who knows the taxonomy), a medium, a language (BCP 47), the id of a
    queue as text, empty for sound. To opt out of everything is nobody's fault.

    Raises:
        ChoiceUnknown: nothing of the kind bears this name, or the queue is none of this person's team.
        EndsInThePast: *until* is not ahead.
        AlreadyOptedOut: the same holds already.
    """
    check(kind, value, until, at=at)
    with locked_desk(subject=subject, at=at) as desk:
        if kind == QUEUE and not _is_of_their_team(desk, int(value)):
            raise ChoiceUnknown(kind)
        made = choosing.opt_out(locked=desk.locked, kind=kind, value=value, until=until)
        _release(desk, reason="opt_out", touched=opted_out([(kind, value)]))
    return made


def opt_back_in(*, subject: UUID, opt_out_id: UUID, at: datetime) -> None:
    """End an opt-out, at once.

    Raises:
        NotFound: it is not theirs, or has ended.
    """
    with locked_desk(subject=subject, at=at) as desk:
        choosing.opt_back_in(locked=desk.locked, opt_out_id=opt_out_id)


def agree_to_severe(*, subject: UUID, at: datetime) -> None:
    """Agree to be handed severity 4.

    Raises:
        AlreadyAgreed: it was given before.
    """
    with locked_desk(subject=subject, at=at) as desk:
        choosing.agree_to_severe(locked=desk.locked)


def revoke_agreement(*, subject: UUID, at: datetime) -> None:
    """Take the agreement to severity 4 back; a case of severity 4 in hand, or parked, is released with it.

    Raises:
        NotAgreed: there is none.
    """
    with locked_desk(subject=subject, at=at) as desk:
        choosing.revoke_agreement(locked=desk.locked)
        if desk.claim is not None and desk.claim.job.lane.severity >= EXTREME:
            returns.give_back(locked=desk.locked, claim=desk.claim, reason="agreement")


def _release(desk: LockedDesk, *, reason: str, touched: OptedOut) -> None:
    if desk.claim is not None and lanes.is_kept_away(desk.claim.job, touched):
        returns.give_back(locked=desk.locked, claim=desk.claim, reason=reason)


def _is_of_their_team(desk: LockedDesk, queue_id: int) -> bool:
    team_id = desk.locked.profile.worker(desk.locked.at).team_id
    if team_id is None:
        return False
    return Queue.objects.filter(Q(every_team=True) | Q(teams=team_id), pk=queue_id).exists()
