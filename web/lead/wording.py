"""The words of the board and of a queue's page: states, acts, how long something waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

STATES: Final[Mapping[str, tuple[str | Promise, str | Promise]]] = {
    "draft": (gettext_lazy("Draft"), gettext_lazy("Nothing comes in or goes out yet.")),
    "open": (gettext_lazy("Open"), gettext_lazy("Takes in and hands out.")),
    "paused": (gettext_lazy("Paused"), gettext_lazy("Takes in, hands out nothing.")),
    "draining": (gettext_lazy("Draining"), gettext_lazy("Hands out, takes nothing in.")),
    "closed": (gettext_lazy("Closed"), gettext_lazy("Nothing comes in or goes out.")),
}
DONE: Final[Mapping[str, str | Promise]] = {
    "open": gettext_lazy("It is open."),
    "pause": gettext_lazy("It is paused. Items go on coming in."),
    "drain": gettext_lazy("It is draining. Nothing new comes in."),
    "close": gettext_lazy("It is closed."),
    "make_default": gettext_lazy("Items that name no queue come here now."),
}
LONGEST_REASON: Final = 1000
AWAY_FROM_USUAL: Final = frozenset({"paused", "draining"})
ACTS: Final[Mapping[str, tuple[str | Promise, str | Promise]]] = {
    "open": (
        gettext_lazy("Open"),
        gettext_lazy("Items come in, and desks of its teams are offered what waits, from now on."),
    ),
    "pause": (
        gettext_lazy("Pause"),
        gettext_lazy("Items still come in and wait. Who has a case in hand may finish it."),
    ),
    "drain": (
        gettext_lazy("Drain"),
        gettext_lazy("New items are refused with a clear answer. What waits is still handed out."),
    ),
    "close": (
        gettext_lazy("Close"),
        gettext_lazy("Only when a count finds nothing open. Decisions and guidelines are kept."),
    ),
    "make_default": (
        gettext_lazy("Make it the default"),
        gettext_lazy("Items that name no queue come here from now on."),
    ),
}


def state(code: str) -> str:
    """Return 'Paused'."""
    return str(STATES[code][0])


def state_means(code: str) -> str:
    """Return 'Takes in, hands out nothing.'"""
    return str(STATES[code][1])


def done(act: str) -> str:
    """Return what is said once an act was done."""
    return str(DONE[act])


def oldest(waits_since: datetime | None, at: datetime) -> str:
    """Return 'since 09:40', or 'since 20 November, 09:40 (2 days)'; a dash when nothing waits."""
    if waits_since is None:
        return "–"
    since, now = localtime(waits_since), localtime(at)
    days = (now.date() - since.date()).days
    if days <= 0:
        return _("since %(time)s") % {"time": date_format(since, "H:i")}
    return ngettext("since %(moment)s (%(days)d day)", "since %(moment)s (%(days)d days)", days) % {
        "moment": date_format(since, "j F, H:i"),
        "days": days,
    }


def counted(counted_at: datetime | None, at: datetime) -> str:
    """Return 'as of 09:15', or 'as of 20 November, 09:15'; nothing where nothing was counted yet."""
    if counted_at is None:
        return ""
    when, now = localtime(counted_at), localtime(at)
    form = "H:i" if when.date() == now.date() else "j F, H:i"
    return _("as of %(time)s") % {"time": date_format(when, form)}
