"""How a person leaves: sign-out and deactivation let go of the case in hand first.

Here, and not in ``people``, because claims live in ``queues``, above it.
"""

from datetime import datetime

from django.db import transaction

from people.models import User
from people.selectors import subject_of
from people.services import accounts
from queues.services import desk


def sign_out(*, user: User, at: datetime) -> None:
    """Close the desk of *user*: the claim goes back to its old place, the draft stays theirs."""
    desk.sign_out(subject=subject_of(user), at=at)


def deactivate(*, user: User, reason: str, actor: str, at: datetime) -> None:
    """End the account of *user* and release what they hold, in one transaction.

    Raises ``people.exceptions.ReasonMissing`` when *reason* is empty.
    """
    with transaction.atomic():
        desk.sign_out(subject=subject_of(user), at=at, heard=False)
        accounts.deactivate(user=user, reason=reason, actor=actor, at=at)
