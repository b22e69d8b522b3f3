"""Breaks: due, running, over. Nobody can skip one, not even for oneself."""

from datetime import datetime

from wellbeing.models import Break
from wellbeing.selectors import Held


def start(*, held: Held) -> Break:
    """Start the break that is due, once the claim has ended or is parked.

    Raises:
        NoOpenBreak: none is due (one that runs already counts as none due).
    """
    raise NotImplementedError


def postpone(*, held: Held) -> Break:
    """Put off the break that is due by 5 min, once.

    Raises:
        MayNotPostpone: not due, postponed before, or after severity 4, a cluster or 'too much'.
    """
    raise NotImplementedError


def finish(*, held: Held) -> Break:
    """Return from a break or from stepping away; what was long enough answers the counters.

    Raises:
        BreakNotOver: its whole length has not passed.
        NoOpenBreak: none is running.
    """
    raise NotImplementedError


def step_away(*, held: Held) -> Break:
    """Cover and be away, without reason or limit; a break that is due starts instead.

    Raises:
        OnBreak: a break or step-away is running already.
    """
    raise NotImplementedError


def too_much(*, held: Held) -> Break:
    """Cover and rest at once, 15 min at least; lengthens a break that runs already."""
    raise NotImplementedError


def tick_next(*, at: datetime) -> bool:
    """Tick the running break that waited longest for it; the step of a sweep, every few seconds.

    Returns whether there was one.
    """
    raise NotImplementedError
