"""A break is a break (promise P5): due, running for its whole length, over."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from people.models import Team
from tests.cast import T0, a_team
from tests.wellbeing.steps import (
    HOUR,
    MINUTE,
    SECOND,
    Desk,
    a_look,
    a_team_limit,
    no_content_is_shown,
    the_wall_jumps,
)
from wellbeing.core.person import read_person
from wellbeing.core.rules.names import REST_AT_MOST
from wellbeing.core.rules.presence import Kind
from wellbeing.core.selectors.allowance import allowance, must_stop
from wellbeing.core.selectors.desk import break_view
from wellbeing.core.selectors.stage import may_serve
from wellbeing.core.services import attendance, breaks, exposure, presence
from wellbeing.core.services.breaks import tick_next
from wellbeing.exceptions import BreakNotOver, MayNotPostpone, NoOpenBreak, OnBreak
from wellbeing.models import Break, PersonState, Presence, Shift


def close(desk: Desk, severity: int = 4, level: str = "colour", *, for_: timedelta = 10 * SECOND) -> None:
    look = a_look(severity)
    desk.show(look, level)
    desk.wait(for_).act(exposure.close_look, case_ref=look.case_ref, severity=severity)


def test_fifty_minutes_of_queue_work_make_a_break_due(desk: Desk) -> None:
    desk.work_for(50 * MINUTE - 5 * SECOND)
    assert desk.locked().open_break is None
    desk.beat()
    due = desk.locked().open_break
    assert due is not None
    assert (due.cause, due.state, due.length_ms) == ("work", "due", 600_000)
    assert due.decide_until == desk.at + 5 * MINUTE


@pytest.mark.parametrize(
    ("severity", "limit", "cause"), [(3, 25 * MINUTE, "severe"), (4, 10 * MINUTE, "extreme")]
)
def test_severe_looking_makes_a_break_due(desk: Desk, severity: int, limit: timedelta, cause: str) -> None:
    desk.show(a_look(severity))
    desk.look_for(limit - 5 * SECOND, every=15 * SECOND)
    assert desk.locked().open_break is None
    assert desk.stages[-1].covers_at == desk.at + 5 * SECOND
    desk.beat()
    locked = desk.locked()
    assert locked.exposure is None
    assert locked.open_break is not None
    assert locked.open_break.cause == cause


def test_a_due_break_covers_and_lets_nothing_be_shown_served_or_taken(desk: Desk, north: Team) -> None:
    a_team_limit(north, "work_seconds", 60)
    look = a_look(1)
    shown = desk.show(look)
    desk.look_for(MINUTE)
    assert desk.stages[-1].level == "covered"
    with pytest.raises(OnBreak):
        desk.show(look, "shielded")
    assert may_serve(subject=desk.subject, exposure_id=shown.pk, level="shielded", at=desk.at) is None
    found = allowance(desk.locked())
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
    state = desk.locked().state
    assert (state.work_ms, state.since_rest_ms, state.breaks_kept) == (0, 0, 1)


def test_nothing_counts_as_work_during_a_break(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    desk.act(breaks.start)
    desk.rest_for(15 * MINUTE)
    desk.act(breaks.finish)
    state = desk.locked().state
    assert (state.work_ms, state.breaks_kept) == (0, 0)  # taken longer, it was a long one as well


def keeps_a_break(desk: Desk, *, for_: timedelta = 10 * MINUTE) -> Break:
    """Work until one is due, and keep it."""
    desk.work_for(50 * MINUTE)
    desk.act(breaks.start)
    desk.rest_for(for_)
    return desk.act(breaks.finish)


def test_every_third_break_is_long_and_then_it_begins_anew(desk: Desk) -> None:
    for number in range(6):
        keeps_a_break(desk, for_=15 * MINUTE if number % 3 == 2 else 10 * MINUTE)
    kept = Break.objects.order_by("due_at").values_list("length_ms", "is_third")
    assert list(kept) == [(600_000, False), (600_000, False), (900_000, True)] * 2


def test_a_rest_of_fifteen_minutes_of_their_own_begins_the_three_anew(desk: Desk) -> None:
    keeps_a_break(desk)
    keeps_a_break(desk)
    desk.act(breaks.step_away)
    desk.rest_for(15 * MINUTE)
    desk.act(breaks.finish)
    assert keeps_a_break(desk).length_ms == 600_000


def test_a_red_load_since_the_last_break_makes_one_due_that_nobody_puts_off(desk: Desk, north: Team) -> None:
    a_team_limit(north, "load_block_red", 2)
    desk.show(a_look(2), "colour")
    desk.look_for(2 * MINUTE, holding=True)
    locked = desk.locked()
    assert locked.open_break is not None
    assert (locked.open_break.cause, locked.open_break.length_ms) == ("load", 600_000)
    assert (locked.exposure, locked.on_break) == (None, True)
    assert set(locked.what_fits().fit) == {0, 1, 2, 3, 4}
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)
    desk.act(breaks.start)
    desk.rest_for(10 * MINUTE)
    desk.act(breaks.finish)
    assert desk.locked().open_break is None


def test_a_red_load_ends_the_putting_off_of_the_desk_s_break(desk: Desk, north: Team) -> None:
    a_team_limit(north, "load_block_red", 2)
    desk.work_for(50 * MINUTE)
    desk.act(breaks.postpone)
    desk.show(a_look(2), "colour")
    desk.look_for(2 * MINUTE, holding=True)
    due = desk.locked().open_break
    assert due is not None
    assert (due.cause, due.with_work, due.is_strict) == ("load", True, True)
    assert desk.locked().on_break


def test_a_short_rest_from_forty_minutes_on_is_the_desk_s_break_too(desk: Desk) -> None:
    desk.work_for(40 * MINUTE)
    close(desk)
    due = desk.locked().open_break
    assert due is not None
    assert (due.cause, due.with_work, due.length_ms) == ("colour", True, 600_000)
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)
    desk.act(breaks.start)
    desk.rest_for(10 * MINUTE)
    desk.act(breaks.finish)
    state = desk.locked().state
    assert (state.work_ms, state.breaks_kept) == (0, 1)


def test_before_forty_minutes_it_is_three_and_the_other_waits_ten_of_work(desk: Desk) -> None:
    desk.work_for(39 * MINUTE + 40 * SECOND)
    close(desk)
    due = desk.locked().open_break
    assert due is not None
    assert (due.with_work, due.length_ms) == (False, 180_000)
    desk.act(breaks.start)
    desk.rest_for(3 * MINUTE)
    desk.act(breaks.finish)
    desk.work_for(10 * MINUTE)
    assert desk.locked().open_break is None  # 49:50
    desk.work_for(10 * SECOND)
    assert desk.locked().open_break is not None


@pytest.mark.parametrize(("pause", "waits"), [(60 * SECOND, True), (50 * SECOND, False)])
def test_the_desk_s_break_waits_for_ten_minutes_of_work_after_any_rest_once(
    desk: Desk, pause: timedelta, waits: bool
) -> None:
    """Seen red without the bound: a minute away in every ten put the break off for good."""
    desk.work_for(49 * MINUTE)
    for _ in range(3):
        desk.act(breaks.step_away)
        desk.rest_for(pause)
        desk.act(breaks.finish)
        desk.work_for(5 * MINUTE)
        if not waits or desk.locked().state.work_ms >= 60 * 60_000:
            break
        assert desk.locked().open_break is None or desk.locked().state.work_ms >= 59 * 60_000
    assert desk.locked().open_break is not None


def test_a_clock_jump_forward_shortens_no_break(desk: Desk) -> None:
    with the_wall_jumps(desk.at, timedelta(hours=2)):
        desk.act(breaks.too_much)
        desk.wait(timedelta(hours=2)).locked()
        with pytest.raises(BreakNotOver) as early:
            desk.act(breaks.finish)
        assert early.value.back_at == desk.at + 15 * MINUTE


def test_a_clock_jump_back_neither_shortens_nor_stops_a_break(desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.rest_for(5 * MINUTE)
    desk.wait(timedelta(hours=-2)).locked()
    desk.rest_for(10 * MINUTE - 10 * SECOND)
    with pytest.raises(BreakNotOver):
        desk.act(breaks.finish)
    desk.rest_for(10 * SECOND)
    assert desk.act(breaks.finish).state == "over"


def test_a_stopped_server_shortens_no_break(desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.wait(15 * MINUTE - SECOND)
    with pytest.raises(BreakNotOver):
        desk.act(breaks.finish)


def test_absence_by_both_clocks_ends_a_break_as_ticks_do(desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.wait(15 * MINUTE)
    assert desk.act(breaks.finish).state == "over"


def test_eight_hours_away_end_the_day_at_the_desk_and_every_counter(desk: Desk) -> None:
    desk.work_for(49 * MINUTE)
    desk.wait(8 * timedelta(hours=1) - SECOND)
    assert desk.locked().presence is not None
    desk.wait(SECOND)
    locked = desk.locked()
    assert (locked.open_break, locked.presence, locked.state.work_ms) == (None, None, 0)


def test_the_next_morning_begins_without_a_break(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    desk.act(breaks.start)
    desk.act(presence.close_desk)
    desk.wait(timedelta(hours=8)).open()
    locked = desk.locked()
    assert (locked.open_break, locked.state.work_ms) == (None, 0)


def test_a_break_goes_on_over_a_shorter_absence(desk: Desk) -> None:
    desk.act(breaks.too_much)
    desk.act(presence.close_desk)
    desk.wait(15 * MINUTE - SECOND).open()
    locked = desk.locked()
    assert locked.open_break is not None
    assert locked.presence is not None
    assert locked.presence.kind == "break"


@pytest.mark.parametrize("begin", [breaks.too_much, None], ids=["running", "due"])
def test_absence_that_answers_a_break_is_paid_for_its_length(desk: Desk, begin) -> None:
    desk.work_for(50 * MINUTE)
    if begin is not None:
        desk.act(begin)
    desk.act(presence.close_desk)
    left_at = desk.at
    desk.wait(40 * MINUTE).open()
    locked = desk.locked()
    assert (locked.open_break, locked.state.work_ms) == (None, 0)
    assert locked.presence is not None
    assert locked.presence.kind == "waiting"
    paid = Presence.objects.get(opened_at=left_at, closed_at__isnull=False, kind="break", beating=False)
    assert paid.closed_at == left_at + (10 if begin is None else 15) * MINUTE


@pytest.mark.parametrize("how", ["closed", "away", "silent", "open over lunch"])
@pytest.mark.parametrize(("away_for", "left"), [(10 * MINUTE, 0), (10 * MINUTE - SECOND, 30)])
def test_time_without_work_is_a_rest_whatever_it_was_called(
    desk: Desk, how: str, away_for: timedelta, left: int
) -> None:
    desk.work_for(30 * MINUTE)
    if how == "closed":
        desk.act(presence.close_desk)
    if how == "away":
        desk.act(breaks.step_away)
    desk.wait(away_for)
    if how == "open over lunch":
        desk.locked()  # the sweep comes by
    if how == "away":
        desk.act(breaks.finish)
    desk.open()
    assert desk.locked().state.work_ms // 60_000 == left


def test_what_is_shown_is_no_rest_and_silence_earns_none(desk: Desk) -> None:
    """Ten minutes of what is on a silent page's stage count; what follows them is a rest."""
    desk.work_for(30 * MINUTE)
    desk.show(a_look(1))
    desk.wait(19 * MINUTE).locked()
    assert desk.locked().state.work_ms == 40 * 60_000
    desk.wait(MINUTE).locked()
    assert desk.locked().state.work_ms == 0


