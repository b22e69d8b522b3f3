"""What a look is expected to take."""

import pytest

from moderation.rules.estimates import estimate

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("medium", "severity", "seconds", "load"),
    [
        ("text", 0, 15, 0),  # severity 0 weighs nothing
        ("text", 2, 25, 0.29),  # 1 × 0.5 × (10 + 25) / 60
        ("picture", 1, 15, 0.06),  # 0.25 × 0.9 × 15 / 60: the base begins at severity 2
        ("picture", 3, 25, 1.05),  # 2 × 0.9 × (10 + 25) / 60
        ("picture", 4, 30, 2.4),  # 4 × 0.9 × (10 + 30) / 60
    ],
)
def test_seconds_and_load(medium, severity, seconds, load) -> None:
    found = estimate(medium=medium, severity=severity)
    assert (found.human_seconds, found.load) == (seconds, load)


@pytest.mark.parametrize("medium", ["text", "picture"])
def test_what_is_more_severe_is_never_expected_to_take_less(medium) -> None:
    all_five = [estimate(medium=medium, severity=severity) for severity in range(5)]
    assert [e.human_seconds for e in all_five] == sorted(e.human_seconds for e in all_five)
    assert [e.load for e in all_five] == sorted(e.load for e in all_five)
