"""The schedule of API.md 'Webhooks', and what answers mean, as tables."""

from datetime import timedelta

import pytest

from moderation.rules.deliveries import GAPS, Outcome, asked_delay, longer, outcome_of
from tests.cast import T0

pytestmark = pytest.mark.any_database

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def test_ten_attempts_with_the_gaps_that_the_interface_promises() -> None:
    hours = [gap / timedelta(hours=1) for gap in GAPS[3:]]
    assert GAPS[:3] == (timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30))
    assert hours == [2, 5, 10, 14, 20, 24]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (299, Outcome.DELIVERED),
        (199, Outcome.FAILED),
        (301, Outcome.FAILED),  # a redirect is a failure
        (404, Outcome.FAILED),
        (410, Outcome.GONE),
        (429, Outcome.FAILED),
        (500, Outcome.FAILED),
        (None, Outcome.FAILED),  # no answer
    ],
)
def test_only_2xx_is_success(status: int | None, outcome: Outcome) -> None:
    assert outcome_of(status) is outcome


@pytest.mark.parametrize(
    ("header", "delay"),
    [
        (None, None),
        ("", None),
        ("60", MINUTE),
        (" 60 ", MINUTE),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
        ("86401", DAY),  # bounded
        ("9" * 400, DAY),
        ("Mon, 23 Nov 2026 09:01:00 GMT", MINUTE),
        ("Mon, 23 Nov 2026 08:59:00 GMT", None),  # passed
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        ("Mon, 99 Nov 2026 09:01:00 GMT", None),
    ],
)
def test_retry_after_is_understood_and_bounded(header: str | None, delay: timedelta | None) -> None:
    assert asked_delay(header, at=T0) == delay


def test_the_receiver_may_only_lengthen_a_gap() -> None:
    assert longer(MINUTE, None) == MINUTE
    assert longer(MINUTE, MINUTE / 2) == MINUTE
    assert longer(MINUTE, DAY) == DAY
