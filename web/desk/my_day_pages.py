"""'My day' in words: today, for the person it is about, and for nobody else."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.desk import my_day_charts, wording
from web.desk.charts import Chart
from web.desk.explaining import everything_that_holds, to_come
from web.desk.meanwhile import meanwhile
from web.desk.my_day_words import (
    Row,
    break_rows,
    day_name,
    lasted,
    load_rows,
    moment,
    presence_rows,
    unheard_row,
    whose,
)
from web.desk.pages import DeskVisit
from web.shared import flags as flag_words
from web.shared.explaining import Explanation, limit_name
from web.shared.names import Names
from wellbeing.core.person import read_person
from wellbeing.core.rules.scopes import InForce
from wellbeing.my_day.selectors.flags import FlagLine, flags_of, reveal_up
from wellbeing.my_day.selectors.today import LimitLine, LoadState, ReadingLine, SeverityLine, my_day
from wellbeing.officer.selectors.record import MeasureLine, measures_of

READ: Final = {
    "question": gettext_lazy("What you asked"),
    "record": gettext_lazy("Your days, limits and flags"),
    "flags": gettext_lazy("Your load flags"),
}
MEASURES: Final = {
    "contact": gettext_lazy("Got in touch with you"),
    "rest_day": gettext_lazy("A rest day"),
    "lighter_queue": gettext_lazy("A lighter queue"),
    "nothing": gettext_lazy("Looked, and changed nothing"),
}
ASKABLE: Final = frozenset({"ceiling", "team", "person"})


@dataclass(frozen=True, slots=True)
class Flag:
    """A load flag: what it is called, when it was raised, its sum, and how to have it looked at."""

    name: str
    level: str
    on: date
    when: str
    arithmetic: str
    ref: str
    done: str = ""


@dataclass(frozen=True, slots=True)
class MyDayPage:
    """Every table and chart of 'My day', as sentences and cells."""

    day: str
    zone: str
    working: str
    next_break: str
    severities: list[Row]
    unheard: list[Row]
    minutes_chart: Chart
    limits: list[Row]
    breaks: list[Row]
    presence: list[Row]
    load: list[Row]
    load_points: str
    loads: list[Row]
    load_chart: Chart
    meanwhile: list[str]
    holds: list[Explanation]
    comes: list[tuple[str, Explanation]]
    flags: list[Flag]
    measures: list[Row]
    readings: list[Row]


def my_day_page(visit: DeskVisit) -> MyDayPage:
    """Return the day of the person in *seat*."""
    day = my_day(visit.subject, visit.at)
    person = read_person(visit.subject, at=visit.at)
    today = visit.at.astimezone(visit.zone).date()
    return MyDayPage(
        day=day_name(today),
        zone=day.zone,
        working=lasted(day.working),
        next_break=wording.clock(day.next_break_at, visit.zone) if day.next_break_at else "",
        severities=[_severity(line) for line in day.severities if _was_shown(line)],
        unheard=[unheard_row(line, visit) for line in day.unheard],
        minutes_chart=my_day_charts.minutes_by_severity(
            [(line.severity, line.today) for line in day.severities if line.severity > 0],
            title=_("Minutes today, by severity"),
        ),
        limits=[_limit(line, visit) for line in day.limits],
        breaks=break_rows(day.breaks, visit),
        presence=presence_rows(day.presence, visit),
        load=load_rows(day.load, visit),
        load_points=f"{day.load_points:.2f}",
        loads=[_standing(one) for one in day.loads],
        load_chart=my_day_charts.loads(day.loads),
        meanwhile=meanwhile(person, at=visit.at, zone=visit.zone),
        holds=everything_that_holds(person, at=visit.at, zone=visit.zone),
        comes=to_come(person, at=visit.at, zone=visit.zone),
        flags=[*my_flags(visit), *_reveal_up(visit)],
        measures=_measures(measures_of(visit.subject, today=today)),
        readings=_readings(day.readings, visit),
    )


def my_flags(visit: DeskVisit) -> list[Flag]:
    """Return the stored flags of the person in *seat*, the newest first."""
    return [_flag(line) for line in flags_of(visit.subject, at=visit.at)]


def _flag(line: FlagLine) -> Flag:
    return Flag(
        name=flag_words.name(line.code),
        level=flag_words.level(line.level),
        on=line.local_date,
        when=day_name(line.local_date),
        arithmetic=flag_words.arithmetic(line.code, line.figures),
        ref=str(line.id),
        done=_("An officer has looked at it.") if line.closed_at else "",
    )


def _reveal_up(visit: DeskVisit) -> list[Flag]:
    """Work out the flag that is stored nowhere: it is there only while its person looks."""
    raised = reveal_up(visit.subject, at=visit.at)
    if raised is None:
        return []
    return [
        Flag(
            name=flag_words.name(raised.code),
            level=flag_words.level(raised.level),
            on=visit.at.astimezone(visit.zone).date(),
            when=_("Worked out now, stored nowhere"),
            arithmetic=flag_words.arithmetic(raised.code, raised.figures),
            ref=raised.code,
        )
    ]


def _measures(lines: list[MeasureLine]) -> list[Row]:
    names = Names({line.set_by for line in lines} | {line.ended_by for line in lines if line.ended_by})
    return [_measure(line, names) for line in lines]


def _measure(line: MeasureLine, names: Names) -> Row:
    when = ""
    if line.from_on is not None and line.until_on is not None:
        when = day_name(line.from_on)
        if line.until_on != line.from_on:
            when = _("%(first)s to %(last)s") % {"first": when, "last": day_name(line.until_on)}
    note = _("Ended early by %(name)s.") % {"name": names.of(line.ended_by)} if line.ended_at else ""
    return Row(str(MEASURES.get(line.kind, line.kind)), [when, names.of(line.set_by), line.words], note)


def _readings(lines: list[ReadingLine], visit: DeskVisit) -> list[Row]:
    names = Names(line.reader for line in lines)
    return [
        Row(names.of(line.reader), [str(READ.get(line.what, line.what)), moment(line.at, visit)])
        for line in lines
    ]


def _was_shown(line: SeverityLine) -> bool:
    return bool(line.cases_today or line.cases_24_hours or line.today or line.last_24_hours)


def _severity(line: SeverityLine) -> Row:
    return Row(
        wording.severity(line.severity),
        [
            lasted(line.today),
            str(line.cases_today),
            lasted(line.last_24_hours),
            str(line.cases_24_hours),
        ],
    )


def _standing(one: LoadState) -> Row:
    return Row(
        str(my_day_charts.LOADS[one.name]),
        [f"{one.points:.2f}", str(one.amber), str(one.red), whose(one.in_force.scope)],
        ask=_to_ask(one.in_force),
    )


def _limit(line: LimitLine, visit: DeskVisit) -> Row:
    fact, force = line.fact, line.in_force
    note = _("“%(reason)s”") % {"reason": force.reason} if force.reason else ""
    if line.pending is not None:
        when = moment(line.pending.since, visit) if line.pending.since else ""
        note = _("%(value)s from %(when)s") % {"value": _amount(fact.name, line.pending.value), "when": when}
    cells = [_amount(fact.name, fact.used), _amount(fact.name, fact.value), whose(force.scope)]
    return Row(limit_name(fact.name), cells, note, ask=_to_ask(force))


def _to_ask(force: InForce) -> int:
    """Return the row that the officer may be asked about; 0 where it is nobody's but their own, or follows from a rule."""
    return force.row if force.scope in ASKABLE else 0


def _amount(name: str, value: int) -> str:
    if name.startswith("cases"):
        return str(value)
    return lasted(timedelta(seconds=value))
