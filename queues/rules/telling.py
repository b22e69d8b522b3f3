"""Which instant of a queue may be told, so that no number tells of one person.

A count that moves with each decision, read each second, is a record of who decided when. Queues are therefore counted at
each full five minutes, and a count may be told where five people or more decided in the queue since the last one that was
told. Where fewer did, the next one that may is that of a full quarter of an hour, with a whole quarter since the last.
So two numbers that anybody can compare have five people between them, or a whole quarter of an hour.

The first count of a queue has none before it, and is made as soon as anything has come in.
"""

from datetime import UTC, datetime, timedelta

STEP = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEPS_OF_A_QUARTER = 3
FEWEST = 5
"""Of fewer people no number is told (promise P7)."""
LATE = timedelta(minutes=1)
"""A count that is later than this is left out: it would lie too near the next one."""


def step_of(at: datetime) -> int:
    """Return the number of the last full five minutes (since 1970, UTC)."""
    return (at - EPOCH) // STEP


def is_late(at: datetime) -> bool:
    """Tell whether *at* is too late to count a queue for the step that holds it; its first count is never late."""
    return at - (EPOCH + step_of(at) * STEP) >= LATE


def may_be_told(step: int, *, told: int | None, people: int) -> bool:
    """Tell whether the count of *step* may be told.

    ``told``: the last step that was told, None where none was; ``people``: how many decided in the queue since.
    """
    if told is None or people >= FEWEST:
        return True
    return step % STEPS_OF_A_QUARTER == 0 and step - told >= STEPS_OF_A_QUARTER
