"""A break is a break (promise P5): due, running for its whole length, over."""

from datetime import timedelta
from uuid import uuid4

import pytest

from people.models import Team
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look, a_team_limit
from wellbeing.exceptions import BreakNotOver, MayNotPostpone, NoOpenBreak, OnBreak
from wellbeing.models import Break, PersonState
from wellbeing.rules.names import REST_AT_MOST
from wellbeing.rules.presence import Kind
from wellbeing.selectors import allowance, must_stop, open_break
from wellbeing.services import attendance, breaks, exposure, presence
from wellbeing.services.breaks import tick_next
from wellbeing.services.exposure import may_serve


def close(desk: Desk, severity: int = 4, level: str = "colour", *, for_: timedelta = 5 * SECOND) -> None:
    look = a_look(severity)
    desk.show(look, level)
    desk.wait(for_).act(exposure.close_look, case_ref=look.case_ref, severity=severity)


def test_fifty_minutes_of_queue_work_make_a_break_due(desk: Desk) -> None:
    desk.work_for(50 * MINUTE - 5 * SECOND)
    assert desk.held().open_break is None
    desk.beat()
    due = desk.held().open_break
    assert due is not None
    assert (due.cause, due.state, due.length_ms) == ("work", "due", 600_000)
    assert due.decide_until == desk.at + 5 * MINUTE


@pytest.mark.parametrize(
    ("severity", "limit", "cause"), [(3, 25 * MINUTE, "severe"), (4, 10 * MINUTE, "extreme")]
)
def test_severe_looking_makes_a_break_due(desk: Desk, severity: int, limit: timedelta, cause: str) -> None:
    desk.show(a_look(severity))
    desk.look_for(limit - 5 * SECOND, every=15 * SECOND)
    assert desk.held().open_break is None
    assert desk.stages[-1].covers_at == desk.at + 5 * SECOND
    desk.beat()
    held = desk.held()
    assert held.exposure is None
    assert held.open_break is not None
    assert held.open_break.cause == cause


def test_a_due_break_covers_and_lets_nothing_be_shown_served_or_taken(desk: Desk, north: Team) -> None:
    a_team_limit(north, "work_seconds", 60)
    look = a_look(1)
    shown = desk.show(look)
    desk.look_for(MINUTE)
    assert desk.stages[-1].level == "covered"
    with pytest.raises(OnBreak):
        desk.show(look, "shielded")
    assert may_serve(subject=desk.subject, exposure_id=shown.pk, level="shielded", at=desk.at) is None
    found = allowance(held=desk.held())
    assert found.refusal is not None
    assert dict(found.fit) == {}


