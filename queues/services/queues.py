"""The life of a queue: made, described, opened, paused, drained, closed. The only writer of queues.

Whoever calls checks that it is theirs, and audits (``moderation.services.queueing``). Every change names the version
that its page showed: of two leads at once, the second is told.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from live import events
from people.models import Platform, Team
from people.rules.texts import kept_line
from people.selectors import members_of
from queues.exceptions import (
    DefaultNeeded,
    NotFromHere,
    QueueChanged,
    QueueInvalid,
    QueueNameTaken,
    QueueNotEmpty,
)
from queues.models import Claim, ClaimState, Job, JobState, Queue, QueueState, Ticket
from queues.rules.life import LETS_GO, next_state
from queues.rules.plans import QueuePlan, faults_of
from queues.selectors.told import told_of
from queues.services import offers

TEXTS = ("name", "client_name", "purpose", "decision_use", "other_work", "other_work_with")


def create_queue(*, platform_id: UUID, plan: QueuePlan, at: datetime) -> Queue:
    """Make a queue as a draft: it takes in and hands out nothing. Must run inside ``transaction.atomic``.

    Raises:
        QueueInvalid: with field → code; ``platform`` when there is none such.
        QueueNameTaken: about the name.
    """
    faults = _faults(plan)
    if not Platform.objects.filter(pk=platform_id).exists():
        faults["platform"] = "unknown"
    if faults:
        raise QueueInvalid(faults)
    queue = Queue(platform_id=platform_id, state=QueueState.DRAFT, created_at=at)
    _write(queue, plan)
    return queue


def edit_queue(*, queue_id: int, plan: QueuePlan, last_seen: int, at: datetime) -> dict[str, Any]:
    """Describe a queue anew; return field → what it was before, of what changed. Inside ``transaction.atomic``.

    Raises:
        QueueInvalid, QueueNameTaken: about what was written.
        QueueChanged: *last_seen* is not its version any more.
    """
    if faults := _faults(plan):
        raise QueueInvalid(faults)
    queue = _locked(queue_id, last_seen=last_seen)
    before = plan_of(queue)
    changed = {
        one.name: getattr(before, one.name) for one in fields(plan) if _differs(one.name, before, plan)
    }
    if changed:
        queue.version += 1
        _write(queue, plan)
    if changed.keys() & {"every_team", "team_ids"}:
        _tell_and_offer(queue, at=at)
    return changed


def change_state(*, queue_id: int, act: str, last_seen: int, at: datetime) -> Queue:
    """Do one of ``rules.life``'s acts; the desks that wait are told. Must run inside ``transaction.atomic``.

    Claims in hand stay with their holders, whatever becomes of the queue. Opening offers what waits.

    Raises:
        QueueChanged: *last_seen* is not its version any more.
        NotFromHere: not in the state that it is in.
        DefaultNeeded: it is its platform's default queue, and would take in nothing.
        QueueNotEmpty: it closes, and something waits or is in hand, or did when it was last counted.
    """
    queue = _locked(queue_id, last_seen=last_seen, against_intake=act == "close")
    state = next_state(queue.state, act)
    if state is None:
        raise NotFromHere(state=queue.state, act=act)
    if act in LETS_GO and queue.is_default:
        raise DefaultNeeded
    if state == QueueState.CLOSED:
        _require_empty(queue)
    queue.state, queue.version = state, queue.version + 1
    queue.save(update_fields=["state", "version"])
    _tell_and_offer(queue, at=at)
    return queue


def make_default(*, queue_id: int, last_seen: int) -> Queue:
    """Let items that name no queue come here from now on. Must run inside ``transaction.atomic``.

    Raises:
        QueueChanged: *last_seen* is not its version any more.
        NotFromHere: it is the default already, or it is not open.
    """
    platform_id = Queue.objects.values_list("platform_id", flat=True).get(pk=queue_id)
    # All queues of the platform, always in the same order: two who each make theirs the default take turns.
    list(Queue.objects.filter(platform_id=platform_id).order_by("pk").select_for_update(no_key=True))
    queue = _locked(queue_id, last_seen=last_seen)
    if queue.is_default or queue.state != QueueState.OPEN:
        raise NotFromHere(state=queue.state, act="make_default")
    Queue.objects.filter(platform_id=platform_id, is_default=True).update(is_default=False)
    queue.is_default, queue.version = True, queue.version + 1
    queue.save(update_fields=["is_default", "version"])
    return queue


def keep_from_closing(*, queue_id: int) -> str:
    """Return the state of a queue, which will not be closed before the caller's transaction has ended.

    Raw, because the ORM has no shared lock: those who take items in do not wait for each other, only for a close.
    """
    shared = " FOR KEY SHARE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state FROM queues_queue WHERE id = %s{shared}", [queue_id])  # noqa: S608 - of constants
        return str(cursor.fetchone()[0])


def plan_of(queue: Queue) -> QueuePlan:
    """Return a queue as its lead described it."""
    return QueuePlan(
        **{name: getattr(queue, name) for name in TEXTS},
        trains_model=queue.trains_model,
        is_severe=queue.is_severe,
        target_seconds=queue.target_seconds,
        grace_seconds=queue.grace_seconds,
        every_team=queue.every_team,
        team_ids=frozenset(queue.teams.values_list("pk", flat=True)),
    )


def _faults(plan: QueuePlan) -> dict[str, str]:
    faults = faults_of(plan)
    if Team.objects.filter(pk__in=plan.team_ids).count() != len(plan.team_ids):
        faults["teams"] = "unknown"
    return faults


def _locked(queue_id: int, *, last_seen: int, against_intake: bool = False) -> Queue:
    """Lock the row; *against_intake*: wait for those who are taking items in, and make the next ones wait."""
    queue = Queue.objects.select_for_update(no_key=not against_intake).get(pk=queue_id)
    if queue.version != last_seen:
        raise QueueChanged(state=queue.state, version=queue.version)
    return queue


def _write(queue: Queue, plan: QueuePlan) -> None:
    for name in TEXTS:
        setattr(queue, name, kept_line(getattr(plan, name)))
    queue.trains_model, queue.is_severe = plan.trains_model, plan.is_severe
    queue.target_seconds, queue.grace_seconds = plan.target_seconds, plan.grace_seconds
    queue.every_team = plan.every_team
    others = Queue.objects.filter(platform_id=queue.platform_id, name__iexact=queue.name)
    if others.exclude(pk=queue.pk).exists():
        raise QueueNameTaken
    try:
        with transaction.atomic():
            queue.save()
    except IntegrityError:
        raise QueueNameTaken from None
    queue.teams.set(plan.team_ids)


def _differs(name: str, before: QueuePlan, plan: QueuePlan) -> bool:
    old, new = getattr(before, name), getattr(plan, name)
    return bool(old != (kept_line(new) if isinstance(new, str) else new))


def _require_empty(queue: Queue) -> None:
    """Ask what is open, and what may be told of it: who presses again and again must not see the last decision fall."""
    is_told_empty = all(told.depth == 0 for told in told_of([queue.pk]).values())
    waiting = Job.objects.filter(lane__queue=queue, state__in=[JobState.OFFERING, JobState.WAITING])
    in_hand = Claim.objects.filter(job__lane__queue=queue).exclude(state=ClaimState.CLOSED)
    if not is_told_empty or waiting.exists() or in_hand.exists():
        raise QueueNotEmpty


def _tell_and_offer(queue: Queue, *, at: datetime) -> None:
    """Tell the desks that wait that something is different; what waits is offered to them after the commit."""
    desks = _desks_that_wait(queue, at=at)
    if desks and queue.hands_out:
        transaction.on_commit(lambda: _offer_oldest(queue_id=queue.pk, count=len(desks), at=at), robust=True)
    events.bump(desks)


def _desks_that_wait(queue: Queue, *, at: datetime) -> list[UUID]:
    tickets = Ticket.objects.order_by("since", "subject")
    if not queue.every_team:
        teams: Iterable[int] = queue.teams.values_list("pk", flat=True)
        members = {subject for team in teams for subject in members_of(team, at=at)}
        tickets = tickets.filter(subject__in=members)
    return list(tickets.values_list("subject", flat=True))


def _offer_oldest(*, queue_id: int, count: int, at: datetime) -> None:
    """Offer as many jobs as desks wait, first in line first. What is left of it, a desk's next beat finds."""
    heads: list[tuple[int, int]] = []
    # Lane by lane, from its index: to sort a whole queue would read all of it.
    for lane_id in Queue.objects.filter(pk=queue_id).values_list("lanes", flat=True):
        waiting = Job.objects.filter(lane_id=lane_id, state=JobState.WAITING).order_by("sort_key", "id")
        heads += waiting.values_list("sort_key", "id")[:count]
    for _, job_id in sorted(heads)[:count]:
        if Job.objects.filter(pk=job_id, state=JobState.WAITING).update(state=JobState.OFFERING):
            offers.offer_by_id(job_id=job_id, at=at)
