"""What a lead does to a queue: made, described, given guidelines, opened, paused, drained, closed. All of it audited.

The door stands inside each: a queue of another team is not found, whoever calls. ``last_seen`` is what the page
showed: the queue's version, or the number of its newest guidelines.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit.services import record
from moderation.access import get_queue_for
from moderation.models import Case, CaseState
from moderation.selectors.queueing import missing_of
from people.rules.texts import kept_text
from queues.exceptions import QueueIncomplete, QueueInvalid, QueueNotEmpty
from queues.models import Queue, QueueState
from queues.rules.life import CLOSED, LEADS_TO, OPEN
from queues.rules.plans import OTHER_WORK, QueuePlan
from queues.services import queues

DONE = {"open": "queue.opened", "pause": "queue.paused", "drain": "queue.drained", "close": "queue.closed"}
AUDITED = ("trains_model", "is_severe", "target_seconds", "grace_seconds", "every_team", "team_ids")
"""What may be told in the audit as it is; of texts, only that they changed."""


def create_queue(*, team_id: int, actor: str, platform_id: UUID, plan: QueuePlan, at: datetime) -> Queue:
    """Make a queue as a draft.

    Raises:
        QueueInvalid, QueueNameTaken: about what was written.
    """
    _require_own_team(plan, team_id)
    with transaction.atomic():
        queue = queues.create_queue(platform_id=platform_id, plan=plan, at=at)
        detail = {"platform": str(platform_id)} | _plain(plan, AUDITED)
        _record(queue, "queue.created", actor=actor, at=at, detail=detail)
        return queue


def edit_queue(
    *,
    queue_id: int,
    team_id: int,
    actor: str,
    plan: QueuePlan,
    last_seen: int,
    at: datetime,
    reason: str = "",
) -> Queue:
    """Describe a queue anew. What its moderators are told may not go missing while it is open.

    Raises:
        Http404: it is not the team's.
        QueueInvalid, QueueNameTaken, QueueIncomplete: about what was written.
        QueueChanged: somebody else was first.
    """
    _require_own_team(plan, team_id)
    with transaction.atomic():
        get_queue_for(team_id=team_id, queue_id=queue_id)
        before = queues.edit_queue(queue_id=queue_id, plan=plan, last_seen=last_seen, at=at)
        queue = Queue.objects.get(pk=queue_id)
        if queue.state not in {QueueState.DRAFT, QueueState.CLOSED}:
            _require_complete(queue, at=at)
        if before:
            detail = {"changed": sorted(before), "before": _told(before), "after": _plain(plan, before)}
            _record(queue, "queue.edited", actor=actor, at=at, detail=detail, reason=reason)
        return queue


def change_state(
    *, act: str, queue_id: int, team_id: int, actor: str, last_seen: int, at: datetime, reason: str = ""
) -> Queue:
    """Open, pause, drain or close a queue; *act* is one of ``queues.rules.life``.

    Raises:
        Http404: it is not the team's.
        QueueChanged: somebody else was first.
        NotFromHere: not in the state that it is in.
        QueueIncomplete: it is to be open, and something is missing.
        DefaultNeeded: it is its platform's default queue, and would take in nothing.
        QueueNotEmpty: it is to be closed, and something is left.
    """
    with transaction.atomic():
        before = get_queue_for(team_id=team_id, queue_id=queue_id)
        queue = queues.change_state(queue_id=queue_id, act=act, last_seen=last_seen, at=at)
        if queue.state == CLOSED:
            _require_nothing_coming(queue)
        else:
            # Who must pause a queue now is not asked for what its next opening needs.
            _require_complete(queue, at=at, later=frozenset() if queue.state == OPEN else OTHER_WORK)
        detail = {"before": before.state, "after": LEADS_TO[act]}
        _record(queue, DONE[act], actor=actor, at=at, detail=detail, reason=reason)
        return queue


def make_default(
    *, queue_id: int, team_id: int, actor: str, last_seen: int, at: datetime, reason: str = ""
) -> Queue:
    """Let items that name no queue come here from now on.

    Raises:
        Http404: it is not the team's.
        QueueChanged, NotFromHere: somebody else was first; it is not open, or is the default already.
    """
    with transaction.atomic():
        get_queue_for(team_id=team_id, queue_id=queue_id)
        queue = queues.make_default(queue_id=queue_id, last_seen=last_seen)
        _record(queue, "queue.made_default", actor=actor, at=at, reason=reason)
        return queue


def _require_own_team(plan: QueuePlan, team_id: int) -> None:
    """A lead who leaves their own team out would not find the queue again."""
    if plan.team_ids and not plan.every_team and team_id not in plan.team_ids:
        raise QueueInvalid({"teams": "not_yours"})


def _require_complete(queue: Queue, *, at: datetime, later: frozenset[str] = frozenset()) -> None:
    """Refuse what lacks something that is not asked *later*."""
    if missing := tuple(name for name in missing_of(queue, at=at) if name not in later):
        raise QueueIncomplete(missing)


def _require_nothing_coming(queue: Queue) -> None:
    """What is not enqueued yet counts too. Who takes items in was waited for, and who comes next finds it closed."""
    if Case.objects.filter(queue=queue, state=CaseState.OPEN).exists():
        raise QueueNotEmpty


def _plain(plan: QueuePlan, names: Any) -> dict[str, Any]:
    return _told({name: getattr(plan, name) for name in names})


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: values[name] for name in AUDITED if name in values}
    if "team_ids" in told:
        told["team_ids"] = sorted(told["team_ids"])
    return told


def _record(
    queue: Queue,
    action: str,
    *,
    actor: str,
    at: datetime,
    detail: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        actor=actor,
        action=action,
        target_kind="queue",
        target_id=str(queue.pk),
        at=at,
        detail=detail,
        reason=kept_text(reason),
    )