def test_what_still_counts_is_no_rest_where_the_desk_was_closed_from_outside(desk: Desk) -> None:
    """The wall goes back an hour: the person's clock stands, so what is shown counts on, while both clocks tell of absence.

    Seen red without the look at the stretch in ``attendance._is_away``.
    """
    desk.work_for(30 * MINUTE)
    desk.show(a_look(1))
    desk.beat(after=timedelta(hours=-1))
    desk.act(presence.close_desk)  # not by the person: a session that ended, an account that was closed
    locked = desk.wait(30 * MINUTE).locked()
    assert (locked.presence, locked.absence) == (None, 20 * MINUTE)
    assert locked.stretch is not None
    assert locked.state.work_ms >= 30 * 60_000


def test_a_silent_wall_that_jumps_is_no_rest(desk: Desk) -> None:
    desk.work_for(30 * MINUTE)
    with the_wall_jumps(desk.at, timedelta(hours=2)):
        desk.open().act(presence.close_desk)
        desk.wait(timedelta(hours=2) + 5 * MINUTE).open()
        assert desk.locked().state.work_ms >= 30 * 60_000


@pytest.mark.parametrize(("lasted", "left"), [(10 * MINUTE, 0), (10 * MINUTE - SECOND, 5)])
def test_other_paid_work_answers_severity_and_not_the_time_at_the_desk(
    desk: Desk, north: Team, lasted: timedelta, left: int
) -> None:
    no_content_is_shown(north, "training")
    desk.show(a_look(4))
    desk.look_for(5 * MINUTE)
    desk.act(exposure.cover, reason="covered")
    desk.act(attendance.sit, kind=Kind.OTHER_WORK, activity="training")
    desk.page = None
    desk.look_for(lasted)
    desk.act(presence.set_kind, kind="waiting")
    state = desk.locked().state
    assert (state.extreme_ms // 60_000, state.severe_ms // 60_000) == (left, left)
    assert state.work_ms >= 5 * 60_000


@pytest.mark.parametrize(
    ("activity", "said", "answers"),
    [
        ("training", [], False),
        ("nothing", [], True),
        ("training", [("training", T0 - HOUR * 30, True)], True),
        ("reading_policy", [("training", T0 - HOUR * 30, True)], False),
        # said today: from tomorrow; taken back today: at once, and said again it waits as well
        ("training", [("training", T0 - HOUR, True)], False),
        ("training", [("training", T0 - HOUR * 30, True), ("training", T0 - HOUR, False)], False),
        (
            "training",
            [
                ("training", T0 - HOUR * 30, True),
                ("training", T0 - HOUR, False),
                ("training", T0 - HOUR / 2, True),
            ],
            False,
        ),
    ],
)
def test_only_other_paid_work_in_which_the_lead_says_that_no_content_is_shown_answers_and_pays(
    desk: Desk, north: Team, activity: str, said: list[tuple[str, datetime, bool]], answers: bool
) -> None:
    """Seen red without the look at what was said, and without the look at the day."""
    no_content_is_shown(a_team("South"), "training", "reading_policy")
    for kind, at, so in said:
        no_content_is_shown(north, kind, at=at, so=so)
    look = a_look(3)
    desk.show(look)
    desk.look_for(MINUTE)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=3, category="GORE")
    before = desk.locked().state.severe_ms
    desk.act(attendance.sit, kind=Kind.OTHER_WORK, activity=activity)
    desk.page = None
    desk.look_for(10 * MINUTE, every=15 * SECOND)
    desk.act(presence.set_kind, kind="waiting")
    assert before > 0
    assert (owed(desk), desk.locked().state.severe_ms) == ((0, 0) if answers else (2, before))


