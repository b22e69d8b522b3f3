"""Every refusal explained: which rule, whose, since when, until when, and what there is instead.

One table of words, ``RULES``, has a row for every name that a refusal can bear; a name without one fails its test.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.shared.moments import moment_of_this_year
from web.shared.names import SYSTEM, Names
from wellbeing.core.rules.days import latest_day_end
from wellbeing.core.rules.scopes import CEILING, OWN, PERSON, PERSON_HOLDS, TEAM
from wellbeing.exceptions import Reached

REFUSAL: Final = "refusal"
"""What a question to the officer is about; ``about_ref`` is then the rule's name."""

LATER: Final = gettext_lazy("A break, other paid work and wellness time are there, all of it working time.")
MILDER: Final = gettext_lazy("This rule leaves milder cases to you.")
ONLY_ZERO: Final = gettext_lazy(
    "This rule leaves text of severity 0 to you, and pictures that you saw to be harmless."
)
CHOICES: Final = gettext_lazy("You change it under ‘What I am handed’, at any time and without a reason.")
WALK: Final = gettext_lazy("The walk takes a few minutes. You can leave it and go on later.")


@dataclass(frozen=True, slots=True)
class Words:
    """A rule in words. ``rule`` names it; ``because`` says why it is there; ``instead``: what is offered.

    Of a limit, ``what``: what counts towards it, and ``closes``: what is closed once it is reached.
    """

    rule: str | Promise
    because: str | Promise
    instead: tuple[str | Promise, ...]
    what: str | Promise = ""
    closes: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One refusal in words. ``since`` is empty where the rule was always there. ``about`` and ``about_ref`` ask the officer."""

    sentence: str
    because: str
    rule: str
    whose: str
    since: str
    instead: list[str]
    about: str
    about_ref: str


def _limit(
    rule: str | Promise, what: str | Promise, because: str | Promise, closes: str | Promise = ""
) -> Words:
    """Return the words of a limit that leaves what is milder; it closes *what* counts towards it, or *closes*."""
    return Words(rule, because, (MILDER, LATER), what, closes or what)


def _last(rule: str | Promise, what: str | Promise, because: str | Promise) -> Words:
    """Return the words of a limit that closes everything above severity 0."""
    return Words(rule, because, (ONLY_ZERO, LATER), what, SEVERITY_1)


SEVERITY_1: Final = gettext_lazy("severity 1 and up")
SEVERITY_3: Final = gettext_lazy("severity 3 and up")
SEVERITY_4: Final = gettext_lazy("severity 4")
TIME: Final = gettext_lazy("How long counts, whatever the presentation.")
OFTEN: Final = gettext_lazy("How often counts as much as how long.")
DAY_WEIGHS: Final = gettext_lazy(
    "What was shown today weighs enough. Load is time, weighed by severity: My day shows each line."
)
WEEK_WEIGHS: Final = gettext_lazy(
    "What was shown in these 7 days weighs enough. Load is time, weighed by severity: My day shows each day."
)
MONTH_WEIGHS: Final = gettext_lazy(
    "What was shown in these 28 days weighs enough. Load is time, weighed by severity: My day shows each day."
)
RULES: Final[Mapping[str, Words]] = {
    "seconds_1": _last(gettext_lazy("Minutes a day"), SEVERITY_1, TIME),
    "seconds_3": _limit(gettext_lazy("Minutes a day"), SEVERITY_3, TIME),
    "seconds_4": _limit(gettext_lazy("Minutes a day"), SEVERITY_4, TIME),
    "cases_3": _limit(gettext_lazy("Cases a day"), gettext_lazy("cases of severity 3"), OFTEN, SEVERITY_3),
    "cases_4": _limit(gettext_lazy("Cases a day"), gettext_lazy("cases of severity 4"), OFTEN, SEVERITY_4),
    "load_day_red": _last(gettext_lazy("Load of a day"), gettext_lazy("the load of a day"), DAY_WEIGHS),
    "load_week_red": _last(gettext_lazy("Load of 7 days"), gettext_lazy("the load of 7 days"), WEEK_WEIGHS),
    "load_month_red": _last(
        gettext_lazy("Load of 28 days"), gettext_lazy("the load of 28 days"), MONTH_WEIGHS
    ),
    "night": Words(
        gettext_lazy("The night"),
        gettext_lazy("Between 22:00 and 06:00 on your clock it stays mild."),
        (MILDER, LATER),
    ),
    "late": Words(
        gettext_lazy("The end of a shift"),
        gettext_lazy("Your shift ends soon. The last of it is milder, so that less goes home with you."),
        (MILDER, LATER),
    ),
    "overtime": Words(
        gettext_lazy("Outside the shift"),
        gettext_lazy(
            "This time lies outside your shift. A day without a planned one has 8 hours from the first work."
        ),
        (MILDER, LATER),
    ),
    "daily_rest": Words(
        gettext_lazy("Eleven hours between two days"),
        gettext_lazy("Less than 11 hours lie between your last working day and this one."),
        (MILDER, LATER),
    ),
    "stop": Words(
        gettext_lazy("The hour at which it stops"),
        gettext_lazy("From this hour on only severity 0 is handed out."),
        (ONLY_ZERO, LATER),
    ),
    "starter": Words(
        gettext_lazy("The first weeks"),
        gettext_lazy("Who is new to this work gets it step by step."),
        (MILDER, LATER),
    ),
    "severe_days_7": Words(
        gettext_lazy("Days with severity 3 and up, of seven"),
        gettext_lazy("You have had your days of severity 3 and up in these seven."),
        (MILDER, LATER),
    ),
    "severe_days_run": Words(
        gettext_lazy("Days with severity 3 and up, in a row"),
        gettext_lazy("The days before had severity 3 and up. A day without follows."),
        (MILDER, LATER),
    ),
    "extreme_weeks": Words(
        gettext_lazy("Weeks with severity 4"),
        gettext_lazy("The weeks before had severity 4. A week without follows."),
        (MILDER, LATER),
    ),
    "agreement": Words(
        gettext_lazy("Agreement to severity 4"),
        gettext_lazy("Severity 4 comes only to those who agreed to it. It is yours to give, or not."),
        (CHOICES, MILDER),
    ),
    "heavy_streak": Words(
        gettext_lazy("The day after a heavy streak"),
        gettext_lazy("Several heavy days lie behind you. Today is a light one."),
        (MILDER, LATER),
    ),
    "rest_day": Words(
        gettext_lazy("A rest day"),
        gettext_lazy("Today is a day without cases for you."),
        (LATER,),
    ),
    "lighter_queue": Words(
        gettext_lazy("A lighter queue"),
        gettext_lazy("For these days only light cases come to you."),
        (MILDER, LATER),
    ),
    "introduction": Words(
        gettext_lazy("The first day"),
        gettext_lazy("A walk through desk, ladder, breaks and contacts comes before the first case."),
        (WALK,),
    ),
    "break": Words(
        gettext_lazy("A break"),
        gettext_lazy("While a break is due or running nothing is shown or handed out."),
        (),
    ),
    "opt_out": Words(
        gettext_lazy("What you are handed"),
        gettext_lazy("You opted out of this. Nobody else sees it."),
        (CHOICES, LATER),
    ),
    "unheard": Words(
        gettext_lazy("Time in which your page was not heard of"),
        gettext_lazy(
            "Nobody could tell whether the case was covered then, so this time counts: until your page was heard of again, "
            "at most 10 minutes."
        ),
        (
            gettext_lazy(
                "If that cannot be so, a person looks at it. Esc covers at once, and covered counts nothing."
            ),
        ),
    ),
    "nothing_waits": Words(
        gettext_lazy("Nothing is waiting"),
        gettext_lazy("No case that may come to you is there now."),
        (LATER,),
    ),
}

WHOSE: Final[Mapping[str, str | Promise]] = {
    "ceiling": gettext_lazy("It holds for the whole organisation."),
    "own": gettext_lazy("You set it for yourself. Nobody else sees it."),
    "starter": gettext_lazy("Your share of the limit grows with your first eight weeks."),
    "returned": gettext_lazy("After two weeks away it is half for a week, then three quarters."),
    "red_flag": gettext_lazy(
        "It follows a load flag: much lay behind you. My day shows how it was worked out."
    ),
    "contract": gettext_lazy(
        "No contract with an independent counsellor is on record, so the usual limits hold for your team."
    ),
    "rule": gettext_lazy("It holds for everybody."),
    "team": gettext_lazy("It holds for your team."),
    "person": gettext_lazy("It was set for you."),
    "officer": gettext_lazy("A wellbeing officer set it for you. No lead sees it."),
}
"""Whose rule it is, by scope; where somebody set it they are told by name instead."""


def explain(reached: Reached, *, at: datetime, zone: ZoneInfo, names: Names) -> Explanation:
    """Return one refusal in words, on the clock of *zone*; *names*: who is called how (see ``named_in``).

    Raises:
        KeyError: a rule without words.
    """
    words = RULES[reached.name]
    return Explanation(
        sentence=sentence(reached, at=at, zone=zone),
        because=str(words.because),
        rule=str(words.rule),
        whose=whose(reached, names),
        since=_("Since %(when)s.") % {"when": moment_of_this_year(reached.since, zone)}
        if reached.since
        else "",
        instead=[str(one) for one in words.instead],
        about=REFUSAL,
        about_ref=reached.name,
    )


def named_in(refusals: Iterable[Reached]) -> Names:
    """Return the names that explanations of *refusals* need; no query where nobody is named."""
    return Names({one.set_by for one in refusals if one.scope in {"team", "person", "officer"}})


def sentence(reached: Reached, *, at: datetime, zone: ZoneInfo) -> str:
    """Return 'Severity 3 and up is done until 09:15 tomorrow.', 'No case above severity 1 until 14:20.'"""
    words, until = RULES[reached.name], _until(reached.until, at=at, zone=zone)
    if reached.most is not None:
        return _capped(reached.most, until)
    if not words.closes:
        return str(words.because)
    what = _capital(str(words.closes))
    return _closed(what, reached, at=at, zone=zone) if reached.is_closed else _used_up(what, until)


def limit_name(name: str) -> str:
    """Return 'Severity 3 and up' for ``seconds_3``, 'The load of a day' for ``load_day_red``."""
    return _capital(str(RULES[name].what))


def whose(reached: Reached, names: Names) -> str:
    """Return whose rule it is, with the name of a lead or an officer who set it."""
    if reached.name == "agreement":
        return _("It is your own to say.")
    has_name = bool(reached.set_by) and reached.set_by != SYSTEM
    named = {
        "team": _("Set for your team by %(name)s."),
        "person": _("Set for you by %(name)s."),
        "officer": _("Set for you by %(name)s, wellbeing officer. No lead sees it."),
    }
    if reached.scope in named and has_name:
        return named[reached.scope] % {"name": names.of(reached.set_by)}
    return str(WHOSE.get(reached.scope, WHOSE["rule"]))


def _capped(most: int, until: str) -> str:
    if most < 0:
        return _("No case until %(until)s.") % {"until": until} if until else _("No case yet.")
    if until:
        return _("No case above severity %(most)d until %(until)s.") % {"most": most, "until": until}
    return _("No case above severity %(most)d.") % {"most": most}


def _closed(what: str, reached: Reached, *, at: datetime, zone: ZoneInfo) -> str:
    """Say of a limit of 0 how long it stays: a value for one person ends by itself (WELLBEING 'Limits'), others are changed."""
    if reached.scope == PERSON and reached.since is not None:
        ends_at = latest_day_end({str(zone)}, reached.since + PERSON_HOLDS)
        until = _until(ends_at, at=at, zone=zone)
        said = _("%(what)s is closed for you until %(until)s, unless that is changed.")
        return said % {"what": what, "until": until}
    if reached.scope in {CEILING, TEAM}:
        return _("%(what)s is closed for you until that is changed.") % {"what": what}
    if reached.scope == OWN:
        return _("%(what)s is closed for you until you change that.") % {"what": what}
    return _("%(what)s is closed for you.") % {"what": what}


def _used_up(what: str, until: str) -> str:
    if until:
        return _("%(what)s is done until %(until)s.") % {"what": what, "until": until}
    return _("%(what)s is done for now.") % {"what": what}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _until(until: datetime | None, *, at: datetime, zone: ZoneInfo) -> str:
    """Return '14:20', '09:15 tomorrow', or 'Monday 7 December, 09:15'; of midnight 'tomorrow', or the day; nothing for None."""
    if until is None:
        return ""
    there, here = until.astimezone(zone), at.astimezone(zone)
    is_midnight = there.timetz().replace(tzinfo=None) == time(0)
    if there.date() == here.date():
        return f"{there:%H:%M}"
    if there.date() <= here.date() + timedelta(days=1):
        return _("tomorrow") if is_midnight else _("%(time)s tomorrow") % {"time": f"{there:%H:%M}"}
    return date_format(there, "l j F" if is_midnight else "l j F, H:i")
