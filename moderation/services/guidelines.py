"""Guidelines of a queue, in versions that are never changed: a decision names the one it was made by."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import get_language

from audit.services import record
from moderation.access import get_queue_for
from moderation.models import PolicyVersion
from moderation.selectors.queueing import newest_guidelines
from people.rules.texts import kept_line, kept_text
from queues.exceptions import QueueChanged, QueueInvalid
from queues.models import Queue
from queues.rules.plans import text_fault

LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 20_000
FIRST_CODE: Final = "default"


def write_guidelines(
    *,
    queue_id: int,
    team_id: int,
    actor: str,
    title: str,
    guidance: str,
    last_seen: int,
    at: datetime,
    in_force_from: datetime | None = None,
) -> PolicyVersion:
    """Write a new version, in force from now or *in_force_from*. *last_seen*: the newest one's number, 0 for none.

    Raises:
        Http404: the queue is not the team's.
        QueueInvalid: field → code; ``in_force_from`` is past, or before the version that this one follows.
        QueueChanged: somebody else wrote a version meanwhile.
    """
    begins_at = in_force_from or at
    with transaction.atomic():
        last = _newest(queue_id=queue_id, team_id=team_id, last_seen=last_seen)
        if faults := _faults(title, guidance, begins_at, last, at=at):
            raise QueueInvalid(faults)
        written = PolicyVersion.objects.create(
            queue_id=queue_id,
            code=last.code if last else FIRST_CODE,
            version=last_seen + 1,
            title=kept_line(title),
            guidance=_text(guidance),
            language=get_language() or "en",
            in_force_from=begins_at,
        )
        _record(written, "guidelines.written", actor=actor, at=at)
        return written


def take_back_guidelines(*, queue_id: int, team_id: int, actor: str, last_seen: int, at: datetime) -> None:
    """Take the newest version back before it is in force: nobody has decided by it.

    Raises:
        Http404: the queue is not the team's.
        QueueInvalid: it is in force already, or there is none.
        QueueChanged: somebody else wrote a version meanwhile.
    """
    with transaction.atomic():
        last = _newest(queue_id=queue_id, team_id=team_id, last_seen=last_seen)
        if last is None or last.in_force_from <= at:
            raise QueueInvalid({"in_force_from": "past"})
        _record(last, "guidelines.taken_back", actor=actor, at=at)
        last.delete()


def _newest(*, queue_id: int, team_id: int, last_seen: int) -> PolicyVersion | None:
    """Lock the queue and return its newest version, which must be the one that the page showed."""
    queue = get_queue_for(team_id=team_id, queue_id=queue_id)
    Queue.objects.select_for_update(no_key=True).get(pk=queue.pk)
    last = newest_guidelines(queue)
    if (last.version if last else 0) != last_seen:
        raise QueueChanged(state=queue.state, version=queue.version)
    return last


def _faults(
    title: str, guidance: str, begins_at: datetime, last: PolicyVersion | None, *, at: datetime
) -> dict[str, str]:
    faults = {
        "title": "missing" if not kept_line(title) else text_fault(title, LONGEST_TITLE),
        "guidance": _length_fault(guidance),
        "in_force_from": _time_fault(begins_at, last, at=at),
    }
    return {field: code for field, code in faults.items() if code}


def _length_fault(text: str) -> str:
    if not kept_text(text):
        return "missing"
    return "too_long" if len(text.strip()) > LONGEST_TEXT else ""


def _time_fault(begins_at: datetime, last: PolicyVersion | None, *, at: datetime) -> str:
    if begins_at < at:
        return "past"
    # The highest version whose time has come is in force: the one before would end before it begins.
    return "before_the_last" if last is not None and begins_at < last.in_force_from else ""


def _text(written: str) -> str:
    """Return the text as it is kept: line breaks of one kind, without what no database keeps."""
    return "\n".join(kept_text(written).splitlines())


def _record(written: PolicyVersion, action: str, *, actor: str, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_kind="queue",
        target_id=str(written.queue_id),
        at=at,
        detail={"version": written.version, "in_force_from": written.in_force_from.isoformat()},
    )
