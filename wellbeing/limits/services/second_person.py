"""Where two people sign, they are two: nobody's second person is somebody whom the first has lately made one."""

from datetime import datetime

from people.selectors import hands_behind
from wellbeing.exceptions import NamedByTheOther


def require_apart(first: str, second: str, *, at: datetime) -> None:
    """Refuse two people, as subjects, of whom one has lately invited, reset or named the other.

    Raises:
        NamedByTheOther: they are of one hand.
    """
    if first in hands_behind({second}, at=at) or second in hands_behind({first}, at=at):
        raise NamedByTheOther
