"""What an exposure weighs, line by line, as WELLBEING.md writes it."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.cast import T0
from wellbeing.models import Level as LevelOfTheTable
from wellbeing.models import PresenceKind
from wellbeing.rules.load import Level, Stretch, entries, total
from wellbeing.rules.presence import Kind

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
    assert [(line.level, line.base) for line in lines] == [("shielded", 0), ("colour", 10), ("grey", 0)]


def test_two_cases_pay_two_bases() -> None:
    assert sum(line.base for line in entries([stretch(1), stretch(1, case_ref=uuid4())])) == 20


def test_stretches_of_one_presentation_are_one_line() -> None:
    lines = entries([stretch(10.6), stretch(10.6)])
    assert [(line.seconds, line.base) for line in lines] == [(21, 10)]
