"""Every way in which the desk says no: its status, its stable code, and a sentence that says what to do."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from moderation.services.decisions import AlreadyDecided, DecisionInvalid, NothingToConfirm
from moderation.services.splitting import NothingToSplit
from queues.exceptions import (
    BeatLate,
    BreakNotOver,
    ClaimLost,
    CoverNotBelieved,
    LimitReached,
    MayNotPostpone,
    NotFree,
    NotYourClaim,
    OnBreak,
    Refused,
)
from web.desk import wording
from web.desk.meanwhile import meanwhile
from web.desk.selectors import Seat, closed_for_today
from web.shared.explaining import Explanation, explain, named_in
from wellbeing.core.person import read_person
from wellbeing.exceptions import Reached


class FormUnreadable(Exception):
    """The post was not one that this page makes."""


REFUSALS = (AlreadyDecided, DecisionInvalid, FormUnreadable, NothingToConfirm, NothingToSplit, Refused)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered instead."""

    status: int
    code: str
    sentence: str
    explained: Explanation | None = None


def refusal_of(error: Exception, seat: Seat) -> Refusal:
    """Return what the person in *seat* is told about *error*, one of ``REFUSALS``; the codes are API.md's desk row."""
    found = _refusal_of(error, seat)
    return found if seat.is_confirmed else _without_reasons(found)


def _without_reasons(refusal: Refusal) -> Refusal:
    """Say neither which rule it is nor whose: what somebody chose for themselves is not told to who may not be them."""
    told = closed_for_today() if refusal.code == LimitReached.code else refusal.sentence
    return replace(refusal, sentence=told, explained=None)


def _refusal_of(error: Exception, seat: Seat) -> Refusal:
    zone, at = seat.zone, seat.at
    match error:
        case DecisionInvalid():
            return Refusal(422, "invalid", str(error))
        case OnBreak(back_at=back_at):
            said = _on_break(back_at, zone)
            return Refusal(409, "on_break", said, _because_of_a_break(said, at=at, zone=zone))
        case LimitReached(reached=reached):
            return _closed(explain(reached, at=at, zone=zone, names=named_in([reached])), seat)
        case BreakNotOver(back_at=back_at):
            return Refusal(409, "break_not_over", _not_over(back_at, zone))
        case NothingToConfirm() | NothingToSplit():
            return _about_what_was_before(error)
        case NotYourClaim():
            return Refusal(404, "not_found", _("This case is not in your hands. The desk shows what is."))
    return _plain(error)


def _closed(explained: Explanation, seat: Seat) -> Refusal:
    """Say what there is instead first: what is open, which other work, with whom."""
    instead = meanwhile(read_person(seat.subject, at=seat.at), at=seat.at, zone=seat.zone)
    told = replace(explained, instead=[*instead, *explained.instead])
    return Refusal(409, "limit_reached", explained.sentence, told)


def _because_of_a_break(said: str, *, at: datetime, zone: ZoneInfo) -> Explanation:
    rule = Reached("break", 0, "rule", None)
    return replace(explain(rule, at=at, zone=zone, names=named_in([rule])), sentence=said)


def _on_break(back_at: datetime | None, zone: ZoneInfo) -> str:
    if back_at is None:
        return _("A break is due, so nothing more is shown. What you wrote is kept.")
    return _("You are on a break until %(time)s, or later. What you wrote is kept.") % {
        "time": wording.from_then(back_at, zone)
    }


def _not_over(back_at: datetime, zone: ZoneInfo) -> str:
    return _("Not yet. The break is yours until %(time)s.") % {"time": wording.from_then(back_at, zone)}


def _about_what_was_before(error: Exception) -> Refusal:
    if isinstance(error, NothingToConfirm):
        sentence = _("Nothing was decided on this before. The desk shows what is in your hands.")
        return Refusal(409, "nothing_to_confirm", sentence)
    sentence = _("This item is not in the case any more, or is the only one. Nothing was changed.")
    return Refusal(409, "nothing_to_split", sentence)


def _plain(error: Exception) -> Refusal:
    match error:
        case ClaimLost():
            sentence = _("This case is not in your hands any more. Your draft is kept; it was not sent.")
            return Refusal(409, "claim_lost", sentence)
        case AlreadyDecided():
            sentence = _("This case is decided already. Your draft is kept; it was not sent.")
            return Refusal(409, "already_decided", sentence)
        case BeatLate():
            sentence = _(
                "The line was quiet for a while, so the case was covered. Show it again when you like."
            )
            return Refusal(409, "beat_late", sentence)
        case CoverNotBelieved():
            sentence = _("How long the case was covered could not be told, so all of that time counts.")
            return Refusal(409, "cover_not_believed", sentence)
        case MayNotPostpone():
            return Refusal(409, "may_not_postpone", _("This break cannot be moved."))
        case NotFree():
            return Refusal(409, "not_free", _("It is not free any more, so it does not come to you again."))
        case Refused(code=code):
            return Refusal(409, code, _("That is not possible now. The desk shows where you are."))
    return Refusal(400, "malformed", _("That could not be read. The desk shows where you are."))
