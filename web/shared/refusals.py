"""Every refusal as a page answers it: one table from what was refused to a status and a sentence.

What lies below raises facts; what is said about them stands here and nowhere else. A class that may reach a page and has no
row of its own fails its test.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation import exceptions as moderation
from people import exceptions as people
from people.models import Role
from people.sign_in.tenure import named_too_lately
from queues import exceptions as queues
from web.shared import explaining, flags, limits
from web.shared.moments import day, day_and_time, from_then, moment
from web.shared.names import Names
from web.shared.shifts import hours, span
from wellbeing import exceptions as wellbeing
from wellbeing.core.rules.names import is_at_least
from wellbeing.exceptions import (
    ActedMeanwhile,
    AlreadyAgreed,
    AlreadyObjected,
    AlreadyOptedOut,
    ChoiceUnknown,
    ContactEnded,
    ContractEnded,
    ContractEndsBeforeStart,
    ContractMissing,
    ContractOutOfReach,
    CounsellorMissing,
    CounsellorTooLong,
    DateMissing,
    DateOutOfReach,
    DatesNotWanted,
    EndsBeforeStart,
    EndsInThePast,
    HeldBeforeTheLast,
    HeldInTheFuture,
    HeldTooLongAgo,
    MeasureEnded,
    MeasureUnknown,
    NameMissing,
    NobodyCalledSo,
    NobodyElected,
    NoCountry,
    NoPhoneNumber,
    NotAgreed,
    NotAnnounced,
    NotTheirs,
    NotWithThem,
    NoWayToReach,
    OneDayOnly,
    OwnName,
    PartTooLong,
    PresetAboveCeiling,
    RecordedMeanwhile,
    SaidMeanwhile,
    SeveralCalledSo,
    SignedByWriter,
    SomebodyElected,
)
from wellbeing.limits.services import presets
from wellbeing.shifts import rules as shifts

UNREADABLE, MISSING, MEANWHILE, GONE, INVALID = 400, 404, 409, 410, 422


class FormUnreadable(Exception):
    """The post was not one that this page makes."""

    code = "malformed"


class DateUnreadable(Exception):
    """What was sent as a date is none."""


@dataclass(frozen=True, slots=True)
class About:
    """What a sentence needs beside the refusal. ``page``: a key of ``ELSEWHERE``, for what is said otherwise there.

    ``name``: the limit that it is about; ``reads``: how its numbers read, where they are no limit's. ``person``: of whom, on a
    lead's page. ``at`` and ``zone``: now, and whose clock; None for the reader's.
    """

    page: str = ""
    name: str = ""
    reads: Callable[[int], str] | None = None
    person: str = ""
    at: datetime | None = None
    zone: ZoneInfo | None = None

    def amount(self, value: int) -> str:
        """Return a number of the limit as a person reads it."""
        return self.reads(value) if self.reads else limits.amount(self.name, value)


Words = str | Promise | Callable[[Any, About], str]
"""A sentence, or what makes one of a refusal and of what it is about."""


def status_of(refusal: Exception) -> int:
    """Return the status with which a page answers *refusal*."""
    return _row(refusal)[0]


def sentence(refusal: Exception, about: About | None = None) -> str:
    """Return what is said about *refusal*, one of ``REFUSALS``."""
    about = about or About()
    said = ELSEWHERE.get(about.page, {}).get(type(refusal)) or _row(refusal)[1]
    return said(refusal, about) if callable(said) else str(said)


def by_field(refusal: Exception, about: About | None = None) -> Iterator[tuple[str | None, str]]:
    """Yield (field, sentence): the field of a form that *refusal* is about, None for all of it."""
    if isinstance(refusal, queues.QueueInvalid):
        yield from _of_a_queue(refusal).items()
    else:
        yield getattr(refusal, "part", None), sentence(refusal, about)


def _row(refusal: Exception) -> tuple[int, Words]:
    return next(ROWS[kind] for kind in type(refusal).__mro__ if kind in ROWS)


# ── sentences that tell a fact ───────────────────────────────────────────────────────────────────────────────────────


def above_ceiling(name: str, ceiling: int) -> str:
    """Return 'The organisation allows at most 120 min.'"""
    return _("The organisation allows %(bound)s.") % {"bound": limits.bound(name, ceiling)}


def out_of_bounds(about: About, least: int, most: int) -> str:
    """Return 'A value from 0 min to 1440 min makes sense here.'"""
    return _("A value from %(least)s to %(most)s makes sense here.") % {
        "least": about.amount(least),
        "most": about.amount(most),
    }


def lacks(missing: tuple[str, ...]) -> list[str]:
    """Return what a queue lacks before it may be open, each in words."""
    return [str(LACKING[code]) for code in missing]


def _not_tighter(refusal: wellbeing.NotTighter, about: About) -> str:
    """Say what to write instead: for one person a lead only tightens."""
    words = (
        _("For one person a value only tightens. %(amount)s holds, so write more.")
        if is_at_least(about.name)
        else _("For one person a value only tightens. %(amount)s holds, so write less.")
    )
    return words % {"amount": about.amount(refusal.value)}


def _contradicts(refusal: wellbeing.Contradicts, _about: About) -> str:
    return _("Amber comes before red: at most %(amount)s.") % {
        "amount": limits.amount(refusal.red, refusal.most)
    }


def _at_most(most: int) -> str:
    return _("Write at most %(most)d characters.") % {"most": most}


def _between(first: date, last: date) -> str:
    return _("Choose a day from %(first)s to %(last)s.") % {"first": day(first), "last": day(last)}


def _already_ended(refusal: wellbeing.AlreadyEnded, _about: About) -> str:
    if refusal.state == "adopted":
        return _("This proposal was signed before, and holds.")
    return _("This proposal was withdrawn before. Nothing was changed.")


def _pair_not_valid(refusal: wellbeing.PairNotValid, _about: About) -> str:
    if refusal.proposer_left:
        return _("Who proposed this no longer has that role. Withdraw it and propose it again.")
    return _("A %(first)s and a %(second)s cannot sign this together.") % {
        "first": Role(refusal.proposed_as).label.lower(),
        "second": Role(refusal.signed_as).label.lower(),
    }


def _preset_overtaken(refusal: presets.PresetOvertaken, _about: About) -> str:
    chosen = refusal.chosen
    if not chosen.row or chosen.set_at is None:
        return _("Somebody set a limit of the team while your page was open. Look again, please.")
    return _(
        "The limits were changed while your page was open. %(preset)s was chosen by %(name)s, %(moment)s. Look again, please."
    ) % {
        "preset": limits.PRESETS[chosen.preset],
        "name": Names([chosen.set_by]).of(chosen.set_by),
        "moment": moment(chosen.set_at),
    }


def _acted_meanwhile(refusal: ActedMeanwhile, _about: About) -> str:
    words = (
        _("%(name)s closed this flag meanwhile, %(moment)s: %(done)s. Nothing was added.")
        if refusal.is_closed
        else _(
            "%(name)s did something about this flag meanwhile, %(moment)s: %(done)s. Nothing was added yet; look at it, and "
            "write yours again if it is still wanted."
        )
    )
    return words % {
        "name": Names([refusal.by]).of(refusal.by),
        "moment": moment(refusal.acted_at),
        "done": str(flags.MEASURES.get(refusal.kind, refusal.kind)).lower(),
    }


def _roles_conflict(refusal: people.RolesConflict, _about: About) -> str:
    return _("One person cannot be %(first)s and %(second)s.") % {
        "first": Role(refusal.first).label,
        "second": Role(refusal.second).label,
    }


def _looks_like(refusal: people.NameLooksLike, _about: About) -> str:
    said = _("This name looks like “%(other)s”, which is there already. Choose one that nobody takes for it.")
    return said % {"other": refusal.other}


def _of_a_queue(refusal: queues.QueueInvalid) -> dict[str, str]:
    return {
        field: str(FAULTS_OF_A_QUEUE.get((field, fault), NO_CONTROL_CHARACTERS))
        for field, fault in refusal.faults.items()
    }


def _incomplete(refusal: queues.QueueIncomplete, _about: About) -> str:
    named = get_text_list(lacks(refusal.missing), _("and"))
    return _("It cannot be open without %(missing)s.") % {"missing": named}


def _on_break(refusal: wellbeing.OnBreak, about: About) -> str:
    if refusal.back_at is None:
        return _("A break is due, so nothing more is shown. What you wrote is kept.")
    return _("You are on a break until %(time)s, or later. What you wrote is kept.") % {
        "time": from_then(refusal.back_at, about.zone)
    }


def _not_over(refusal: wellbeing.BreakNotOver, about: About) -> str:
    return _("Not yet. The break is yours until %(time)s.") % {"time": from_then(refusal.back_at, about.zone)}


def _limit_reached(refusal: wellbeing.LimitReached, about: About) -> str:
    if about.at is None or about.zone is None:
        raise AssertionError("a limit is told with the time at which it lifts")
    return explaining.sentence(refusal.reached, at=about.at, zone=about.zone)


def _no_such_time(refusal: shifts.NoSuchTime, _about: About) -> str:
    return _("The clocks leave out %(typed)s on %(day)s. Write %(next)s or later.") % {
        "typed": f"{refusal.typed:%H:%M}",
        "day": date_format(refusal.typed, "j F Y"),
        "next": f"{refusal.next_at:%H:%M}",
    }


def _too_long(refusal: shifts.ShiftTooLong, about: About) -> str:
    return _("%(shift)s is %(length)s long. A shift is at most 12 hours.") % {
        "shift": span(_shift(refusal), about.zone),
        "length": hours(_shift(refusal).ends_at - _shift(refusal).starts_at),
    }


def _overlap(refusal: shifts.ShiftsOverlap, about: About) -> str:
    said = _("%(shift)s lies in the same time as %(other)s. Cancel that one first, or choose another time.")
    return said % {"shift": span(_shift(refusal), about.zone), "other": span(refusal.other, about.zone)}


def _too_little_rest(refusal: shifts.TooLittleRest, about: About) -> str:
    facts = {"rest": hours(refusal.rest), "other": span(refusal.other, about.zone)}
    if refusal.earliest is not None:
        words = _(
            "Only %(rest)s of rest would lie after %(other)s. It takes 11 hours: begin on %(earliest)s or later."
        )
        return words % {**facts, "earliest": day_and_time(refusal.earliest, about.zone)}
    if refusal.latest is None:
        raise AssertionError("too little rest is told from one of the two sides")
    words = _(
        "Only %(rest)s of rest would lie before %(other)s. It takes 11 hours: end on %(latest)s or sooner."
    )
    return words % {**facts, "latest": day_and_time(refusal.latest, about.zone)}


def _has_begun(refusal: shifts.ShiftHasBegun, about: About) -> str:
    said = _("%(shift)s lies behind, or has begun. What has begun stays as it is.")
    return said % {"shift": span(_shift(refusal), about.zone)}


def _night_is_theirs(refusal: shifts.NightIsTheirs, about: About) -> str:
    said = _("%(shift)s touches the night, from 22:00 to 06:00. Only %(name)s plans that.")
    return said % {"shift": span(_shift(refusal), about.zone), "name": about.person}


def _shift(refusal: shifts.ShiftRefused) -> shifts.Planned:
    if refusal.shift is None:
        raise AssertionError("this is said of a shift")
    return refusal.shift


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────

NOT_NOW: Final = gettext_lazy("That is not possible now. This page shows what holds.")
NOT_NOW_AT_THE_DESK: Final = gettext_lazy("That is not possible now. The desk shows where you are.")
NO_CONTROL_CHARACTERS: Final = gettext_lazy("Write this without line breaks and control characters.")
SO_ALREADY: Final = gettext_lazy("That is so already. Nothing was changed.")
ENDS_BEFORE_START: Final = gettext_lazy("The last day lies before the first.")
LACKING: Final[Mapping[str, str | Promise]] = {
    "client_name": gettext_lazy("the client’s name"),
    "purpose": gettext_lazy("its purpose"),
    "decision_use": gettext_lazy("what its decisions are used for"),
    "other_work": gettext_lazy(
        "the other paid work that is there when severity 3 and up is closed to somebody"
    ),
    "other_work_with": gettext_lazy("with whom that other work is done"),
    "guidelines": gettext_lazy("guidelines in force"),
}
FAULTS_OF_A_QUEUE: Final[Mapping[tuple[str, str], str | Promise]] = {
    ("name", "missing"): gettext_lazy("A queue needs a name."),
    ("name", "too_long"): gettext_lazy("A name has at most 120 characters."),
    ("client_name", "too_long"): gettext_lazy("The client’s name has at most 200 characters."),
    ("purpose", "too_long"): gettext_lazy("The purpose has at most 300 characters."),
    ("decision_use", "too_long"): gettext_lazy("The use has at most 300 characters."),
    ("other_work", "too_long"): gettext_lazy("The other paid work has at most 120 characters."),
    ("other_work_with", "too_long"): gettext_lazy("With whom has at most 80 characters."),
    ("target_seconds", "too_short"): gettext_lazy("The target time is at least a minute."),
    ("target_seconds", "too_long"): gettext_lazy("The target time is at most 90 days."),
    ("grace_seconds", "too_short"): gettext_lazy("The grace cannot be negative."),
    ("grace_seconds", "too_long"): gettext_lazy("The grace is at most 24 hours."),
    ("grace_seconds", "longer_than_target"): gettext_lazy(
        "The grace is longer than the target time, so no decision could be in time."
    ),
    ("teams", "missing"): gettext_lazy("Choose at least one team, or every team."),
    ("teams", "unknown"): gettext_lazy("One of these teams is not there any more."),
    ("teams", "not_yours"): gettext_lazy("Your own team has to be among them."),
    ("platform", "unknown"): gettext_lazy("There is no such platform."),
    ("title", "missing"): gettext_lazy("Guidelines need a title."),
    ("title", "too_long"): gettext_lazy("A title has at most 200 characters."),
    ("guidance", "missing"): gettext_lazy("Guidelines need a text."),
    ("guidance", "too_long"): gettext_lazy("Guidelines have at most 20,000 characters."),
    ("in_force_from", "past"): gettext_lazy("Guidelines hold from now or later, not from before."),
    ("in_force_from", "before_the_last"): gettext_lazy(
        "The version before this one would end before it begins. Choose a later time, or take that version back."
    ),
}
FAULTS_OF_A_DECISION: Final[Mapping[tuple[str, str], str | Promise]] = {
    ("both", "missing"): gettext_lazy("Choose what it is and what should happen first."),
    ("categories", "missing"): gettext_lazy(
        "Choose what it is, or choose the action that leaves it as it is."
    ),
    ("categories", "unknown"): gettext_lazy("One of the categories is not known here."),
    ("categories", "disabled"): gettext_lazy("One of the categories is switched off here."),
    ("action", "missing"): gettext_lazy("Choose what should happen with it."),
    ("action", "unknown"): gettext_lazy("This queue does not know that action. Choose one of those shown."),
    ("rationale", "too_long"): gettext_lazy("The rationale is too long: 5,000 characters at most."),
    ("rationale", "unstorable"): gettext_lazy("The rationale holds a character that cannot be stored."),
    ("worse", "out_of_bounds"): gettext_lazy("Severity goes from 0 to 4."),
    ("worse", "not_worse"): gettext_lazy("The case is already counted at that severity or a higher one."),
}

_INVALID: Final[Mapping[type[Exception], Words]] = {
    # people
    people.UsernameRefused: gettext_lazy("A name has 1 to 150 letters, digits and @ . + - _ only."),
    people.UsernameTaken: gettext_lazy("Somebody signs in with this name already."),
    people.NameUnseen: gettext_lazy(
        "This name holds a character that nobody can see, or one that turns the direction of writing. Type it again by hand."
    ),
    people.NameMixed: gettext_lazy(
        "A word of this name mixes letters of two alphabets. Write each word in one; any alphabet will do."
    ),
    people.NameLooksLike: _looks_like,
    people.PasswordRefused: lambda refusal, _about: " ".join(refusal.sentences),
    people.UnknownZone: gettext_lazy("There is no such time zone. Write it as Europe/Brussels or UTC."),
    people.UnknownSkill: gettext_lazy(
        "Write languages as their codes, like fr or pt-BR, and categories as theirs, like GORE."
    ),
    people.UnknownRole: gettext_lazy("There is no such role."),
    people.RolesConflict: _roles_conflict,
    people.UnknownCountry: gettext_lazy("Write the country as two letters, like BE or KE."),
    people.BeganInFuture: gettext_lazy(
        "The work cannot have begun on a day that is still to come. Leave it empty for a new starter."
    ),
    people.SameCountry: gettext_lazy("That is their country already."),
    people.LastOperator: gettext_lazy("This is the only operator. Name another one first."),
    people.AlreadyInTeam: gettext_lazy("That is their team already."),
    people.AlreadyDeactivated: gettext_lazy("This account has ended."),
    people.TeamNameMissing: gettext_lazy("A team has a name of at most 120 characters."),
    people.TeamNameTaken: gettext_lazy("Another team bears this name."),
    people.UnknownScope: gettext_lazy("Choose at least one thing that the key may do."),
    people.ExpiryPast: gettext_lazy("Choose a day that is still to come."),
    people.TooManyKeys: gettext_lazy("This platform holds two keys of this kind. Revoke one first."),
    people.AlreadyRevoked: gettext_lazy("This key was revoked before."),
    people.NoFactor: gettext_lazy("They have no second factor. Nothing was changed."),
    people.NoLanguageChosen: gettext_lazy("Choose at least one that you read, or leave it for later."),
    people.TriedTooOften: gettext_lazy("That was tried too often. Wait five minutes, then try again."),
    people.NotYourCode: gettext_lazy("That is no code of yours from before your sign-in was set anew."),
    people.AlreadySigned: gettext_lazy("You have signed this. Somebody else signs as well."),
    people.NotAConfirmer: gettext_lazy("An officer or a representative signs this."),
    people.NotYourself: gettext_lazy("This is about you. Others sign it."),
    people.MadeTheLink: gettext_lazy(
        "Whoever could have set this sign-in anew does not confirm it. Somebody else signs."
    ),
    people.NamedByTheMaker: gettext_lazy(
        "Whoever made the link, or the person themselves, is behind your own account: they invited you, made your link or "
        "gave you your role in the last 90 days. Somebody else signs."
    ),
    people.NamedSince: gettext_lazy(
        "You were named after this happened. Somebody who held the role before signs."
    ),
    people.NotYet: lambda refusal, _about: named_too_lately(refusal),
    # moderation and queues
    moderation.DecisionInvalid: lambda refusal, _about: str(
        FAULTS_OF_A_DECISION[refusal.field, refusal.fault]
    ),
    moderation.CategoryInvalid: gettext_lazy("A category has a severity from 0 to 4 and flags of the list."),
    queues.QueueInvalid: lambda refusal, _about: " ".join(_of_a_queue(refusal).values()),
    queues.QueueNameTaken: gettext_lazy("Another queue of this platform bears this name."),
    # limits, and who may move them
    limits.Unreadable: lambda refusal, _about: str(refusal),
    wellbeing.ReasonMissing: gettext_lazy("Say why, please. The people it concerns read it."),
    wellbeing.ReasonTooLong: lambda refusal, _about: _at_most(refusal.most),
    wellbeing.AboutYourself: gettext_lazy("This is about you. Another officer does it; nothing was changed."),
    wellbeing.UnknownLimit: gettext_lazy("There is no such limit."),
    wellbeing.CeilingNeedsTwo: gettext_lazy("What the organisation allows moves only when two people sign."),
    wellbeing.AlreadySet: gettext_lazy("That is the value already. Nothing was changed."),
    wellbeing.NotPersonal: gettext_lazy(
        "No value that a lead set holds for this person, so there is none to loosen."
    ),
    wellbeing.AboveCeiling: lambda refusal, about: above_ceiling(about.name, refusal.ceiling),
    wellbeing.OutOfBounds: lambda refusal, about: out_of_bounds(about, refusal.least, refusal.most),
    wellbeing.Contradicts: _contradicts,
    wellbeing.NotTighter: _not_tighter,
    wellbeing.NotLooser: gettext_lazy(
        "That is not looser than what holds. What is tighter needs nobody’s signature."
    ),
    wellbeing.AlreadyAsked: gettext_lazy("That was asked before, and waits for the answer."),
    wellbeing.AlreadyAnswered: gettext_lazy("That was answered before. Nothing was changed."),
    wellbeing.AnswerMissing: gettext_lazy("An answer needs words."),
    wellbeing.NotConfirmed: gettext_lazy(
        "Your sign-in was set anew by somebody else. What is yours alone stays as it is until it is confirmed that it is you."
    ),
    # which value is above the ceiling, and what the contract is for, the page says by itself
    PresetAboveCeiling: "",
    ContractMissing: "",
    # what an officer does
    MeasureUnknown: gettext_lazy("Choose what you do."),
    DateMissing: gettext_lazy("A rest day needs its date, a lighter queue its first and its last day."),
    DateOutOfReach: lambda refusal, _about: _between(refusal.first, refusal.last),
    EndsBeforeStart: ENDS_BEFORE_START,
    OneDayOnly: gettext_lazy("A rest day is one day. Several are written down one by one."),
    DatesNotWanted: gettext_lazy("Days go with a rest day or a lighter queue. Leave them empty."),
    MeasureEnded: gettext_lazy("There is nothing left to end. Nothing was changed."),
    NameMissing: gettext_lazy("A line needs a name."),
    NoWayToReach: gettext_lazy("A line needs a phone number or an address."),
    NoPhoneNumber: gettext_lazy("That cannot be dialled. Write it as +32 2 123 45 67, or as 107."),
    NoCountry: gettext_lazy("A country is two letters, like BE or FR. Empty means everywhere."),
    PartTooLong: lambda refusal, _about: _at_most(refusal.most),
    CounsellorMissing: gettext_lazy("Write with whom the contract is."),
    CounsellorTooLong: gettext_lazy("Write at most 120 characters."),
    ContractEndsBeforeStart: ENDS_BEFORE_START,
    ContractOutOfReach: lambda refusal, _about: _between(refusal.first, refusal.last),
    NotWithThem: gettext_lazy("A review takes an officer and a representative: two people."),
    NotTheirs: gettext_lazy(
        "Whoever was named as having been there signs it, or objects; only they and who wrote it down take it back."
    ),
    NobodyElected: gettext_lazy(
        "Nobody is elected representative. Write it down, and a second officer signs."
    ),
    SomebodyElected: gettext_lazy("A representative is elected, so the review is held with them."),
    SignedByWriter: gettext_lazy("You wrote it down, so somebody else signs."),
    HeldInTheFuture: lambda refusal, _about: (
        _("A review is recorded once it was held: %(day)s at the latest.") % {"day": day(refusal.today)}
    ),
    HeldTooLongAgo: lambda refusal, _about: (
        _("A review is written down within a year: %(day)s at the earliest.") % {"day": day(refusal.first)}
    ),
    HeldBeforeTheLast: lambda refusal, _about: (
        _("The last review was held %(day)s. This one cannot lie before it.") % {"day": day(refusal.last)}
    ),
    # what a person chooses and plans
    ChoiceUnknown: gettext_lazy("Choose one from the list, please. Nothing was changed."),
    EndsInThePast: gettext_lazy("That day is over. Choose today, a later day, or none."),
    AlreadyOptedOut: SO_ALREADY,
    AlreadyAgreed: gettext_lazy("You agreed to this before. Nothing was changed."),
    NotAgreed: gettext_lazy("You had not agreed to it. Nothing was changed."),
    DateUnreadable: gettext_lazy("That date could not be read. Nothing was changed."),
    NobodyCalledSo: gettext_lazy("Nobody who moderates here has that name."),
    SeveralCalledSo: gettext_lazy("Several people have that name. Their user names tell them apart."),
    OwnName: gettext_lazy("That is your own name."),
    shifts.NoSuchTime: _no_such_time,
    shifts.NotOnAQuarter: gettext_lazy(
        "A shift begins and ends at a whole quarter of an hour, like 09:00 or 17:15."
    ),
    shifts.NothingPlanned: gettext_lazy("No day was chosen, so nothing was planned."),
    shifts.TooManyShifts: gettext_lazy("That is more than eight weeks of days. Plan fewer at a time."),
    shifts.ShiftEndsBeforeItBegins: gettext_lazy("A shift ends after it begins."),
    shifts.ShiftTooLong: _too_long,
    shifts.ShiftHasBegun: _has_begun,
    shifts.TooFarAhead: lambda refusal, about: (
        _("Shifts are planned at most eight weeks ahead: until %(day)s.")
        % {"day": day(localtime(refusal.latest, about.zone))}
    ),
    shifts.ShiftsOverlap: _overlap,
    shifts.TooLittleRest: _too_little_rest,
    shifts.NightIsTheirs: _night_is_theirs,
}
_MEANWHILE: Final[Mapping[type[Exception], Words]] = {
    wellbeing.Refused: NOT_NOW,
    # at the desk
    moderation.AlreadyDecided: gettext_lazy(
        "This case is decided already. Your draft is kept; it was not sent."
    ),
    moderation.NothingToConfirm: gettext_lazy(
        "Nothing was decided on this before. The desk shows what is in your hands."
    ),
    moderation.NothingToSplit: gettext_lazy(
        "This item is not in the case any more, or is the only one. Nothing was changed."
    ),
    queues.ClaimLost: gettext_lazy(
        "This case is not in your hands any more. Your draft is kept; it was not sent."
    ),
    queues.NotFree: gettext_lazy("It is not free any more, so it does not come to you again."),
    wellbeing.OnBreak: _on_break,
    wellbeing.BreakNotOver: _not_over,
    wellbeing.MayNotPostpone: gettext_lazy("This break cannot be moved."),
    wellbeing.NoOpenBreak: NOT_NOW_AT_THE_DESK,
    wellbeing.NoOpenDesk: NOT_NOW_AT_THE_DESK,
    wellbeing.NothingOnStage: NOT_NOW_AT_THE_DESK,
    wellbeing.LimitReached: _limit_reached,
    wellbeing.BeatLate: gettext_lazy(
        "The line was quiet for a while, so the case was covered. Show it again when you like."
    ),
    wellbeing.CoverNotBelieved: gettext_lazy(
        "How long the case was covered could not be told, so all of that time counts."
    ),
    # somebody else was first
    people.NothingToConfirm: gettext_lazy(
        "Nothing waits there any more, or it was set anew once more. This page shows what waits."
    ),
    people.LanguagesAsBefore: SO_ALREADY,
    people.LanguagesChanged: gettext_lazy(
        "It was changed on another page meanwhile. What you ticked is kept here, and is not saved."
    ),
    queues.QueueRefused: gettext_lazy("That is not possible now."),
    queues.NotFromHere: gettext_lazy("That is not possible now."),
    queues.QueueChanged: gettext_lazy(
        "Somebody else changed this queue meanwhile. Nothing was saved; the page shows what holds."
    ),
    queues.QueueIncomplete: _incomplete,
    queues.QueueNotEmpty: gettext_lazy(
        "Items still wait for a decision here. Drain it: it can be closed once a count finds none open."
    ),
    queues.DefaultNeeded: gettext_lazy(
        "Items that name no queue come here. Make another open queue the default first."
    ),
    wellbeing.ChangedMeanwhile: gettext_lazy(
        "Somebody set this limit while your page was open. It stands above; look again."
    ),
    presets.PresetOvertaken: _preset_overtaken,
    SaidMeanwhile: gettext_lazy(
        "Somebody else said something of it while your page was open. It is shown now; look again."
    ),
    ActedMeanwhile: _acted_meanwhile,
    RecordedMeanwhile: gettext_lazy(
        "Somebody changed this review while your page was open. What stands is shown; look again."
    ),
    ContactEnded: gettext_lazy("Somebody changed or ended this line meanwhile. What stands is in the list."),
    ContractEnded: gettext_lazy("Somebody ended this contract before. Nothing was changed."),
    # proposals and their signatures
    wellbeing.AlreadyProposed: gettext_lazy("A proposal for this is open. It is signed or withdrawn first."),
    wellbeing.AlreadyEnded: _already_ended,
    wellbeing.ProposalStale: gettext_lazy(
        "What this proposal would change has changed since. Withdraw it, and propose again if it is still wanted."
    ),
    wellbeing.SignedByProposer: gettext_lazy("Two people sign. You proposed it, so somebody else signs."),
    wellbeing.NamedByTheOther: gettext_lazy(
        "One of you two invited the other, made their link or gave them their role in the last 90 days. Somebody else signs."
    ),
    wellbeing.PairNotValid: _pair_not_valid,
    AlreadyObjected: gettext_lazy("You object already. Nobody is told."),
    NotAnnounced: gettext_lazy("The time to object is over, or it is not announced any more."),
}
_MISSING: Final[Mapping[type[Exception], Words]] = {
    queues.NotYourClaim: gettext_lazy("This case is not in your hands. The desk shows what is."),
    wellbeing.NotFound: gettext_lazy("That is not there any more. This page shows what holds."),
}
ROWS: Final[Mapping[type[Exception], tuple[int, Words]]] = {
    kind: (status, words)
    for status, part in (
        (
            UNREADABLE,
            {FormUnreadable: gettext_lazy("That could not be read. The desk shows where you are.")},
        ),
        (MISSING, _MISSING),
        (MEANWHILE, _MEANWHILE),
        (
            GONE,
            {
                people.InvitationGone: gettext_lazy(
                    "This link was used, or its seven days are over. Ask your operator for a new one."
                )
            },
        ),
        (INVALID, _INVALID),
    )
    for kind, words in part.items()
}
REFUSALS: Final = tuple(ROWS)
"""What a page catches: all that has a sentence."""
ELSEWHERE: Final[Mapping[str, Mapping[type[Exception], Words]]] = {
    "own": {
        wellbeing.AlreadySet: SO_ALREADY,
        wellbeing.AlreadyAsked: gettext_lazy("You asked this before. The answer will stand here."),
        wellbeing.ChangedMeanwhile: gettext_lazy(
            "That was set a moment ago in another window. It stands here now."
        ),
    },
    "talk": {
        wellbeing.AlreadyAsked: gettext_lazy("You have asked somebody already. It stands here."),
        wellbeing.AlreadyAnswered: gettext_lazy("You said yes to this before."),
    },
    "languages": {
        people.UnknownSkill: gettext_lazy(
            "One of these is no language that is offered here. Nothing was changed."
        ),
    },
    "officer": {
        wellbeing.ReasonMissing: gettext_lazy("This needs words. Say in a sentence what it is about."),
    },
    "safeguard": {
        wellbeing.NotTighter: gettext_lazy(
            "That protects less than what holds, or changes nothing. It is proposed, and a second person signs."
        ),
    },
    "presets": {
        wellbeing.AlreadySet: gettext_lazy("The team is under it already. Nothing was changed."),
    },
    "other_work": {
        wellbeing.AlreadySet: gettext_lazy("That is said already. Nothing was changed."),
    },
    "shifts": {
        wellbeing.NotFound: gettext_lazy(
            "That shift is not there any more. This page shows what is planned."
        ),
    },
    "guidelines": {
        queues.QueueChanged: gettext_lazy(
            "Somebody else wrote a version meanwhile. It is above; yours is in the field still, not saved."
        ),
    },
}
"""What one page says otherwise, because of to whom or of what it speaks there."""
