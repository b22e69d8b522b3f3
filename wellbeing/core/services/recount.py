"""The nightly recount: sums and flags of 28 days, from raw rows, against what was kept act by act.

It looks without a lock, for what lies behind a person hardly ever moves; only where something differs it looks again
under their lock, and puts it right. What it found stands in ``Recount``; the log names nobody.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery

from people.selectors import zones_by_subject
from wellbeing.core.person import Person, read_person_then
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.flags import LATE_SEVERE, NIGHT, Raised, is_higher
from wellbeing.core.rules.recounting import Difference, differences
from wellbeing.core.selectors import flags_due, recounted
from wellbeing.core.services import flags, ledger, locking
from wellbeing.models import CaseSeen, DaySum, Exposure, ExposureSum, LoadFlag, PersonState, Recount

log = logging.getLogger("respite.wellbeing")

A_DAY = timedelta(days=1)
DATES = 28
NOT_BEFORE = timedelta(hours=3)
"""By the person's own clock: yesterday is over, and hardly anybody is at a desk."""
EAST = timedelta(hours=14)
"""No zone is further ahead of UTC."""
AWAY_FOR = timedelta(days=DATES + 2)
LOOKED_AT_ONCE = 200
KEPT_AT_MOST = 200
"""How many differences stand in a row; a sum that was never kept may differ in every one of its figures."""

LASTS_LONGER = (NIGHT, LATE_SEVERE)
"""Yesterday's night, and the last hour of its shift, may not be over yet: they are for the next recount."""

Plain = list[Any]
"""(date, where, which figure, kept, recomputed), as JSON."""


def recount_next(at: datetime) -> bool:
    """Recount one person whose last recount is older than their yesterday; return whether there was one.

    One whose recount fails is done for this night too, so that it cannot spin.
    """
    waiting = next(_waiting(at), None)
    if waiting is None:
        return False
    subject, up_to = waiting
    try:
        recount(subject=subject, up_to=up_to, at=at)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one person's rows must not stop the others
        log.error("a recount failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may hold values
        _note(subject, up_to, at, [[str(up_to), "", "failed", "", type(error).__name__]])
    return True


def recount(*, subject: UUID, up_to: date, at: datetime) -> list[Plain]:
    """Compare 28 local dates, the last of them *up_to*, with their raw rows; put right what differs, and return it.

    Raises:
        UnknownVersion: a row was weighed by a version of the weights that is not known here; nothing is changed.
    """
    person_then = read_person_then(subject, at=at)
    since = up_to - (DATES - 1) * A_DAY
    found = []
    if _sums(person_then, since, up_to) or _flags(person_then, since, up_to):
        found = _put_right(subject, since, up_to, at)
    if found:
        log.error("a recount differed from what was kept: %d figures", len(found))
    _note(subject, up_to, at, found[:KEPT_AT_MOST])
    return found


def _sums(of: Person, since: date, up_to: date) -> list[Difference]:
    both = recounted.books(of.subject, since=since, up_to=up_to, zones=of.zones, until=of.at)
    return differences(both.stored, both.found, since=since, up_to=up_to, zones=of.zones)


def _flags(of: Person, since: date, up_to: date) -> list[tuple[date, Raised, str]]:
    """Return the flags that are due and were not raised, or not as high: local date, flag, level kept."""
    rows = LoadFlag.objects.filter(subject=of.subject, local_date__gte=since, local_date__lte=up_to)
    stored = {(row.local_date, row.code): row.level for row in rows}
    due = flags_due.due(of, since=since, up_to=up_to)
    return [
        (on, raised, stored.get((on, code), ""))
        for (on, code), raised in due.items()
        if ((on, code) not in stored or is_higher(raised.level, stored[on, code]))
        and (on < up_to or code not in LASTS_LONGER)
    ]


def _put_right(subject: UUID, since: date, up_to: date, at: datetime) -> list[Plain]:
    """Look again under the person's lock, and write what the raw rows say: first the sums, then the flags."""
    with transaction.atomic():
        locked = locking.hold(subject=subject, at=at)
        wrong = _sums(locked, since, up_to)
        for one in wrong:
            CORRECT[one.what](subject, one)
        found = [one.plain() for one in wrong]
        for on, raised, level in _flags(locked, since, up_to):
            flags.keep(subject, [raised], on=on, at=locked.at)
            found.append([str(on), "", f"flag.{raised.code}", level, raised.level])
        if wrong:
            found += _withdraw(locked, wrong[0].on, up_to)
        if found:
            ledger.announce(locked)
    return found


def _withdraw(of: Person, since: date, up_to: date) -> list[Plain]:
    """Close the flags that wrong sums had raised: they bind nobody any more, and are not looked at."""
    due = flags_due.due(of, since=since, up_to=up_to)
    rows = LoadFlag.objects.filter(
        Q(closed_at__isnull=True) | Q(red_at__isnull=False),
        subject=of.subject,
        local_date__gte=since,
        local_date__lte=up_to,
    )
    wrong = [row for row in rows if (row.local_date, row.code) not in due]
    for row in wrong:
        row.closed_at, row.red_at, row.fold = row.closed_at or of.at, None, row.fold + 1
        row.save(update_fields=["closed_at", "red_at", "fold"])
    return [[str(row.local_date), "", f"flag.{row.code}", row.level, ""] for row in wrong]


def _correct_date(subject: UUID, one: Difference) -> None:
    on, severity = one.key
    key = {"subject": subject, "local_date": on, "severity": severity}
    DaySum.objects.update_or_create(**key, defaults={one.field: one.found})


def _correct_quarter(subject: UUID, one: Difference) -> None:
    quarter_at, severity = one.key
    key = {"subject": subject, "quarter_at": quarter_at, "severity": severity}
    ExposureSum.objects.update_or_create(**key, defaults={one.field: one.found})


def _correct_row(subject: UUID, one: Difference) -> None:
    Exposure.objects.filter(subject=subject, pk=one.key[0]).update(**{one.field: one.found})


def _correct_case(subject: UUID, one: Difference) -> None:
    case_ref, on = one.key
    CaseSeen.objects.filter(subject=subject, case_ref=case_ref, local_date=on).update(openings=one.found)


CORRECT = {
    "date": _correct_date,
    "quarter": _correct_quarter,
    "row": _correct_row,
    "case": _correct_case,
}


def _note(subject: UUID, up_to: date, at: datetime, found: Sequence[Plain]) -> None:
    Recount.objects.update_or_create(
        subject=subject, up_to=up_to, defaults={"at": at, "differences": list(found)}
    )


def _waiting(at: datetime) -> Iterator[tuple[UUID, date]]:
    """Yield whose yesterday is over and not recounted yet, with its date. Who was long away has nothing to recount."""
    last = Recount.objects.filter(subject=OuterRef("subject")).values("subject").annotate(last=Max("up_to"))
    everybody = PersonState.objects.filter(wall_at__gt=at - AWAY_FOR)
    everybody = everybody.annotate(last=Subquery(last.values("last")))
    newest = (at + EAST - NOT_BEFORE).date() - A_DAY
    behind = everybody.filter(Q(last__isnull=True) | Q(last__lt=newest)).order_by("subject")
    rows = list(behind.values_list("subject", "last"))
    for begin in range(0, len(rows), LOOKED_AT_ONCE):
        part = rows[begin : begin + LOOKED_AT_ONCE]
        zones = zones_by_subject([subject for subject, _ in part])
        for subject, done in part:
            yesterday = day_of(zones[subject], at - NOT_BEFORE).date - A_DAY
            if done is None or done < yesterday:
                yield subject, yesterday
