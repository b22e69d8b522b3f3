"""Another team's limits: a tighter team binds at once, a looser one from the person's next local day (promise P6).

Seen red without ``left_at < next day`` in ``scopes._binds`` (the old team bound for ever), with ``stay.left_at is None``
alone there (a move loosened at once), and without ``value.set_at < stay.left_at`` (a team that was left went on
tightening).
"""

from datetime import UTC, datetime, timedelta

import pytest

from people.models import Team, TimeZonePeriod, User
from people.selectors import profile_of
from people.services.accounts import set_team
from tests.cast import T0, a_team, subject_of
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look, a_team_limit
from wellbeing.exceptions import LimitReached

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
CEILING = (7200, "ceiling")


@pytest.fixture
def south(db: None) -> Team:
    return a_team("South")


def moves(user: User, team: Team | None, *, at: datetime) -> None:
    set_team(user=user, team=team, actor="system", at=at)


def in_force(desk: Desk, at: datetime) -> tuple[int, str]:
    desk.at = at
    limit = desk.locked().limits["seconds_3"]
    return limit.value, limit.scope


def test_a_looser_team_loosens_nothing_before_midnight(
    desk: Desk, alice: User, north: Team, south: Team
) -> None:
    a_team_limit(north, "seconds_3", 60)
    a_team_limit(south, "seconds_3", 600)
    moves(alice, south, at=T0 + HOUR)
    assert in_force(desk, T0 + HOUR) == (60, "team")
    assert in_force(desk, MIDNIGHT - SECOND) == (60, "team")
    assert in_force(desk, MIDNIGHT) == (600, "team")


def test_a_tighter_team_binds_at_once(desk: Desk, alice: User, north: Team, south: Team) -> None:
    a_team_limit(north, "seconds_3", 600)
    a_team_limit(south, "seconds_3", 60)
    moves(alice, south, at=T0 + HOUR)
    assert in_force(desk, T0 + HOUR - SECOND) == (600, "team")
    assert in_force(desk, T0 + HOUR) == (60, "team")


def test_out_of_every_team_the_old_limit_stays_until_midnight(desk: Desk, alice: User, north: Team) -> None:
    a_team_limit(north, "seconds_3", 60)
    moves(alice, None, at=T0 + HOUR)
    assert in_force(desk, MIDNIGHT - SECOND) == (60, "team")
    assert in_force(desk, MIDNIGHT) == CEILING


def test_midnight_is_the_person_s_own(desk: Desk, alice: User, north: Team, south: Team) -> None:
    TimeZonePeriod.objects.filter(user=alice).update(zone="Asia/Kathmandu")
    a_team_limit(north, "seconds_3", 60)
    moves(alice, south, at=T0 + HOUR)
    midnight = datetime(2026, 11, 23, 18, 15, tzinfo=UTC)
    assert in_force(desk, midnight - SECOND) == (60, "team")
    assert in_force(desk, midnight) == CEILING


def test_flying_west_does_not_end_the_day_of_the_move_early(
    desk: Desk, alice: User, north: Team, south: Team
) -> None:
    """In the new zone the move was yesterday; where it was made, its day goes on."""
    TimeZonePeriod.objects.filter(user=alice).update(zone="Asia/Kathmandu")
    moved_at = datetime(2026, 11, 23, 20, tzinfo=UTC)  # 01:45 of the 24th in Kathmandu
    TimeZonePeriod.objects.create(user=alice, zone="UTC", effective_from=moved_at + HOUR)
    a_team_limit(north, "seconds_3", 60)
    moves(alice, south, at=moved_at)
    assert in_force(desk, MIDNIGHT + HOUR) == (60, "team")
    assert in_force(desk, datetime(2026, 11, 24, 18, 15, tzinfo=UTC)) == CEILING


def test_to_a_team_for_a_minute_and_back_loosens_nothing(
    desk: Desk, alice: User, north: Team, south: Team
) -> None:
    a_team_limit(north, "seconds_3", 60)
    moves(alice, south, at=T0 + HOUR)
    moves(alice, north, at=T0 + HOUR + MINUTE)
    assert in_force(desk, T0 + HOUR + SECOND) == (60, "team")
    assert in_force(desk, MIDNIGHT + DAY) == (60, "team")


def test_a_team_that_was_left_tightens_no_more(desk: Desk, alice: User, north: Team, south: Team) -> None:
    a_team_limit(north, "seconds_3", 600)
    moves(alice, south, at=T0 + HOUR)
    a_team_limit(north, "seconds_3", 60, at=T0 + HOUR)
    assert in_force(desk, T0 + 2 * HOUR) == (600, "team")


def test_a_move_brings_nothing_back_on_the_stage(desk: Desk, alice: User, north: Team, south: Team) -> None:
    a_team_limit(north, "seconds_3", 30)
    desk.show(a_look(3))
    desk.look_for(MINUTE)
    moves(alice, south, at=desk.at)
    with pytest.raises(LimitReached):
        desk.wait(HOUR).show(a_look(3))


def test_people_say_where_someone_was(alice: User, north: Team, south: Team) -> None:
    subject = subject_of(alice)
    moves(alice, south, at=T0 + HOUR)

    def teams(since: datetime) -> dict[int, datetime | None]:
        return {stay.team_id: stay.left_at for stay in profile_of(subject, since=since).stays}

    assert teams(T0) == {north.pk: T0 + HOUR, south.pk: None}
    assert teams(T0 + HOUR) == {south.pk: None}
    profile = profile_of(subject, since=T0)
    assert profile.worker(T0 + HOUR - SECOND).team_id == north.pk
    assert profile.worker(T0 + HOUR).team_id == south.pk
    assert profile.worker(T0 - SECOND).team_id is None