def test_severity_4_in_colour_asks_for_three_minutes_and_keeps_nothing_away(desk: Desk) -> None:
    close(desk)
    due = desk.locked().open_break
    assert due is not None
    assert (due.cause, due.state, due.length_ms) == ("colour", "due", 180_000)
    assert set(desk.locked().what_fits().fit) == {0, 1, 2, 3, 4}
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)


@pytest.mark.parametrize(
    ("severity", "level", "sound", "seconds"),
    [(4, "grey", False, 9), (4, "colour", False, 9), (4, "shielded", False, 60), (3, "colour", True, 60)],
)
def test_less_asks_for_no_rest_at_the_close(
    desk: Desk, severity: int, level: str, sound: bool, seconds: int
) -> None:
    look = a_look(severity)
    desk.show(look, level, sound=sound)
    desk.look_for(seconds * SECOND)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=severity)
    assert desk.locked().open_break is None


@pytest.mark.parametrize("level", ["lens", "grey", "colour"])
def test_ten_seconds_clearer_than_the_shield_ask_for_three_minutes(desk: Desk, level: str) -> None:
    """Grey was cheaper than colour."""
    close(desk, level=level)
    due = desk.locked().open_break
    assert due is not None
    assert (due.cause, due.length_ms) == ("colour", 180_000)


