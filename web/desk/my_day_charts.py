"""The charts of 'My day': minutes by severity, and load with amber and red. Each says in words what it shows."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from web.desk import wording
from web.desk.charts import FEW, Chart, Column, Mark, Piece, bars, columns
from web.desk.my_day_words import day_name, lasted
from wellbeing.my_day.selectors.periods import DaySums, Part, Period
from wellbeing.my_day.selectors.today import LoadState

LOADS: Final = {
    "block": gettext_lazy("Since the last break"),
    "day": gettext_lazy("Today"),
    "week": gettext_lazy("7 days"),
    "month": gettext_lazy("28 days"),
}


def minutes_by_severity(parts: Sequence[tuple[int, timedelta]], *, title: str) -> Chart:
    """Draw a bar per severity."""
    rows = [
        Column(
            name=wording.severity(severity),
            pieces=[Piece(_minutes(span), f"chart-s{severity}", says=lasted(span))],
            value=lasted(span) if span else "–",
        )
        for severity, span in parts
    ]
    says = "; ".join(f"{wording.severity(severity)}: {lasted(span)}" for severity, span in parts if span)
    return bars(name="minutes", title=title, says=says or _("Nothing was shown."), rows=rows)


def loads(standings: Sequence[LoadState]) -> Chart:
    """Draw a bar per stretch of time, with its own amber and red."""
    rows = [
        Column(
            name=str(LOADS[one.name]),
            pieces=[
                Piece(one.points, "chart-load", says=_("%(points)s points of load") % {"points": one.points})
            ],
            value=f"{one.points:.1f}",
            marks=_marks(one.amber, one.red),
        )
        for one in standings
    ]
    says = "; ".join(
        _("%(name)s: %(points)s points of load, amber (said) from %(amber)d, red (enough) from %(red)d")
        % {"name": LOADS[one.name], "points": one.points, "amber": one.amber, "red": one.red}
        for one in standings
    )
    return bars(name="load", title=_("Load, with amber and red"), says=says, rows=rows)


def minutes_by_day(period: Period) -> Chart:
    """Draw a column per day, its severities upon each other."""
    says = "; ".join(
        f"{wording.severity(part.severity)}: {lasted(part.lasted)}" for part in period.parts if part.lasted
    )
    return columns(
        name="minutes",
        title=_("Minutes a day, by severity"),
        says=says or _("Nothing was shown."),
        days=[
            Column(_name(day, n, period), [_piece(part, day) for part in day.parts])
            for n, day in enumerate(period.days)
        ],
    )


def load_by_day(period: Period) -> Chart:
    """Draw a column per day, with what is amber and red for one day."""
    days = [
        Column(
            _name(day, n, period),
            [Piece(day.load, "chart-load", says=f"{day_name(day.date)}: {day.load}")],
        )
        for n, day in enumerate(period.days)
    ]
    says = _(
        "%(load)s points of load together. Of one day, from %(amber)d it is amber: said; from %(red)d red: enough."
    ) % {
        "load": period.load,
        "amber": period.day_amber,
        "red": period.day_red,
    }
    return columns(
        name="load",
        title=_("Load a day, with amber and red of a day"),
        says=says,
        days=days,
        marks=_marks(period.day_amber, period.day_red),
    )


def _marks(amber: int, red: int) -> list[Mark]:
    return [
        Mark(amber, pgettext("mark in a chart", "amber %(value)d") % {"value": amber}, "chart-amber"),
        Mark(red, pgettext("mark in a chart", "red %(value)d") % {"value": red}, "chart-red"),
    ]


def _name(day: DaySums, number: int, period: Period) -> str:
    """Name each day of few by its weekday; of many, today and every seventh before by their date."""
    if len(period.days) <= FEW:
        return date_format(day.date, "D")
    return "" if (len(period.days) - 1 - number) % FEW else date_format(day.date, "j M")


def _piece(part: Part, day: DaySums) -> Piece:
    says = f"{day_name(day.date)}, {wording.severity(part.severity)}: {lasted(part.lasted)}"
    return Piece(_minutes(part.lasted), f"chart-s{part.severity}", str(part.severity), says)


def _minutes(span: timedelta) -> Decimal:
    return Decimal(int(span.total_seconds() * 1000)) / 60_000
