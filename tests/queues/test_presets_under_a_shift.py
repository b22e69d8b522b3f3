"""A team is put under another preset while its people are at work: what is shown is covered, and nothing of anybody is lost.

Seen red without ``guard._cover_at_limit``.
"""

from datetime import timedelta

import pytest

from people.models import Team, User
from queues.models import Claim, Queue
from queues.services import desk
from tests.cast import T0, subject_of
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, asks, beats, finishes, gets, shows
from wellbeing.exceptions import PresetAboveCeiling
from wellbeing.limits.services import presets
from wellbeing.limits.services.contracts import record_contract
from wellbeing.models import Exposure, LimitRow, Shift, TeamPreset
from wellbeing.shifts import services as shifts
from wellbeing.shifts.rules import Planned

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def claim(alice: User, photos: Queue) -> Claim:
    """Alice is in her shift, with a case of severity 4 in hand."""
    own = str(subject_of(alice))
    today = Planned(T0 - HOUR, T0 + 7 * HOUR)
    shifts.plan(subject=subject_of(alice), planned=[today], planned_by=own, at=T0 - 24 * HOUR)
    a_case_comes_in(photos, severity=4)
    return gets(alice)


def is_put_under(team: Team, preset: str) -> TeamPreset:
    return presets.choose(
        team_id=team.pk, preset=preset, reason="A quiet month", set_by="dana", at=T0 + 5 * SECOND
    )


def test_what_the_new_one_closes_is_covered_with_the_next_beat_and_may_still_be_decided(
    alice: User, photos: Queue, north: Team, claim: Claim
) -> None:
    shown = shows(claim, level="grey")
    is_put_under(north, "volunteer")
    assert beats(alice, T0 + 10 * SECOND, claim, shown).level == ""
    assert Exposure.objects.get().shown_ms == 10_000
    assert finishes(claim, at=T0 + 4 * MINUTE).closed_reason == "decided"
    a_case_comes_in(photos, severity=4, at=T0 + 5 * MINUTE)
    milder = a_case_comes_in(photos, severity=2, at=T0 + 5 * MINUTE)
    desk.return_from_break(subject=claim.subject, at=T0 + 8 * MINUTE, beating=True)
    assert gets(alice, T0 + 8 * MINUTE).job_id == milder.pk
    assert Shift.objects.get().cancelled_at is None


def test_one_that_cannot_be_leaves_limits_stage_and_case_as_they_were(
    alice: User, north: Team, claim: Claim
) -> None:
    shown = shows(claim, level="grey")
    is_put_under(north, "default")
    before = list(LimitRow.objects.values_list("pk", "value"))
    day = T0.date()
    record_contract(
        counsellor="Dr. Okafor", from_on=day, until_on=day, recorded_by="olga", today=day, at=T0 - HOUR
    )
    with pytest.raises(PresetAboveCeiling) as refused:
        is_put_under(north, "specialist")
    assert "seconds_3" in refused.value.above
    assert list(LimitRow.objects.values_list("pk", "value")) == before
    assert TeamPreset.objects.get().preset == "default"
    assert beats(alice, T0 + 10 * SECOND, claim, shown).level == "grey"
    assert asks(alice, T0 + 11 * SECOND) == claim


def test_a_team_without_anybody_is_put_under_one_too(north: Team) -> None:
    assert is_put_under(north, "starter").preset == "starter"
