"""A team is put under a preset: all of it or nothing, tighter at once, looser from the next day, and nobody overtaken.

Seen red without the look at what was seen, without the refusal above the ceiling, without the transaction around all values,
without ``ContractMissing``, and without the triggers that keep presets as they are.
"""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import AuditRow
from people.models import Team
from tests.cast import T0, a_team
from tests.numbers import rev_of
from tests.wellbeing.steps import SECOND, Desk
from wellbeing.exceptions import AlreadySet, ContractMissing, PresetAboveCeiling, ReasonMissing, UnknownPreset
from wellbeing.limits.rules.presets import PRESETS, above_ceiling
from wellbeing.limits.selectors.presets import newest_limit_of, preset_of, presets_for
from wellbeing.limits.services.presets import PresetOvertaken, Seen, choose
from wellbeing.limits.services.setting import move_ceiling, seed_ceiling, set_limit
from wellbeing.models import CounsellorContract, LimitRow, TeamPreset

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = T0.date()
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


def chooses(
    team: Team, preset: str, *, at: datetime = T0, reason: str = "Said so", seen: Seen | None = None
) -> TeamPreset:
    return choose(team_id=team.pk, preset=preset, reason=reason, set_by="dana", at=at, seen=seen)


def raises_ceilings(at: datetime = T0 - 2 * DAY) -> None:
    for name in sorted(
        above_ceiling("specialist", PRESETS["default"]), key=lambda one: one.endswith("amber")
    ):
        move_ceiling(name=name, value=PRESETS["specialist"][name], set_by="two", reason="A hotline", at=at)


def a_contract(from_on: date = TODAY, until_on: date = TODAY + 9 * DAY) -> CounsellorContract:
    return CounsellorContract.objects.create(
        counsellor="A practice", from_on=from_on, until_on=until_on, recorded_by="wim", recorded_at=T0
    )


def in_force(desk: Desk, name: str, at: datetime = T0) -> int:
    desk.at = at
    return int(desk.locked().limits[name].value)


def saw(team: Team) -> Seen:
    found = presets_for(team.pk, at=T0)
    return Seen(found.chosen.row, found.seen)


def test_the_values_of_a_preset_stand_as_limits_of_the_team(desk: Desk, north: Team):
    chooses(north, "volunteer")
    assert in_force(desk, "seconds_1") == 60 * 60
    assert in_force(desk, "seconds_4") == 0
    rows = LimitRow.objects.filter(scope="team", scope_ref=str(north.pk))
    assert {row.name: row.value for row in rows} == PRESETS["volunteer"]
    assert preset_of(north.pk).preset == "volunteer"


def test_another_team_and_the_organisation_are_left_alone(north: Team):
    south = a_team("South")
    chooses(north, "starter")
    assert preset_of(south.pk).row == 0
    assert newest_limit_of(south.pk) == 0
    assert not LimitRow.objects.filter(scope="ceiling").exists()


def test_tighter_holds_at_once_and_looser_from_the_next_local_day(desk: Desk, north: Team):
    chooses(north, "volunteer")
    chooses(north, "default", at=T0 + SECOND)
    assert in_force(desk, "seconds_1", MIDNIGHT - SECOND) == 60 * 60
    assert in_force(desk, "seconds_1", MIDNIGHT) == 240 * 60
    chooses(north, "starter", at=MIDNIGHT + SECOND)
    assert in_force(desk, "seconds_1", MIDNIGHT + SECOND) == 120 * 60


def test_what_loosens_needs_a_reason_and_without_one_nothing_is_set(north: Team):
    chooses(north, "volunteer", reason="")
    count = LimitRow.objects.count()
    with pytest.raises(ReasonMissing):
        chooses(north, "default", reason="  ", at=T0 + SECOND)
    assert LimitRow.objects.count() == count
    assert preset_of(north.pk).preset == "volunteer"


