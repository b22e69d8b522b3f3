"""Change numbers per person: 'something on your page is different now', never what."""

from collections.abc import Iterable
from uuid import UUID


def group_of(subject: UUID) -> str:
    """Return the name of the group that this person's pages listen on."""
    return f"person.{subject}"


def bump(subjects: Iterable[UUID]) -> None:
    """Move the change number of these people in the caller's transaction and tell live pages after the commit.

    ``rev`` is the last lock of the fixed order: call it after every other lock. A page that hears
    nothing finds out by its next beat, so a lost channel layer is no error.
    """
    raise NotImplementedError