def test_a_break_starts_runs_its_length_and_answers_its_counters(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    desk.act(breaks.start)
    desk.rest_for(10 * MINUTE - 10 * SECOND)
    with pytest.raises(BreakNotOver) as early:
        desk.act(breaks.finish)
    assert early.value.back_at == desk.at + 10 * SECOND
    desk.rest_for(10 * SECOND)
    assert desk.act(breaks.finish).state == "over"
    state = desk.held().state
    assert (state.work_ms, state.long_work_ms) == (0, 50 * 60_000)


def test_nothing_counts_as_work_during_a_break(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    desk.act(breaks.start)
    desk.rest_for(15 * MINUTE)
    desk.act(breaks.finish)
    state = desk.held().state
    assert (state.work_ms, state.long_work_ms) == (0, 0)  # taken longer, it was the long one as well


def test_two_hours_ask_for_fifteen_minutes(desk: Desk, north: Team) -> None:
    a_team_limit(north, "long_seconds", 120)
    desk.work_for(2 * MINUTE)
    due = desk.held().open_break
    assert due is not None
    assert (due.cause, due.length_ms) == ("long", 900_000)


def test_a_clock_jump_forward_shortens_no_break(desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.wait(timedelta(hours=2)).held()
    with pytest.raises(BreakNotOver) as early:
        desk.act(breaks.finish)
    assert early.value.back_at == desk.at + 15 * MINUTE


def test_a_clock_jump_back_neither_shortens_nor_stops_a_break(desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.rest_for(5 * MINUTE)
    desk.wait(timedelta(hours=-2)).held()
    desk.rest_for(10 * MINUTE - 10 * SECOND)
    with pytest.raises(BreakNotOver):
        desk.act(breaks.finish)
    desk.rest_for(10 * SECOND)
    assert desk.act(breaks.finish).state == "over"


def test_a_stopped_server_shortens_no_break(desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.wait(14 * MINUTE)
    with pytest.raises(BreakNotOver):
        desk.act(breaks.finish)


def test_eight_hours_away_end_any_break_and_every_counter(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    desk.wait(8 * timedelta(hours=1) - SECOND)
    assert desk.held().open_break is not None
    desk.wait(SECOND)
    held = desk.held()
    assert (held.open_break, held.presence, held.state.work_ms) == (None, None, 0)


def test_the_next_morning_begins_without_a_break(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    desk.act(breaks.start)
    desk.act(presence.close_desk)
    desk.wait(timedelta(hours=8)).open()
    held = desk.held()
    assert (held.open_break, held.state.work_ms) == (None, 0)


def test_a_break_goes_on_over_a_short_absence(desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.act(presence.close_desk)
    desk.wait(timedelta(hours=7)).open()
    held = desk.held()
    assert held.open_break is not None
    assert held.presence is not None
    assert held.presence.kind == "break"


def test_severity_4_in_colour_asks_for_three_minutes_and_keeps_nothing_away(desk: Desk) -> None:
    close(desk)
    due = desk.held().open_break
    assert due is not None
    assert (due.cause, due.state, due.length_ms) == ("colour", "due", 180_000)
    assert set(desk.held().what_fits().fit) == {0, 1, 2, 3, 4}
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)


@pytest.mark.parametrize(
    ("severity", "level", "sound"), [(4, "grey", False), (4, "shielded", False), (3, "colour", True)]
)
def test_less_asks_for_no_rest_at_the_close(desk: Desk, severity: int, level: str, sound: bool) -> None:
    look = a_look(severity)
    desk.show(look, level, sound=sound)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=severity)
    assert desk.held().open_break is None


def test_sound_asks_like_colour(desk: Desk) -> None:
    look = a_look(4, medium="audio")
    desk.show(look, "grey", sound=True)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=4)
    due = desk.held().open_break
    assert due is not None
    assert due.cause == "colour"


def test_worse_than_labelled_grants_the_rest_of_the_higher_severity(desk: Desk) -> None:
    look = a_look(2)
    desk.show(look, "colour")
    desk.beat()
    desk.act(exposure.raise_severity, case_ref=look.case_ref, category="VIO_KILL", severity=4)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=4)
    due = desk.held().open_break
    assert due is not None
    assert due.cause == "colour"


def test_a_case_that_nobody_looked_at_asks_for_nothing(desk: Desk) -> None:
    for _ in range(3):
        desk.act(exposure.close_look, case_ref=uuid4(), severity=4)
    assert desk.held().open_break is None


def test_a_case_that_comes_again_unseen_asks_for_nothing_more(desk: Desk) -> None:
    look = a_look(4)
    desk.show(look, "colour")
    desk.beat()
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=4)
    desk.act(breaks.start)
    desk.rest_for(3 * MINUTE)
    desk.act(breaks.finish)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=4)
    assert desk.held().open_break is None


def owed(desk: Desk) -> int:
    return desk.held().state.spacing_owed


def a_severe_case_is_decided(desk: Desk) -> None:
    desk.act(exposure.close_look, case_ref=uuid4(), severity=3, category="GORE")
    assert owed(desk) == 2


def test_mild_cases_pay_what_is_owed(desk: Desk) -> None:
    a_severe_case_is_decided(desk)
    desk.act(exposure.close_look, case_ref=uuid4(), severity=1, was_decided=False)
    assert owed(desk) == 2  # skipped unseen: nothing was paid
    desk.act(exposure.close_look, case_ref=uuid4(), severity=1)
    close(desk, 0, "text")
    assert owed(desk) == 0


@pytest.mark.parametrize(("lasted", "left"), [(180 * SECOND, 0), (170 * SECOND, 2)])
def test_a_rest_of_three_minutes_pays_what_is_owed(desk: Desk, lasted: timedelta, left: int) -> None:
    a_severe_case_is_decided(desk)
    desk.act(breaks.step_away)
    desk.rest_for(lasted)
    desk.act(breaks.finish)
    assert owed(desk) == left


@pytest.mark.parametrize(("lasted", "left"), [(180 * SECOND, 0), (170 * SECOND, 2)])
def test_other_paid_work_of_three_minutes_pays_what_is_owed(desk: Desk, lasted: timedelta, left: int) -> None:
    a_severe_case_is_decided(desk)
    desk.act(attendance.sit, kind=Kind.OTHER_WORK, activity="training")
    desk.work_for(lasted)
    desk.act(presence.set_kind, kind="waiting")
    assert owed(desk) == left


@pytest.mark.parametrize(
    ("level", "how", "left"),
    [
        ("shielded", {}, 0),
        ("lens", {}, 2),
        ("grey", {}, 2),
        ("shielded", {"with_text": True}, 2),
        ("shielded", {"sound": True}, 2),
        ("shielded", {"full_screen": True}, 0),
    ],
)
def test_a_severe_case_given_back_owes_where_it_was_seen_clearer_than_its_shield(
    desk: Desk, level: str, how: dict[str, bool], left: int
) -> None:
    """Seen red with what was shown at all in place of what was clearer: to peek and skip brought milder cases."""
    look = a_look(3)
    desk.show(look, level, **how)
    desk.beat()
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=3, category="GORE", was_decided=False)
    assert owed(desk) == left


def test_what_was_seen_under_another_claim_owes_nothing_again(desk: Desk) -> None:
    look = a_look(3)
    desk.show(look, "grey")
    desk.beat()
    away = {"case_ref": look.case_ref, "severity": 3, "category": "GORE", "was_decided": False}
    desk.act(exposure.close_look, claim_ref=look.claim_ref, **away)
    assert owed(desk) == 2
    PersonState.objects.update(spacing_owed=0)
    desk.act(exposure.close_look, claim_ref=uuid4(), **away)
    assert owed(desk) == 0


def test_the_third_severity_4_close_in_fifteen_minutes_asks_for_fifteen(desk: Desk) -> None:
    for _ in range(2):
        close(desk, level="grey")
        assert desk.held().open_break is None
    close(desk, level="grey")
    due = desk.held().open_break
    assert due is not None
    assert (due.cause, due.length_ms) == ("cluster", 900_000)
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)


