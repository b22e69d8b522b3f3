"""A lead looks at the presets, sees what one would change, and chooses it, or is told why not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Team, User
from tests.cast import subject_of
from tests.web.lead.office import Office
from web.lead.seen import sealed
from wellbeing.limits.rules.presets import PRESETS, above_ceiling
from wellbeing.limits.selectors.presets import presets_for
from wellbeing.limits.services.presets import choose
from wellbeing.limits.services.setting import move_ceiling, set_limit
from wellbeing.models import CounsellorContract, LimitRow, TeamPreset

pytestmark = pytest.mark.django_db


def chooses(lead: Office, preset: str, team: Team, *, reason: str = "", **seen: int) -> Office:
    found = presets_for(team.pk, at=timezone.now())
    shown = {"seen_preset": found.chosen.row, "seen_limit": found.seen} | seen
    fields = {name: sealed(row) for name, row in shown.items()}
    return lead.posts(f"/lead/presets/{preset}/", reason=reason, **fields)


def another_chose(preset: str, team: Team, by: User) -> None:
    choose(team_id=team.pk, preset=preset, reason="First", set_by=str(subject_of(by)), at=timezone.now())


def raises_ceilings() -> None:
    at = timezone.now() - timedelta(days=3)
    for name in sorted(
        above_ceiling("specialist", PRESETS["default"]), key=lambda one: one.endswith("amber")
    ):
        move_ceiling(name=name, value=PRESETS["specialist"][name], set_by="two", reason="A hotline", at=at)


def a_contract() -> None:
    today = timezone.now().date()
    CounsellorContract.objects.create(
        counsellor="A practice",
        from_on=today,
        until_on=today + timedelta(days=30),
        recorded_by="wim",
        recorded_at=timezone.now(),
    )


def test_the_page_shows_all_four_and_what_each_would_change(lead: Office):
    text = lead.opens("/lead/presets/").text
    assert all(name in text for name in ("Default", "Specialist", "Volunteer", "Starter"))
    assert "4 limits would be tighter." in text
    assert "5 limits would be tighter." in text


def test_a_team_without_values_of_its_own_is_told_what_a_raised_ceiling_would_do(lead: Office, north: Team):
    said = "Choose Default first, before two people raise one."
    assert said in lead.opens("/lead/presets/").text
    chooses(lead, "default", north)
    assert said not in lead.opens("/lead/presets/").text


def test_what_would_change_is_shown_before_anything_does(lead: Office):
    text = lead.opens("/lead/presets/volunteer/").text
    assert "Nothing is saved yet." in text
    assert "Minutes at severity 1 and up 240 min 60 min tighter" in text
    assert "Holds at once, on every open desk." in text
    assert not TeamPreset.objects.exists()
    assert not LimitRow.objects.exists()


def test_what_is_tighter_is_chosen_without_a_reason(lead: Office, north: Team, dana: User):
    chooses(lead, "volunteer", north).follows()
    assert "Chosen. What is tighter holds now" in lead.text
    assert "chosen" in lead.text
    assert TeamPreset.objects.get().set_by == str(subject_of(dana))


def test_what_is_looser_waits_for_a_reason_and_for_the_next_day(lead: Office, north: Team, dana: User):
    another_chose("volunteer", north, dana)
    text = lead.opens("/lead/presets/default/").text
    assert "Holds from each person’s next local day, not before." in text
    assert "Minutes at severity 1 and up 60 min 240 min looser" in text
    assert chooses(lead, "default", north).status == 422
    assert "Say why, please." in lead.text
    assert chooses(lead, "default", north, reason="\u200f").status == 422
    assert TeamPreset.objects.get().preset == "volunteer"
    assert chooses(lead, "default", north, reason="They are trained").status == 302
    assert "They are trained" in lead.opens("/lead/presets/").text
    assert "Dana Default They are trained" in lead.opens("/lead/history/").text


def test_the_specialist_is_refused_with_each_limit_that_two_people_have_to_raise(lead: Office, north: Team):
    for answer in (lead.opens("/lead/presets/specialist/"), chooses(lead, "specialist", north)):
        assert "It cannot be chosen before two people allow more" in answer.text
        assert (
            "Minutes at severity 4: it would be 120 min, and the organisation allows at most 30 min."
            in answer.text
        )
        assert "Cases of severity 4: it would be 400 cases" in answer.text
        assert "Choose it" not in answer.text
    assert lead.status == 422
    assert not TeamPreset.objects.exists()
    raises_ceilings()
    a_contract()
    assert chooses(lead, "specialist", north, reason="The hotline").status == 302


def test_the_specialist_waits_for_a_contract_with_a_counsellor(lead: Office, north: Team):
    raises_ceilings()
    said = "It cannot be chosen: no contract with an independent counsellor is on record."
    for answer in (lead.opens("/lead/presets/specialist/"), chooses(lead, "specialist", north, reason="Now")):
        assert said in answer.text
        assert "Choose it" not in answer.text
    assert lead.status == 422
    assert not TeamPreset.objects.exists()
    assert said in lead.opens("/lead/presets/").text
    a_contract()
    assert said not in lead.opens("/lead/presets/").text
    chooses(lead, "specialist", north, reason="The hotline")
    CounsellorContract.objects.update(ended_at=timezone.now(), ended_by="wim")
    assert "on record today, so the default’s limits hold for this team" in lead.opens("/lead/presets/").text


@pytest.mark.parametrize("what", ["preset", "limit"])
def test_the_second_of_two_leads_is_told_and_what_they_wrote_is_kept(
    lead: Office, north: Team, dana: User, what: str
):
    found = presets_for(north.pk, at=timezone.now())
    if what == "preset":
        another_chose("starter", north, dana)
    else:
        set_limit(
            scope="team",
            scope_ref=str(north.pk),
            name="cases_3",
            value=9,
            set_by=str(subject_of(dana)),
            reason="",
            at=timezone.now(),
        )
    chooses(lead, "volunteer", north, reason="Mine", seen_preset=found.chosen.row, seen_limit=found.seen)
    assert lead.status == 409
    assert "Look again, please." in lead.text
    assert ("Starter was chosen by Dana" in lead.text) is (what == "preset")
    assert "Mine" in lead.text
    assert not TeamPreset.objects.filter(preset="volunteer").exists()


def test_whoever_sends_nothing_of_what_they_saw_has_seen_nothing(lead: Office, north: Team):
    assert lead.posts("/lead/presets/volunteer/", seen_preset="x").status == 409
    assert lead.posts("/lead/presets/volunteer/", seen_preset="9" * 30, seen_limit="0").status == 409
    assert not TeamPreset.objects.exists()


def test_the_same_again_changes_nothing(lead: Office, north: Team):
    chooses(lead, "starter", north)
    chooses(lead, "starter", north).follows()
    assert "The team is under it already." in lead.text
    assert TeamPreset.objects.count() == 1


def test_there_is_no_fifth_preset(lead: Office):
    assert lead.opens("/lead/presets/relaxed/").status == 404
    assert lead.posts("/lead/presets/relaxed/").status == 404


def test_a_reason_that_is_too_long_is_refused(lead: Office, north: Team):
    chooses(lead, "starter", north, reason="x" * 1001)
    assert lead.status == 422
    assert "at most 1000 characters" in lead.text
