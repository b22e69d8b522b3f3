"""The one path by which a case becomes more severe, whoever raised it: the platform, a classifier's score, a hint, another
item, a moderator, a category that was raised.

One commit for each case, in the order of locks: the wellbeing rows of whoever has it in hand, lanes, jobs, the case. Job,
lane, live claim, their whole exposure of this case, the rest that it asks for and their page are raised together. Everybody
else to whom it was shown is counted anew by an outbox entry each (`RECOUNT`).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import transaction

from moderation.exceptions import HolderChanged
from moderation.models import Case, CaseState
from moderation.rules.severity import UNKNOWN
from outbox.kinds import Work
from outbox.services import promise
from queues.exceptions import JobMoved
from queues.services import raising
from wellbeing.core.locked import Locked
from wellbeing.core.selectors.shown import shown_milder, was_shown
from wellbeing.core.services import locking

RECOUNT: Final = "case.recount_person"
RECOUNT_LEASE: Final = timedelta(minutes=2)
# Somebody's exposure must not stay too low because a database was away for a night.
RECOUNT_GAPS: Final = (*(timedelta(seconds=10),) * 6, *(timedelta(minutes=10),) * 200)
ATTEMPTS: Final = 5
RAISED: Final = (CaseState.OPEN, CaseState.DECIDED)


class Raiser(StrEnum):
    """Who says that it is worse."""

    PLATFORM = "platform"
    PERSON = "person"
    CATEGORY = "category"


def raise_case(*, case_id: UUID, category: str, severity: int, by: Raiser, at: datetime) -> None:
    """Raise a case to *category* and *severity*; never lower. It stays locked until the caller's transaction ends.

    A job that lags behind its case is brought up with it. A case that was withdrawn, or the like, stays as it is.

    Raises:
        HolderChanged: begin again later.
    """
    for _ in range(ATTEMPTS):
        try:
            # A savepoint: when an unlocked look was wrong, the locks taken after it are given up with it.
            with transaction.atomic():
                return _raise(case_id, category, severity, by, at)
        except JobMoved:
            continue
    raise HolderChanged


def raise_in_hand(*, locked: Locked, case_id: UUID, category: str, severity: int) -> Case:
    """Raise the case that this person has in hand and finds worse, under their own lock; return it as it is then.

    Nobody else raises it meanwhile: whoever does needs their lock.
    """
    raising.raise_in_hand(locked=locked, case_ref=case_id, category=category, severity=severity)
    case = Case.objects.select_for_update().get(pk=case_id)
    _write(case, category, severity, Raiser.PERSON)
    _promise_the_others(case, at=locked.wall_at)
    return case


def recount(work: Work) -> None:
    """Count one person's exposure of a case anew by its label as it is now (outbox kind `RECOUNT`). May be run again."""
    subject, case_id = UUID(work.arguments["subject"]), UUID(work.arguments["case"])
    with transaction.atomic():
        locked = locking.hold(subject=subject, at=work.at)
        case = Case.objects.get(pk=case_id)
        raising.count_anew(locked=locked, case_ref=case_id, category=case.category, severity=case.severity)


def _raise(case_id: UUID, category: str, severity: int, by: Raiser, at: datetime) -> None:
    locked_case = raising.lock_case(case_ref=case_id, category=category, severity=severity, at=at)
    case = Case.objects.select_for_update().get(pk=case_id)
    raising.require_whole(locked_case)
    if case.state not in RAISED:
        return
    is_news = severity > case.severity
    if is_news:
        _write(case, category, severity, by)
    if any(job.lane.severity < case.severity for job in locked_case.jobs):
        raising.raise_in(locked_case, category=case.category, severity=case.severity)
    # Of what nobody has labelled, whoever decided it keeps what they found, until somebody knows worse.
    if is_news or case.category != UNKNOWN:
        _promise_the_others(case, at=at)


def _write(case: Case, category: str, severity: int, by: Raiser) -> None:
    """Write the higher label. The platform's own label is measured until somebody was shown the case under it."""
    if severity <= case.severity:
        return
    case.category, case.severity = category, severity
    is_label = by == Raiser.CATEGORY or (by == Raiser.PLATFORM and not was_shown(case_ref=case.pk))
    if is_label:
        case.labelled_severity = max(case.labelled_severity, severity)
    case.save(update_fields=["category", "severity", "labelled_severity"])


def _promise_the_others(case: Case, *, at: datetime) -> None:
    """Promise to count everybody anew who was not, just now: whoever has it in hand was."""
    for subject in shown_milder(case_ref=case.pk, severity=case.severity):
        promise(kind=RECOUNT, arguments={"case": str(case.pk), "subject": str(subject)}, at=at)
