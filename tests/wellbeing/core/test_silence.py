"""Silence is never cheaper than honesty: what is not heard of counts, and no byte goes where nothing is heard."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from people.models import Team
from tests.wellbeing.steps import HOUR, MINUTE, SECOND, Desk, a_look, a_team_limit
from wellbeing.core.rules.clock import DATABASE, Second, in_ms
from wellbeing.core.selectors import second_clock
from wellbeing.core.selectors.stage import may_serve, stage_of
from wellbeing.core.services import breaks, exposure, presence
from wellbeing.core.services.locking import hold
from wellbeing.exceptions import BeatLate
from wellbeing.models import Break, Exposure, ExposureSum


def seconds() -> float:
    return (ExposureSum.objects.aggregate(all=Sum("shown_ms"))["all"] or 0) / 1000


def unheard() -> float:
    return (Exposure.objects.aggregate(all=Sum("unheard_ms"))["all"] or 0) / 1000


def test_a_page_that_says_it_beats_and_is_silent_counts_until_it_is_heard(desk: Desk) -> None:
    desk.show(a_look(3))
    desk.wait(240 * SECOND).act(exposure.cover, reason="esc")
    assert (seconds(), unheard()) == (240, 225)
    state = desk.locked().state
    assert (state.severe_ms, state.work_ms) == (240_000, 240_000)


def test_the_sweep_looks_on_and_ends_nothing(desk: Desk) -> None:
    desk.show(a_look(3))
    for _ in range(24):
        desk.wait(10 * SECOND).locked()
    assert seconds() == 240
    desk.act(exposure.cover, reason="esc")
    desk.wait(MINUTE).locked()
    assert seconds() == 240


def test_a_stretch_that_nobody_is_heard_of_counts_ten_minutes(desk: Desk) -> None:
    desk.show(a_look(1))
    desk.wait(30 * MINUTE).locked()
    assert seconds() == 600
    assert not Exposure.objects.filter(closed_at__isnull=True).exists()


def test_a_late_beat_covers_and_counts_what_was_not_heard(desk: Desk) -> None:
    desk.show(a_look(2))
    with pytest.raises(BeatLate):
        desk.beat(after=16 * SECOND)
    assert (desk.locked().exposure, seconds(), unheard()) == (None, 16, 1)


@pytest.mark.parametrize("beating", [True, False])
def test_nothing_is_cut_where_the_page_was_told_to_cover_itself(
    desk: Desk, north: Team, beating: bool
) -> None:
    a_team_limit(north, "seconds_3", 60)
    desk.show(a_look(3), beating=beating)
    desk.wait(4 * MINUTE).locked()
    desk.wait(4 * MINUTE).act(exposure.beat, exposure_id=None, holding=False)
    assert seconds() == 480
    desk.wait(2 * MINUTE).locked()
    assert seconds() == 600


def test_a_page_without_beats_is_served_nothing_once_it_was_to_cover_itself(desk: Desk, north: Team) -> None:
    a_team_limit(north, "work_seconds", 60)
    shown = desk.show(a_look(1), beating=False)
    assert shown.covers_at == desk.at + MINUTE

    def ask(after: timedelta) -> object:
        return may_serve(subject=desk.subject, exposure_id=shown.pk, level="grey", at=desk.at + after)

    assert ask(59 * SECOND)
    assert ask(MINUTE) is None
    assert stage_of(Exposure.objects.get(), desk.at + 59 * SECOND)
    assert stage_of(Exposure.objects.get(), desk.at + MINUTE) is None


def test_no_byte_ten_seconds_after_the_last_sign(desk: Desk) -> None:
    shown = desk.show(a_look(2))
    last = desk.at

    def ask(after: timedelta) -> object:
        return may_serve(subject=desk.subject, exposure_id=shown.pk, level="grey", at=last + after)

    assert ask(9 * SECOND)
    assert ask(10 * SECOND) is None
    assert stage_of(Exposure.objects.get(), last + 9 * SECOND)
    assert stage_of(Exposure.objects.get(), last + 10 * SECOND) is None


def test_a_break_that_begins_while_nobody_is_heard_is_no_rest_until_somebody_is(
    desk: Desk, north: Team
) -> None:
    a_team_limit(north, "severe_seconds", 60)
    desk.show(a_look(3))
    desk.wait(90 * SECOND).locked()
    desk.act(breaks.start)
    desk.rest_for(3 * MINUTE)
    assert Break.objects.get().served_ms == 0
    desk.act(exposure.cover, reason="esc")
    desk.rest_for(MINUTE)
    assert Break.objects.get().served_ms == in_ms(MINUTE)
    assert seconds() == 270


def test_a_break_that_nobody_is_heard_in_is_a_rest_ten_minutes_after_the_last_sign(
    desk: Desk, north: Team
) -> None:
    a_team_limit(north, "severe_seconds", 60)
    desk.show(a_look(3))
    desk.wait(90 * SECOND).locked()
    desk.act(breaks.start)
    desk.rest_for(10 * MINUTE)
    assert in_ms(80 * SECOND) <= Break.objects.get().served_ms <= in_ms(90 * SECOND)


def test_a_covered_desk_that_falls_silent_works_for_fifteen_seconds(desk: Desk) -> None:
    desk.beat()
    desk.wait(9 * MINUTE).locked()
    assert desk.locked().state.work_ms == 20_000


def test_what_somebody_else_takes_from_the_stage_counts_until_its_page_is_heard(desk: Desk) -> None:
    look = a_look(2)
    page = desk.show(look).pk
    desk.wait(2 * SECOND).act(exposure.close_look, case_ref=look.case_ref, severity=2, was_decided=False)
    assert may_serve(subject=desk.subject, exposure_id=page, level="grey", at=desk.at) is None
    desk.wait(MINUTE).locked()
    assert seconds() == 62
    desk.act(exposure.cover, reason="esc")
    desk.wait(MINUTE).locked()
    assert seconds() == 62


def test_a_page_that_answers_in_time_that_it_is_covered_ends_what_was_taken_from_it(desk: Desk) -> None:
    look = a_look(2)
    desk.show(look)
    desk.wait(2 * SECOND).act(exposure.close_look, case_ref=look.case_ref, severity=2, was_decided=False)
    desk.page = None
    desk.beat(after=3 * SECOND)
    desk.wait(MINUTE).locked()
    assert seconds() == 5


def test_another_tab_that_shows_nothing_ends_nothing(desk: Desk) -> None:
    desk.show(a_look(2))
    desk.page = None
    for _ in range(12):
        desk.beat()
    assert seconds() == 60
    desk.act(exposure.cover, reason="esc")
    assert (seconds(), desk.locked().exposure) == (60, None)


def test_beats_of_one_instant_move_the_clock_and_others_do_not(desk: Desk) -> None:
    """A beat between a decision and the next ask once moved the person's clock 5 s ahead each time."""
    for _ in range(40):
        desk.act(presence.set_kind, kind="reviewing")
        desk.wait(5 * SECOND)
        with transaction.atomic():
            locked = hold(subject=desk.subject, at=desk.at)
            presence.set_kind(locked=locked, kind="waiting")
            exposure.beat(locked=locked, exposure_id=None, holding=False)
        assert desk.locked().at == desk.at
    desk.beat(after=timedelta(0))
    assert desk.locked().at == desk.at + 5 * SECOND


