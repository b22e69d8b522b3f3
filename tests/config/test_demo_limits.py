"""What the demo promises to show within five minutes."""

import pytest

from config.demo.cast import SHORT_LIMITS
from wellbeing.core.rules.limits import DEFAULT_PRESET

pytestmark = pytest.mark.any_database

IN_FORCE = {**DEFAULT_PRESET, **SHORT_LIMITS}


def test_no_break_comes_before_the_limit_that_it_would_hide() -> None:
    assert IN_FORCE["seconds_3"] < min(IN_FORCE["severe_seconds"], IN_FORCE["work_seconds"])
    assert IN_FORCE["seconds_4"] < IN_FORCE["extreme_seconds"]


def test_a_limit_and_then_a_break_come_within_five_minutes() -> None:
    assert IN_FORCE["seconds_3"] < IN_FORCE["work_seconds"] <= 5 * 60