def test_ten_seconds_in_all_over_two_claims(desk: Desk) -> None:
    """Seen red with what was seen since the last closing alone: hand it back after nine seconds, again and again."""
    look = a_look(4)
    for seconds, is_due in ((6, False), (4, True)):
        desk.show(look, "grey")
        desk.wait(seconds * SECOND)
        desk.act(exposure.close_look, case_ref=look.case_ref, severity=4, was_decided=False)
        assert (desk.locked().open_break is not None) is is_due


def test_sound_asks_like_colour(desk: Desk) -> None:
    look = a_look(4, medium="audio")
    desk.show(look, "grey", sound=True)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=4)
    due = desk.locked().open_break
    assert due is not None
    assert due.cause == "colour"


def test_worse_than_labelled_grants_the_rest_of_the_higher_severity(desk: Desk) -> None:
    look = a_look(2)
    desk.show(look, "colour")
    desk.look_for(10 * SECOND)
    desk.act(exposure.raise_severity, case_ref=look.case_ref, category="VIO_KILL", severity=4)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=4)
    due = desk.locked().open_break
    assert due is not None
    assert due.cause == "colour"


def test_a_case_that_nobody_looked_at_asks_for_nothing(desk: Desk) -> None:
    for _ in range(3):
        desk.act(exposure.close_look, case_ref=uuid4(), severity=4)
    assert desk.locked().open_break is None


