"""Decisions that are finalised together: the same rows, events and promises as one at a time, for whatever they are about.

Seen red with what is superseded answered, without the look at doubts, without what was told otherwise, and without the
case's lock (on PostgreSQL). The feed head's lock, which `test_answers.py` asks for, was seen red with the set-based statement
taken apart into a read and a write.
"""

import json
import random
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.outbox import HANDLERS
from moderation.models import (
    Answer,
    Case,
    Decision,
    DecisionCategory,
    DecisionState,
    FeedHead,
    ItemRevision,
    ItemStatus,
    WebhookDelivery,
)
from moderation.services import answers
from moderation.services.answers import FINALISE
from moderation.services.endpoints import create_endpoint
from outbox.models import OutboxEntry, OutboxState
from outbox.services import promise
from outbox.services.entries import GRIP
from outbox.services.running import run_due
from people.models import Platform
from queues.models import Queue
from tests.cast import T0, a_platform, a_queue
from tests.moderation.judging import a_case, a_decision, an_item
from tests.moderation.one_by_one import finalise_slowly
from tests.outbox.steps import Clock, at_once, quiet

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NOW = T0 + 10 * MINUTE
ONLY = {FINALISE: HANDLERS[FINALISE]}


@pytest.fixture
def queues(photos: Queue, lumen: Platform) -> list[Queue]:
    """Two queues of one platform, whose answers two endpoints hear, one of another, and one of a third that listens nowhere."""
    ember, silent = a_platform("Ember"), a_platform("Silent")
    for number, platform in enumerate([lumen, lumen, ember]):
        create_endpoint(platform=platform, url=f"https://lumen.example/{number}", actor="system", at=T0)
    Queue.objects.filter(pk=photos.pk).update(is_default=False)
    second = a_queue(platform=lumen, name="Second")
    Queue.objects.filter(pk=second.pk).update(appeal_days=30)
    return [photos, second, a_queue(platform=ember, name="Texts"), a_queue(platform=silent, name="Quiet")]


