"""Which cases were counted for a person, and how often each came onto a covered stage."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from people.statements import Statement, many_from_json
from wellbeing.core.locked import Locked
from wellbeing.core.rules.days import quarter_start
from wellbeing.core.rules.flags import DAYS_SEEN
from wellbeing.core.services import flags, sums
from wellbeing.models import CaseSeen

LATELY = Statement("""
SELECT CAST({list}({array}(local_date, openings)) AS text) FROM wellbeing_caseseen
WHERE subject = %(subject)s AND case_ref = %(case_ref)s AND local_date >= %(since)s
""")


@dataclass(frozen=True)
class Seen:
    """A case as this person has seen it in the last weeks: local date → openings."""

    case_ref: UUID
    today: date
    openings: dict[date, int]

    @property
    def was_counted(self) -> bool:
        """Whether it has been counted on this local date."""
        return self.today in self.openings

    @property
    def is_known(self) -> bool:
        """Whether it was shown to this person before, lately."""
        return bool(self.openings)


def seen(locked: Locked, *, case_ref: UUID) -> Seen:
    """Return how a case was seen lately; one query."""
    today = locked.day.date
    since = today - timedelta(days=DAYS_SEEN - 1)
    row = LATELY.row(subject=locked.subject, case_ref=case_ref, since=str(since))
    dates = many_from_json(row[0] if row else None)
    return Seen(case_ref, today, {date.fromisoformat(on): openings for on, openings in dates})


def note(locked: Locked, before: Seen, *, severity: int, was_covered: bool) -> None:
    """Count a case that is shown: once a local date as a case, and as opened whenever its stage was covered before."""
    if not before.was_counted:
        _count(locked, before, severity=severity, was_covered=was_covered)
    elif was_covered:
        locked.unwritten.opened = before.case_ref, before.today
    if was_covered:
        flags.raise_for_opening(locked=locked, times=sum(before.openings.values()) + 1)


def _count(locked: Locked, before: Seen, *, severity: int, was_covered: bool) -> None:
    quarter_at = quarter_start(locked.at)
    locked.unwritten.seen = CaseSeen(
        subject=locked.subject,
        case_ref=before.case_ref,
        local_date=before.today,
        quarter_at=quarter_at,
        severity=severity,
        openings=int(was_covered),
    )
    sums.add_cases(locked, quarter_at=quarter_at, on=before.today, severity=severity, cases=1)
