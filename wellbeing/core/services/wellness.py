"""Wellness time: away from the desk, paid, recorded for nobody but the person."""

from datetime import timedelta

from wellbeing.core.locked import Locked
from wellbeing.core.rules.presence import Kind
from wellbeing.core.selectors.wellness import left_of_day
from wellbeing.core.services import breaks
from wellbeing.models import Break


def begin(*, locked: Locked) -> Break:
    """Be away on wellness time, or step away where today's is used up; a break that is due starts instead.

    Like any step away it ends when the person comes back, and is the break that is asked for if it was long enough.

    Raises:
        OnBreak: a break or step-away is running already.
    """
    left = left_of_day(locked, at=locked.at)
    return breaks.step_away(locked=locked, kind=Kind.WELLNESS if left > timedelta(0) else Kind.AWAY)
