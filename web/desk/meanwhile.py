"""What there is for a person to whom something is closed now: what stays open, which other work, with whom, until when."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from queues.selectors.instead import OtherWork, other_work_of
from web.desk import wording
from web.desk.explaining import STANDING
from wellbeing.core.person import Person
from wellbeing.core.rules.limits import CLOSES
from wellbeing.core.selectors.closed import closed_now, working_day_ends_at
from wellbeing.exceptions import Reached


def meanwhile(person: Person, *, at: datetime, zone: ZoneInfo, short: Reached | None = None) -> list[str]:
    """Return what is there instead, as sentences; nothing where nothing is closed that opens again. One query more.

    ``short``: a limit of which too little is left for what waits; it counts as reached.
    """
    closed = [one for one in closed_now(person) if one.name not in STANDING] + ([short] if short else [])
    if not closed:
        return []
    named = other_work_of(person.profile.worker(at).team_id)
    lines = [_what_is_open(person, short), _other_work(named, _until(person, closed, zone))]
    return [line for line in lines if line]


def _what_is_open(person: Person, short: Reached | None) -> str:
    found = person.what_fits()
    left = found.fit.keys() - (CLOSES[short.name] if short else frozenset())
    if not left:
        return ""
    most = max(left)
    if found.mild_only or most == 0:
        return _("Open to you: text of severity 0, and pictures that you saw to be harmless.")
    return _("Open to you: severity 0 to %(most)d.") % {"most": most}


def _other_work(named: Iterable[OtherWork], until: str) -> str:
    works = "; ".join(_named(one) for one in named)
    if not works:
        return ""
    if until:
        return _("Until %(time)s: %(work)s.") % {"time": until, "work": works}
    return _("Meanwhile: %(work)s.") % {"work": works}


def _named(one: OtherWork) -> str:
    what = one.what.rstrip(".")
    return _("%(what)s, with %(whom)s") % {"what": what, "whom": one.whom.rstrip(".")} if one.whom else what


def _until(person: Person, closed: Iterable[Reached], zone: ZoneInfo) -> str:
    """Return when it opens again or the working day ends, whichever comes first, as a clock time of today; else nothing."""
    ends = [working_day_ends_at(person), *(one.until for one in closed)]
    first = min((end for end in ends if end is not None), default=None)
    is_today = first is not None and first.astimezone(zone).date() == person.at.astimezone(zone).date()
    return wording.clock(first, zone) if first is not None and is_today else ""
