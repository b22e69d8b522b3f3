"""Times as people read them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import T0
from web.shared.moments import from_then

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "09:00"), (1, "09:01"), (59, "09:01"), (60, "09:01"), (61, "09:02")]
)
def test_who_comes_back_on_the_minute_that_was_told_does_not_come_too_early(seconds: int, told: str) -> None:
    """'Back at 16:23' stood there at 16:22:37, and whoever came on the minute was refused."""
    assert from_then(T0 + timedelta(seconds=seconds), ZoneInfo("UTC")) == told
