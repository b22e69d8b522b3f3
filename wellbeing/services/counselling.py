"""That counselling of a person is on record, until a date: the preset ``specialist`` asks for it (WELLBEING.md 'Limits').

A newer record follows an older one; none is changed. What was spoken about is nobody's to write down.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from audit.services import record
from wellbeing import events
from wellbeing.models import Counselling
from wellbeing.rules.apart import require_another
from wellbeing.rules.measures import DateOutOfReach
from wellbeing.services.person import holding

AHEAD: Final = timedelta(days=366)


def record_counselling(*, subject: UUID, until_on: date, recorded_by: str, at: datetime) -> Counselling:
    """Write that counselling is on record until a local date of the person, that day included.

    Raises:
        DateOutOfReach: the date is past, or more than a year ahead.
        AboutYourself: it would be one's own.
    """
    require_another(subject=subject, by=recorded_by)
    with transaction.atomic():
        with holding(subject=subject, at=at) as held:
            today = held.facts.day.date
            if not today <= until_on <= today + AHEAD:
                raise DateOutOfReach(first=today, last=today + AHEAD)
            row = Counselling.objects.create(
                subject=subject, until_on=until_on, recorded_by=recorded_by, recorded_at=held.at
            )
            record(
                actor=recorded_by,
                action="counselling.recorded",
                target_kind="person",
                target_id=str(subject),
                at=held.at,
            )
        events.bump([subject])
    return row
