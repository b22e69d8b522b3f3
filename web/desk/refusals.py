"""How the desk says no: status and sentence of ``web.shared.refusals``, the stable code, and the rule where there is one."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from queues.exceptions import LimitReached, OnBreak, Refused
from web.desk.meanwhile import meanwhile
from web.desk.pages import DeskVisit, closed_for_today
from web.shared.explaining import Explanation, explain, named_in
from web.shared.refusals import About, sentence, status_of
from wellbeing.core.person import read_person
from wellbeing.exceptions import Reached


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered instead."""

    status: int
    code: str
    sentence: str
    explained: Explanation | None = None


def refusal_of(error: Exception, visit: DeskVisit) -> Refusal:
    """Return what the person in *seat* is told about *error*, one of ``REFUSALS``; the codes are API.md's desk row."""
    found = _refusal_of(error, visit)
    return found if visit.is_confirmed else _without_reasons(found)


def _without_reasons(refusal: Refusal) -> Refusal:
    """Say neither which rule it is nor whose: what somebody chose for themselves is not told to who may not be them."""
    told = closed_for_today() if refusal.code == LimitReached.code else refusal.sentence
    return replace(refusal, sentence=told, explained=None)


def _refusal_of(error: Exception, visit: DeskVisit) -> Refusal:
    said = sentence(error, About(at=visit.at, zone=visit.zone))
    told = Refusal(status_of(error), getattr(error, "code", Refused.code), said)
    match error:
        case OnBreak():
            return replace(told, explained=_because_of_a_break(said, at=visit.at, zone=visit.zone))
        case LimitReached(reached=reached):
            return replace(told, explained=_with_what_is_there(reached, visit))
    return told


def _with_what_is_there(reached: Reached, visit: DeskVisit) -> Explanation:
    """Say what there is instead first: what is open, which other work, with whom."""
    explained = explain(reached, at=visit.at, zone=visit.zone, names=named_in([reached]))
    instead = meanwhile(read_person(visit.subject, at=visit.at), at=visit.at, zone=visit.zone)
    return replace(explained, instead=[*instead, *explained.instead])


def _because_of_a_break(said: str, *, at: datetime, zone: ZoneInfo) -> Explanation:
    rule = Reached("break", 0, "rule", None)
    return replace(explain(rule, at=at, zone=zone, names=named_in([rule])), sentence=said)
