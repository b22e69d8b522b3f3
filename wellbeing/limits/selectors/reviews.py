"""The review of the limits every six months: when it is due, what waits for a second signature, and what was held."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from people.selectors import organisation
from wellbeing.limits.rules.reviews import Stage, due_after, stage
from wellbeing.models import LimitReview, ReviewTakenBack


@dataclass(frozen=True)
class Draft:
    """A review that somebody has written down, and that waits for a signature.

    ``held_with``: the subject of the one who signs or objects; empty while nobody is elected: any second officer.
    ``fold``: how often it was written down.
    """

    held_on: date
    words: str
    recorded_by: str
    held_with: str
    fold: int


@dataclass(frozen=True)
class Objection:
    """Who said of what was written down last that it was not so, in which words, if any."""

    by: str
    at: datetime
    words: str


@dataclass(frozen=True)
class ReviewDue:
    """The next review. ``draft``: what waits for a signature, if anything does; ``objection``: to the last one written."""

    due_on: date
    stage: Stage
    draft: Draft | None
    objection: Objection | None = None


@dataclass(frozen=True)
class ReviewLine:
    """A review that was held. ``held_with`` and ``recorded_by`` are subjects; ``is_signed``: by both of them."""

    id: UUID
    due_on: date
    held_on: date
    held_with: str
    words: str
    recorded_by: str
    recorded_at: datetime
    is_signed: bool


@dataclass(frozen=True)
class TakenBackLine:
    """A review that was written down and taken back before it was signed. ``recorded_by`` and ``taken_by`` are subjects."""

    held_on: date
    words: str
    recorded_by: str
    taken_by: str
    taken_at: datetime


def reviews_taken_back() -> list[TakenBackLine]:
    """Return what was written down and taken back, newest first; one query."""
    rows = ReviewTakenBack.objects.order_by("-taken_at", "-id")
    return [
        TakenBackLine(row.held_on, row.words, row.recorded_by, row.taken_by, row.taken_at) for row in rows
    ]


def review_due(*, today: date) -> ReviewDue:
    """Return when the limits are reviewed next: six months after the last time, or after the installation; two queries."""
    rows = list(LimitReview.objects.order_by("held_on"))
    row = next((one for one in rows if one.recorded_at is None), None)
    if row is None:
        due_on = _due_on(last=max((one.held_on for one in rows if one.held_on), default=None))
        return ReviewDue(due_on, stage(due_on, today=today), None)
    return ReviewDue(row.due_on, stage(row.due_on, today=today), _draft(row), _objection(row))


def _draft(row: LimitReview) -> Draft | None:
    if row.held_on is None:
        return None
    return Draft(row.held_on, row.words, row.recorded_by, row.held_with, row.fold)


def _objection(row: LimitReview) -> Objection | None:
    if row.objected_at is None:
        return None
    return Objection(row.objected_by, row.objected_at, row.objection)


def next_due_on() -> date:
    """Return the date on which the next review is due, from what was held or the installation."""
    return _due_on(last=last_held_on())


def _due_on(*, last: date | None) -> date:
    return due_after(timezone.localdate(organisation().created_at) if last is None else last)


def is_installed() -> bool:
    """Tell whether there is an organisation yet; before that nothing is due."""
    try:
        organisation()
    except ObjectDoesNotExist:
        return False
    return True


def held_count() -> int:
    """Return how many reviews were held: what a page hands back, so that of two who record one the second is told."""
    return LimitReview.objects.filter(recorded_at__isnull=False).count()


def last_held_on() -> date | None:
    """Return on which date the last review was held."""
    locked = LimitReview.objects.filter(recorded_at__isnull=False).order_by("-held_on")
    return locked.values_list("held_on", flat=True).first()


def reviews_held() -> list[ReviewLine]:
    """Return the reviews that were held, newest first; one query."""
    rows = LimitReview.objects.filter(recorded_at__isnull=False).order_by("-held_on", "-recorded_at")
    return [
        ReviewLine(
            row.pk,
            row.due_on,
            locked,
            row.held_with,
            row.words,
            row.recorded_by,
            recorded,
            row.signed_at is not None,
        )
        for row in rows
        if (locked := row.held_on) and (recorded := row.recorded_at)
    ]
