"""The lead's board: what is open, as it was counted; whether anybody could take it; what a limit would cost.

Seen red without the changes that are not folded yet, the closed severities and the suppression, and with own limits; with
own limits among the rows that ``available`` reads; and without either end of the two hours, or ``FEWEST``, in 'untaken'.
When a count may be told is in ``test_counts.py``.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Skill, Team, User
from people.statements import Statement
from queues.models import Claim, ClaimState, Job, JobState, Lane, Queue, QueueState
from queues.selectors import QueueLine, board, outlook
from queues.services import desk
from queues.services.tallies import fold_next
from queues.statements import DECIDED_BETWEEN, OLDEST_OPEN_BY_LANE
from tests import cast
from tests.cast import T0
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    counts_anew,
    finishes,
    gets,
    has_looked,
    settles,
    waiting_in,
)
from wellbeing.core.rules.opt_outs import MEDIA
from wellbeing.exceptions import UnknownLimit
from wellbeing.models import LimitRow, Measure, OptOut, SevereAgreement, Shift

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def line(team: Team, at: datetime = T0, name: str = "Community photos") -> QueueLine:
    """The queue as it is told when it was just counted."""
    counts_anew(at)
    (found,) = [one for one in board(team.pk, at) if one.name == name]
    return found


def a_limit(scope: str, scope_ref: object, name: str, value: int, at: datetime = T0) -> None:
    LimitRow.objects.create(
        scope=scope, scope_ref=str(scope_ref), name=name, value=value, set_at=at, set_by="system"
    )


class TestFigures:
    def test_an_empty_queue_says_so(self, north: Team, photos: Queue) -> None:
        found = line(north)
        assert (found.depth, found.due_soon, found.oldest_at, found.nobody_available) == (0, 0, None, False)
        assert (found.platform, found.state, found.is_default) == ("Lumen", "open", True)

    def test_depth_and_age_follow_what_is_open_in_hand_too(
        self, north: Team, alice: User, photos: Queue
    ) -> None:
        a_case_comes_in(photos, at=T0)
        a_case_comes_in(photos, at=T0 + MINUTE, severity=1)
        assert (line(north).depth, line(north).oldest_at) == (2, T0)
        claim = gets(alice, T0 + 2 * MINUTE)
        assert (line(north).depth, line(north).oldest_at) == (2, T0)
        finishes(claim, at=T0 + 3 * MINUTE)
        assert (line(north).depth, line(north).oldest_at) == (1, T0 + MINUTE)

    def test_folding_changes_nothing_that_is_seen(self, north: Team, alice: User, photos: Queue) -> None:
        for number in range(5):
            a_case_comes_in(photos, due_at=T0 + number * HOUR)
        before = line(north)
        assert fold_next()
        assert line(north) == before
        finishes(gets(alice, T0 + SECOND), at=T0 + SECOND)
        assert (line(north).depth, line(north).due_soon) == (4, 4)

    def test_due_soon_is_four_hours_and_what_is_overdue(self, north: Team, photos: Queue) -> None:
        for due_at in (T0 - HOUR, T0 + HOUR, T0 + 4 * HOUR, T0 + 4 * HOUR + 15 * MINUTE, None):
            a_case_comes_in(photos, due_at=due_at)
        assert (line(north).depth, line(north).due_soon) == (5, 3)

    def test_only_the_teams_own_queues_and_those_of_everybody(self, north: Team, photos: Queue) -> None:
        south = cast.a_team("South")
        umbra = cast.a_queue(platform=cast.a_platform("Umbra"), team=south, name="Posts")
        assert [one.name for one in board(north.pk, T0)] == ["Community photos"]
        Queue.objects.filter(pk=umbra.pk).update(every_team=True)
        assert [one.name for one in board(north.pk, T0)] == ["Community photos", "Posts"]
        assert [one.name for one in board(south.pk, T0)] == ["Posts"]

    def test_a_draft_and_a_closed_queue_stand_there_too(self, north: Team, photos: Queue) -> None:
        for state in (QueueState.DRAFT, QueueState.CLOSED):
            Queue.objects.filter(pk=photos.pk).update(state=state)
            assert line(north).state == state


class TestCost:
    def statements(self, team: Team) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            board(team.pk, T0)
        return [one["sql"] for one in seen.captured_queries]

    def test_the_same_statements_at_any_depth(self, north: Team, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        counts_anew()
        few = len(self.statements(north))
        waiting_in(Lane.objects.get(), count=400)
        for number in range(20):
            a_case_comes_in(photos, category=f"OWN_{number}")
        cast.a_user("ben", "moderator", team=north, skills=("lang:fr",))
        counts_anew()
        assert few == len(self.statements(north)) == 11

    def test_the_board_reads_neither_jobs_nor_what_moves_with_each_decision(
        self, north: Team, alice: User, photos: Queue
    ) -> None:
        a_case_comes_in(photos)
        counts_anew()
        read = " ".join(self.statements(north))
        assert "queues_queuecount" in read
        assert not [name for name in ("queues_job", "queues_claim", "queues_tally") if name in read]

    def test_a_count_reads_jobs_for_the_oldest_alone_and_claims_by_their_index(
        self, north: Team, photos: Queue
    ) -> None:
        lanes = [a_case_comes_in(photos, severity=severity).lane for severity in range(3)]
        for lane in lanes:
            waiting_in(lane, count=1500)
            done_before(waiting_in(lane, count=1500, state=JobState.DONE))
        with CaptureQueriesContext(connection) as seen:
            counts_anew()
        assert len([one for one in seen.captured_queries if "queues_job" in one["sql"]]) == 2
        assert "job_oldest" in self.plan(OLDEST_OPEN_BY_LANE, queue_id=photos.pk)
        assert "claim_decided" in self.plan(DECIDED_BETWEEN, queue_id=photos.pk, after=T0 - HOUR, until=T0)

    def plan(self, statement: Statement, **parameters: Any) -> str:
        """Return how a database that has seen many rows would run a statement."""
        sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            if not sqlite:
                cursor.execute("SET LOCAL enable_seqscan = off")
        explained = Statement(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement.text)
        return "\n".join(str(row) for row in explained.rows(**parameters))


def done_before(jobs: list[Job]) -> None:
    """Somebody decided each of these, days ago."""
    Claim.objects.bulk_create(
        Claim(
            job=job,
            subject=uuid4(),
            fence=1,
            state=ClaimState.CLOSED,
            closed_reason="decided",
            claimed_at=T0 - timedelta(days=3),
            lease_until=T0 - timedelta(days=3),
            closed_at=T0 - timedelta(days=2),
        )
        for job in jobs
    )


class TestNobodyAvailable:
    def test_not_while_somebody_could_take_it(self, north: Team, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, language="fr", severity=4)
        assert not line(north).nobody_available

    def test_a_team_without_moderators(self, north: Team, dana: User, photos: Queue) -> None:
        assert not line(north).nobody_available
        a_case_comes_in(photos)
        assert line(north).nobody_available

    def test_a_language_that_nobody_reads(self, north: Team, alice: User, photos: Queue) -> None:
        Skill.objects.create(user=alice, code="lang:fr", added_at=T0)
        a_case_comes_in(photos, language="fr-BE")
        assert not line(north).nobody_available
        a_case_comes_in(photos, language="de")
        assert line(north).nobody_available

    def test_a_skill_that_nobody_has(self, north: Team, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, skill="senior")
        assert line(north).nobody_available
        cast.a_user("amina", "moderator", team=north, skills=("senior",))
        assert not line(north).nobody_available

    def test_who_left_or_is_of_another_team_does_not_count(
        self, north: Team, alice: User, charlie: User, photos: Queue
    ) -> None:
        a_case_comes_in(photos)
        User.objects.filter(pk=alice.pk).update(is_active=False)
        assert line(north).nobody_available
        photos.teams.add(cast.a_team("South"))
        assert not line(north).nobody_available

    @pytest.mark.parametrize("scope", ["ceiling", "team", "person"])
    def test_a_severity_that_a_limit_closes(
        self, scope: str, north: Team, alice: User, photos: Queue
    ) -> None:
        a_case_comes_in(photos, severity=4)
        refs = {"ceiling": "", "team": north.pk}
        a_limit(scope, refs.get(scope, cast.subject_of(alice)), "seconds_4", 0, T0 + MINUTE)
        assert line(north, T0 + MINUTE).nobody_available
        assert not line(north).nobody_available

    def test_at_night_and_at_the_end_of_all_shifts(self, north: Team, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, severity=3)
        assert line(north, T0.replace(hour=22)).nobody_available
        assert not line(north, T0.replace(hour=21, minute=59)).nobody_available
        Shift.objects.create(
            subject=cast.subject_of(alice),
            starts_at=T0 - HOUR,
            ends_at=T0 + 2 * HOUR,
            planned_at=T0,
            planned_by="dana",
        )
        assert line(north, T0 + HOUR).nobody_available
        assert not line(north, T0 + HOUR - SECOND).nobody_available

    def test_a_team_of_new_starters(self, north: Team, photos: Queue) -> None:
        cast.a_user("nora", "moderator", team=north, began_on=T0.date())
        a_case_comes_in(photos, severity=2)
        assert not line(north).nobody_available
        a_case_comes_in(photos, severity=3)
        assert line(north).nobody_available

    def test_a_category_that_nobody_was_trained_for(self, north: Team, alice: User, photos: Queue) -> None:
        Skill.objects.create(user=alice, code="trained:HATE", added_at=T0)
        a_case_comes_in(photos, category="HATE")
        assert not line(north).nobody_available
        a_case_comes_in(photos, category="GORE")
        assert line(north).nobody_available

    def test_what_is_spent_today_plays_no_part(self, north: Team, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, severity=4)
        has_looked(alice, 24 * 3600, severity=4)
        assert not line(north).nobody_available

    def test_an_empty_lane_needs_nobody(self, north: Team, alice: User, photos: Queue) -> None:
        Lane.objects.create(queue=photos, category="GORE", severity=3, skill="senior")
        a_case_comes_in(photos)
        assert not line(north).nobody_available


def keeps_away(user: User, way: str) -> None:
    """A person sees to it in one of the ways that are theirs alone that no case of GORE at severity 4 comes to them."""
    subject = cast.subject_of(user)
    if way == "own limit":
        a_limit("own", subject, "seconds_4", 0)
    elif way == "agreement":
        SevereAgreement.objects.filter(subject=subject).update(revoked_at=T0)
    elif way in {"rest_day", "lighter_queue"}:
        today = T0.date()
        Measure.objects.create(
            subject=subject, kind=way, from_on=today, until_on=today, set_by="wim", set_at=T0
        )
    else:
        kind, _, value = way.partition(":")
        OptOut.objects.create(subject=subject, kind=kind, value=value, set_at=T0)


WAYS = [
    "own limit",
    "agreement",
    "rest_day",
    "lighter_queue",
    "category:GORE",
    "language:en",
    "every medium",
]


class TestWhatIsPrivate:
    """Of five who could take it, 'nobody' may be told; of four, one of whom keeps it away, never."""

    def people(self, north: Team, count: int) -> list[User]:
        return [cast.a_user(f"person{number}", "moderator", team=north) for number in range(count)]

    def all_keep_away(self, people: list[User], way: str) -> None:
        for user in people:
            if way == "every medium":
                for medium in MEDIA:
                    keeps_away(user, f"medium:{medium}")
            else:
                keeps_away(user, way)

    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize("count", [1, 4, 5, 9])
    def test_that_all_of_them_keep_it_away_changes_nothing(
        self, north: Team, photos: Queue, way: str, count: int
    ) -> None:
        a_case_comes_in(photos, severity=4, language="en")
        people = self.people(north, count)
        before = line(north)
        assert not before.nobody_available
        self.all_keep_away(people, way)
        assert line(north) == before

    @pytest.mark.parametrize("way", WAYS)
    def test_a_lead_who_closes_the_last_that_is_left_reads_nothing(
        self, north: Team, photos: Queue, way: str
    ) -> None:
        """Everybody but one keeps it away; the lead tightens that one's limit, or anybody's, and looks."""
        people = self.people(north, 6)
        self.all_keep_away(people[1:], way)
        a_case_comes_in(photos, severity=4, language="en")
        before = line(north)
        seen = []
        for number, one in enumerate(people[:5]):
            a_limit("person", cast.subject_of(one), "seconds_4", 0, T0 + number * SECOND)
            seen.append(line(north, T0 + MINUTE))
        assert {found.nobody_available for found in seen} == {False}
        assert {replace(found, counted_at=None) for found in seen} == {replace(before, counted_at=None)}
        a_limit("person", cast.subject_of(people[5]), "seconds_4", 0, T0 + MINUTE)
        assert line(north, T0 + 2 * MINUTE).nobody_available


class TestUntaken:
    """After two hours, where five or more could have taken it all the time, it is said that nobody did."""

    @pytest.fixture
    def people(self, north: Team, photos: Queue) -> list[User]:
        a_case_comes_in(photos, severity=4, language="en")
        return [cast.a_user(f"person{number}", "moderator", team=north) for number in range(5)]

    def test_after_two_hours_and_not_before(self, north: Team, people: list[User]) -> None:
        assert not line(north, T0 + 2 * HOUR - SECOND).untaken
        assert line(north, T0 + 2 * HOUR).untaken

    def test_whatever_keeps_it_away(self, north: Team, people: list[User]) -> None:
        before = line(north, T0 + 2 * HOUR)
        for user, way in zip(people, WAYS[:5], strict=True):
            keeps_away(user, way)
            assert line(north, T0 + 2 * HOUR) == before

    def test_of_four_never(self, north: Team, people: list[User]) -> None:
        a_limit("person", cast.subject_of(people[0]), "seconds_4", 0, T0)
        assert not line(north, T0 + 3 * HOUR).untaken

    @pytest.mark.parametrize(("minutes", "is_told"), [(0, True), (1, False)])
    def test_not_of_who_came_meanwhile(
        self, north: Team, people: list[User], minutes: int, is_told: bool
    ) -> None:
        Shift.objects.create(
            subject=cast.subject_of(people[0]),
            starts_at=T0 + minutes * MINUTE,
            ends_at=T0 + 8 * HOUR,
            planned_at=T0,
            planned_by="dana",
        )
        assert line(north, T0 + 2 * HOUR).untaken is is_told

    def test_who_is_planned_for_later_is_not_on(self, north: Team, people: list[User], photos: Queue) -> None:
        a_case_comes_in(photos, severity=1, language="en")
        for one in people:
            Shift.objects.create(
                subject=cast.subject_of(one),
                starts_at=T0 + 5 * HOUR,
                ends_at=T0 + 9 * HOUR,
                planned_at=T0,
                planned_by="dana",
            )
        assert not line(north, T0 + 2 * HOUR).untaken

    def test_not_where_one_of_that_lane_was_decided(
        self, north: Team, people: list[User], photos: Queue
    ) -> None:
        a_case_comes_in(photos, severity=4, language="en")
        finishes(gets(people[0], T0 + HOUR), at=T0 + HOUR)
        assert not line(north, T0 + 3 * HOUR - SECOND).untaken
        assert line(north, T0 + 3 * HOUR).untaken

    def test_a_skip_and_a_case_in_hand_change_nothing(
        self, north: Team, people: list[User], photos: Queue
    ) -> None:
        before = line(north, T0 + 2 * HOUR)
        desk.skip(**act(gets(people[0], T0 + HOUR), T0 + HOUR))
        settles(T0 + HOUR)
        gets(people[1], T0 + HOUR)
        assert line(north, T0 + 2 * HOUR) == before

    def test_not_of_a_queue_that_hands_out_nothing(
        self, north: Team, people: list[User], photos: Queue
    ) -> None:
        Queue.objects.filter(pk=photos.pk).update(state=QueueState.PAUSED)
        assert not line(north, T0 + 2 * HOUR).untaken


class TestOutlook:
    @pytest.fixture
    def five(self, north: Team) -> list[User]:
        return [cast.a_user(f"person{number}", "moderator", team=north) for number in range(5)]

    @pytest.fixture
    def work(self, photos: Queue) -> Job:
        """600 cases of severity 3, of a minute each, due in a day: as much as five people may look at."""
        job = a_case_comes_in(photos, severity=3, due_at=T0 + 24 * HOUR, expected_seconds=60)
        waiting_in(job.lane, count=599, due_at=T0 + 24 * HOUR, expected_seconds=60)
        counts_anew()
        return job

    def test_how_many_more_would_miss_their_due_time(self, north: Team, five: list[User], work: Job) -> None:
        found = outlook(north.pk, "seconds_3", 3600, T0)
        assert found.would_miss == 300
        assert outlook(north.pk, "seconds_3", 120 * 60, T0).would_miss == 0

    def test_a_looser_value_than_the_ceiling_changes_nothing(
        self, north: Team, five: list[User], work: Job
    ) -> None:
        waiting_in(work.lane, count=600, due_at=T0 + 24 * HOUR, expected_seconds=60)
        counts_anew()
        a_limit("team", north.pk, "seconds_3", 3600, T0 - HOUR)
        assert outlook(north.pk, "seconds_3", 24 * 3600, T0).would_miss == 0
        assert outlook(north.pk, "seconds_3", 1800, T0).would_miss == 150

    def test_of_fewer_than_five_no_number(self, north: Team, five: list[User], work: Job, dana: User) -> None:
        User.objects.filter(pk=five[0].pk).update(is_active=False)
        found = outlook(north.pk, "seconds_3", 0, T0)
        assert found.would_miss is None

    def test_a_closed_severity_is_told_with_all_that_is_open_due_or_not(
        self, north: Team, five: list[User], work: Job
    ) -> None:
        Job.objects.update(due_at=None)
        counts_anew()
        found = outlook(north.pk, "seconds_3", 0, T0)
        assert (found.would_miss, found.closes, found.closed_out) == (0, 3, 600)
        milder = outlook(north.pk, "seconds_4", 0, T0)
        assert (milder.closes, milder.closed_out) == (4, 0)
        assert outlook(north.pk, "seconds_3", 60, T0).closes is None

    def test_what_is_not_reckoned_is_not_told(self, north: Team, five: list[User], work: Job) -> None:
        found = outlook(north.pk, "wellness_seconds", 60 * 60, T0)
        assert (found.would_miss, found.is_reckoned, found.closes) == (None, False, None)
        days = outlook(north.pk, "severe_days_7", 0, T0)
        assert (days.would_miss, days.closes, days.closed_out) == (None, 3, 600)

    def test_what_people_set_for_themselves_and_what_they_spent_cannot_be_found_out(
        self, north: Team, five: list[User], work: Job
    ) -> None:
        asked = [outlook(north.pk, "seconds_3", minutes * 60, T0) for minutes in range(0, 120, 10)]
        a_limit("own", cast.subject_of(five[0]), "seconds_3", 0)
        has_looked(five[1], 3600, severity=3)
        assert asked == [outlook(north.pk, "seconds_3", minutes * 60, T0) for minutes in range(0, 120, 10)]

    def test_a_paused_queue_and_a_foreign_one_are_left_out(
        self, north: Team, five: list[User], work: Job, photos: Queue
    ) -> None:
        Queue.objects.filter(pk=photos.pk).update(state=QueueState.PAUSED)
        assert outlook(north.pk, "seconds_3", 0, T0).would_miss == 0
        Queue.objects.filter(pk=photos.pk).update(state=QueueState.DRAINING)
        assert outlook(north.pk, "seconds_3", 0, T0).would_miss == 600
        photos.teams.set([cast.a_team("South")])
        assert outlook(north.pk, "seconds_3", 0, T0).would_miss == 0

    def test_nothing_that_is_done_meanwhile_moves_it(self, north: Team, five: list[User], work: Job) -> None:
        before = outlook(north.pk, "seconds_3", 3600, T0)
        for number in range(3):
            finishes(gets(five[number], T0 + number * SECOND), at=T0 + number * SECOND)
            assert outlook(north.pk, "seconds_3", 3600, T0) == before

    def test_the_number_is_read_from_the_count(self, north: Team, five: list[User], work: Job) -> None:
        with CaptureQueriesContext(connection) as seen:
            outlook(north.pk, "seconds_3", 0, T0)
        assert not [
            one for one in seen.captured_queries if "queues_job" in one["sql"] or "queues_tally" in one["sql"]
        ]
        assert len(seen.captured_queries) <= 10

    def test_a_limit_of_no_such_name(self, north: Team) -> None:
        with pytest.raises(UnknownLimit):
            outlook(north.pk, "seconds_9", 0, T0)


def test_a_case_is_not_told_by_its_reference(north: Team, photos: Queue) -> None:
    a_case_comes_in(photos, case_ref=(case := uuid4()))
    assert str(case) not in repr(board(north.pk, T0))
