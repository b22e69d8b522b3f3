"""The review of the limits in words."""

from dataclasses import dataclass

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from people.rules import roles
from people.selectors import has_representative, holders_of
from web.officer import wording
from web.officer.doors import ReviewVisit
from web.shared import moments
from web.shared.names import Names
from web.shared.reminders import review_reminder
from wellbeing.limits.selectors.reviews import (
    Draft,
    ReviewDue,
    ReviewLine,
    TakenBackLine,
    review_due,
    reviews_held,
    reviews_taken_back,
)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A review that was held."""

    day: str
    who: str
    words: str
    recorded: str


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What somebody wrote down and another person signs. ``waits_for``: a name, empty while nobody is elected."""

    day: str
    who: str
    words: str
    waits_for: str
    fold: int
    may_sign: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """When the next review is due, what waits, and what was held. ``seen``: how many were held."""

    seen: int
    reminder: str
    is_due: bool
    draft: DraftRow | None
    objection: str
    objection_words: str
    nobody_elected: bool
    nobody_to_name: str
    history: list[HeldRow]
    taken_back: list[HeldRow]


def others_of(visit: ReviewVisit) -> list[tuple[str, str]]:
    """Return whom this reader may name as having been there: subject and name, none where there is nobody."""
    wanted = roles.REPRESENTATIVE if visit.who.role == roles.WELLBEING_OFFICER else roles.WELLBEING_OFFICER
    return [(str(subject), name) for subject, name in holders_of(wanted) if subject != visit.who.subject]


def review_page(visit: ReviewVisit) -> ReviewPage:
    """Return the page as this reader sees it."""
    due, held, back = review_due(today=localdate(visit.at)), reviews_held(), reviews_taken_back()
    reminder = review_reminder(localdate(visit.at))
    named = [name for line in held for name in (line.held_with, line.recorded_by)]
    names = Names([*named, *_people_in(due), *_people_of(back)])
    elected = has_representative(at=visit.at)
    return ReviewPage(
        seen=len(held),
        reminder=reminder.sentence,
        is_due=reminder.is_due,
        draft=_draft(due.draft, visit, names, elected=elected) if due.draft else None,
        objection=_objected(due, names),
        objection_words=due.objection.words if due.objection else "",
        nobody_elected=not elected,
        nobody_to_name=_nobody_to_name(visit, elected=elected),
        history=[_row(line, names) for line in held],
        taken_back=[_taken_back(line, names) for line in back],
    )


def _nobody_to_name(visit: ReviewVisit, *, elected: bool) -> str:
    """Say why nobody can be named, and what there is instead; nothing where somebody can."""
    if others_of(visit):
        return ""
    if not elected:
        return _("Nobody is elected representative. Write it down here, and a second officer signs it.")
    return _("A review takes two people, an officer and a representative. There is no second one yet.")


def _people_in(due: ReviewDue) -> list[str]:
    drafted = [due.draft.recorded_by, due.draft.held_with] if due.draft else []
    return [*drafted, *([due.objection.by] if due.objection else [])]


def _people_of(back: list[TakenBackLine]) -> list[str]:
    return [name for line in back for name in (line.recorded_by, line.taken_by)]


def _draft(draft: Draft, visit: ReviewVisit, names: Names, *, elected: bool) -> DraftRow:
    return DraftRow(
        day=moments.day(draft.held_on),
        who=names.of(draft.recorded_by),
        words=draft.words,
        waits_for=names.of(draft.held_with) if draft.held_with else "",
        fold=draft.fold,
        may_sign=_may_sign(draft, visit, elected=elected),
        may_take_back=visit.subject in {draft.recorded_by, draft.held_with},
    )


def _may_sign(draft: Draft, visit: ReviewVisit, *, elected: bool) -> bool:
    if draft.held_with:
        return draft.held_with == visit.subject
    is_writer = draft.recorded_by == visit.subject
    return not is_writer and (visit.who.role == roles.REPRESENTATIVE or not elected)


def _objected(due: ReviewDue, names: Names) -> str:
    """Say who objected to what was written down last; nothing where nobody did."""
    if due.objection is None:
        return ""
    who = wording.by(names, due.objection.by, due.objection.at)
    return _("%(who)s: it was not as it was written down. Nothing was held.") % {"who": who}


def _row(line: ReviewLine, names: Names) -> HeldRow:
    """Return a review that was held: with two names where two have signed, else with the one who had named the other."""
    words = {"first": names.of(line.recorded_by), "second": names.of(line.held_with)}
    told = (
        _("%(first)s and %(second)s, both signed") if line.is_signed else _("%(first)s, who named %(second)s")
    )
    return HeldRow(
        day=moments.day(line.held_on),
        who=told % words,
        words=line.words,
        recorded=wording.by(names, line.held_with if line.is_signed else line.recorded_by, line.recorded_at),
    )


def _taken_back(line: TakenBackLine, names: Names) -> HeldRow:
    return HeldRow(
        day=moments.day(line.held_on),
        who=_("written down by %(name)s") % {"name": names.of(line.recorded_by)},
        words=line.words,
        recorded=wording.by(names, line.taken_by, line.taken_at),
    )
