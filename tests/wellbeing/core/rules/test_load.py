"""What an exposure weighs, line by line, as WELLBEING.md writes it.

Seen red without: the bound of 600 s in ``charge`` and in ``charge_at_one``, the base once in either, the clearest presentation in it, the base going over in ``_count``.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import T0
from wellbeing.core.rules.load import (
    SHIPPED_WEIGHTS,
    UNITS_PER_POINT,
    Level,
    Line,
    ShownSoFar,
    Stretch,
    charge,
    charge_at_one,
    clearest_after,
    entries,
    line_of,
    total,
)
from wellbeing.core.rules.presence import Kind
from wellbeing.models import Level as LevelOfTheTable
from wellbeing.models import PresenceKind

pytestmark = pytest.mark.any_database

CASE = UUID(int=1)


def stretch(seconds: float, severity: int = 2, level: str = "colour", **other: Any) -> Stretch:
    facts: dict[str, Any] = {
        "case_ref": CASE,
        "opened_at": T0,
        "category": "GORE",
        "medium": "image",
        "sound": False,
        "full_screen": False,
    } | other
    return Stretch(severity=severity, level=level, shown_ms=round(seconds * 1000), **facts)


def test_the_words_are_those_of_the_tables() -> None:
    assert [level.value for level in Level] == LevelOfTheTable.values
    assert [kind.value for kind in Kind] == PresenceKind.values


@pytest.mark.parametrize(
    ("one", "points"),
    [
        (stretch(50), "1.00"),  # one point is one minute of silent severity-2 colour, its base included
        (stretch(50, severity=0), "0.00"),
        (stretch(60, severity=1), "0.25"),  # no base below severity 2
        (stretch(50, severity=3), "2.00"),
        (stretch(50, severity=4), "4.00"),
        (stretch(50, level="shielded"), "0.50"),
        (stretch(50, level="lens"), "0.80"),
        (stretch(50, level="grey"), "0.90"),
        (stretch(50, full_screen=True), "1.10"),
        (stretch(50, level="grey", full_screen=True), "0.90"),
        (stretch(50, level="text"), "0.50"),
        (stretch(50, level="grey", medium="audio"), "0.90"),
        (stretch(50, sound=True), "1.30"),
        (stretch(600), "10.17"),
        (stretch(601), "10.17"),  # 600 s at most
        (stretch(0), "0.17"),
    ],
)
def test_what_one_stretch_weighs(one: Stretch, points: str) -> None:
    assert total(entries([one])) == Decimal(points)


def test_a_line_shows_its_arithmetic() -> None:
    line = entries([stretch(35, severity=3, level="grey")])[0]
    assert line.arithmetic == "2 × 0.9 × (10 + 35) / 60 = 1.35"
    loud = entries([stretch(35, severity=3, level="grey", sound=True)])[0]
    assert loud.arithmetic == "2 × 0.9 × 1.3 × (10 + 35) / 60 = 1.76"


def test_the_base_is_charged_once_at_the_clearest_level() -> None:
    lines = entries([stretch(30, level="shielded"), stretch(20), stretch(10, level="grey")])
    assert [(line.level, int(line.base)) for line in lines] == [("shielded", 0), ("colour", 10), ("grey", 0)]


def test_two_cases_pay_two_bases() -> None:
    assert sum(line.base for line in entries([stretch(1), stretch(1, case_ref=uuid4())])) == 20


def test_stretches_of_one_presentation_are_one_line() -> None:
    lines = entries([stretch(10.6), stretch(10.6)])
    assert [(line.seconds, int(line.base)) for line in lines] == [(21, 10)]


def test_milliseconds_stand_in_the_arithmetic_so_that_it_can_be_checked() -> None:
    assert entries([stretch(10.6), stretch(10.6)])[0].arithmetic == "1 × 1.0 × (10 + 21.2) / 60 = 0.52"


def test_beyond_the_bound_the_arithmetic_has_the_bound() -> None:
    line = entries([stretch(500), stretch(200)])[0]
    assert (line.seconds, line.arithmetic) == (700, "1 × 1.0 × (10 + 600) / 60 = 10.17")


def test_a_base_charged_at_one_weight_is_not_charged_again_at_another() -> None:
    later = stretch(0, severity=3, level="colour", opened_at=T0 + timedelta(minutes=1))
    lines = entries([stretch(0, level="grey"), later])
    assert [line.units for line in lines] == [100 * 90 * 10_000, 200 * 10 * 10_000]


# (severity, level, medium, sound, full screen, line ms before, ms, clearest before, units)
CHARGES = [
    (
        2,
        "colour",
        "image",
        False,
        False,
        0,
        60_000,
        100,
        100 * 100 * 60_000,
    ),  # a minute, base paid: one point
    (2, "colour", "image", False, False, 0, 0, 0, 100 * 100 * 10_000),  # the base alone
    (
        2,
        "grey",
        "image",
        False,
        False,
        0,
        0,
        50,
        100 * 40 * 10_000,
    ),  # what grey adds to the base of the shield
    (2, "shielded", "image", False, False, 0, 0, 90, 0),  # less clear than before: no base
    (1, "colour", "image", False, False, 0, 1000, 0, 25 * 100 * 1000),  # no base below severity 2
    (0, "colour", "image", True, True, 0, 1000, 0, 0),  # severity 0 weighs nothing
    (3, "colour", "video", True, True, 0, 1000, 143, 200 * 143 * 1000),  # full screen with sound
    (3, "grey", "video", False, True, 0, 1000, 90, 200 * 90 * 1000),  # full screen weighs in colour alone
    (3, "text", "audio", True, False, 0, 1000, 117, 200 * 117 * 1000),  # audio only, at whatever level
    (4, "colour", "image", False, False, 599_000, 1000, 100, 400 * 100 * 1000),  # up to the bound
    (4, "colour", "image", False, False, 599_000, 1001, 100, 400 * 100 * 1000),  # a millisecond over it
    (4, "colour", "image", False, False, 600_000, 1000, 100, 0),  # behind it
]


@pytest.mark.parametrize(
    ("severity", "level", "medium", "sound", "full_screen", "line_ms", "shown_ms", "clearest", "units"),
    CHARGES,
)
def test_what_one_row_adds(
    severity: int,
    level: str,
    medium: str,
    sound: bool,
    full_screen: bool,
    line_ms: int,
    shown_ms: int,
    clearest: int,
    units: int,
) -> None:
    line = line_of(level=level, medium=medium, sound=sound, full_screen=full_screen)
    found = charge(
        weight=SHIPPED_WEIGHTS[severity],
        severity=severity,
        factor=line.factor,
        line_ms=line_ms,
        shown_ms=shown_ms,
        clearest=clearest,
    )
    assert found == units


def test_a_case_below_severity_2_leaves_the_base_to_be_charged() -> None:
    assert clearest_after(0, severity=1, factor=100) == 0
    assert clearest_after(50, severity=2, factor=100) == 100


P = {"text": "0.5", "shielded": "0.5", "lens": "0.8", "grey": "0.9", "colour": "1.0"}
Shown = tuple[str, bool, bool, int]
shown = st.tuples(st.sampled_from(sorted(P)), st.booleans(), st.booleans(), st.integers(0, 400_000))


def as_written(severity: int, rows: Sequence[Shown]) -> Fraction:
    """The formula of WELLBEING.md over one case and date, in points."""
    seconds: dict[tuple[str, Fraction], Fraction] = {}
    for level, sound, full_screen, ms in rows:
        p = Fraction("1.1") if full_screen and level == "colour" else Fraction(P[level])
        key = level, p * (Fraction("1.3") if sound else 1)
        seconds[key] = seconds.get(key, Fraction(0)) + Fraction(ms, 1000)
    clearest = max((factor for _, factor in seconds), default=Fraction(0))
    lines = sum(factor * min(shown_for, Fraction(600)) for (_, factor), shown_for in seconds.items())
    base = clearest * 10 if severity >= 2 else 0
    return Fraction(SHIPPED_WEIGHTS[severity], 100) * (lines + base) / 60


@given(st.integers(0, 4), st.lists(shown, max_size=12))
def test_row_by_row_it_comes_to_the_formula_in_whatever_order(severity: int, rows: list[Shown]) -> None:
    so_far, units = ShownSoFar(), 0
    for level, sound, full_screen, ms in rows:
        line: Line = line_of(level=level, medium="video", sound=sound, full_screen=full_screen)
        line_ms, clearest = so_far.before(line)
        units += charge(
            weight=SHIPPED_WEIGHTS[severity],
            severity=severity,
            factor=line.factor,
            line_ms=line_ms,
            shown_ms=ms,
            clearest=clearest,
        )
        so_far.add(line, severity=severity, shown_ms=ms)
    assert Fraction(units, UNITS_PER_POINT) == as_written(severity, rows)


@given(st.integers(0, 4), st.lists(shown, max_size=12))
def test_the_lines_that_a_person_reads_come_to_the_same(severity: int, rows: list[Shown]) -> None:
    stretches = [
        stretch(
            ms / 1000,
            severity=severity,
            level=level,
            medium="video",
            sound=sound,
            full_screen=full_screen,
            opened_at=T0 + timedelta(hours=place),
        )
        for place, (level, sound, full_screen, ms) in enumerate(rows)
    ]
    lines = entries(stretches)
    assert Fraction(sum(line.units for line in lines), UNITS_PER_POINT) == as_written(severity, rows)
    assert all(line.base in {0, 10} for line in lines)


# ── at P = 1 ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# (severity, medium, of the case before in ms, shown in ms, base charged before, units)
AT_ONE = [
    (2, "image", 0, 60_000, True, 100 * 100 * 60_000),  # a minute at whatever level: one point
    (2, "image", 0, 0, False, 100 * 100 * 10_000),  # the base alone
    (1, "video", 0, 1000, False, 25 * 100 * 1000),  # no base below severity 2
    (0, "video", 0, 1000, False, 0),  # severity 0 weighs nothing
    (3, "text", 0, 1000, False, 200 * 50 * 11_000),  # text tells a medium
    (3, "audio", 0, 1000, True, 200 * 90 * 1000),  # so does audio
    (4, "video", 599_000, 1001, True, 400 * 100 * 1000),  # a millisecond over the bound of the case
    (4, "video", 600_000, 1000, True, 0),  # behind it
]


@pytest.mark.parametrize(("severity", "medium", "case_ms", "shown_ms", "is_based", "units"), AT_ONE)
def test_what_one_row_adds_at_one(
    severity: int, medium: str, case_ms: int, shown_ms: int, is_based: bool, units: int
) -> None:
    found = charge_at_one(
        weight=SHIPPED_WEIGHTS[severity],
        severity=severity,
        medium=medium,
        case_ms=case_ms,
        shown_ms=shown_ms,
        is_based=is_based,
    )
    assert found == units


def at_one(severity: int, medium: str, rows: Sequence[Shown]) -> int:
    so_far, units = ShownSoFar(), 0
    for level, sound, full_screen, ms in rows:
        line = line_of(level=level, medium=medium, sound=sound, full_screen=full_screen)
        units += charge_at_one(
            weight=SHIPPED_WEIGHTS[severity],
            severity=severity,
            medium=medium,
            case_ms=so_far.case_ms,
            shown_ms=ms,
            is_based=so_far.clearest > 0,
        )
        so_far.add(line, severity=severity, shown_ms=ms)
    return units


@given(
    st.integers(0, 4),
    st.sampled_from(("text", "image", "video", "audio")),
    st.lists(shown, min_size=1),
    st.data(),
)
def test_at_one_it_is_the_same_however_clearly_and_in_how_many_pieces_somebody_looked(
    severity: int, medium: str, rows: list[Shown], data: st.DataObject
) -> None:
    together = sum(ms for *_, ms in rows)
    parts = data.draw(st.lists(st.integers(0, together), max_size=5))
    bounds = [0, *sorted(parts), together]
    otherwise = [(*data.draw(shown)[:3], until - since) for since, until in pairwise(bounds)]
    assert at_one(severity, medium, rows) == at_one(severity, medium, otherwise)
