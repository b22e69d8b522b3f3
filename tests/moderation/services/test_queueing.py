"""The life of a queue, from a draft to its close, by the leads of its teams.

Seen red without the door, the version, the look at what is coming, both locks of a close, the question what is
missing, and the rule of the default queue; without the question which other paid work there is, and without the look at
what severe work has come already.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import Http404

from audit.models import AuditRow
from live.models import Rev
from moderation.exceptions import QueueClosed, QueuePaused
from moderation.models import Case, CaseState, Item, PolicyVersion
from moderation.selectors.queueing import guidelines_of, missing_of
from moderation.services import guidelines, queueing
from people.models import Platform, Team, User
from queues.exceptions import (
    DefaultNeeded,
    NotFromHere,
    QueueChanged,
    QueueIncomplete,
    QueueInvalid,
    QueueNameTaken,
    QueueNotEmpty,
)
from queues.models import Claim, Lane, Queue, QueueState
from queues.rules.plans import QueuePlan
from queues.services import desk
from queues.services.queues import plan_of
from tests import cast
from tests.cast import T0, subject_of
from tests.moderation.services.steps import an_item, take_in
from tests.numbers import rev_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    asks,
    at_once,
    finishes,
    gets,
    state_of,
)

LATER = T0 + timedelta(days=1)


@pytest.fixture
def lead(dana: User) -> str:
    return str(subject_of(dana))


def a_plan(team: Team, **changed: Any) -> QueuePlan:
    plan = QueuePlan(
        name="Stories",
        client_name="Lumen SA",
        purpose="Reported stories",
        decision_use="You decide whether this stays public.",
        trains_model=True,
        target_seconds=4 * 3600,
        grace_seconds=300,
        every_team=False,
        team_ids=frozenset({team.pk}),
        other_work="Reading the policies",
        other_work_with="Dana",
    )
    return replace(plan, **changed)


def makes(team: Team, lead: str, platform: Platform, **changed: Any) -> Queue:
    return queueing.create_queue(
        team_id=team.pk, actor=lead, platform_id=platform.pk, plan=a_plan(team, **changed), at=T0
    )


def writes(queue: Queue, team: Team, lead: str, **changed: Any) -> PolicyVersion:
    known: dict[str, Any] = {"title": "House rules", "guidance": "Be kind.", "last_seen": 0, "at": T0}
    return guidelines.write_guidelines(queue_id=queue.pk, team_id=team.pk, actor=lead, **(known | changed))


def does(act_name: str, queue: Queue, team: Team, lead: str, **changed: Any) -> Queue:
    version = Queue.objects.values_list("version", flat=True).get(pk=queue.pk)
    known: dict[str, Any] = {"last_seen": version, "at": T0}
    return queueing.change_state(
        act=act_name, queue_id=queue.pk, team_id=team.pk, actor=lead, **(known | changed)
    )


def edits(queue: Queue, team: Team, lead: str, *, last_seen: int | None = None, **changed: Any) -> Queue:
    known = Queue.objects.get(pk=queue.pk)
    return queueing.edit_queue(
        queue_id=queue.pk,
        team_id=team.pk,
        actor=lead,
        plan=replace(plan_of(known), **changed),
        last_seen=known.version if last_seen is None else last_seen,
        at=T0,
    )


@pytest.fixture
def stories(north: Team, lead: str, lumen: Platform) -> Queue:
    """An open queue beside the default one."""
    queue = makes(north, lead, lumen)
    writes(queue, north, lead)
    return does("open", queue, north, lead)


def audited(action: str) -> list[AuditRow]:
    return list(AuditRow.objects.filter(action=action).order_by("id"))


@pytest.mark.django_db
class TestMaking:
    def test_a_draft_takes_in_nothing_and_hands_out_nothing(
        self, north: Team, lead: str, lumen: Platform
    ) -> None:
        queue = makes(north, lead, lumen, name="  Stories ")
        assert (queue.name, queue.state, queue.is_default) == ("Stories", "draft", False)
        assert not queue.takes_in
        assert not queue.hands_out
        assert list(queue.teams.all()) == [north]
        (row,) = audited("queue.created")
        assert (row.actor, row.target_id) == (lead, str(queue.pk))
        assert row.detail["trains_model"] is True

    def test_nothing_of_its_words_is_in_the_audit(self, north: Team, lead: str, lumen: Platform) -> None:
        queue = makes(north, lead, lumen, purpose="Zyxwvut")
        edits(queue, north, lead, purpose="Tuvwxyz", decision_use="Zyxwvut")
        assert "yxwvu" not in repr([row.detail for row in AuditRow.objects.all()]).lower()
        assert audited("queue.edited")[0].detail["changed"] == ["decision_use", "purpose"]

    @pytest.mark.parametrize("name", ["Community photos", "COMMUNITY PHOTOS"])
    def test_a_name_once_per_platform(
        self, name: str, north: Team, lead: str, lumen: Platform, photos: Queue
    ) -> None:
        with pytest.raises(QueueNameTaken):
            makes(north, lead, lumen, name=name)
        makes(north, lead, cast.a_platform("Umbra"), name=name)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"name": "x" * 121}, "name"),
            ({"target_seconds": -5}, "target_seconds"),
            ({"grace_seconds": 10**9}, "grace_seconds"),
            ({"team_ids": frozenset()}, "teams"),
            ({"team_ids": frozenset({10**6})}, "teams"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_kept(
        self, changed: dict[str, Any], field: str, north: Team, lead: str, lumen: Platform
    ) -> None:
        with pytest.raises(QueueInvalid) as refused:
            makes(north, lead, lumen, **changed)
        assert list(refused.value.faults) == [field]
        assert not Queue.objects.exists()
        assert not audited("queue.created")

    def test_a_platform_of_nobody(self, north: Team, lead: str) -> None:
        with pytest.raises(QueueInvalid) as refused:
            makes(north, lead, Platform(id=uuid4()))
        assert refused.value.faults == {"platform": "unknown"}

    def test_a_lead_does_not_leave_their_own_team_out(self, north: Team, lead: str, lumen: Platform) -> None:
        south = cast.a_team("South")
        with pytest.raises(QueueInvalid) as refused:
            makes(north, lead, lumen, team_ids=frozenset({south.pk}))
        assert refused.value.faults == {"teams": "not_yours"}
        both = makes(north, lead, lumen, team_ids=frozenset({south.pk, north.pk}))
        assert both.teams.count() == 2


@pytest.mark.django_db
class TestOpening:
    def test_each_missing_thing_is_named(self, north: Team, lead: str, lumen: Platform) -> None:
        queue = makes(north, lead, lumen, purpose="", decision_use="", client_name="")
        with pytest.raises(QueueIncomplete) as refused:
            does("open", queue, north, lead)
        assert refused.value.missing == ("client_name", "purpose", "decision_use", "guidelines")
        queue.refresh_from_db()
        assert (queue.state, queue.version) == ("draft", 0)
        assert not audited("queue.opened")

    def test_guidelines_that_hold_only_later_are_not_enough(
        self, north: Team, lead: str, lumen: Platform
    ) -> None:
        queue = makes(north, lead, lumen)
        writes(queue, north, lead, in_force_from=T0 + MINUTE)
        with pytest.raises(QueueIncomplete) as refused:
            does("open", queue, north, lead)
        assert refused.value.missing == ("guidelines",)
        does("open", queue, north, lead, at=T0 + MINUTE)

    def test_open_it_takes_in_and_hands_out(self, stories: Queue, alice: User) -> None:
        assert missing_of(stories, at=T0) == ()
        job = a_case_comes_in(stories)
        assert gets(alice).job_id == job.pk
        assert audited("queue.opened")[0].detail == {"before": "draft", "after": "open"}

    def test_what_moderators_are_told_cannot_go_missing_while_it_is_open(
        self, north: Team, lead: str, stories: Queue
    ) -> None:
        with pytest.raises(QueueIncomplete):
            edits(stories, north, lead, purpose=" ")
        stories.refresh_from_db()
        assert stories.purpose == "Reported stories"


@pytest.mark.django_db
class TestPausing:
    def test_it_takes_in_and_hands_out_nothing(
        self, north: Team, lead: str, lumen: Platform, stories: Queue, alice: User
    ) -> None:
        does("pause", stories, north, lead)
        a_case_comes_in(stories)
        assert take_in(lumen, an_item(queue="Stories")).case.queue_id == stories.pk
        assert asks(alice) is None

    def test_a_case_in_hand_is_finished_or_given_back(
        self, north: Team, lead: str, stories: Queue, alice: User, amina: User
    ) -> None:
        first, second = a_case_comes_in(stories), a_case_comes_in(stories)
        mine, hers = gets(alice), gets(amina, T0 + SECOND)
        does("pause", stories, north, lead)
        finishes(mine, at=T0 + MINUTE)
        assert state_of(first) == "done"
        desk.hand_back(**act(hers, T0 + MINUTE))
        assert asks(alice, T0 + 2 * MINUTE) is None
        assert state_of(second) in {"waiting", "offering"}

    def test_opened_again_the_desk_that_waits_gets_it_at_once(
        self, north: Team, lead: str, stories: Queue, alice: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        does("pause", stories, north, lead)
        later, first = a_case_comes_in(stories, at=T0 + SECOND), a_case_comes_in(stories, severity=1)
        assert asks(alice) is None
        rev = rev_of(subject_of(alice))
        with django_capture_on_commit_callbacks(execute=True):
            does("open", stories, north, lead)
        assert Claim.objects.get().job_id == first.pk
        assert state_of(later) == "waiting"
        assert rev_of(subject_of(alice)) > rev

    def test_desks_that_wait_are_told_and_no_others(
        self, north: Team, lead: str, stories: Queue, alice: User, charlie: User
    ) -> None:
        asks(alice)
        asks(charlie)
        before = dict(Rev.objects.values_list("group", "number"))
        does("pause", stories, north, lead)
        after = dict(Rev.objects.values_list("group", "number"))
        moved = {group for group, number in after.items() if before.get(group, 0) != number}
        assert moved == {f"person.{subject_of(alice)}"}


@pytest.mark.django_db
class TestDrainingAndClosing:
    def test_draining_hands_out_and_takes_nothing_in(
        self, north: Team, lead: str, lumen: Platform, stories: Queue, alice: User
    ) -> None:
        job = a_case_comes_in(stories)
        does("drain", stories, north, lead)
        with pytest.raises(QueuePaused), transaction.atomic():
            take_in(lumen, an_item(queue="Stories"))
        assert gets(alice).job_id == job.pk
        assert not Item.objects.exists()

    def test_it_closes_only_when_nothing_is_left(
        self, north: Team, lead: str, lumen: Platform, stories: Queue, alice: User
    ) -> None:
        a_case_comes_in(stories)
        does("drain", stories, north, lead)
        with pytest.raises(QueueNotEmpty):
            does("close", stories, north, lead)
        claim = gets(alice)
        with pytest.raises(QueueNotEmpty):
            does("close", stories, north, lead)
        finishes(claim, at=T0 + SECOND)
        assert does("close", stories, north, lead).state == "closed"
        with pytest.raises(QueueClosed), transaction.atomic():
            take_in(lumen, an_item(queue="Stories"))

    def test_what_is_taken_in_and_has_no_job_yet_keeps_it_from_closing(
        self, north: Team, lead: str, lumen: Platform, stories: Queue
    ) -> None:
        Case.objects.create(
            platform=lumen, queue=stories, content_digest="0" * 64, category="GORE", severity=3,
            labelled_severity=3, medium="image", opened_at=T0,
        )  # fmt: skip
        with pytest.raises(QueueNotEmpty):
            does("close", stories, north, lead)
        Case.objects.update(state=CaseState.DECIDED)
        does("close", stories, north, lead)

    def test_a_closed_queue_opens_again(self, north: Team, lead: str, stories: Queue) -> None:
        does("close", stories, north, lead)
        assert does("open", stories, north, lead).state == "open"
        assert [row.action for row in AuditRow.objects.filter(target_kind="queue")][-2:] == [
            "queue.closed",
            "queue.opened",
        ]

    @pytest.mark.parametrize("act_name", ["drain", "close"])
    def test_the_default_goes_on_until_another_is_the_default(
        self, act_name: str, north: Team, lead: str, photos: Queue, stories: Queue
    ) -> None:
        writes(photos, north, lead)
        with pytest.raises(DefaultNeeded):
            does(act_name, photos, north, lead)
        makes_default(stories, north, lead)
        does(act_name, photos, north, lead)
        assert Queue.objects.get(is_default=True).pk == stories.pk

    def test_only_an_open_queue_becomes_the_default(
        self, north: Team, lead: str, photos: Queue, stories: Queue
    ) -> None:
        does("pause", stories, north, lead)
        with pytest.raises(NotFromHere):
            makes_default(stories, north, lead)
        with pytest.raises(NotFromHere):
            makes_default(photos, north, lead)
        assert Queue.objects.get(is_default=True).pk == photos.pk

    def test_an_act_that_does_not_fit_is_refused(self, north: Team, lead: str, stories: Queue) -> None:
        with pytest.raises(NotFromHere) as refused:
            does("open", stories, north, lead)
        assert (refused.value.state, refused.value.act) == ("open", "open")


def makes_default(queue: Queue, team: Team, lead: str) -> Queue:
    version = Queue.objects.values_list("version", flat=True).get(pk=queue.pk)
    return queueing.make_default(queue_id=queue.pk, team_id=team.pk, actor=lead, last_seen=version, at=T0)


@pytest.mark.django_db
class TestGuidelines:
    def test_a_new_version_each_time(self, north: Team, lead: str, stories: Queue) -> None:
        second = writes(stories, north, lead, guidance="Line\r\n\r\ntwo\x00 ", last_seen=1, at=T0 + MINUTE)
        assert (second.version, second.code, second.guidance) == (2, "default", "Line\n\ntwo")
        assert second.in_force_from == T0 + MINUTE
        assert [one.version for one in guidelines_of(stories)] == [2, 1]
        assert [row.detail["version"] for row in audited("guidelines.written")] == [1, 2]

    @pytest.mark.parametrize(
        ("changed", "faults"),
        [
            ({"title": " "}, {"title": "missing"}),
            ({"title": "x" * 201}, {"title": "too_long"}),
            ({"title": "a\nb"}, {"title": "not_text"}),
            ({"guidance": " \n"}, {"guidance": "missing"}),
            ({"guidance": "x" * 20_001}, {"guidance": "too_long"}),
            ({"in_force_from": T0 - SECOND}, {"in_force_from": "past"}),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, changed: dict[str, Any], faults: dict[str, str], north: Team, lead: str, stories: Queue
    ) -> None:
        with pytest.raises(QueueInvalid) as refused:
            writes(stories, north, lead, last_seen=1, **changed)
        assert refused.value.faults == faults
        assert len(guidelines_of(stories)) == 1

    def test_the_version_before_does_not_end_before_it_begins(
        self, north: Team, lead: str, stories: Queue
    ) -> None:
        writes(stories, north, lead, last_seen=1, in_force_from=LATER)
        with pytest.raises(QueueInvalid) as refused:
            writes(stories, north, lead, last_seen=2, in_force_from=LATER - SECOND)
        assert refused.value.faults == {"in_force_from": "before_the_last"}

    def test_what_does_not_hold_yet_can_be_taken_back_and_what_holds_cannot(
        self, north: Team, lead: str, stories: Queue
    ) -> None:
        writes(stories, north, lead, last_seen=1, in_force_from=LATER)
        takes_back: dict[str, Any] = {
            "queue_id": stories.pk,
            "team_id": north.pk,
            "actor": lead,
            "last_seen": 2,
        }
        with pytest.raises(QueueInvalid):
            guidelines.take_back_guidelines(**takes_back, at=LATER)
        guidelines.take_back_guidelines(**takes_back, at=LATER - SECOND)
        assert [one.version for one in guidelines_of(stories)] == [1]
        assert writes(stories, north, lead, last_seen=1).version == 2

    def test_of_two_leads_the_second_is_told(self, north: Team, lead: str, stories: Queue) -> None:
        writes(stories, north, lead, last_seen=1)
        with pytest.raises(QueueChanged):
            writes(stories, north, lead, last_seen=1, guidance="Mine.")
        assert len(guidelines_of(stories)) == 2


@pytest.mark.django_db
class TestWhose:
    def attempts(self, queue: Queue, team: Team, lead: str) -> list[Callable[[], Any]]:
        return [
            lambda: does("pause", queue, team, lead),
            lambda: edits(queue, team, lead, team_ids=frozenset({team.pk})),
            lambda: makes_default(queue, team, lead),
            lambda: writes(queue, team, lead, last_seen=1),
            lambda: guidelines.take_back_guidelines(
                queue_id=queue.pk, team_id=team.pk, actor=lead, last_seen=1, at=T0
            ),
        ]

    def test_another_teams_queue_is_not_there(self, lead: str, stories: Queue) -> None:
        south = cast.a_team("South")
        before = AuditRow.objects.count()
        for attempt in self.attempts(stories, south, lead):
            with pytest.raises(Http404):
                attempt()
        for attempt in self.attempts(Queue(pk=10**6), south, lead)[3:]:
            with pytest.raises(Http404):
                attempt()
        assert AuditRow.objects.count() == before

    def test_a_queue_of_every_team_is_any_leads_and_audited(
        self, north: Team, lead: str, stories: Queue
    ) -> None:
        edits(stories, north, lead, every_team=True, team_ids=frozenset())
        does("pause", stories, cast.a_team("South"), "someone")
        assert audited("queue.paused")[0].actor == "someone"


@pytest.mark.django_db
class TestTwoLeads:
    @pytest.mark.parametrize("act_name", ["pause", "drain", "close"])
    def test_the_second_is_told_and_nothing_is_overwritten(
        self, act_name: str, north: Team, lead: str, stories: Queue
    ) -> None:
        seen = Queue.objects.get(pk=stories.pk).version
        edits(stories, north, lead, purpose="Theirs")
        with pytest.raises(QueueChanged) as refused:
            does(act_name, stories, north, lead, last_seen=seen)
        assert (refused.value.state, refused.value.version) == ("open", seen + 1)
        with pytest.raises(QueueChanged):
            edits(stories, north, lead, last_seen=seen, purpose="Mine")
        assert Queue.objects.get(pk=stories.pk).purpose == "Theirs"

    def test_saving_what_stands_changes_nothing(self, north: Team, lead: str, stories: Queue) -> None:
        version = stories.version
        assert edits(stories, north, lead).version == version
        assert not audited("queue.edited")

    def test_numbers_and_teams_are_told_in_the_audit(self, north: Team, lead: str, stories: Queue) -> None:
        south = cast.a_team("South")
        edits(stories, north, lead, grace_seconds=0, team_ids=frozenset({north.pk, south.pk}))
        (row,) = audited("queue.edited")
        assert row.detail["before"] == {"grace_seconds": 300, "team_ids": [north.pk]}
        assert row.detail["after"] == {"grace_seconds": 0, "team_ids": sorted([north.pk, south.pk])}


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_acts_one_holds(self, north: Team, lead: str, stories: Queue) -> None:
        seen = stories.version
        results = at_once(
            lambda: does("pause", stories, north, lead, last_seen=seen),
            lambda: does("drain", stories, north, lead, last_seen=seen),
        )
        assert sorted(type(one).__name__ for one in results) == ["Queue", "QueueChanged"]
        assert Queue.objects.get(pk=stories.pk).version == seen + 1

    def test_two_new_defaults_at_once_leave_one(
        self, north: Team, lead: str, lumen: Platform, photos: Queue, stories: Queue
    ) -> None:
        other = makes(north, lead, lumen, name="Clips")
        writes(other, north, lead)
        does("open", other, north, lead)
        at_once(
            lambda: makes_default(stories, north, lead),
            lambda: makes_default(other, north, lead),
        )
        assert Queue.objects.filter(is_default=True).count() == 1

    @pytest.mark.parametrize("_round", range(3))
    def test_an_item_that_comes_in_while_it_closes_is_refused_or_keeps_it_open(
        self, _round: int, north: Team, lead: str, lumen: Platform, stories: Queue
    ) -> None:
        taken, closed = at_once(
            lambda: take_in(lumen, an_item("late", queue="Stories")),
            lambda: does("close", stories, north, lead),
        )
        state = Queue.objects.get(pk=stories.pk).state
        if isinstance(taken, QueueClosed):
            assert (state, Item.objects.count()) == ("closed", 0)
        else:
            assert isinstance(closed, QueueNotEmpty)
            assert (state, Item.objects.count()) == ("open", 1)

    @pytest.mark.postgres
    def test_a_close_waits_for_who_is_taking_an_item_in(
        self, north: Team, lead: str, lumen: Platform, stories: Queue
    ) -> None:
        """The item's transaction is still open when the close begins: without the shared lock it would not be seen."""
        results: list[Any] = []
        thread = threading.Thread(
            target=lambda: results.extend(at_once(lambda: does("close", stories, north, lead)))
        )
        with transaction.atomic():
            take_in(lumen, an_item("late", queue="Stories"))
            thread.start()
            while thread.is_alive() and not somebody_waits_for_a_row():
                continue
            assert thread.is_alive()
        thread.join(20)
        assert [type(one) for one in results] == [QueueNotEmpty]
        assert Queue.objects.get(pk=stories.pk).state == QueueState.OPEN