def test_a_case_that_comes_again_unseen_asks_for_nothing_more(desk: Desk) -> None:
    look = a_look(4)
    desk.show(look, "colour")
    desk.look_for(10 * SECOND)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=4)
    desk.act(breaks.start)
    desk.rest_for(3 * MINUTE)
    desk.act(breaks.finish)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=4)
    assert desk.locked().open_break is None


def owed(desk: Desk) -> int:
    return desk.locked().state.spacing_owed


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
def test_other_paid_work_of_three_minutes_pays_what_is_owed(
    desk: Desk, north: Team, lasted: timedelta, left: int
) -> None:
    no_content_is_shown(north, "training")
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


def closes_and_rests(desk: Desk) -> Break:
    """See and close a case of severity 4, and keep the rest that follows."""
    close(desk, level="grey")
    desk.act(breaks.start)
    rest = desk.locked().open_break
    assert rest is not None
    desk.rest_for(timedelta(milliseconds=rest.length_ms))
    return desk.act(breaks.finish)


def test_the_third_case_in_fifteen_minutes_asks_for_fifteen_twice_a_shift(desk: Desk) -> None:
    """Seen red without the count: it was asked for eleven times a shift."""
    causes = [closes_and_rests(desk).cause for _ in range(9)]
    assert causes == ["colour", "colour", "cluster"] * 2 + ["colour"] * 3


def test_a_planned_day_is_a_shift_of_its_own_however_late_work_went_on_the_day_before(desk: Desk) -> None:
    """Eleven hours lie between the two plans, and less between the work.

    Seen red with the first work after 11 h without any: the second day had no long rest.
    """
    next_at = desk.at + 23 * HOUR
    for starts_at, ends_at in ((desk.at, desk.at + 12 * HOUR), (next_at, next_at + 8 * HOUR)):
        Shift.objects.create(
            subject=desk.subject,
            starts_at=starts_at,
            ends_at=ends_at,
            planned_at=desk.at,
            planned_by=str(desk.subject),
        )
    causes = [closes_and_rests(desk).cause for _ in range(7)]
    assert causes == ["colour", "colour", "cluster"] * 2 + ["colour"]
    for desk.at in (next_at - 17 * HOUR, next_at - 11 * HOUR, next_at):
        desk.show(a_look(1))
        desk.wait(MINUTE).act(exposure.cover, reason="covered")
    desk.at = next_at + HOUR
    assert [closes_and_rests(desk).cause for _ in range(3)] == ["colour", "colour", "cluster"]


def test_the_long_rest_after_three_cannot_be_put_off(desk: Desk) -> None:
    closes_and_rests(desk)
    closes_and_rests(desk)
    close(desk, level="grey")
    due = desk.locked().open_break
    assert due is not None
    assert (due.cause, due.length_ms) == ("cluster", 900_000)
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)


def test_a_glance_is_none_of_three(desk: Desk) -> None:
    closes_and_rests(desk)
    closes_and_rests(desk)
    close(desk, level="grey", for_=9 * SECOND)
    assert desk.locked().open_break is None