def test_a_mixture_sets_what_is_tighter_too_only_with_the_reason(desk: Desk, north: Team):
    """From volunteer to starter some values loosen and some tighten: refused as a whole."""
    chooses(north, "volunteer")
    with pytest.raises(ReasonMissing):
        chooses(north, "starter", reason="", at=T0 + SECOND)
    assert in_force(desk, "night_severity", T0 + SECOND) == 2
    chooses(north, "starter", at=T0 + 2 * SECOND)
    assert in_force(desk, "night_severity", T0 + 2 * SECOND) == 1
    assert in_force(desk, "seconds_1", T0 + 2 * SECOND) == 60 * 60


def test_the_specialist_is_refused_as_a_whole_until_two_people_have_raised_the_ceilings(
    desk: Desk, north: Team
):
    a_contract()
    with pytest.raises(PresetAboveCeiling) as refused:
        chooses(north, "specialist")
    assert refused.value.above["seconds_4"] == (120 * 60, 30 * 60)
    assert set(refused.value.above) == set(above_ceiling("specialist", PRESETS["default"]))
    assert not LimitRow.objects.filter(scope="team").exists()
    assert not TeamPreset.objects.exists()


def test_the_specialist_after_the_default_waits_for_the_next_day_but_its_hard_stop_does_not(
    desk: Desk, north: Team
):
    seed_ceiling(set_by="system", at=T0 - 4 * DAY)
    chooses(north, "default", at=T0 - 3 * DAY)
    raises_ceilings()
    a_contract()
    chooses(north, "specialist")
    assert in_force(desk, "seconds_4", T0) == 30 * 60
    assert in_force(desk, "stop_minute", T0) == 16 * 60
    assert (in_force(desk, "load_day_red", T0), in_force(desk, "load_day_amber", T0)) == (600, 200)
    assert in_force(desk, "seconds_4", MIDNIGHT) == 120 * 60
    assert in_force(desk, "load_day_red", MIDNIGHT) == 1_100
    assert in_force(desk, "load_day_amber", MIDNIGHT) == 730


@pytest.mark.parametrize("contract", ["none", "of last year", "of tomorrow", "ended"])
def test_the_specialist_is_refused_while_no_contract_with_a_counsellor_is_on_record(
    north: Team, contract: str
):
    if contract == "of last year":
        a_contract(TODAY - 300 * DAY, TODAY - DAY)
    elif contract == "of tomorrow":
        a_contract(TODAY + DAY, TODAY + 9 * DAY)
    elif contract == "ended":
        a_contract()
        CounsellorContract.objects.update(ended_at=T0, ended_by="wim")
    raises_ceilings()
    assert {line.preset for line in presets_for(north.pk, at=T0).lines if line.lacks_contract} == {
        "specialist"
    }
    with pytest.raises(ContractMissing):
        chooses(north, "specialist")
    assert not TeamPreset.objects.exists()
    assert not LimitRow.objects.filter(scope="team").exists()
    chooses(north, "volunteer")


def test_a_raised_ceiling_holds_for_a_team_without_values_of_its_own(desk: Desk, north: Team):
    seed_ceiling(set_by="system", at=T0 - 4 * DAY)
    assert not presets_for(north.pk, at=T0).has_own_limits
    raises_ceilings()
    assert in_force(desk, "seconds_3") == 240 * 60
    chooses(north, "default")
    assert presets_for(north.pk, at=T0).has_own_limits
    assert in_force(desk, "seconds_3") == 120 * 60


def test_the_same_again_is_said_to_be_so_already(north: Team):
    chooses(north, "volunteer")
    with pytest.raises(AlreadySet):
        chooses(north, "volunteer", at=T0 + SECOND)
    set_limit(
        scope="team",
        scope_ref=str(north.pk),
        name="seconds_1",
        value=60,
        set_by="dana",
        reason="",
        at=T0 + SECOND,
    )
    chooses(north, "volunteer", at=T0 + 2 * SECOND)
    assert TeamPreset.objects.count() == 2


