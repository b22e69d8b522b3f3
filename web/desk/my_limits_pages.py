"""The part of 'My day' that is about limits others set for a person, and those they set for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.desk.pages import DeskVisit
from web.shared.asked_about import in_words, subject_matter
from web.shared.limits import amount, label
from web.shared.moments import moment_of_this_year
from web.shared.names import Names
from wellbeing.core.rules.names import FOR_TEAMS, loosest_of
from wellbeing.core.rules.scopes import ScopeState
from wellbeing.limits.selectors.overview import (
    PersonLine,
    RequestLine,
    open_requests_to,
    own_limits,
    person_limits_set_by_leads,
)
from wellbeing.officer.selectors.contest import (
    FLAG,
    LIMIT,
    AboutLimit,
    QuestionLine,
    flag_about,
    limit_about,
    may_ask_about,
    questions_of,
)

SCOPES: Final[dict[str, str | Promise]] = {
    "ceiling": gettext_lazy("for the whole organisation"),
    "team": gettext_lazy("for your team"),
    "person": gettext_lazy("for you"),
}


@dataclass(frozen=True, slots=True)
class SetForMe:
    """A value that a lead set for this person: who, why, until when, and how to have it looked at."""

    name: str
    amount: str
    sentence: str
    reason: str
    row: int
    waits: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A looser value that a lead asks this person to agree to."""

    id: UUID
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Own:
    """A value of their own. ``waits`` says what comes with the next day."""

    code: str
    name: str
    amount: str
    waits: str
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Contested:
    """A question to the wellbeing officer, and the answer once there is one."""

    about: str
    words: str
    when: str
    answer: str
    answered: str


@dataclass(frozen=True, slots=True)
class MyLimits:
    """Everything about limits that only this person reads. ``choices``: code and name of each limit."""

    set_for_me: list[SetForMe]
    asked: list[Asked]
    own: list[Own]
    questions: list[Contested]
    choices: list[tuple[str, str]]


def my_limits(visit: DeskVisit) -> MyLimits:
    """Return what 'My day' says about the limits of the person in *seat*."""
    lines, requests = person_limits_set_by_leads(visit.subject, visit.at), open_requests_to(visit.subject)
    questions = questions_of(visit.subject)
    names = Names(
        [one.set_by for one in lines]
        + [one.asked_by for one in requests]
        + [one.answered_by for one in questions]
    )
    return MyLimits(
        set_for_me=[_set_for_me(line, names) for line in lines],
        asked=[_asked(line, names) for line in requests],
        own=list(_own(own_limits(visit.subject, visit.at))),
        questions=[_question(line, names) for line in questions],
        choices=[(code, label(code)) for code in FOR_TEAMS],
    )


def about(subject: UUID, row: int, at: datetime) -> tuple[AboutLimit, str] | None:
    """Return the limit that this person may ask about, and a sentence about it; None if it is none of theirs."""
    limit = limit_about(subject, row, at=at)
    if limit is None:
        return None
    facts = {
        "name": label(limit.name),
        "amount": amount(limit.name, limit.value),
        "who": Names([limit.set_by]).of(limit.set_by),
        "whom": SCOPES[limit.scope],
        "when": moment_of_this_year(limit.set_at),
    }
    return limit, _("%(name)s: %(amount)s. Set by %(who)s %(whom)s on %(when)s.") % facts


def what_is_asked(subject: UUID, about: str, ref: str, at: datetime) -> str | None:
    """Return in words what a question about a refusal or a flag of this person is about; None if it is none of theirs."""
    if about == LIMIT or not may_ask_about(subject, about, ref, at=at):
        return None
    return in_words(about, flag_about(subject, ref) if about == FLAG else ref)


def _set_for_me(line: PersonLine, names: Names) -> SetForMe:
    facts = {
        "who": names.of(line.set_by),
        "when": moment_of_this_year(line.set_at),
        "ends": moment_of_this_year(line.ends_at),
    }
    return SetForMe(
        name=label(line.name),
        amount=amount(line.name, line.value),
        sentence=_("Set by %(who)s on %(when)s. It ends by itself on %(ends)s.") % facts,
        reason=line.reason,
        row=line.row,
        waits=_waits(line.name, line.waiting, line.waits_until),
    )


def _asked(line: RequestLine, names: Names) -> Asked:
    facts = {
        "who": names.of(line.asked_by),
        "name": label(line.name),
        "amount": amount(line.name, line.value),
    }
    sentence = _("%(who)s asks whether this may be looser for you from your next day. %(name)s: %(amount)s.")
    return Asked(line.id, sentence % facts, line.reason)


def _own(scope_states: dict[str, ScopeState]) -> Iterator[Own]:
    for code, stands in scope_states.items():
        holds, waits = stands.holds, stands.waits
        if holds is None or (holds.value == loosest_of(code) and waits is None):
            continue
        is_undone = waits is not None and waits.value == loosest_of(code)
        when = "" if stands.waits_until is None else moment_of_this_year(stands.waits_until)
        yield Own(
            code=code,
            name=label(code),
            amount=amount(code, holds.value),
            waits=_("Undone from %(when)s.") % {"when": when}
            if is_undone
            else _waits(code, waits.value if waits else None, stands.waits_until),
            may_undo=not is_undone,
        )


def _waits(name: str, value: int | None, until: datetime | None) -> str:
    if value is None or until is None:
        return ""
    return _("%(amount)s from %(when)s.") % {
        "amount": amount(name, value),
        "when": moment_of_this_year(until),
    }


def _question(line: QuestionLine, names: Names) -> Contested:
    what = subject_matter(line)
    asked = {"when": moment_of_this_year(line.asked_at), "due": moment_of_this_year(line.due_at)}
    if line.answered_at is None:
        return Contested(
            what, line.words, _("Asked on %(when)s. The answer comes by %(due)s.") % asked, "", ""
        )
    answered = {"who": names.of(line.answered_by), "when": moment_of_this_year(line.answered_at)}
    return Contested(
        what,
        line.words,
        _("Asked on %(when)s.") % asked,
        line.answer,
        _("%(who)s, %(when)s") % answered,
    )
