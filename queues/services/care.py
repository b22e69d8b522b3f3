"""What an officer orders for a person (a rest day, a lighter queue) binds that person's desk in the same commit."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from queues.services import lanes, returns, tickets
from queues.services.desk import LockedDesk, locked_desk
from wellbeing.core.selectors.orders import most_ordered
from wellbeing.core.services import ledger
from wellbeing.officer.services import measures
from wellbeing.officer.services.measures import Act


def act_on_flag(*, flag_id: UUID, seen_fold: int, act: Act, set_by: str, at: datetime) -> None:
    """Do something about a load flag, and let it bind.

    Raises:
        As ``wellbeing.officer.services.measures.act_on_flag``.
    """
    with transaction.atomic():
        taken = measures.act_on_flag(flag_id=flag_id, seen_fold=seen_fold, act=act, set_by=set_by, at=at)
        after_measure(subject=taken.subject, at=at)


def act_for_person(*, subject: UUID, act: Act, set_by: str, at: datetime) -> None:
    """Do something for a person without a flag, and let it bind.

    Raises:
        As ``wellbeing.officer.services.measures.act_for_person``.
    """
    with transaction.atomic():
        measures.act_for_person(subject=subject, act=act, set_by=set_by, at=at)
        after_measure(subject=subject, at=at)


def end_measure(*, measure_id: UUID, ended_by: str, at: datetime) -> UUID:
    """End a measure before its last day, and tell the person's desk; returns whose it was.

    Raises:
        As ``wellbeing.officer.services.measures.end``.
    """
    with transaction.atomic():
        ended = measures.end(measure_id=measure_id, ended_by=ended_by, at=at)
        after_measure(subject=ended.subject, at=at)
    return ended.subject


def after_measure(*, subject: UUID, at: datetime) -> None:
    """Let a measure that was just written bind: a case in hand that is above it is released, pages are told.

    Also after a measure was ended: then nothing is released. Runs its own transaction, or in the caller's, who must hold
    no lock behind the person's row.
    """
    with locked_desk(subject=subject, at=at, heard=False) as desk:
        if desk.claim is not None and _is_above(desk, desk.claim.job.lane.severity):
            returns.give_back(locked=desk.locked, claim=desk.claim, reason="limit")
        if not lanes.eligibility_of(locked=desk.locked).is_open:
            tickets.drop(subject=subject)
        ledger.announce(desk.locked)


def _is_above(desk: LockedDesk, severity: int) -> bool:
    most = most_ordered(desk.locked)
    return most is not None and severity > most