def test_three_closes_in_more_than_fifteen_minutes_are_no_cluster(desk: Desk) -> None:
    close(desk, level="grey")
    close(desk, level="grey")
    desk.work_for(15 * MINUTE)
    close(desk, level="grey")
    assert desk.held().open_break is None


def test_too_much_begins_at_once_and_covers(desk: Desk) -> None:
    desk.show(a_look(1))
    rest = desk.wait(2 * SECOND).act(breaks.too_much)
    assert (rest.cause, rest.state, rest.length_ms) == ("too_much", "running", 900_000)
    assert desk.held().exposure is None


def test_too_much_during_a_break_lengthens_it_from_now(desk: Desk) -> None:
    close(desk)
    desk.act(breaks.start)
    desk.rest_for(2 * MINUTE)
    rest = desk.act(breaks.too_much)
    assert (rest.served_ms, rest.length_ms) == (120_000, 1_020_000)


def test_postponing_gives_five_minutes_once(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    desk.act(breaks.postpone)
    assert desk.held().what_fits().fit[2] == 5 * MINUTE
    desk.show(a_look(1))
    desk.look_for(5 * MINUTE, every=15 * SECOND)
    assert desk.stages[-2].level == "grey"
    assert desk.stages[-1].level == "covered"
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)
    rest = desk.held().open_break
    assert rest is not None
    assert rest.decide_until == desk.at + 5 * MINUTE


def test_only_a_due_break_is_postponed(desk: Desk) -> None:
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)
    desk.act(breaks.step_away)
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)


def test_a_weightier_cause_ends_the_postponement(desk: Desk, north: Team) -> None:
    a_team_limit(north, "extreme_seconds", 120)
    desk.work_for(50 * MINUTE)
    desk.act(breaks.postpone)
    desk.show(a_look(4))
    desk.look_for(2 * MINUTE)
    held = desk.held()
    assert held.on_break
    assert held.open_break is not None
    assert held.open_break.cause == "extreme"
    assert held.open_break.decide_until == desk.at + 5 * MINUTE


