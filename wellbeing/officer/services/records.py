"""An officer's reads of people's records: each is noted in the same transaction, for the person to see (promise P7)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from wellbeing.exceptions import NotFound
from wellbeing.models import RecordReading
from wellbeing.officer.selectors.record import (
    OfficerFlag,
    PersonRecord,
    flag_of_officer,
    flags_of_officer,
    record_of,
)

RECORD: Final = "record"
FLAGS: Final = "flags"
"""What was read, as ``RecordReading.what`` keeps it."""


def read_record(*, subject: UUID, reader: str, at: datetime) -> PersonRecord:
    """Return one person's record to an officer, and note that it was read."""
    with transaction.atomic():
        _note([subject], RECORD, reader=reader, at=at)
        return record_of(subject, at=at)


def read_flags(*, reader: str, at: datetime) -> list[OfficerFlag]:
    """Return the open load flags to an officer, and note it for everybody who has one."""
    with transaction.atomic():
        found = flags_of_officer()
        _note({flag.subject for flag in found}, FLAGS, reader=reader, at=at)
    return found


def read_flag(*, flag_id: UUID, reader: str, at: datetime) -> OfficerFlag:
    """Return one load flag to an officer, and note that it was read.

    Raises:
        NotFound: there is no such flag, or none that an officer may see.
    """
    with transaction.atomic():
        flag = flag_of_officer(flag_id)
        if flag is None:
            raise NotFound
        _note([flag.subject], FLAGS, reader=reader, at=at)
    return flag


def _note(subjects: Iterable[UUID], what: str, *, reader: str, at: datetime) -> None:
    RecordReading.objects.bulk_create(
        RecordReading(subject=subject, reader=reader, what=what, at=at) for subject in sorted(subjects)
    )
