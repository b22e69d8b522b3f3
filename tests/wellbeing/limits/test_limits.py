"""Tightening is instant, loosening is slow (promise P6); every value says whose it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.models import AuditRow
from people.models import Team, TimeZonePeriod, User
from tests.cast import T0, subject_of
from tests.numbers import rev_of
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_ceiling, a_look, a_team_limit
from wellbeing.core.person import read_person
from wellbeing.core.rules.names import KINDS
from wellbeing.core.selectors.allowance import allowance
from wellbeing.core.selectors.desk import desk_facts
from wellbeing.exceptions import (
    AboveCeiling,
    CeilingNeedsTwo,
    Contradicts,
    LimitReached,
    OutOfBounds,
    ReasonMissing,
    UnknownLimit,
)
from wellbeing.limits.services.setting import seed_ceiling, set_limit
from wellbeing.models import LimitRow

MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


def set_team(team: Team, name: str, value: int, *, reason: str = "", at: datetime = T0) -> LimitRow:
    return set_limit(
        scope="team",
        scope_ref=str(team.pk),
        name=name,
        value=value,
        set_by="system",
        reason=reason,
        at=at,
    )


def in_force(desk: Desk, name: str = "seconds_3") -> tuple[int, str]:
    limit = desk.locked().limits[name]
    return limit.value, limit.scope


def test_a_tighter_value_covers_a_live_desk_with_its_next_beat(desk: Desk, north: Team) -> None:
    desk.show(a_look(3))
    desk.look_for(MINUTE)
    before = rev_of(desk.subject)
    set_team(north, "seconds_3", 30, at=desk.at)
    assert rev_of(desk.subject) == before + 1
    assert desk.beat().level == "covered"
    with pytest.raises(LimitReached):
        desk.show(a_look(3))


def test_a_looser_value_holds_from_the_person_s_next_local_day(desk: Desk, north: Team) -> None:
    set_team(north, "seconds_3", 60)
    set_team(north, "seconds_3", 600, reason="More people on shift", at=T0 + MINUTE)
    desk.at = MIDNIGHT - SECOND
    assert in_force(desk) == (60, "team")
    desk.at = MIDNIGHT
    assert in_force(desk) == (600, "team")


def test_the_next_local_day_is_that_of_the_person(desk: Desk, north: Team, alice: User) -> None:
    TimeZonePeriod.objects.filter(user=alice).update(zone="Asia/Kathmandu")
    set_team(north, "seconds_3", 60)
    set_team(north, "seconds_3", 600, reason="More people on shift", at=T0 + MINUTE)
    midnight = datetime(2026, 11, 23, 18, 15, tzinfo=UTC)
    desk.at = midnight - SECOND
    assert in_force(desk) == (60, "team")
    desk.at = midnight
    assert in_force(desk) == (600, "team")


def test_a_looser_value_needs_a_reason(north: Team) -> None:
    set_team(north, "seconds_3", 60)
    with pytest.raises(ReasonMissing):
        set_team(north, "seconds_3", 600, reason="  ")


def test_a_value_for_one_person_needs_a_reason_and_is_for_nobody_else(
    desk: Desk, north: Team, amina: User
) -> None:
    facts: dict[str, Any] = {"scope": "person", "scope_ref": str(desk.subject), "name": "seconds_3"}
    facts |= {"value": 60, "set_by": "system", "at": T0}
    with pytest.raises(ReasonMissing):
        set_limit(**facts, reason="")
    set_limit(**facts, reason="Asked for it")
    assert in_force(desk) == (60, "person")
    assert in_force(Desk(subject_of(amina))) == (7200, "ceiling")


def test_nobody_goes_above_the_ceiling(north: Team) -> None:
    with pytest.raises(AboveCeiling) as refused:
        set_team(north, "seconds_4", 30 * 60 + 1)
    assert refused.value.ceiling == 30 * 60
    assert set_team(north, "seconds_4", 30 * 60).value == 30 * 60


def test_the_ceiling_is_moved_by_nobody_alone(db: None) -> None:
    with pytest.raises(CeilingNeedsTwo):
        set_limit(
            scope="ceiling", scope_ref="", name="seconds_4", value=1, set_by="system", reason="x", at=T0
        )


def test_what_is_no_limit_is_refused(north: Team) -> None:
    with pytest.raises(UnknownLimit):
        set_team(north, "seconds_2", 5)
    assert not LimitRow.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seconds_4", -1),
        ("work_seconds", 0),
        ("seconds_1", 24 * 3600 + 1),
        ("cases_3", 5_001),
        ("work_rest_seconds", 59),
        ("work_rest_seconds", 7_201),
        ("cases_4", 10**40),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_what_would(north: Team, name: str, value: int) -> None:
    with pytest.raises(OutOfBounds) as refused:
        set_team(north, name, value)
    assert not refused.value.least <= value <= refused.value.most
    assert not LimitRow.objects.exists()


def test_the_ceiling_is_seeded_once(db: None) -> None:
    assert seed_ceiling(set_by="system", at=T0) == len(KINDS)
    assert seed_ceiling(set_by="system", at=T0) == 0


def test_a_change_is_audited_with_its_reason(north: Team) -> None:
    set_team(north, "seconds_3", 60, reason="A hard week")
    row = AuditRow.objects.get()
    assert (row.action, row.target_kind, row.target_id) == ("limit.set", "limit.team", str(north.pk))
    assert (row.detail, row.reason) == ({"name": "seconds_3", "value": 60, "loosens": False}, "A hard week")


def test_an_own_limit_is_nobody_else_s_business(desk: Desk) -> None:
    set_limit(
        scope="own",
        scope_ref=str(desk.subject),
        name="cases_4",
        value=0,
        set_by=str(desk.subject),
        reason="",
        at=T0,
    )
    assert not AuditRow.objects.exists()
    assert 4 not in allowance(desk.locked()).fit
    assert in_force(desk, "cases_4") == (0, "own")


def test_beats_and_reveals_are_never_audited(desk: Desk) -> None:
    desk.show(a_look(3))
    desk.look_for(MINUTE)
    assert not AuditRow.objects.exists()


def test_every_exposure_names_the_limits_it_was_shown_under(desk: Desk, north: Team) -> None:
    row = set_team(north, "seconds_3", 60)
    assert desk.show(a_look(3)).limits_version == row.pk


def test_a_limit_at_severity_4_leaves_what_is_milder(desk: Desk, north: Team) -> None:
    """What of it is handed out: ``tests/queues/test_limits_at_the_desk.py``."""
    a_team_limit(north, "cases_4", 1)
    desk.show(a_look(4), "shielded")
    found = allowance(desk.locked())
    assert found.mild_only is None
    assert (found.closed_by[4].name, found.closed_by[4].scope) == ("cases_4", "team")
    assert set(found.fit) == {0, 1, 2, 3}
    desk.show(a_look(3))


def test_at_the_limit_of_severity_1_and_up_only_what_weighs_nothing_is_offered(
    desk: Desk, north: Team
) -> None:
    a_team_limit(north, "seconds_1", 10)
    desk.show(a_look(2))
    desk.look_for(10 * SECOND)
    found = allowance(desk.locked())
    assert found.mild_only is not None
    assert (found.mild_only.name, found.mild_only.scope) == ("seconds_1", "team")
    assert set(found.fit) == {0}


def test_what_fits_is_what_is_left(desk: Desk, north: Team) -> None:
    a_team_limit(north, "seconds_3", 45)
    assert allowance(desk.locked()).fit[3] == 45 * SECOND


def test_the_desk_says_what_is_left_and_of_whose_limit(desk: Desk, north: Team) -> None:
    a_team_limit(north, "seconds_3", 60)
    desk.show(a_look(3))
    desk.look_for(20 * SECOND)
    facts = desk_facts(read_person(desk.subject, at=desk.at))
    found = {fact.name: fact for fact in facts.limits}["seconds_3"]
    assert (found.used, found.left, found.scope, found.until) == (20, 40, "team", None)
    assert facts.next_break_at == T0 + 50 * MINUTE
    assert facts.block_from is None


def test_a_block_at_severity_3_is_near_two_minutes_ahead_and_is_no_clock_time(desk: Desk) -> None:
    desk.show(a_look(3))
    desk.look_for(23 * MINUTE - 15 * SECOND, every=15 * SECOND)
    assert desk_facts(read_person(desk.subject, at=desk.at)).block_from is None
    desk.beat(after=15 * SECOND)
    facts = desk_facts(read_person(desk.subject, at=desk.at))
    assert (facts.block_from, facts.break_is_near) == (3, False)
    assert facts.next_break_at == T0 + 50 * MINUTE


@pytest.mark.parametrize(("minutes", "seconds", "near"), [(48, 0, True), (47, 55, False)])
def test_a_break_is_near_two_minutes_ahead(desk: Desk, minutes: int, seconds: int, near: bool) -> None:
    desk.work_for(timedelta(minutes=minutes, seconds=seconds))
    facts = desk_facts(read_person(desk.subject, at=desk.at))
    assert facts.next_break_at == T0 + 50 * MINUTE
    assert facts.break_is_near is near


def test_yesterday_evening_still_counts_after_midnight(desk: Desk, north: Team) -> None:
    a_team_limit(north, "seconds_4", 60)
    a_ceiling("night_severity", 4)
    desk.at = MIDNIGHT - MINUTE
    desk.open().show(a_look(4))
    desk.look_for(MINUTE)
    desk.wait(timedelta(hours=2))
    with pytest.raises(LimitReached) as refused:
        desk.show(a_look(4))
    assert refused.value.reached.until == MIDNIGHT + timedelta(hours=24)


@pytest.mark.parametrize("name", ["load_day_amber", "load_week_amber"])
def test_an_amber_value_never_comes_after_its_red_one(north: Team, name: str) -> None:
    """Seen red without `require_before_red`."""
    red = name.replace("amber", "red")
    set_team(north, red, 40)
    with pytest.raises(Contradicts) as refused:
        set_team(north, name, 41, reason="More before we are told")
    assert (refused.value.red, refused.value.most) == (red, 40)
    assert set_team(north, name, 35).value == 35


def test_red_may_be_tightened_below_amber(north: Team) -> None:
    assert set_team(north, "load_day_red", 100).value == 100