def test_stepping_away_of_full_length_is_the_break(desk: Desk) -> None:
    desk.work_for(40 * MINUTE)
    desk.act(breaks.step_away)
    desk.rest_for(10 * MINUTE)
    desk.act(breaks.finish)
    assert desk.held().state.work_ms == 0


def test_a_shorter_step_away_changes_nothing_and_ends_when_wanted(desk: Desk) -> None:
    desk.work_for(40 * MINUTE)
    desk.act(breaks.step_away)
    desk.rest_for(10 * MINUTE - 10 * SECOND)
    desk.act(breaks.finish)
    assert desk.held().state.work_ms == 40 * 60_000


def test_stepping_away_while_a_break_is_due_begins_it(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    assert desk.act(breaks.step_away).cause == "work"
    with pytest.raises(OnBreak):
        desk.act(breaks.step_away)


def test_nothing_to_start_or_finish_says_so(desk: Desk) -> None:
    for command in (breaks.start, breaks.finish):
        with pytest.raises(NoOpenBreak):
            desk.act(command)
    desk.work_for(50 * MINUTE)
    with pytest.raises(NoOpenBreak):
        desk.act(breaks.finish)  # due, and not begun


def test_a_lost_line_is_no_break_and_no_work(desk: Desk) -> None:
    desk.work_for(40 * MINUTE)
    desk.wait(12 * MINUTE).held()
    assert 40 * 60_000 <= desk.held().state.work_ms <= 40 * 60_000 + 15_000


def test_the_sweep_ticks_every_running_break_once(desk: Desk, amina: object) -> None:
    desk.act(breaks.too_much)
    other = Desk(uuid4(), desk.at)
    other.act(breaks.step_away)
    assert not tick_next(at=desk.at + SECOND)
    at = desk.at + 10 * SECOND
    assert [tick_next(at=at) for _ in range(3)] == [True, True, False]
    assert list(Break.objects.values_list("served_ms", flat=True)) == [10_000, 10_000]


def test_the_sweep_leaves_alone_what_is_served(desk: Desk) -> None:
    desk.act(breaks.step_away)
    longest_ms = REST_AT_MOST * 1000
    Break.objects.update(served_ms=longest_ms - 1)
    assert tick_next(at=desk.at + 10 * SECOND)
    Break.objects.update(served_ms=longest_ms)
    assert not tick_next(at=desk.at + 20 * SECOND)


def test_the_sweep_ticks_on_after_the_clock_went_back(desk: Desk) -> None:
    desk.act(breaks.too_much)
    at = desk.at - timedelta(hours=2)
    assert tick_next(at=at)
    assert tick_next(at=at + 10 * SECOND)
    assert Break.objects.get().served_ms == 10_000


def test_whose_five_minutes_are_over_must_stop(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    due = desk.at
    assert must_stop(due + 5 * MINUTE - SECOND) == []
    assert must_stop(due + 5 * MINUTE) == [desk.subject]
    desk.act(breaks.start)
    assert must_stop(due + 6 * MINUTE) == []


def test_after_a_limit_s_grace_a_person_must_stop_until_the_case_is_gone(desk: Desk, north: Team) -> None:
    a_team_limit(north, "seconds_3", 30)
    desk.act(presence.set_kind, kind="reviewing")
    desk.show(a_look(3))
    desk.look_for(30 * SECOND)
    end = desk.at + 5 * MINUTE
    assert must_stop(end - SECOND) == []
    assert must_stop(end) == [desk.subject]
    desk.act(presence.set_kind, kind="waiting")
    assert PersonState.objects.get().limit_grace_until is None


def test_the_break_page_reads_a_clock_time(desk: Desk) -> None:
    assert open_break(desk.subject, desk.at) is None
    desk.work_for(50 * MINUTE)
    view = open_break(desk.subject, desk.at)
    assert view is not None
    assert (view.state, view.back_at, view.may_postpone, view.is_binding) == ("due", None, True, True)
    desk.act(breaks.start)
    desk.rest_for(4 * MINUTE)
    view = open_break(desk.subject, desk.at)
    assert view is not None
    assert (view.back_at, view.may_finish) == (desk.at + 6 * MINUTE, False)
    desk.rest_for(6 * MINUTE)
    view = open_break(desk.subject, desk.at)
    assert view is not None
    assert view.may_finish
