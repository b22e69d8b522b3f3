"""Charts as shapes of an SVG picture: worked out here, drawn by ``desk/_chart.html``, coloured by classes alone.

Severity is told by a pattern and a number, never by colour. All lengths are whole units of the picture's own
coordinates. Beside each chart stands a table that says the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 240, 40, 74, 18, 30
NARROW, WIDE = 420, 560
FEW = 7
"""Up to so many columns a picture is narrow, and names each of them."""
ROW, ROW_WITH_MARKS, BAR = 50, 66, 18
LABELLED_FROM = 18
"""A part of a column bears its number from this height and width on."""
STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; ``css`` says what it is, ``says`` what it means to who points at it."""

    x: int
    y: int
    width: int
    height: int
    css: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line from one point to another."""

    x1: int
    y1: int
    x2: int
    y2: int
    css: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a point; ``css`` tells where they are anchored."""

    x: int
    y: int
    words: str
    css: str = "chart-middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: ``name`` to tell its parts from those of another, ``title`` and ``says`` for who does not see it."""

    name: str
    title: str
    says: str
    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column or bar: its size, and the class that fills it; ``label`` stands in it if there is room."""

    size: Decimal
    css: str
    label: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A value that a line is drawn at, with its name."""

    value: int
    name: str
    css: str


@dataclass(frozen=True, slots=True)
class Column:
    """One day, or one bar. ``name`` and ``value`` stand beside it; ``marks`` are of a bar with a scale of its own."""

    name: str
    pieces: Sequence[Piece]
    value: str = ""
    marks: Sequence[Mark] = ()

    @property
    def size(self) -> Decimal:
        """How long the whole is, in what it counts."""
        return sum((piece.size for piece in self.pieces), Decimal(0))


def columns(*, name: str, title: str, says: str, days: Sequence[Column], marks: Sequence[Mark] = ()) -> Chart:
    """Draw a column per day, its pieces upon each other, and a line per mark."""
    chart = Chart(name, title, says, NARROW if len(days) <= FEW else WIDE, HEIGHT)
    top = scale_end([*(day.size for day in days), *(Decimal(mark.value) for mark in marks)])
    chart.lines.extend(_grid(chart.width, top))
    chart.texts.extend(_scale(top))
    slot = (chart.width - LEFT - RIGHT) / len(days)
    for number, day in enumerate(days):
        _column(chart, day, x=LEFT + int(slot * number) + 2, width=int(slot * 0.8), top=top)
    for mark in marks:
        _mark(chart, mark, top=top)
    return chart


def bars(*, name: str, title: str, says: str, rows: Sequence[Column]) -> Chart:
    """Draw a bar per row, from left to right, its name above it; bars without marks share one scale."""
    shared = scale_end([row.size for row in rows if not row.marks])
    heights = [ROW_WITH_MARKS if row.marks else ROW for row in rows]
    chart = Chart(name, title, says, NARROW, sum(heights))
    for number, row in enumerate(rows):
        end = _own_end(row) if row.marks else shared
        _bar(chart, row, y=sum(heights[:number]), end=end)
    return chart


def scale_end(sizes: Sequence[Decimal]) -> int:
    """Return the end of a scale: the least of 2, 4, 10, 20, 40, 100 … that no size is above."""
    largest, unit = max([*sizes, Decimal(2)]), 2
    while True:
        for step in STEPS:
            if unit * step >= largest:
                return unit * step
        unit *= 10


def _column(chart: Chart, day: Column, *, x: int, width: int, top: int) -> None:
    below = Decimal(0)
    for piece in day.pieces:
        lower, upper = _up(below, top), _up(below + piece.size, top)
        below += piece.size
        if lower <= upper:
            continue
        chart.boxes.append(Box(x, upper, width, lower - upper, piece.css, piece.says))
        if piece.label and min(lower - upper, width) >= LABELLED_FROM:
            chart.texts.append(Text(x + width // 2, (upper + lower) // 2 + 5, piece.label, "chart-in"))
    if day.name:
        chart.texts.append(Text(x + width // 2, HEIGHT - BOTTOM + 20, day.name))


def _bar(chart: Chart, row: Column, *, y: int, end: int) -> None:
    chart.texts.append(Text(0, y + 16, row.name, "chart-start"))
    chart.texts.append(Text(chart.width, y + 16, row.value, "chart-end"))
    chart.lines.append(Line(0, y + 24 + BAR, chart.width, y + 24 + BAR, "chart-grid"))
    before = Decimal(0)
    for piece in row.pieces:
        x, until = _along(before, chart.width, end), _along(before + piece.size, chart.width, end)
        before += piece.size
        if until > x:
            chart.boxes.append(Box(x, y + 24, until - x, BAR, piece.css, piece.says))
    for mark in row.marks:
        x = _along(Decimal(mark.value), chart.width, end)
        chart.lines.append(Line(x, y + 20, x, y + 28 + BAR, mark.css))
        chart.texts.append(Text(x, y + 42 + BAR, mark.name))


def _mark(chart: Chart, mark: Mark, *, top: int) -> None:
    y = _up(Decimal(mark.value), top)
    chart.lines.append(Line(LEFT, y, chart.width - RIGHT, y, mark.css))
    chart.texts.append(Text(chart.width - RIGHT + 4, y + 5, mark.name, "chart-start"))


def _grid(width: int, top: int) -> Iterator[Line]:
    for value in (0, top // 2, top):
        y = _up(Decimal(value), top)
        yield Line(LEFT, y, width - RIGHT, y, "chart-grid")


def _scale(top: int) -> Iterator[Text]:
    for value in (0, top // 2, top):
        yield Text(LEFT - 6, _up(Decimal(value), top) + 5, str(value), "chart-end")


def _own_end(row: Column) -> int:
    """Return the end of a bar's own scale: some room beyond the last mark, or beyond the bar itself."""
    return int(max(max(mark.value for mark in row.marks) * Decimal("1.1"), row.size)) + 1


def _up(value: Decimal, top: int) -> int:
    return HEIGHT - BOTTOM - int(value * (HEIGHT - BOTTOM - TOP) / top)


def _along(value: Decimal, width: int, end: int) -> int:
    return int(value * width / end)
