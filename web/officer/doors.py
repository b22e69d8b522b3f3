"""Who gets to the officer's pages: a wellbeing officer; to the review of limits a representative too."""

from datetime import datetime
from uuid import UUID

from people.access import Guardian, officer_for, record_reader_for, reviewer_for
from people.models import User
from web.shared.doors import Visit, opened_by

OfficerVisit = Visit[UUID]
ReviewVisit = Visit[Guardian]


@opened_by
def for_officers(user: User, _at: datetime) -> UUID:
    """Give the view the wellbeing officer who asks."""
    return officer_for(user)


@opened_by
def for_record_readers(user: User, at: datetime) -> UUID:
    """Give the view the wellbeing officer who asks, if they may read what is recorded of a person."""
    return record_reader_for(user, at)


@opened_by
def for_reviewers(user: User, at: datetime) -> Guardian:
    """Give the view the officer or representative who asks."""
    return reviewer_for(user, at)