def somebody_waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


class TestOtherPaidWork:
    """A queue of severity 3 and up opens only where somebody said what its people do once that is closed to them."""

    def test_a_severe_queue_opens_only_with_its_other_paid_work_named(
        self, north: Team, lead: str, lumen: Platform
    ) -> None:
        queue = makes(north, lead, lumen, name="Frontier", other_work="\u200f", other_work_with=" \u202e")
        writes(queue, north, lead)
        with pytest.raises(QueueIncomplete) as refused:
            does("open", queue, north, lead)
        assert refused.value.missing == ("other_work", "other_work_with")
        edits(queue, north, lead, other_work="Reading the policies", other_work_with="Dana")
        assert does("open", queue, north, lead).state == QueueState.OPEN

    def test_whom_they_go_to_is_kept_without_what_would_mirror_the_page(
        self, north: Team, lead: str, lumen: Platform
    ) -> None:
        queue = makes(north, lead, lumen, name="Frontier", other_work_with="\u202eDana\u200f")
        assert queue.other_work_with == "Dana"

    def test_a_queue_that_stays_mild_needs_none(self, north: Team, lead: str, lumen: Platform) -> None:
        queue = makes(north, lead, lumen, name="Adverts", is_severe=False, other_work="", other_work_with="")
        writes(queue, north, lead)
        assert does("open", queue, north, lead).state == QueueState.OPEN

    def test_what_was_said_to_stay_mild_and_did_not_is_asked(
        self, north: Team, lead: str, lumen: Platform
    ) -> None:
        queue = makes(north, lead, lumen, name="Adverts", is_severe=False, other_work="", other_work_with="")
        writes(queue, north, lead)
        does("open", queue, north, lead)
        Lane.objects.create(queue=queue, category="GORE", severity=3)
        with pytest.raises(QueueIncomplete):
            edits(queue, north, lead, purpose="Advertisements that were reported")

    def test_an_open_queue_from_before_goes_on_and_is_asked_at_its_next_edit(
        self, stories: Queue, north: Team, lead: str
    ) -> None:
        Queue.objects.filter(pk=stories.pk).update(other_work="", other_work_with="")
        with pytest.raises(QueueIncomplete):
            edits(stories, north, lead, purpose="Stories that were reported")
        assert does("pause", stories, north, lead).state == QueueState.PAUSED
        assert does("drain", stories, north, lead).state == QueueState.DRAINING
        with pytest.raises(QueueIncomplete):
            does("open", stories, north, lead)
