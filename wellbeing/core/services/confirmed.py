"""What is a person's alone is changed by them alone: not while their sign-in waits for a confirmation."""

from uuid import UUID

from people.selectors import is_themselves
from wellbeing.exceptions import NotConfirmed


def require_themselves(subject: UUID) -> None:
    """Refuse what somebody may be doing under another person's name.

    Raises:
        NotConfirmed: their sign-in was set anew by somebody else.
    """
    if not is_themselves(subject):
        raise NotConfirmed
