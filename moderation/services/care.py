"""What an officer does for a person binds that person's desk in the same commit."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from queues.services.care import after_measure
from wellbeing.services import measures
from wellbeing.services.measures import Act


def act_on_flag(*, flag_id: UUID, seen_fold: int, act: Act, set_by: str, at: datetime) -> None:
    """Do something about a load flag, and let it bind.

    Raises:
        As ``wellbeing.services.measures.act_on_flag``.
    """
    with transaction.atomic():
        taken = measures.act_on_flag(flag_id=flag_id, seen_fold=seen_fold, act=act, set_by=set_by, at=at)
        after_measure(subject=taken.subject, at=at)


def act_for_person(*, subject: UUID, act: Act, set_by: str, at: datetime) -> None:
    """Do something for a person without a flag, and let it bind.

    Raises:
        As ``wellbeing.services.measures.act_for_person``.
    """
    with transaction.atomic():
        measures.act_for_person(subject=subject, act=act, set_by=set_by, at=at)
        after_measure(subject=subject, at=at)


def end_measure(*, measure_id: UUID, ended_by: str, at: datetime) -> UUID:
    """End a measure before its last day, and tell the person's desk; returns whose it was.

    Raises:
        As ``wellbeing.services.measures.end``.
    """
    with transaction.atomic():
        ended = measures.end(measure_id=measure_id, ended_by=ended_by, at=at)
        after_measure(subject=ended.subject, at=at)
    return ended.subject
