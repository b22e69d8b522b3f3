"""What an officer does for a person: contact, a rest day, a lighter queue, or nothing with a reason (WELLBEING.md 'Load flags').

A measure binds the allocator from its first local day on. It is told to the person, and stands in no lead's view. The
audit says that something was done for whom, and by whom; what it was is between the two.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from audit.services import record
from live import events
from people.rules.texts import kept_text
from wellbeing.core.locked import Locked
from wellbeing.core.services.locking import holding
from wellbeing.exceptions import ActedMeanwhile, MeasureEnded, NotFound, ReasonMissing, ReasonTooLong
from wellbeing.models import LoadFlag, Measure
from wellbeing.officer.rules.apart import require_another
from wellbeing.officer.rules.measures import CONTACT, NOTHING, check_ahead, days_of
from wellbeing.officer.selectors.record import OFFICER_CODES

WORDS_AT_MOST: Final = 2_000


@dataclass(frozen=True)
class Act:
    """What an officer does. The dates are local dates of the person, both included.

    ``words`` are read by the person. ``follow_up_on``: when to look again; ``closes``: the flag is done with.
    """

    kind: str
    from_on: date | None = None
    until_on: date | None = None
    words: str = ""
    follow_up_on: date | None = None
    closes: bool = False


def act_on_flag(*, flag_id: UUID, seen_fold: int, act: Act, set_by: str, at: datetime) -> Measure:
    """Do something about a load flag, as its page showed it: ``seen_fold`` is the number of acts on it by then.

    Raises:
        NotFound: there is no such flag, or none that an officer may see.
        ActedMeanwhile: another act came first; it stands.
        MeasureUnknown, DateMissing, DateOutOfReach, EndsBeforeStart, OneDayOnly, DatesNotWanted: about kind and dates.
        ReasonMissing, ReasonTooLong: about the words; nothing done needs a reason.
        AboutYourself: it is the officer's own.
    """
    with transaction.atomic():
        subject = _subject_of(flag_id)
        require_another(subject=subject, by=set_by)
        with holding(subject=subject, at=at) as locked:
            flag = LoadFlag.objects.select_for_update().get(pk=flag_id)
            measure = _measure(locked, act, set_by)
            measure.flag = flag
            _move(flag, seen_fold, act, locked)
            _add(measure)
        events.bump_after_commit(subject)
    return measure


def act_for_person(*, subject: UUID, act: Act, set_by: str, at: datetime) -> Measure:
    """Do something for a person without a flag.

    Raises:
        MeasureUnknown, DateMissing, DateOutOfReach, EndsBeforeStart, OneDayOnly, DatesNotWanted, ReasonMissing,
        ReasonTooLong, AboutYourself: as ``act_on_flag``.
    """
    require_another(subject=subject, by=set_by)
    with transaction.atomic():
        with holding(subject=subject, at=at) as locked:
            measure = _measure(locked, act, set_by)
            _add(measure)
        events.bump_after_commit(subject)
    return measure


def end(*, measure_id: UUID, ended_by: str, at: datetime) -> Measure:
    """End a rest day or a lighter queue before its last day; what was written stays written.

    One whose first day has not come binds nobody any more. In the place of one that binds stands one of today alone:
    what is looser holds from the person's next local day (promise P6).

    Raises:
        NotFound: there is no such measure.
        MeasureEnded: it was ended before, today is its last day or later, or it binds no days.
        AboutYourself: it is the officer's own.
    """
    with transaction.atomic():
        subject = _subject_of_measure(measure_id)
        require_another(subject=subject, by=ended_by)
        with holding(subject=subject, at=at) as locked:
            measure = Measure.objects.select_for_update().get(pk=measure_id)
            has_begun = _require_open(measure, today=locked.day.date)
            measure.ended_at, measure.ended_by = locked.at, ended_by
            measure.save(update_fields=["ended_at", "ended_by"])
            _audit("measure.ended", subject, actor=ended_by, at=locked.at)
            if has_begun:
                _add(_rest_of_today(measure, locked))
        events.bump_after_commit(subject)
    return measure


def _require_open(measure: Measure, *, today: date) -> bool:
    """Refuse a measure that there is nothing to end of; otherwise say whether its first day has come."""
    if measure.ended_at is not None or measure.from_on is None or measure.until_on is None:
        raise MeasureEnded
    has_begun = measure.from_on <= today
    if has_begun and measure.until_on <= today:
        raise MeasureEnded
    return has_begun


def _rest_of_today(measure: Measure, locked: Locked) -> Measure:
    today = locked.day.date
    return Measure(
        subject=measure.subject,
        flag_id=measure.flag_id,
        kind=measure.kind,
        from_on=today,
        until_on=today,
        set_by=measure.ended_by,
        set_at=locked.at,
    )


def _subject_of(flag_id: UUID) -> UUID:
    flags = LoadFlag.objects.filter(pk=flag_id, code__in=OFFICER_CODES)
    subject = flags.values_list("subject", flat=True).first()
    if subject is None:
        raise NotFound
    return subject


def _subject_of_measure(measure_id: UUID) -> UUID:
    subject = Measure.objects.filter(pk=measure_id).values_list("subject", flat=True).first()
    if subject is None:
        raise NotFound
    return subject


def _measure(locked: Locked, act: Act, set_by: str) -> Measure:
    days = days_of(act.kind, act.from_on, act.until_on, today=locked.day.date)
    words = kept_text(act.words)
    if act.kind == NOTHING and not words:
        raise ReasonMissing
    if len(words) > WORDS_AT_MOST:
        raise ReasonTooLong(most=WORDS_AT_MOST)
    return Measure(
        subject=locked.subject,
        kind=act.kind,
        from_on=days.from_on,
        until_on=days.until_on,
        words=words,
        set_by=set_by,
        set_at=locked.at,
    )


def _move(flag: LoadFlag, seen_fold: int, act: Act, locked: Locked) -> None:
    """Count the act on its flag, unless another one came first."""
    if flag.fold != seen_fold or flag.closed_at is not None:
        raise _acted_meanwhile(flag)
    if act.follow_up_on is not None:
        check_ahead(act.follow_up_on, today=locked.day.date)
    flag.fold += 1
    flag.follow_up_on = None if act.closes else act.follow_up_on
    flag.closed_at = locked.at if act.closes else None
    flag.save(update_fields=["fold", "follow_up_on", "closed_at"])


def _acted_meanwhile(flag: LoadFlag) -> ActedMeanwhile:
    theirs = flag.measures.order_by("-set_at", "-id").first()
    return ActedMeanwhile(
        by=theirs.set_by if theirs else "",
        kind=theirs.kind if theirs else CONTACT,
        acted_at=theirs.set_at if theirs else flag.raised_at,
        is_closed=flag.closed_at is not None,
    )


def _add(measure: Measure) -> None:
    measure.save(force_insert=True)
    _audit("measure.taken", measure.subject, actor=measure.set_by, at=measure.set_at)


def _audit(action: str, subject: UUID, *, actor: str, at: datetime) -> None:
    """That an officer acted for a person, never what, when or why."""
    record(actor=actor, action=action, target_kind="person", target_id=str(subject), at=at)
