"""The words of 'My day': what a line of a break, of time at the desk, of a limit or of the load says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.models import Category
from web.desk import wording
from web.desk.pages import DeskVisit
from wellbeing.my_day.selectors.one_day import BreakLine, LoadLine, PresenceLine, UnheardLine

PRESENCE: Final = {
    "waiting": gettext_lazy("Waiting"),
    "reviewing": gettext_lazy("With a case"),
    "break": gettext_lazy("Break"),
    "away": gettext_lazy("Away"),
    "other_work": gettext_lazy("Other work"),
    "lost_line": gettext_lazy("Line lost"),
    "wellness": gettext_lazy("Wellness time"),
}
BREAKS: Final = {
    "work": gettext_lazy("After a stretch at the desk"),
    "severe": gettext_lazy("After a stretch of severity 3"),
    "extreme": gettext_lazy("After a stretch of severity 4"),
    "long": gettext_lazy("A longer one"),
    "colour": gettext_lazy("After severity 4, seen clearer than its shield"),
    "load": gettext_lazy("After much in one stretch"),
    "cluster": gettext_lazy("After three of severity 4"),
    "too_much": gettext_lazy("‘This was too much’"),
    "step_away": gettext_lazy("Stepped away"),
}
A_SECOND: Final = timedelta(seconds=1)
SCOPES: Final = {
    "ceiling": gettext_lazy("the organisation"),
    "team": gettext_lazy("your team"),
    "person": gettext_lazy("set for you"),
    "own": gettext_lazy("yourself"),
    "starter": gettext_lazy("the first weeks"),
    "returned": gettext_lazy("after time away"),
    "red_flag": gettext_lazy("after a red flag"),
    "contract": gettext_lazy("no contract with a counsellor on record"),
}
LEVELS: Final = {
    "text": gettext_lazy("text"),
    "shielded": gettext_lazy("shielded"),
    "lens": gettext_lazy("lens"),
    "grey": gettext_lazy("grey"),
    "colour": gettext_lazy("colour"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its name, its cells, a remark, and the limit row that the officer may be asked about.

    ``href``: where the name leads. ``quiet``: nothing was there.
    """

    name: str
    cells: list[str]
    note: str = ""
    ask: int = 0
    href: str = ""
    quiet: bool = False


def break_rows(lines: Iterable[BreakLine], visit: DeskVisit) -> list[Row]:
    """Return the breaks of a day; of those that are over only what lasted, or was put off."""
    return [
        break_row(line, visit)
        for line in lines
        if line.over_at is None or line.was_postponed or line.served >= A_SECOND
    ]


def presence_rows(lines: Iterable[PresenceLine], visit: DeskVisit) -> list[Row]:
    """Return the stretches at the desk, with what follows at once in the same kind as one; what lasted no second is none."""
    joined: list[PresenceLine] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and before.kind == line.kind and _follows(before, line):
            together = before.lasted + line.lasted
            joined[-1] = replace(before, closed_at=line.closed_at, lasted=together)
        elif line.closed_at is None or line.lasted >= A_SECOND:
            joined.append(line)
    return [presence_row(line, visit) for line in joined]


def _follows(before: PresenceLine, line: PresenceLine) -> bool:
    return before.closed_at is not None and line.opened_at - before.closed_at < A_SECOND


def break_row(line: BreakLine, visit: DeskVisit) -> Row:
    """Return a break: why, from when to when, how long."""
    began = wording.clock(line.started_at or line.due_at, visit.zone)
    ended = wording.clock(line.over_at, visit.zone) if line.over_at else _("now")
    notes = [
        _("Put off once, by five minutes.") if line.was_postponed else "",
        _("The break from the desk as well.") if line.with_work and line.cause != "work" else "",
        _("A longer one, as every third is.") if line.is_third else "",
    ]
    name = str(BREAKS.get(line.cause, line.cause))
    return Row(name, [f"{began}–{ended}", lasted(line.served)], " ".join(note for note in notes if note))


def unheard_row(line: UnheardLine, visit: DeskVisit) -> Row:
    """Return a stretch that counts although the page was not heard of: since when, of which severity, how long."""
    return Row(
        f"{wording.clock(line.began_at, visit.zone)} · {wording.severity(line.severity)}",
        [lasted(line.lasted)],
    )


def presence_row(line: PresenceLine, visit: DeskVisit) -> Row:
    """Return a stretch at the desk: doing what, from when to when, how long."""
    ended = wording.clock(line.closed_at, visit.zone) if line.closed_at else _("now")
    return Row(
        str(PRESENCE.get(line.kind, line.kind)),
        [f"{wording.clock(line.opened_at, visit.zone)}–{ended}", lasted(line.lasted)],
    )


def load_rows(lines: list[LoadLine], visit: DeskVisit) -> list[Row]:
    """Return what was shown, line by line, with its arithmetic; one query, for the names of categories."""
    labels = dict(Category.objects.values_list("code", "label")) if lines else {}
    return [_load_row(line, labels, visit) for line in lines]


def whose(scope: str) -> str:
    """Return who set a limit, as a cell says it."""
    return str(SCOPES.get(scope, scope))


def lasted(span: timedelta) -> str:
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


def minutes(span: timedelta) -> str:
    """Return '26', '0.6', or a dash for nothing: minutes for a table of many days."""
    if not span:
        return "–"
    tenths = round(span.total_seconds() / 6)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def day_name(on: date) -> str:
    """Return 'Friday 20 November'."""
    return date_format(on, "l j F")


def short_day(on: date) -> str:
    """Return 'Fri 20'."""
    return date_format(on, "D j")


def moment(at: datetime, visit: DeskVisit) -> str:
    """Return '14:20' of today, else '20 Nov 14:20'."""
    local = at.astimezone(visit.zone)
    if local.date() == visit.at.astimezone(visit.zone).date():
        return f"{local:%H:%M}"
    return f"{local:%d %b %H:%M}".lstrip("0")


def _load_row(line: LoadLine, labels: dict[str, str], visit: DeskVisit) -> Row:
    what = labels.get(line.category, _("Not labelled"))
    return Row(
        f"{wording.clock(line.first_at, visit.zone)} · {what}, {wording.severity(line.severity)}",
        [_level(line), line.arithmetic or _unknown_weights(line), f"{line.points:.2f}"],
    )


def _unknown_weights(line: LoadLine) -> str:
    return _("Weighed by version %(version)d, which this Respite does not know. The sum was kept.") % {
        "version": line.version
    }


def _level(line: LoadLine) -> str:
    """Return 'grey', 'colour, with sound', 'colour, full screen'."""
    parts = [
        str(LEVELS.get(line.level, line.level)),
        _("with sound") if line.sound else "",
        _("full screen") if line.full_screen else "",
    ]
    return ", ".join(part for part in parts if part)
