"""'My day' in words: for the person it is about, and for nobody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.desk import wording
from moderation.desk.selectors import Seat
from moderation.models import Category
from moderation.pages.explaining import limit_name
from people.selectors import names_of
from wellbeing.selectors import MyDay, my_day
from wellbeing.selectors.my_day import (
    BreakLine,
    LimitLine,
    LoadLine,
    PresenceLine,
    ReadingLine,
    SeverityLine,
)

PRESENCE: Final = {
    "waiting": gettext_lazy("Waiting"),
    "reviewing": gettext_lazy("With a case"),
    "break": gettext_lazy("Break"),
    "away": gettext_lazy("Away"),
    "other_work": gettext_lazy("Other work"),
    "lost_line": gettext_lazy("Line lost"),
}
BREAKS: Final = {
    "work": gettext_lazy("After a stretch at the desk"),
    "severe": gettext_lazy("After a stretch of severity 3"),
    "extreme": gettext_lazy("After a stretch of severity 4"),
    "long": gettext_lazy("A longer one"),
    "colour": gettext_lazy("After severity 4 in colour"),
    "cluster": gettext_lazy("After three of severity 4"),
    "too_much": gettext_lazy("‘This was too much’"),
    "step_away": gettext_lazy("Stepped away"),
}
SCOPES: Final = {
    "ceiling": gettext_lazy("the organisation"),
    "team": gettext_lazy("your team"),
    "person": gettext_lazy("set for you"),
    "own": gettext_lazy("yourself"),
}
READ: Final = {"question": gettext_lazy("What you asked")}
LIMIT_NAMES: Final = {
    "work_seconds": gettext_lazy("A break after, at the desk"),
    "severe_seconds": gettext_lazy("A break after, at severity 3 and up"),
    "extreme_seconds": gettext_lazy("A break after, at severity 4"),
    "long_seconds": gettext_lazy("A long break after"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its name, its cells, a remark, and the limit row that the officer may be asked about."""

    name: str
    cells: list[str]
    note: str = ""
    ask: int = 0


@dataclass(frozen=True, slots=True)
class MyDayPage:
    """Every table of 'My day', as sentences and cells."""

    date: str
    zone: str
    working: str
    next_break: str
    severities: list[Row]
    limits: list[Row]
    breaks: list[Row]
    presence: list[Row]
    load: list[Row]
    load_points: str
    readings: list[Row]


def my_day_page(seat: Seat) -> MyDayPage:
    """Return the day of the person in *seat*."""
    day = my_day(seat.subject, seat.at)
    labels = dict(Category.objects.values_list("code", "label"))
    return MyDayPage(
        date=f"{seat.at.astimezone(seat.zone):%d %B}".lstrip("0"),
        zone=day.zone,
        working=_lasted(day.working),
        next_break=wording.clock(day.next_break_at, seat.zone) if day.next_break_at else "",
        severities=[_severity(line) for line in day.severities if line.severity > 0 or line.cases_24_hours],
        limits=[_limit(line, seat) for line in day.limits],
        breaks=[_break(line, seat) for line in day.breaks],
        presence=_presences(day, seat),
        load=[_load(line, labels, seat) for line in day.load],
        load_points=f"{day.load_points:.1f}",
        readings=_readings(day.readings, seat),
    )


def _readings(lines: list[ReadingLine], seat: Seat) -> list[Row]:
    names = names_of(line.reader for line in lines)
    return [
        Row(
            names.get(line.reader, line.reader),
            [str(READ.get(line.what, line.what)), _moment(line.at, seat)],
        )
        for line in lines
    ]


def _severity(line: SeverityLine) -> Row:
    return Row(
        wording.severity(line.severity),
        [
            _lasted(line.today),
            str(line.cases_today),
            _lasted(line.last_24_hours),
            str(line.cases_24_hours),
        ],
    )


def _limit(line: LimitLine, seat: Seat) -> Row:
    fact, force = line.fact, line.in_force
    name = str(LIMIT_NAMES.get(fact.name) or limit_name(fact.name))
    note = _("“%(reason)s”") % {"reason": force.reason} if force.reason else ""
    if line.pending is not None:
        when = _moment(line.pending.since, seat) if line.pending.since else ""
        note = _("%(value)s from %(when)s") % {"value": _amount(fact.name, line.pending.value), "when": when}
    whose = str(SCOPES.get(force.scope, force.scope))
    cells = [_amount(fact.name, fact.used), _amount(fact.name, fact.value), whose]
    return Row(name, cells, note, ask=0 if force.scope == "own" else force.row)


def _break(line: BreakLine, seat: Seat) -> Row:
    began = wording.clock(line.started_at or line.due_at, seat.zone)
    ended = wording.clock(line.over_at, seat.zone) if line.over_at else _("now")
    return Row(str(BREAKS.get(line.cause, line.cause)), [f"{began}–{ended}", _lasted(line.served)])


def _presences(day: MyDay, seat: Seat) -> list[Row]:
    return [_presence(line, seat) for line in day.presence]


def _presence(line: PresenceLine, seat: Seat) -> Row:
    ended = wording.clock(line.closed_at, seat.zone) if line.closed_at else _("now")
    return Row(
        str(PRESENCE.get(line.kind, line.kind)),
        [f"{wording.clock(line.opened_at, seat.zone)}–{ended}", _lasted(line.lasted)],
    )


def _load(line: LoadLine, labels: dict[str, str], seat: Seat) -> Row:
    what = labels.get(line.category, _("Not labelled"))
    return Row(
        f"{wording.clock(line.first_at, seat.zone)} · {what}, {wording.severity(line.severity)}",
        [_level(line), line.arithmetic, f"{line.points:.2f}"],
    )


def _level(line: LoadLine) -> str:
    names = {
        "text": _("text"),
        "shielded": _("shielded"),
        "lens": _("lens"),
        "grey": _("grey"),
        "colour": _("colour"),
    }
    return names.get(line.level, line.level)


def _amount(name: str, value: int) -> str:
    if name.startswith("cases"):
        return str(value)
    return _lasted(timedelta(seconds=value))


def _lasted(span: timedelta) -> str:
    """Return '34 min', '1 h 05 min', '40 s'."""
    seconds = int(span.total_seconds())
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    if minutes < 60:
        return (
            _("%(minutes)d min %(seconds)02d s") % {"minutes": minutes, "seconds": rest}
            if rest
            else _("%(minutes)d min") % {"minutes": minutes}
        )
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def _moment(at: datetime, seat: Seat) -> str:
    local = at.astimezone(seat.zone)
    if local.date() == seat.at.astimezone(seat.zone).date():
        return f"{local:%H:%M}"
    return f"{local:%d %b %H:%M}".lstrip("0")