class Office:
    """Cases with decisions of every kind there is, and their promises, in an order of their own."""

    def __init__(self, queues: list[Queue], chance: random.Random) -> None:
        self.queues, self.chance = queues, chance
        self.promised: list[Decision] = []

    def has_decided(self, count: int) -> None:
        kinds = [
            self.plainly,
            self.undone,
            self.too_early,
            self.anew,
            self.anew_of_undone,
            self.in_doubt,
            self.split,
        ]
        for _ in range(count):
            self.chance.choice(kinds)(self._case())
        self.chance.shuffle(self.promised)
        self.promises(self.promised)

    def promises(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            promise(kind=FINALISE, arguments={"decision_id": str(decision.pk)}, at=T0)

    def plainly(self, case: Case) -> None:
        self.decides(case)

    def undone(self, case: Case) -> None:
        self._is_undone(self.decides(case))

    def too_early(self, case: Case) -> None:
        self.decides(case, grace=self.chance.choice([10, 11, 20]) * MINUTE)

    def anew(self, case: Case) -> None:
        """One that stands, final or not, and another in its place, which says the same or not."""
        earlier = self.decides(case)
        if self.chance.random() < 0.5:
            finalise_slowly(earlier, NOW - MINUTE)
        self.supersedes(earlier)

    def anew_of_undone(self, case: Case) -> None:
        earlier = self.decides(case)
        self._is_undone(self.supersedes(earlier))

    def in_doubt(self, case: Case) -> None:
        decision = self.decides(case)
        doubted = an_item(case, at=T0 + MINUTE)
        doubted.doubts = decision
        doubted.save()

    def split(self, case: Case) -> None:
        """An item that was answered in another case."""
        other = a_case(case.queue)
        moved = an_item(other)
        finalise_slowly(a_decision(other), NOW - MINUTE)
        ItemRevision.objects.filter(pk=moved.pk).update(case=case)
        self.decides(case)

    def _case(self) -> Case:
        case = a_case(self.chance.choice(self.queues))
        for _ in range(self.chance.choice([0, 1, 1, 1, 2, 4])):
            revision = an_item(case, at=T0 + self.chance.choice([0, 0, 5]) * MINUTE)
            if self.chance.random() < 0.2:
                revision.status = ItemStatus.WITHDRAWN
                revision.save()
        return case

    def decides(self, case: Case, **how: Any) -> Decision:
        decision = a_decision(case, action=self.chance.choice(["remove", "none"]), **how)
        self.promised.append(decision)
        return decision

    def supersedes(self, earlier: Decision) -> Decision:
        later = Decision.objects.get(pk=earlier.pk)
        later.pk, later.supersedes, later.state = uuid.uuid4(), earlier, DecisionState.PROVISIONAL
        later.action = self.chance.choice([earlier.action, "restrict"])
        later.save(force_insert=True)
        if self.chance.random() < 0.7:
            for row in DecisionCategory.objects.filter(decision=earlier):
                DecisionCategory.objects.create(decision=later, category_id=row.category_id)
        self.promised.append(later)
        return later

    def _is_undone(self, decision: Decision) -> None:
        decision.state = DecisionState.UNDONE
        decision.save()


def one_by_one() -> None:
    """The model: in the order of the outbox, each entry by itself, each row by itself."""
    for entry in OutboxEntry.objects.filter(kind=FINALISE).order_by("run_after", "id"):
        decision = Decision.objects.get(pk=entry.arguments["decision_id"])
        if finalise_slowly(decision, NOW):
            entry.state, entry.ended_at = OutboxState.DONE, NOW
        else:
            entry.run_after = decision.effective_at
        entry.fence, entry.attempts = 1, 1
        entry.last_error = "" if entry.ended_at else "the grace is not over"
        entry.save()


def together() -> None:
    run_due(handlers=ONLY, around=quiet(Clock(NOW)))


def outcome() -> dict[str, Any]:
    """All that finalising leaves behind, with answers named by their places instead of their random ids."""
    places = {one.pk.hex: f"{one.platform_id} {one.feed_position}" for one in Answer.objects.all()}

    def body(text: str) -> Any:
        told = json.loads(text)
        for name in ("id", "supersedes"):
            told["data"][name] = told["data"][name] and places[told["data"][name].partition("_")[2]]
        return told

    deliveries = {str(one.pk): one for one in WebhookDelivery.objects.select_related("event__answer")}
    promised = OutboxEntry.objects.exclude(kind=FINALISE).order_by("id")
    told = [deliveries[entry.arguments["delivery_id"]] for entry in promised]
    return {
        "answers": rows(Answer, "feed_position", "platform", "revision", "decision", "decided_by", "appealable_until", "answered_at"),
        "revisions": rows(ItemRevision, "pk", "status", "ended_at"),
        "decisions": rows(Decision, "pk", "state"),
        "heads": rows(FeedHead, "pk", "position"),
        "entries": rows(OutboxEntry.objects.filter(kind=FINALISE), "pk", "state", "run_after", "fence", "attempts", "ended_at", "last_error", "lease_until"),
        "deliveries": [(one.endpoint_id, one.state, one.created_at, one.event.type, body(one.event.body)) for one in told],
    }  # fmt: skip


def rows(of: Any, *names: str) -> list[tuple[Any, ...]]:
    found = of if hasattr(of, "values_list") else of.objects
    return sorted(found.values_list(*names), key=str)


def outcome_of(act: Callable[[], None]) -> dict[str, Any]:
    """Let it happen, look, and take it back."""
    with transaction.atomic():
        act()
        found = outcome()
        transaction.set_rollback(True)
    return found


@given(seed=st.integers(0, 10_000), count=st.integers(1, 12))
@settings(
    max_examples=12,
    derandomize=True,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_together_is_as_one_by_one(queues: list[Queue], seed: int, count: int) -> None:
    with transaction.atomic():
        Office(queues, random.Random(seed)).has_decided(count)
        assert outcome_of(together) == outcome_of(one_by_one)
        transaction.set_rollback(True)


@pytest.mark.parametrize("later_first", [True, False])
def test_of_two_in_one_case_the_later_answers(queues: list[Queue], later_first: bool) -> None:
    office = Office(queues, random.Random(1))
    case = a_case(queues[0])
    an_item(case)
    earlier = office.decides(case)
    later = office.supersedes(earlier)
    office.promises([later, earlier] if later_first else [earlier, later])
    found = outcome_of(together)
    assert found == outcome_of(one_by_one)
    assert [row[3] for row in found["answers"]] == [later.pk]
    assert [row[1] for row in found["decisions"]] == [DecisionState.FINAL] * 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_joins_a_case_meanwhile_is_waited_for(photos: Queue) -> None:
    """Who takes it in sees a decision that is not final yet, and leaves its answer to whoever makes it so."""
    case = a_case(photos)
    decision = a_decision(case)
    promise(kind=FINALISE, arguments={"decision_id": str(decision.pk)}, at=T0)
    thread = threading.Thread(target=lambda: at_once(together))
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        an_item(case)
        thread.start()
        while thread.is_alive() and not somebody_waits():
            continue
    thread.join(60)
    assert [row.decision_id for row in Answer.objects.all()] == [decision.pk]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("batch", [1, 3])
def test_what_does_not_fit_into_a_batch_goes_after_it(
    queues: list[Queue], batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another order, and in several transactions; but to the same end, and without a gap."""
    monkeypatch.setattr(answers, "BATCH", batch)
    Office(queues, random.Random(7)).has_decided(12)
    slow, quick = outcome_of(one_by_one), outcome_of(together)
    for name in ("revisions", "decisions", "heads"):
        assert quick[name] == slow[name]
    assert len(slow["answers"]) > 2 * batch
    assert sorted(map(without_place, quick["answers"])) == sorted(map(without_place, slow["answers"]))
    assert places(quick) == places(slow)
    assert {row[1] for row in quick["entries"]} == {row[1] for row in slow["entries"]}


def without_place(answer: tuple[Any, ...]) -> str:
    return str(answer[1:])


def places(found: dict[str, Any]) -> list[tuple[str, int]]:
    return sorted((str(answer[1]), answer[0]) for answer in found["answers"])


def some_decisions(queues: list[Queue], count: int = 4) -> list[Decision]:
    """Cases with an item each, decided and promised."""
    office = Office(queues, random.Random(1))
    for number in range(count):
        case = a_case(queues[number % len(queues)])
        an_item(case)
        office.promised.append(a_decision(case))
    office.promises(office.promised)
    return office.promised


def test_one_that_cannot_be_finalised_stops_none_of_its_neighbours(queues: list[Queue]) -> None:
    """Its answer meets the one that somebody wrote by hand. What the others were given together is taken back first."""
    decisions = some_decisions(queues)
    bad = decisions[1]
    revision = ItemRevision.objects.get(case=bad.case)
    Answer.objects.create(
        platform_id=bad.case.platform_id,
        revision=revision,
        decision=bad,
        decided_by="person",
        feed_position=77,
        appealable_until=NOW,
        answered_at=NOW,
    )
    together()
    left = OutboxEntry.objects.get(kind=FINALISE, state=OutboxState.PENDING)
    assert (left.arguments, left.attempts) == ({"decision_id": str(bad.pk)}, 1)
    assert left.last_error == "IntegrityError"
    assert Decision.objects.filter(state=DecisionState.FINAL).count() == len(decisions) - 1
    assert Answer.objects.exclude(feed_position=77).count() == len(decisions) - 1
    assert WebhookDelivery.objects.count() == 2 + 1


class Killed(BaseException):
    """What nobody catches."""


class Killer:
    """Ends the worker in place of its *number*-th statement."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(sql, params, many, context)


def test_a_worker_that_dies_at_any_statement_leaves_all_to_be_done_once(queues: list[Queue]) -> None:
    decisions = some_decisions(queues)
    killed = 0
    while died_at(killed + 1, decisions):
        killed += 1
    assert killed > 15


def died_at(number: int, decisions: list[Decision]) -> bool:
    """Let a worker die there and another take over; whether there was such a statement. It is taken back."""
    killer = Killer(number)
    with transaction.atomic():
        try:
            with connection.execute_wrapper(killer):
                together()
        except Killed:
            assert (
                not Answer.objects.exists()
                or not OutboxEntry.objects.filter(kind=FINALISE, state="pending").exists()
            )
        run_due(handlers=ONLY, around=quiet(Clock(NOW + GRIP)))
        found = outcome()
        transaction.set_rollback(True)
    assert [row[1] for row in found["decisions"]] == [DecisionState.FINAL] * len(decisions)
    assert {row[1] for row in found["entries"]} == {OutboxState.DONE}
    assert sorted(row[0] for row in found["answers"]) == [1, 1, 1, 2]
    assert sorted(str(row[3]) for row in found["answers"]) == sorted(str(one.pk) for one in decisions)
    assert len(found["deliveries"]) == 2 * 2 + 1
    return killer.left <= 0


@pytest.mark.parametrize("listens", [True, False])
def test_forty_cost_few_statements_more_than_one(queues: list[Queue], listens: bool) -> None:
    queue = queues[0] if listens else queues[3]

    def statements(count: int) -> int:
        some_decisions([queue], count)
        with CaptureQueriesContext(connection) as found:
            together()
        assert not OutboxEntry.objects.filter(kind=FINALISE, state=OutboxState.PENDING).exists()
        return len(found)

    assert statements(1) == statements(40)