def test_three_closes_in_more_than_fifteen_minutes_are_no_cluster(desk: Desk) -> None:
    closes_and_rests(desk)
    closes_and_rests(desk)
    desk.work_for(15 * MINUTE)
    assert closes_and_rests(desk).cause == "colour"


def test_too_much_begins_at_once_and_covers(desk: Desk) -> None:
    desk.show(a_look(1))
    rest = desk.wait(2 * SECOND).act(breaks.too_much)
    assert (rest.cause, rest.state, rest.length_ms) == ("too_much", "running", 900_000)
    assert desk.locked().exposure is None


def test_too_much_during_a_break_lengthens_it_from_now(desk: Desk) -> None:
    close(desk)
    desk.act(breaks.start)
    desk.rest_for(2 * MINUTE)
    rest = desk.act(breaks.too_much)
    assert (rest.served_ms, rest.length_ms) == (120_000, 1_020_000)


def test_postponing_gives_five_minutes_once(desk: Desk) -> None:
    desk.work_for(50 * MINUTE)
    desk.act(breaks.postpone)
    assert desk.locked().what_fits().fit[2] == 5 * MINUTE
    desk.show(a_look(1))
    desk.look_for(5 * MINUTE, every=15 * SECOND)
    assert desk.stages[-2].level == "grey"
    assert desk.stages[-1].level == "covered"
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)
    rest = desk.locked().open_break
    assert rest is not None
    assert rest.decide_until == desk.at + 5 * MINUTE


def test_the_desk_s_break_into_which_a_rest_after_severity_4_went_is_not_put_off(desk: Desk) -> None:
    """It still bears the name of the desk's break, which alone may be put off. Seen red without ``is_strict``."""
    desk.work_for(50 * MINUTE - 10 * SECOND)
    close(desk)
    due = desk.locked().open_break
    assert due is not None
    assert (due.cause, due.length_ms) == ("work", 600_000)
    view = break_view(read_person(desk.subject, at=desk.at))
    assert view is not None
    assert not view.may_postpone
    with pytest.raises(MayNotPostpone):
        desk.act(breaks.postpone)


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
    locked = desk.locked()
    assert locked.on_break
    assert locked.open_break is not None
    assert locked.open_break.cause == "extreme"
    assert locked.open_break.decide_until == desk.at + 5 * MINUTE


def test_stepping_away_of_full_length_is_the_break(desk: Desk) -> None:
    desk.work_for(40 * MINUTE)
    desk.act(breaks.step_away)
    desk.rest_for(10 * MINUTE)
    desk.act(breaks.finish)
    assert desk.locked().state.work_ms == 0


def test_a_shorter_step_away_changes_nothing_and_ends_when_wanted(desk: Desk) -> None:
    desk.work_for(40 * MINUTE)
    desk.act(breaks.step_away)
    desk.rest_for(10 * MINUTE - 10 * SECOND)
    desk.act(breaks.finish)
    assert desk.locked().state.work_ms == 40 * 60_000


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


def test_a_lost_line_is_no_work_and_as_long_as_a_break_it_is_a_rest(desk: Desk) -> None:
    desk.work_for(40 * MINUTE)
    desk.wait(9 * MINUTE).locked()
    assert 40 * 60_000 <= desk.locked().state.work_ms <= 40 * 60_000 + 15_000
    desk.wait(MINUTE).locked()
    assert desk.locked().state.work_ms == 0


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
    assert break_view(read_person(desk.subject, at=desk.at)) is None
    desk.work_for(50 * MINUTE)
    view = break_view(read_person(desk.subject, at=desk.at))
    assert view is not None
    assert (view.state, view.back_at, view.may_postpone, view.is_binding) == ("due", None, True, True)
    desk.act(breaks.start)
    desk.rest_for(4 * MINUTE)
    view = break_view(read_person(desk.subject, at=desk.at))
    assert view is not None
    assert (view.back_at, view.may_finish) == (desk.at + 6 * MINUTE, False)
    desk.rest_for(6 * MINUTE)
    view = break_view(read_person(desk.subject, at=desk.at))
    assert view is not None
    assert view.may_finish