@dataclass
class Machine:
    """The machine's own clock, which the wall's may overtake or leave behind."""

    boot: str = "one boot"
    hours: float = 5

    def said(self, _database_ms: int, _at: datetime) -> Second:
        return Second(self.boot, int(self.hours * 3_600_000))


@pytest.fixture
def machine() -> Iterator[Machine]:
    found = Machine()
    with second_clock.told_by(found.said):
        yield found


def is_over(desk: Desk) -> bool:
    return desk.open().locked().open_break is None


def test_hours_on_the_wall_alone_end_no_break(machine: Machine, desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.act(presence.close_desk)
    desk.wait(8 * HOUR)
    machine.hours += 0.2
    assert not is_over(desk)


def test_hours_on_the_machine_alone_end_no_break(machine: Machine, desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.act(presence.close_desk)
    desk.wait(MINUTE)
    machine.hours += 9
    assert not is_over(desk)


def test_hours_by_both_clocks_end_any_break(machine: Machine, desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.act(presence.close_desk)
    desk.wait(8 * HOUR)
    machine.hours += 8
    assert is_over(desk)


@pytest.mark.parametrize(
    ("wall", "since_boot", "ends"), [(0.25, 0.1, True), (0.2, 0.1, False), (-2, 0.25, True), (-2, 0.2, False)]
)
def test_after_the_machine_was_started_anew_the_wall_tells_what_was_before(
    machine: Machine, desk: Desk, wall: float, since_boot: float, ends: bool
) -> None:
    desk.act(breaks.too_much)
    desk.act(presence.close_desk)
    desk.wait(wall * HOUR)
    machine.boot, machine.hours = "another boot", since_boot
    assert is_over(desk) is ends


def test_an_absence_begins_ten_minutes_after_the_last_sign_where_something_was_shown(
    machine: Machine, desk: Desk
) -> None:
    """Nothing that the sweep does meanwhile is a sign."""
    desk.act(breaks.too_much)
    desk.rest_for(15 * MINUTE)
    desk.act(breaks.finish)
    desk.show(a_look(1))
    desk.wait(8 * HOUR)
    machine.hours += 8
    assert desk.locked().presence is not None
    desk.wait(10 * MINUTE)
    machine.hours += 10 / 60
    assert desk.locked().presence is None


def test_the_second_clock_of_an_installation_runs_by_itself(desk: Desk) -> None:
    """Of the machine since it started where the database is a file, else of the database: neither heeds ours."""
    with second_clock.told_by(second_clock.of_this_installation):
        desk.act(breaks.too_much)
        desk.act(presence.close_desk)
        state = desk.locked().state
        assert (state.signed_source == DATABASE) is (connection.vendor == "postgresql")
        assert state.signed_ms > 0
        assert desk.locked().now.second.ms >= state.signed_ms
        desk.wait(8 * HOUR)
        assert not is_over(desk)
