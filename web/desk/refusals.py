"""Every way in which the desk says no: its status, its stable code, and a sentence that says what to do."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from moderation.services.decisions import AlreadyDecided, DecisionInvalid
from queues.exceptions import (
    BeatLate,
    BreakNotOver,
    ClaimLost,
    LimitReached,
    MayNotPostpone,
    NotFree,
    NotYourClaim,
    OnBreak,
    Refused,
)
from web.desk import wording
from web.shared.explaining import Explanation, explain, named_in
from wellbeing.exceptions import Reached


class FormUnreadable(Exception):
    """The post was not one that this page makes."""


REFUSALS = (AlreadyDecided, DecisionInvalid, FormUnreadable, Refused)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered instead."""

    status: int
    code: str
    sentence: str
    explained: Explanation | None = None


def refusal_of(error: Exception, *, zone: ZoneInfo, at: datetime) -> Refusal:
    """Return what a person is told about *error*, one of ``REFUSALS``; the codes are API.md's desk row."""
    match error:
        case DecisionInvalid():
            return Refusal(422, "invalid", str(error))
        case OnBreak(back_at=back_at):
            said = _on_break(back_at, zone)
            return Refusal(409, "on_break", said, _because_of_a_break(said, at=at, zone=zone))
        case LimitReached(reached=reached):
            explained = explain(reached, at=at, zone=zone, names=named_in([reached]))
            return Refusal(409, "limit_reached", explained.sentence, explained)
        case BreakNotOver(back_at=back_at):
            return Refusal(409, "break_not_over", _not_over(back_at, zone))
    return _plain(error)


def _because_of_a_break(said: str, *, at: datetime, zone: ZoneInfo) -> Explanation:
    rule = Reached("break", 0, "rule", None)
    return replace(explain(rule, at=at, zone=zone, names=named_in([rule])), sentence=said)


def _on_break(back_at: datetime | None, zone: ZoneInfo) -> str:
    if back_at is None:
        return _("A break is due, so nothing more is shown. What you wrote is kept.")
    return _("You are on a break until %(time)s, or later. What you wrote is kept.") % {
        "time": wording.clock(back_at, zone)
    }


def _not_over(back_at: datetime, zone: ZoneInfo) -> str:
    return _("Not yet. The break is yours until %(time)s.") % {"time": wording.clock(back_at, zone)}


def _plain(error: Exception) -> Refusal:
    match error:
        case ClaimLost():
            sentence = _("Someone else has this case now. Your draft is kept; it was not sent.")
            return Refusal(409, "claim_lost", sentence)
        case AlreadyDecided():
            sentence = _("This case is decided already. Your draft is kept; it was not sent.")
            return Refusal(409, "already_decided", sentence)
        case BeatLate():
            sentence = _(
                "The line was quiet for a while, so the case was covered. Show it again when you like."
            )
            return Refusal(409, "beat_late", sentence)
        case MayNotPostpone():
            return Refusal(409, "may_not_postpone", _("This break cannot be moved."))
        case NotFree():
            return Refusal(409, "not_free", _("It is not free any more, so it does not come to you again."))
        case NotYourClaim():
            return Refusal(404, "not_found", _("This case is not in your hands. The desk shows what is."))
        case Refused(code=code):
            return Refusal(409, code, _("That is not possible now. The desk shows where you are."))
    return Refusal(400, "malformed", _("That could not be read. The desk shows where you are."))
