"""The review of the limits every six months, held with a representative and kept (WELLBEING.md, first lines).

An officer writes it down and names the representative who was there, or a representative writes it down and names the
officer. It stands for held once the person named has signed; they may as well object. While nobody is elected, an officer
writes it down and a second officer signs.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from audit.services import record
from people.rules.roles import REPRESENTATIVE, WELLBEING_OFFICER
from people.rules.texts import kept_text
from people.selectors import (
    has_representative,
    require_counting_of,
    roles_of_subject,
    roles_that_count_of,
    zones_of,
)
from wellbeing.core.rules.days import day_of
from wellbeing.exceptions import (
    HeldBeforeTheLast,
    HeldInTheFuture,
    HeldTooLongAgo,
    NobodyElected,
    NotTheirs,
    NotWithThem,
    ReasonMissing,
    ReasonTooLong,
    RecordedMeanwhile,
    SignedByWriter,
    SomebodyElected,
)
from wellbeing.limits.rules.reviews import Stage, due_after, stage
from wellbeing.limits.selectors.reviews import held_count, is_installed, last_held_on, next_due_on
from wellbeing.limits.services.second_person import require_apart
from wellbeing.models import LimitReview, ReviewTakenBack

WORDS_AT_MOST: Final = 4_000
WRITTEN_WITHIN: Final = timedelta(days=365)


def remind_next(at: datetime) -> bool:
    """Note from when on the pages say that a review is due; tell whether there was anything to note. A sweep step."""
    if not is_installed():
        return False
    with transaction.atomic():
        row = _lock_open()
        if row.reminded_at is not None or stage(row.due_on, today=at.date()) == Stage.LATER:
            return False
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])
    return True


def record_review(
    *, seen: int, held_on: date, held_with: str, words: str, recorded_by: str, at: datetime
) -> LimitReview:
    """Write down that a review was held, and with whom: it waits for their signature. ``seen``: how many were held, as the
    page showed.

    ``held_with``: the subject of the representative who was there, or of the officer when a representative records it.

    Raises:
        NobodyElected: there is no representative; see ``write_down``.
        NotWithThem: it takes an officer and a representative.
        HeldInTheFuture, HeldTooLongAgo, HeldBeforeTheLast: about the date.
        ReasonMissing, ReasonTooLong: about the words.
        RecordedMeanwhile: somebody else did.
        NotYet: who records was named too lately.
    """
    _require_both(recorded_by, held_with, at=at)
    return _write(
        seen=seen, held_on=held_on, held_with=held_with, words=words, recorded_by=recorded_by, at=at
    )


def write_down(*, seen: int, held_on: date, words: str, recorded_by: str, at: datetime) -> LimitReview:
    """Write down a review that was held while nobody is elected; a second officer signs it, or someone elected since.

    Raises:
        SomebodyElected: it is held with the representative; see ``record_review``.
        NotWithThem: only an officer writes it down.
        HeldInTheFuture, HeldTooLongAgo, HeldBeforeTheLast, ReasonMissing, ReasonTooLong, RecordedMeanwhile, NotYet: as
            ``record_review``.
    """
    if has_representative(at=at):
        raise SomebodyElected
    if WELLBEING_OFFICER not in roles_of_subject(recorded_by):
        raise NotWithThem
    require_counting_of(recorded_by, {WELLBEING_OFFICER}, at=at)
    return _write(seen=seen, held_on=held_on, held_with="", words=words, recorded_by=recorded_by, at=at)


def sign(*, seen: int, fold: int, signed_by: str, at: datetime) -> LimitReview:
    """Sign what another person wrote down, as the one who was named; where nobody was, as the second officer.

    ``fold``: how often it had been written down, as the page showed.

    Raises:
        SignedByWriter, NotTheirs, SomebodyElected, NotWithThem, NotYet, NamedByTheOther: not somebody who may.
        RecordedMeanwhile: nothing waits for a signature any more, or something else than was shown.
    """
    with transaction.atomic():
        row = _lock_written(seen, fold)
        _require_may_sign(row, signed_by, at=at)
        require_apart(row.recorded_by, signed_by, at=at)
        _end(row, held_with=signed_by, at=at)
    return row


def object_to(*, seen: int, fold: int, words: str, objected_by: str, at: datetime) -> LimitReview:
    """Say, as the one who was named, that it was not so: nothing was held, and the pages tell who objected.

    Words may be left out. It can be written down again.

    Raises:
        SignedByWriter, NotTheirs, SomebodyElected, NotWithThem, NotYet, RecordedMeanwhile: as ``sign``.
        ReasonTooLong: more words than anybody would read.
    """
    with transaction.atomic():
        row = _lock_written(seen, fold)
        _require_may_sign(row, objected_by, at=at)
        row.objected_by, row.objected_at, row.objection = objected_by, at, _kept(words)
        _audit("review.objected", row, actor=objected_by, at=at, reason=row.objection)
        _empty(row)
    return row


def take_back(*, seen: int, fold: int, taken_by: str, at: datetime) -> LimitReview:
    """Take back what waits for a signature, as who wrote it down or who was named; it stays listed as taken back.

    Where neither of the two holds the role any more, anybody who reviews may. It can be written down again.

    Raises:
        NotTheirs: somebody else.
        RecordedMeanwhile: nothing waits for a signature any more, or something else than was shown.
    """
    with transaction.atomic():
        row = _lock_written(seen, fold)
        _require_theirs(row, taken_by)
        _audit("review.taken_back", row, actor=taken_by, at=at, reason=row.words)
        if row.held_on is not None:
            _keep_taken_back(row, held_on=row.held_on, taken_by=taken_by, at=at)
        _empty(row)
    return row


def _write(
    *, seen: int, held_on: date, held_with: str, words: str, recorded_by: str, at: datetime
) -> LimitReview:
    kept = _checked(words)
    with transaction.atomic():
        row = _lock_unwritten(seen)
        _require_date(held_on, recorded_by, at)
        row.held_on, row.held_with, row.words, row.recorded_by = held_on, held_with, kept, recorded_by
        row.objected_by, row.objected_at, row.objection = "", None, ""
        row.fold += 1
        row.save()
        _audit("review.written", row, actor=recorded_by, at=at, reason=kept)
    return row


def _require_theirs(row: LimitReview, taken_by: str) -> None:
    both = [one for one in (row.recorded_by, row.held_with) if one]
    if taken_by in both:
        return
    if any(roles_of_subject(one) & {WELLBEING_OFFICER, REPRESENTATIVE} for one in both):
        raise NotTheirs


def _keep_taken_back(row: LimitReview, *, held_on: date, taken_by: str, at: datetime) -> None:
    ReviewTakenBack.objects.create(
        held_on=held_on,
        held_with=row.held_with,
        words=row.words,
        recorded_by=row.recorded_by,
        taken_by=taken_by,
        taken_at=at,
    )


def _empty(row: LimitReview) -> None:
    """Let nothing stand that waits for a signature; ``fold`` and an objection stay."""
    row.held_on, row.held_with, row.words, row.recorded_by = None, "", "", ""
    row.save()


def _lock_open() -> LimitReview:
    """Lock the review that is due next; of two who come first at once, one makes the row."""
    LimitReview.objects.bulk_create([LimitReview(due_on=next_due_on())], ignore_conflicts=True)
    row = LimitReview.objects.select_for_update().filter(recorded_at__isnull=True).first()
    if row is None:
        raise RecordedMeanwhile
    return row


def _lock_unwritten(seen: int) -> LimitReview:
    row = _lock_open()
    if held_count() != seen or row.held_on is not None:
        raise RecordedMeanwhile
    return row


def _lock_written(seen: int, fold: int) -> LimitReview:
    row = _lock_open()
    if held_count() != seen or row.held_on is None or row.fold != fold:
        raise RecordedMeanwhile
    return row


def _require_both(recorded_by: str, held_with: str, *, at: datetime) -> None:
    """Require an officer and a representative, two people."""
    if not has_representative(at=at):
        raise NobodyElected
    theirs, others = roles_of_subject(recorded_by), roles_of_subject(held_with)
    pairs = ((theirs, others), (others, theirs))
    if recorded_by == held_with or not any(
        WELLBEING_OFFICER in first and REPRESENTATIVE in second for first, second in pairs
    ):
        raise NotWithThem
    require_counting_of(recorded_by, {WELLBEING_OFFICER, REPRESENTATIVE}, at=at)


def _require_may_sign(row: LimitReview, signed_by: str, *, at: datetime) -> None:
    require_counting_of(signed_by, {WELLBEING_OFFICER, REPRESENTATIVE}, at=at)
    locked = roles_that_count_of(signed_by, at=at)
    if signed_by == row.recorded_by:
        raise SignedByWriter
    if row.held_with:
        _require_named(row, signed_by, locked)
        return
    if REPRESENTATIVE in locked:
        return
    if WELLBEING_OFFICER not in locked:
        raise NotWithThem
    if has_representative(at=at):
        raise SomebodyElected


def _require_named(row: LimitReview, signed_by: str, locked: frozenset[str]) -> None:
    """Require the person named, who still has the role that the writer has not."""
    if signed_by != row.held_with:
        raise NotTheirs
    writers = roles_of_subject(row.recorded_by)
    if not (
        (REPRESENTATIVE in locked and WELLBEING_OFFICER in writers)
        or (WELLBEING_OFFICER in locked and REPRESENTATIVE in writers)
    ):
        raise NotWithThem


def _require_date(held_on: date, recorded_by: str, at: datetime) -> None:
    today = day_of(zones_of(UUID(recorded_by)), at).date
    if held_on > today:
        raise HeldInTheFuture(today=today)
    if held_on < today - WRITTEN_WITHIN:
        raise HeldTooLongAgo(first=today - WRITTEN_WITHIN)
    last = last_held_on()
    if last is not None and held_on < last:
        raise HeldBeforeTheLast(last=last)


def _checked(words: str) -> str:
    kept = _kept(words)
    if not kept:
        raise ReasonMissing
    return kept


def _kept(words: str) -> str:
    kept = kept_text(words)
    if len(kept) > WORDS_AT_MOST:
        raise ReasonTooLong(most=WORDS_AT_MOST)
    return kept


def _end(row: LimitReview, *, held_with: str, at: datetime) -> None:
    row.held_with, row.recorded_at, row.signed_at = held_with, at, at
    row.save()
    if row.held_on is not None:
        LimitReview.objects.create(due_on=due_after(row.held_on))
    _audit("review.held", row, actor=held_with, at=at, reason=row.words)


def _audit(action: str, row: LimitReview, *, actor: str, at: datetime, reason: str) -> None:
    record(
        actor=actor,
        action=action,
        target_kind="limit_review",
        target_id=str(row.pk),
        at=at,
        detail={
            "due_on": str(row.due_on),
            "held_on": str(row.held_on or ""),
            "held_with": row.held_with,
            "recorded_by": row.recorded_by,
        },
        reason=reason,
    )
