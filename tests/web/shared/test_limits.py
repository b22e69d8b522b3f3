"""How values of limits are written and read. Seen red without the seconds of ``written``, and with ``int(seconds)`` alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.shared import limits
from wellbeing.core.rules.limits import DEFAULT_PRESET

pytestmark = pytest.mark.any_database


@given(st.sampled_from(sorted(DEFAULT_PRESET)), st.integers(0, 86_400))
def test_what_a_field_shows_reads_back_as_the_same_value(name: str, value: int) -> None:
    assert limits.read(name, limits.written(name, value)) == value


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 5400),
        (" 90 ", 5400),
        ("1:30", 90),
        ("0:05", 5),
        ("1.5", 90),
        ("1,5", 90),
        ("0", 0),
        ("0.25", 15),
    ],
)
def test_minutes_are_written_in_several_ways(text: str, seconds: int) -> None:
    assert limits.read("seconds_3", text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "-5", "+5", "1:60", "1:5", "1e3", "ninety", "0.33", "1.234", "٩٠", "90 min", "1" * 9, "\0", "½"],
)
def test_what_is_no_number_of_minutes_is_told_how_one_is_written(text: str) -> None:
    with pytest.raises(limits.Unreadable, match=r"like 90\. A minute and a half is 1:30"):
        limits.read("seconds_3", text)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1:30", "many"])
def test_cases_are_whole_numbers(text: str) -> None:
    with pytest.raises(limits.Unreadable, match="whole number of cases"):
        limits.read("cases_3", text)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("seconds_3", 7200, "at most 120 min"),
        ("cases_3", 150, "at most 150 cases"),
        ("cases_4", 1, "at most 1 case"),
        ("work_rest_seconds", 600, "at least 10 min"),
        ("work_seconds", 90, "at most 1 min 30 s"),
        ("work_seconds", 40, "at most 40 s"),
        ("severe_days_7", 4, "at most 4 days"),
        ("extreme_weeks", 1, "at most 1 week"),
        ("late_severity", 2, "at most severity 2"),
        ("stop_minute", 960, "at most 16:00"),
        ("load_day_red", 240, "at most 240 points of load"),
        ("rapid_rise_red", 200, "at most 200 %"),
        ("postponed_day", 2, "at most 2 times"),
    ],
)
def test_a_bound_says_which_way_it_holds(name: str, value: int, words: str) -> None:
    assert limits.bound(name, value) == words


@pytest.mark.parametrize(("text", "minutes"), [("16:00", 960), ("24:00", 1440), ("00:05", 5)])
def test_a_time_of_day_is_minutes_after_midnight(text: str, minutes: int) -> None:
    assert (limits.read("stop_minute", text), limits.written("stop_minute", minutes)) == (minutes, text)


@pytest.mark.parametrize("text", ["", "16", "4 pm", "16:60"])
def test_what_is_no_time_of_day_is_told_how_one_is_written(text: str) -> None:
    with pytest.raises(limits.Unreadable, match="like 16:00"):
        limits.read("stop_minute", text)


def test_every_limit_has_a_name_and_a_place() -> None:
    assert set(limits.NAMES) == set(DEFAULT_PRESET)
