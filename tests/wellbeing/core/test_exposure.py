"""What is on the stage is in the ledger, to the millisecond."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from people.models import Team
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look, a_team_limit
from wellbeing.core.selectors.stage import may_serve
from wellbeing.core.services import breaks, exposure
from wellbeing.exceptions import BeatLate, LimitReached, NothingOnStage, OnBreak
from wellbeing.models import CaseSeen, Exposure, ExposureSum


def seconds(severity: int | None = None) -> float:
    rows = ExposureSum.objects.all() if severity is None else ExposureSum.objects.filter(severity=severity)
    return sum(rows.values_list("shown_ms", flat=True)) / 1000


def heard_seconds() -> float:
    return sum(row.shown_ms - row.unheard_ms for row in Exposure.objects.all()) / 1000


def test_a_beat_counts_the_time_since_the_last(desk: Desk) -> None:
    desk.show(a_look(2))
    desk.beat()
    desk.beat(after=7 * SECOND)
    assert seconds(2) == 12


def test_showing_opens_a_row_before_anything_is_counted(desk: Desk) -> None:
    shown = desk.show(a_look(3), "shielded")
    assert (shown.shown_ms, shown.closed_at, shown.level) == (0, None, "shielded")
    assert may_serve(subject=desk.subject, exposure_id=shown.pk, level="shielded", at=desk.at) is not None


def test_covering_counts_up_to_now_and_ends_the_row(desk: Desk) -> None:
    desk.show(a_look(2))
    desk.wait(3 * SECOND).act(exposure.cover, reason="esc")
    assert seconds() == 3
    assert Exposure.objects.get().closed_reason == "esc"


def test_covering_a_covered_stage_says_so(desk: Desk) -> None:
    with pytest.raises(NothingOnStage):
        desk.act(exposure.cover, reason="esc")


def test_a_clearer_level_replaces_the_stretch_and_counts_the_case_once(desk: Desk) -> None:
    look = a_look(3)
    desk.show(look, "shielded")
    desk.wait(4 * SECOND).show(look, "grey")
    desk.beat()
    assert [row.level for row in Exposure.objects.order_by("opened_at")] == ["shielded", "grey"]
    assert seconds(3) == 9
    assert sum(ExposureSum.objects.values_list("cases", flat=True)) == 1


@pytest.mark.parametrize(("gap", "counted"), [(15, 15), (14, 14)])
def test_a_beat_up_to_ten_seconds_late_counts_in_full(desk: Desk, gap: int, counted: int) -> None:
    desk.show(a_look(2))
    desk.beat(after=gap * SECOND)
    assert seconds() == counted


def test_a_beat_more_than_ten_seconds_late_ends_the_stretch_where_it_is_heard(desk: Desk) -> None:
    page = desk.show(a_look(2)).pk
    with pytest.raises(BeatLate):
        desk.beat(after=16 * SECOND)
    desk.locked()
    assert seconds() == 16
    assert Exposure.objects.get(pk=page).closed_reason == "lost_line"


def test_a_beat_whose_clock_is_not_later_counts_five_seconds(desk: Desk) -> None:
    desk.show(a_look(2))
    desk.beat()
    desk.beat(after=timedelta(0))
    desk.beat(after=timedelta(hours=-2))
    assert seconds() == 15


def test_after_the_clock_went_back_looking_still_counts(desk: Desk) -> None:
    desk.wait(timedelta(hours=-2)).show(a_look(3))
    for _ in range(12):
        desk.beat()
    assert seconds(3) == 60


def test_after_the_clock_went_back_a_page_without_beats_still_counts(desk: Desk) -> None:
    desk.wait(timedelta(hours=-2)).show(a_look(3), beating=False)
    desk.wait(4 * MINUTE).act(exposure.cover, reason="esc")
    assert seconds(3) == 240


def test_a_clock_that_swings_carries_nobody_into_tomorrow(desk: Desk) -> None:
    start = desk.locked().at
    for _ in range(40):
        desk.wait(timedelta(hours=2)).locked()
        desk.wait(timedelta(hours=-2)).locked()
    assert desk.locked().at <= start + timedelta(hours=2, minutes=1)


def test_a_page_without_beats_counts_until_its_next_request(desk: Desk) -> None:
    desk.show(a_look(2), beating=False)
    desk.wait(9 * MINUTE).act(exposure.cover, reason="esc")
    assert seconds() == 540


def test_a_page_without_beats_counts_ten_minutes_at_most(desk: Desk) -> None:
    shown = desk.show(a_look(2), beating=False)
    desk.wait(11 * MINUTE).locked()
    assert seconds() == 600
    assert Exposure.objects.get(closed_at__isnull=False, pk=shown.pk).closed_reason == "time_over"


def test_a_stretch_never_crosses_a_quarter_and_keeps_its_id(desk: Desk) -> None:
    desk.wait(14 * MINUTE + 57 * SECOND)
    page = desk.show(a_look(3)).pk
    desk.beat()
    rows = list(Exposure.objects.order_by("opened_at"))
    assert [row.shown_ms for row in rows] == [3000, 2000]
    assert (rows[1].pk, rows[1].continues_id) == (page, rows[0].pk)
    assert [s.shown_ms for s in ExposureSum.objects.filter(severity=3).order_by("quarter_at")] == [3000, 2000]


def test_colour_turns_grey_after_ten_seconds(desk: Desk) -> None:
    shown = desk.show(a_look(2), "colour")
    assert desk.beat().level == "colour"
    assert desk.beat().level == "grey"
    assert desk.page == shown.pk
    assert may_serve(subject=desk.subject, exposure_id=shown.pk, level="colour", at=desk.at) is None
    assert may_serve(subject=desk.subject, exposure_id=shown.pk, level="grey", at=desk.at) is not None
    colour = Exposure.objects.get(level="colour")
    assert (colour.shown_ms, colour.closed_reason) == (10_000, "fell_back")


def test_held_colour_stays(desk: Desk) -> None:
    desk.show(a_look(2), "colour")
    desk.look_for(30 * SECOND, holding=True)
    assert desk.stages[-1].level == "colour"


def test_colour_is_not_served_past_its_time_even_without_a_beat(desk: Desk) -> None:
    shown = desk.show(a_look(2), "colour")

    def at(seconds: int) -> object:
        return may_serve(
            subject=desk.subject, exposure_id=shown.pk, level="colour", at=desk.at + seconds * SECOND
        )

    assert at(9)
    assert at(10) is None


def test_only_what_was_shown_is_served(desk: Desk) -> None:
    shown = desk.show(a_look(2), "shielded")

    def ask(level: str, *, with_text: bool = False, subject: UUID = desk.subject) -> object:
        return may_serve(subject=subject, exposure_id=shown.pk, level=level, with_text=with_text, at=desk.at)

    assert ask("shielded")
    assert ask("grey") is None
    assert ask("colour") is None
    assert ask("text") is None
    assert ask("shielded", with_text=True) is None
    assert ask("shielded", subject=uuid4()) is None


def test_nothing_is_served_while_the_clock_has_just_jumped_back(desk: Desk) -> None:
    shown = desk.show(a_look(2))
    back = desk.at - timedelta(hours=2)
    assert may_serve(subject=desk.subject, exposure_id=shown.pk, level="grey", at=back) is None


def test_nothing_is_served_once_a_tighter_limit_is_committed(desk: Desk, north: Team) -> None:
    shown = desk.show(a_look(3))
    desk.look_for(MINUTE)
    a_team_limit(north, "seconds_3", 30, at=desk.at)
    assert may_serve(subject=desk.subject, exposure_id=shown.pk, level="grey", at=desk.at) is None


def test_a_closed_case_on_the_stage_is_covered(desk: Desk) -> None:
    look = a_look(2)
    desk.show(look)
    desk.wait(2 * SECOND).act(exposure.close_look, case_ref=look.case_ref, severity=2)
    assert desk.locked().exposure is None
    assert seconds() == 2


def test_worse_than_labelled_recounts_the_whole_case(desk: Desk) -> None:
    look, other = a_look(2), a_look(2)
    desk.wait(14 * MINUTE).show(look)
    desk.look_for(2 * MINUTE)
    desk.show(other)
    desk.look_for(MINUTE)
    desk.show(look)
    desk.beat()
    desk.act(exposure.raise_severity, case_ref=look.case_ref, category="VIO_KILL", severity=4)
    assert (seconds(2), seconds(4)) == (60, 125)
    assert {s.severity: s.cases for s in ExposureSum.objects.filter(cases__gt=0)} == {2: 1, 4: 1}
    state = desk.locked().state
    assert (state.severe_ms, state.extreme_ms) == (125_000, 125_000)
    assert CaseSeen.objects.get(case_ref=look.case_ref).severity == 4


def test_raising_past_a_limit_covers_at_once(desk: Desk, north: Team) -> None:
    a_team_limit(north, "seconds_3", 30)
    look = a_look(2)
    desk.show(look)
    desk.look_for(MINUTE)
    desk.act(exposure.raise_severity, case_ref=look.case_ref, category="GORE", severity=3)
    locked = desk.locked()
    assert locked.exposure is None
    assert locked.state.limit_grace_until == locked.at + 5 * MINUTE


def test_a_lower_severity_changes_no_count(desk: Desk) -> None:
    look = a_look(3)
    desk.show(look)
    desk.beat()
    desk.act(exposure.raise_severity, case_ref=look.case_ref, category="HATE", severity=2)
    assert seconds(3) == 5
    assert seconds(2) == 0


def test_the_page_is_told_when_to_cover_itself_and_what_is_later_counts_as_unheard(
    desk: Desk, north: Team
) -> None:
    a_team_limit(north, "seconds_3", 33)
    desk.show(a_look(3))
    desk.look_for(30 * SECOND)
    assert desk.stages[-1].covers_at == desk.at + 3 * SECOND
    desk.beat(after=14 * SECOND)
    assert desk.stages[-1].level == "covered"
    assert seconds(3) == 44
    assert heard_seconds() <= 33 + 5


def test_a_plain_page_is_heard_of_no_more_than_a_beat_past_a_limit_and_counts_in_full(
    desk: Desk, north: Team
) -> None:
    a_team_limit(north, "seconds_3", 60)
    desk.show(a_look(3), beating=False)
    desk.wait(9 * MINUTE).locked()
    assert (seconds(3), heard_seconds()) == (540, 65)


def test_at_a_limit_the_shield_comes_back_for_five_minutes_and_counts(desk: Desk, north: Team) -> None:
    a_team_limit(north, "seconds_3", 30)
    look = a_look(3)
    desk.show(look)
    desk.look_for(30 * SECOND)
    with pytest.raises(LimitReached) as refused:
        desk.show(look, "grey")
    assert refused.value.reached.scope == "team"
    shown = desk.show(look, "shielded")
    assert shown.covers_at == desk.locked().state.limit_grace_until
    desk.look_for(MINUTE)
    assert seconds(3) == 90
    with pytest.raises(LimitReached):
        desk.show(a_look(3), "shielded")
    desk.look_for(4 * MINUTE)
    assert desk.locked().exposure is None
    with pytest.raises(LimitReached):
        desk.show(look, "shielded")


def test_a_beat_of_another_tab_extends_nothing(desk: Desk) -> None:
    old = desk.show(a_look(2)).pk
    desk.wait(SECOND).show(a_look(2))
    stage = desk.act(exposure.beat, exposure_id=old, holding=False)
    assert stage.level == "covered"


def test_nothing_is_shown_on_a_break(desk: Desk) -> None:
    desk.act(breaks.too_much)
    with pytest.raises(OnBreak) as refused:
        desk.show(a_look(0))
    assert refused.value.back_at == desk.at + 15 * MINUTE
