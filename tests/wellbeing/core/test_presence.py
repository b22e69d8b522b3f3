"""All time at the desk counts (promise P9)."""

from datetime import timedelta

import pytest

from tests.cast import T0
from tests.wellbeing.steps import MINUTE, SECOND, Desk
from wellbeing.core.services import breaks, exposure, presence
from wellbeing.exceptions import NoOpenDesk
from wellbeing.models import Presence
from wellbeing.my_day.selectors.today import my_day


def intervals() -> list[tuple[str, float, float | None]]:
    rows = Presence.objects.order_by("opened_at", "id")
    return [
        (row.kind, (row.opened_at - T0) / SECOND, (row.closed_at - T0) / SECOND if row.closed_at else None)
        for row in rows
    ]


def beat(desk: Desk, duration: timedelta) -> None:
    desk.look_for(duration, every=15 * SECOND)


def test_kinds_follow_each_other_without_a_gap(desk: Desk) -> None:
    beat(desk, MINUTE)
    desk.act(presence.set_kind, kind="reviewing")
    beat(desk, MINUTE)
    desk.act(breaks.step_away)
    desk.wait(3 * MINUTE).act(breaks.finish)
    desk.act(presence.close_desk)
    assert intervals() == [
        ("waiting", 0, 60),
        ("reviewing", 60, 120),
        ("away", 120, 300),
        ("waiting", 300, 300),
    ]
    assert my_day(desk.subject, desk.at).working == 5 * MINUTE


def test_a_lost_line_is_told_and_still_working_time(desk: Desk) -> None:
    beat(desk, MINUTE)
    desk.wait(4 * MINUTE).act(exposure.beat, exposure_id=None, holding=False)
    assert intervals() == [("waiting", 0, 75), ("lost_line", 75, 300), ("waiting", 300, None)]


def test_a_desk_left_open_ends_where_it_was_last_heard_of(desk: Desk) -> None:
    beat(desk, MINUTE)
    desk.wait(timedelta(hours=8)).locked()
    assert intervals() == [("waiting", 0, 75)]


def test_opening_twice_goes_on(desk: Desk) -> None:
    desk.wait(SECOND).open(beating=False)
    assert intervals() == [("waiting", 0, None)]
    assert not Presence.objects.get().beating


def test_without_an_open_desk_there_is_nothing_to_change_or_close(desk: Desk) -> None:
    desk.act(presence.close_desk)
    with pytest.raises(NoOpenDesk):
        desk.act(presence.close_desk)
    with pytest.raises(NoOpenDesk):
        desk.act(presence.set_kind, kind="waiting")


def test_a_page_without_beats_works_for_ten_minutes_since_its_last_request(desk: Desk) -> None:
    desk.open(beating=False)
    desk.wait(9 * MINUTE).open(beating=False)
    desk.wait(10 * MINUTE)
    assert desk.locked().state.work_ms == 19 * 60_000
    desk.wait(SECOND)
    assert desk.locked().state.work_ms == 0  # ten minutes without a sign were a rest


def test_other_paid_work_is_no_queue_work(desk: Desk) -> None:
    desk.act(presence.set_kind, kind="other_work")
    beat(desk, 20 * MINUTE)
    assert desk.locked().state.work_ms == 0
