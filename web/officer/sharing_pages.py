"""How severe cases are shared, in words: groups of five people and more, and nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from queues.rules.sharing import Share
from queues.selectors.sharing import last_full_week, shared_queues
from web.shared import moments


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue, and what each group had of its severe cases."""

    name: str
    platform: str
    told: list[str]


@dataclass(frozen=True, slots=True)
class SharingPage:
    """The last full week, by queue."""

    week: str
    queues: list[QueueRow]


def sharing_page(at: datetime) -> SharingPage:
    """Return the page; what stands on it changes once a week."""
    begin, end = last_full_week(at)
    week = _("%(from)s to %(until)s") % {
        "from": moments.day(begin.date()),
        "until": moments.day((end - timedelta(days=1)).date()),
    }
    return SharingPage(
        week, [QueueRow(queue.name, queue.platform, _told(queue.shares)) for queue in shared_queues(at)]
    )


def _told(shares: Sequence[Share]) -> list[str]:
    if not shares:
        return [_("Fewer than ten people, or fewer than five cases, so not told.")]
    return [_first(shares[0]), *(_next(share) for share in shares[1:])]


def _first(share: Share) -> str:
    told = ngettext(
        "The %(people)d person with the most had about %(percent)d %%.",
        "The %(people)d people with the most had about %(percent)d %%.",
        share.people,
    )
    return told % {"people": share.people, "percent": share.percent}


def _next(share: Share) -> str:
    told = ngettext(
        "The next %(people)d person had about %(percent)d %%.",
        "The next %(people)d people had about %(percent)d %%.",
        share.people,
    )
    return told % {"people": share.people, "percent": share.percent}
