"""A queue's page in words: its state, what may be done, what is missing, its guidelines in all versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from moderation.models import PolicyVersion
from queues.models import Queue
from queues.rules.life import OPEN, acts_from
from queues.selectors import QueueLine
from web.lead import wording
from web.lead.board_pages import QueueRow, queue_row
from web.shared.moments import moment


@dataclass(frozen=True, slots=True)
class Act:
    """What may be done now, and what happens then."""

    name: str
    label: str
    means: str


@dataclass(frozen=True, slots=True)
class Guidelines:
    """One version."""

    version: int
    title: str
    guidance: str
    when: str
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One queue."""

    id: int
    name: str
    version: int
    state: str
    state_soon: bool
    state_means: str
    is_default: bool
    is_open: bool
    now: QueueRow
    acts: list[Act]
    guidelines: list[Guidelines]
    newest: int


def queue_page(queue: Queue, line: QueueLine, policies: Sequence[PolicyVersion], at: datetime) -> QueuePage:
    """Return the page of one queue."""
    return QueuePage(
        id=queue.pk,
        name=queue.name,
        version=queue.version,
        state=wording.state(queue.state),
        state_soon=queue.state in wording.AWAY_FROM_USUAL,
        state_means=wording.state_means(queue.state),
        is_default=queue.is_default,
        is_open=queue.state == OPEN,
        now=queue_row(line, at),
        acts=_acts(queue),
        guidelines=[_guidelines(policy, policies, at) for policy in policies],
        newest=policies[0].version if policies else 0,
    )


def _acts(queue: Queue) -> list[Act]:
    names = acts_from(queue.state)
    if queue.state == OPEN and not queue.is_default:
        names = [*names, "make_default"]
    return [Act(name, *map(str, wording.ACTS[name])) for name in names]


def _guidelines(policy: PolicyVersion, policies: Sequence[PolicyVersion], at: datetime) -> Guidelines:
    is_to_come = policy.in_force_from > at
    in_force = next((one for one in policies if one.in_force_from <= at), None)
    words = (
        _("from %(moment)s")
        if policy is in_force or is_to_come
        else _("from %(moment)s, not in force any more")
    )
    return Guidelines(
        version=policy.version,
        title=policy.title,
        guidance=policy.guidance,
        when=words % {"moment": moment(policy.in_force_from)},
        may_take_back=is_to_come and policy is policies[0],
    )
