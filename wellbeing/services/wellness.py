"""Wellness time: away from the desk, paid, recorded for nobody but the person."""

from datetime import timedelta

from wellbeing.core.locked import Locked
from wellbeing.models import Break
from wellbeing.rules.presence import Kind
from wellbeing.selectors.wellness import left_of_day
from wellbeing.services import breaks


def begin(*, held: Locked) -> Break:
    """Be away on wellness time, or step away where today's is used up; a break that is due starts instead.

    Like any step away it ends when the person comes back, and is the break that is asked for if it was long enough.

    Raises:
        OnBreak: a break or step-away is running already.
    """
    left = left_of_day(held, at=held.at)
    return breaks.step_away(held=held, kind=Kind.WELLNESS if left > timedelta(0) else Kind.AWAY)
