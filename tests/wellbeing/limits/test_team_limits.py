"""Several limits of a team at once: all of them or none. Seen red without ``transaction.atomic``."""

import pytest

from people.models import Team
from tests.cast import T0
from wellbeing.exceptions import AboveCeiling, ChangedMeanwhile, Contradicts
from wellbeing.limits.services.team_limits import Wanted, change_team_limits
from wellbeing.models import LimitRow

pytestmark = pytest.mark.django_db


def test_all_of_them_are_set(north: Team) -> None:
    wanted = [Wanted("seconds_3", 3600, "", 0), Wanted("cases_4", 30, "", 0)]
    change_team_limits(team_id=north.pk, wanted=wanted, set_by="a lead", at=T0)
    assert set(LimitRow.objects.values_list("name", "value")) == {("seconds_3", 3600), ("cases_4", 30)}


@pytest.mark.parametrize(
    ("last", "refusal"),
    [
        (Wanted("seconds_4", 600, "", 987_654), ChangedMeanwhile),
        (Wanted("seconds_1", 14_460, "", 0), AboveCeiling),
    ],
)
def test_none_is_set_when_one_cannot_be(north: Team, last: Wanted, refusal: type[Exception]) -> None:
    first = Wanted("seconds_4", 900, "", 0)
    change_team_limits(team_id=north.pk, wanted=[first], set_by="a lead", at=T0)
    with pytest.raises(refusal):
        change_team_limits(
            team_id=north.pk, wanted=[Wanted("cases_3", 20, "", 0), last], set_by="a lead", at=T0
        )
    assert list(LimitRow.objects.values_list("name", "value")) == [("seconds_4", 900)]


@pytest.mark.parametrize(("amber", "fits"), [(150, False), (100, True), (80, True)])
def test_amber_is_measured_against_the_red_that_is_set_with_it(north: Team, amber: int, fits: bool) -> None:
    """Seen red while they were set by name: amber came first, beside the red that went."""
    wanted = [Wanted("load_day_amber", amber, "", 0), Wanted("load_day_red", 100, "", 0)]
    if fits:
        change_team_limits(team_id=north.pk, wanted=wanted, set_by="a lead", at=T0)
    else:
        with pytest.raises(Contradicts):
            change_team_limits(team_id=north.pk, wanted=wanted, set_by="a lead", at=T0)
    assert LimitRow.objects.count() == (2 if fits else 0)
