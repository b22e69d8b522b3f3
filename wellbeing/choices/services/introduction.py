"""The walk before the first real case, step by step. It can be left, gone on with, and taken again by anybody."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wellbeing.choices.rules.introduction import Step, is_whole
from wellbeing.core.services import ledger, locking
from wellbeing.models import Introduction


def take_step(*, subject: UUID, step: Step, at: datetime) -> Introduction:
    """Note that a person has taken a step; with the last one the walk is done, and stays so when it is taken again."""
    with transaction.atomic():
        locked = locking.hold(subject=subject, at=at)
        walk, _made = Introduction.objects.get_or_create(subject=subject, defaults={"begun_at": locked.at})
        if step not in walk.steps:
            walk.steps = [*walk.steps, step.value]
        if walk.done_at is None and is_whole(walk.steps):
            walk.done_at = locked.at
            ledger.announce(locked)
        walk.save()
    return walk
