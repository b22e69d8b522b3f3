"""Charts as shapes: nothing leaves the picture, nothing is lost, and what is higher is drawn higher.

Seen red with ``lower <= upper`` left out of ``_column`` (boxes without height), and with the scale's end below the largest.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.desk.charts import Chart, Column, Mark, Piece, bars, columns, scale_end

pytestmark = pytest.mark.any_database

SIZES = st.integers(0, 10_000_000).map(lambda hundredths: Decimal(hundredths) / 100)
DAYS = st.lists(st.lists(SIZES, max_size=3), min_size=1, max_size=9)


def drawn(days: list[list[Decimal]], *marks: int) -> Chart:
    return columns(
        name="load",
        title="Load",
        says="",
        days=[
            Column(f"day {n}", [Piece(size, "chart-load", says=f"day {n}") for size in day])
            for n, day in enumerate(days)
        ],
        marks=[Mark(value, f"red {value}", "chart-red") for value in marks],
    )


@given(DAYS, st.integers(1, 5_000))
def test_everything_lies_within_the_picture(days: list[list[Decimal]], mark: int) -> None:
    chart = drawn(days, mark)
    for box in chart.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.width > 0
        assert box.height > 0
        assert box.x + box.width <= chart.width
        assert box.y + box.height <= chart.height
    for line in chart.lines:
        assert 0 <= line.y1 <= chart.height


@given(st.lists(SIZES, min_size=2, max_size=9))
def test_a_higher_day_is_never_drawn_lower(sizes: list[Decimal]) -> None:
    heights = {box.says: box.height for box in drawn([[size] for size in sizes]).boxes}
    drawn_as = [heights.get(f"day {n}", 0) for n in range(len(sizes))]
    in_order = sorted(range(len(sizes)), key=lambda n: sizes[n])
    assert [drawn_as[n] for n in in_order] == sorted(drawn_as)


@given(st.lists(SIZES, max_size=9))
def test_no_size_is_above_the_end_of_the_scale(sizes: list[Decimal]) -> None:
    assert all(size <= scale_end(sizes) for size in sizes)


@pytest.mark.parametrize(
    ("largest", "end"),
    [
        # nothing at all still has a scale
        (0, 2),
        (2, 2),
        (3, 4),
        (10, 10),
        (11, 20),
        (240, 400),
        (960, 1000),
        (3200, 4000),
    ],
)
def test_a_scale_ends_at_a_number_that_is_read_at_a_glance(largest: int, end: int) -> None:
    assert scale_end([Decimal(largest)]) == end


def test_a_part_bears_its_number_where_there_is_room() -> None:
    wide = columns(
        name="m",
        title="",
        says="",
        days=[Column("a", [Piece(Decimal(90), "chart-s3", "3"), Piece(Decimal(1), "chart-s4", "4")])],
    )
    assert [text.words for text in wide.texts if text.css == "chart-in"] == ["3"]


def test_a_mark_of_a_bar_lies_on_the_bar_s_own_scale() -> None:
    row = Column("Today", [Piece(Decimal(240), "chart-load")], marks=[Mark(240, "red 240", "chart-red")])
    chart = bars(name="load", title="", says="", rows=[row])
    red = next(line for line in chart.lines if line.css == "chart-red")
    assert red.x1 == chart.boxes[0].width


@given(st.integers(0, 10_000), st.integers(1, 5_000))
def test_a_bar_beyond_red_stays_in_the_picture(size: int, red: int) -> None:
    row = Column("Today", [Piece(Decimal(size), "chart-load")], marks=[Mark(red, "red", "chart-red")])
    chart = bars(name="load", title="", says="", rows=[row])
    assert all(box.x + box.width <= chart.width for box in chart.boxes)
    assert all(line.x1 <= chart.width for line in chart.lines)
