"""A page that comes back says since when it was covered: believed within bounds, and never twice."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import Sum

from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look
from wellbeing.core.rules.recounting import differences
from wellbeing.core.selectors.recounted import books
from wellbeing.core.services import exposure
from wellbeing.exceptions import CoverNotBelieved
from wellbeing.models import Exposure, ExposureSum


def seconds() -> float:
    return (ExposureSum.objects.aggregate(all=Sum("shown_ms"))["all"] or 0) / 1000


def reports(desk: Desk, page: UUID, silent: timedelta) -> None:
    desk.act(exposure.believe, exposure_id=page, silent_ms=silent // timedelta(milliseconds=1))


def test_a_page_is_believed_that_it_covered_itself(desk: Desk) -> None:
    page = desk.show(a_look(3)).pk
    reports(desk.wait(4 * MINUTE), page, 3 * MINUTE)
    assert seconds() == 60
    state = desk.locked().state
    assert (state.severe_ms, state.believed_ms) == (60_000, 180_000)


def test_what_is_believed_was_time_at_an_open_desk(desk: Desk) -> None:
    """As it is for a page that covers itself and is heard. Seen red while it was taken from the counters of the desk's break, too."""
    page = desk.show(a_look(3)).pk
    reports(desk.wait(4 * MINUTE), page, 3 * MINUTE)
    state = desk.locked().state
    assert (state.work_ms, state.since_rest_ms) == (240_000, 240_000)


def test_never_below_ten_seconds_after_the_last_sign(desk: Desk) -> None:
    page = desk.show(a_look(3)).pk
    reports(desk.wait(2 * MINUTE), page, 2 * MINUTE)
    assert seconds() == 10


def test_five_minutes_on_a_day_and_the_rest_counts_in_full(desk: Desk) -> None:
    for expected in (10, 20, 180):
        page = desk.show(a_look(1)).pk
        reports(desk.wait(160 * SECOND), page, 160 * SECOND)
        assert seconds() == expected
    desk.wait(timedelta(days=1))
    page = desk.show(a_look(1)).pk
    reports(desk.wait(160 * SECOND), page, 160 * SECOND)
    assert seconds() == 190


def test_a_page_that_comes_back_after_its_ten_minutes_is_believed_for_five(desk: Desk) -> None:
    page = desk.show(a_look(1)).pk
    desk.wait(11 * MINUTE).locked()
    reports(desk.wait(20 * MINUTE), page, 31 * MINUTE)
    assert seconds() == 300


def test_a_report_is_taken_once(desk: Desk) -> None:
    page = desk.show(a_look(1)).pk
    reports(desk.wait(2 * MINUTE), page, MINUTE)
    reports(desk, page, 2 * MINUTE)
    assert seconds() == 60


def test_what_lies_in_two_quarters_is_taken_back_from_both(desk: Desk) -> None:
    desk.wait(13 * MINUTE)
    page = desk.show(a_look(3)).pk
    reports(desk.wait(4 * MINUTE), page, 3 * MINUTE)
    assert seconds() == 60
    today = desk.at.date()
    both = books(desk.subject, since=today, up_to=today, zones=(), until=desk.at)
    assert differences(both.stored, both.found, since=today, up_to=today, zones=()) == []
    assert sorted(Exposure.objects.values_list("shown_ms", flat=True)) == [0, 60_000]


@pytest.mark.parametrize("silent_ms", [-1, 86_400_001])
def test_what_cannot_be_is_refused_and_counts_in_full(desk: Desk, silent_ms: int) -> None:
    page = desk.show(a_look(1)).pk
    desk.wait(MINUTE).locked()
    with pytest.raises(CoverNotBelieved):
        desk.act(exposure.believe, exposure_id=page, silent_ms=silent_ms)
    desk.wait(MINUTE).locked()
    assert seconds() >= 60


def test_another_s_exposure_is_refused_and_one_s_own_goes_on(desk: Desk) -> None:
    other = Desk(uuid4(), desk.at).open()
    theirs = other.show(a_look(2)).pk
    desk.show(a_look(1))
    for page in (theirs, uuid4()):
        with pytest.raises(CoverNotBelieved):
            reports(desk.wait(5 * SECOND), page, 5 * SECOND)
    assert Exposure.objects.filter(closed_at__isnull=True).count() == 2


def test_what_was_looked_at_before_the_last_is_not_taken_back(desk: Desk) -> None:
    first = desk.show(a_look(1)).pk
    desk.wait(MINUTE).show(a_look(1))
    desk.wait(5 * SECOND).act(exposure.cover, reason="esc")
    with pytest.raises(CoverNotBelieved):
        reports(desk, first, MINUTE)
    assert seconds() == 65


def test_what_is_taken_back_from_before_a_rest_does_not_shorten_the_work_since(desk: Desk) -> None:
    """The rest has answered it already. Seen red: five minutes of the next block went with it, and its break came so much later."""
    page = desk.show(a_look(1)).pk
    desk.wait(21 * MINUTE).locked()
    assert desk.locked().state.work_ms == 0
    desk.open().look_for(7 * MINUTE)
    worked = desk.locked().state
    assert worked.work_ms >= 7 * 60_000
    reports(desk, page, 27 * MINUTE)
    state = desk.locked().state
    assert seconds() == 300
    assert (state.work_ms, state.since_rest_ms) == (worked.work_ms, worked.since_rest_ms)