def test_a_looser_value_that_waits_is_taken_back(desk: Desk, north: Team):
    chooses(north, "volunteer")
    set_limit(
        scope="team",
        scope_ref=str(north.pk),
        name="seconds_1",
        value=90 * 60,
        set_by="dana",
        reason="More",
        at=T0 + SECOND,
    )
    line = next(line for line in presets_for(north.pk, at=T0 + SECOND).lines if line.preset == "volunteer")
    assert [(change.name, change.before, change.after) for change in line.changes] == [
        ("seconds_1", 60 * 60, 60 * 60)
    ]
    chooses(north, "volunteer", at=T0 + 2 * SECOND)
    assert in_force(desk, "seconds_1", MIDNIGHT + DAY) == 60 * 60


def test_there_are_four_presets_and_no_fifth(north: Team):
    with pytest.raises(UnknownPreset):
        chooses(north, "relaxed")


@pytest.mark.parametrize("meanwhile", ["preset", "limit"])
def test_whoever_is_second_is_told(north: Team, meanwhile: str):
    seen = saw(north)
    if meanwhile == "preset":
        chooses(north, "starter", seen=seen)
    else:
        set_limit(
            scope="team", scope_ref=str(north.pk), name="cases_3", value=9, set_by="x", reason="", at=T0
        )
    before = LimitRow.objects.count()
    with pytest.raises(PresetOvertaken) as refused:
        chooses(north, "volunteer", seen=seen, at=T0 + SECOND)
    assert refused.value.chosen == preset_of(north.pk)
    assert LimitRow.objects.count() == before


def test_every_desk_of_the_team_reads_again(desk: Desk, north: Team):
    before = rev_of(desk.subject)
    chooses(north, "starter")
    assert rev_of(desk.subject) > before


def test_it_is_audited_with_who_and_why(north: Team):
    chooses(north, "starter", reason="Six new people")
    row = AuditRow.objects.get(action="preset.chosen")
    assert (row.actor, row.target_id, row.detail, row.reason) == (
        "dana",
        str(north.pk),
        {"preset": "starter"},
        "Six new people",
    )


def test_what_would_change_is_what_changes(desk: Desk, north: Team):
    set_limit(
        scope="team",
        scope_ref=str(north.pk),
        name="seconds_1",
        value=1800,
        set_by="x",
        reason="",
        at=T0 - DAY,
    )
    found = {line.preset: line for line in presets_for(north.pk, at=T0).lines}
    changes = {
        change.name: (change.before, change.after, change.is_looser) for change in found["starter"].changes
    }
    assert changes == {
        "seconds_1": (1800, 7200, True),
        "seconds_3": (7200, 1800, False),
        "seconds_4": (1800, 0, False),
        "cases_4": (60, 0, False),
        "night_severity": (2, 1, False),
    }
    assert found["starter"].needs_reason
    assert set(found["specialist"].above) == set(above_ceiling("specialist", PRESETS["default"]))
    chooses(north, "starter")
    after = {line.preset: line for line in presets_for(north.pk, at=MIDNIGHT).lines}
    assert after["starter"].changes == []
    assert [line.preset for line in after.values() if line.is_chosen] == ["starter"]


def test_what_each_preset_means_takes_the_same_queries_however_many_limits(
    north: Team, django_assert_max_num_queries
):
    chooses(north, "volunteer")
    with django_assert_max_num_queries(8):
        presets_for(north.pk, at=T0)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_no_chosen_preset_is_changed_or_goes(north: Team, act: str):
    chooses(north, "volunteer")
    rows = TeamPreset.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(preset="default") if act == "update" else rows.delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_at_once_the_second_is_told(north: Team):
    seen, both, told = saw(north), Barrier(2), []

    def choose_as(preset: str) -> None:
        both.wait()
        try:
            chooses(north, preset, seen=seen)
        except PresetOvertaken as refused:
            told.append(refused.chosen.preset)
        finally:
            connection.close()

    threads = [Thread(target=choose_as, args=(preset,)) for preset in ("volunteer", "starter")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chosen = TeamPreset.objects.get()
    assert told == [chosen.preset]
    rows = LimitRow.objects.filter(scope="team")
    assert {row.name: row.value for row in rows} == PRESETS[chosen.preset]
