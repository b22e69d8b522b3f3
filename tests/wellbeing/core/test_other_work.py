"""Other paid work: nothing is on the stage meanwhile, and a lead learns the total of a team of five or more, once the day
is over.

Seen red without ``ledger.close`` in ``other_work.begin`` (a case stayed on the stage), without ``at < end`` (a total that grew while somebody sat there) and without ``LEAST_PEOPLE``.
"""

from datetime import datetime, timedelta

import pytest

from people.models import Team, User
from tests import cast
from tests.cast import T0, subject_of
from tests.wellbeing.steps import MINUTE, Desk, a_look
from wellbeing.core.rules.other_work import rounded
from wellbeing.core.rules.presence import Activity
from wellbeing.core.selectors.other_work import team_total
from wellbeing.core.services import breaks, other_work
from wellbeing.exceptions import OnBreak
from wellbeing.models import Exposure, Presence

pytestmark = pytest.mark.django_db

DAY = T0.date()
AFTER = T0 + timedelta(days=1)


def was_there(user: User, kind: str, minutes: int, at: datetime = T0) -> None:
    end = at + minutes * MINUTE
    Presence.objects.create(
        subject=subject_of(user), kind=kind, opened_at=at, last_beat_at=end, closed_at=end
    )


@pytest.fixture
def five(north: Team) -> list[User]:
    people = [cast.a_user(name, "moderator", team=north) for name in ("ada", "bo", "cleo", "dilan", "esi")]
    for user in people:
        was_there(user, "waiting", 60)
    return people


def test_a_team_of_five_has_a_total_to_the_quarter_of_an_hour(north: Team, five: list[User]) -> None:
    was_there(five[0], "other_work", 40, T0 + 60 * MINUTE)
    was_there(five[1], "other_work", 25, T0 + 60 * MINUTE)
    assert team_total(north.pk, DAY, at=AFTER) == 60 * MINUTE


def test_a_day_that_lasts_has_none(north: Team, five: list[User]) -> None:
    assert team_total(north.pk, DAY, at=T0 + timedelta(hours=14)) is None


def test_four_at_their_desks_have_none(north: Team, five: list[User]) -> None:
    Presence.objects.filter(subject=subject_of(five[4])).delete()
    assert team_total(north.pk, DAY, at=AFTER) is None


def test_only_the_hours_of_the_day_count(north: Team, five: list[User]) -> None:
    was_there(five[0], "other_work", 120, T0.replace(hour=23))
    assert team_total(north.pk, DAY, at=AFTER) == 60 * MINUTE


def test_another_team_is_not_in_it(north: Team, five: list[User], charlie: User) -> None:
    was_there(charlie, "other_work", 90)
    assert team_total(north.pk, DAY, at=AFTER) == timedelta(0)


@pytest.mark.parametrize(("minutes", "told"), [(0, 0), (7, 0), (8, 15), (22, 15), (23, 30)])
def test_totals_are_told_to_the_nearest_quarter(minutes: int, told: int) -> None:
    assert rounded(minutes * MINUTE) == told * MINUTE


# ── the person ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_whatever_is_on_the_stage_is_covered_first(desk: Desk) -> None:
    desk.show(a_look())
    desk.act(other_work.begin, activity=Activity.NOTHING, beating=True)
    assert Exposure.objects.get().closed_reason == "other_work"


def test_it_does_not_begin_in_a_break(desk: Desk) -> None:
    desk.act(breaks.too_much)
    with pytest.raises(OnBreak):
        desk.act(other_work.begin, activity=Activity.NOTHING, beating=True)


def test_what_is_done_stands_in_the_interval_and_after_a_lost_line_too(desk: Desk) -> None:
    desk.act(other_work.begin, activity=Activity.TRAINING, beating=True)
    desk.wait(5 * MINUTE).act(other_work.begin, activity=Activity.TRAINING, beating=True)
    found = Presence.objects.order_by("opened_at", "id").values_list("kind", "activity")
    assert list(found) == [
        ("waiting", ""),
        ("other_work", "training"),
        ("lost_line", ""),
        ("other_work", "training"),
    ]
