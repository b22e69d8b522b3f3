"""'Close the day' in words: whom to talk to, and when the next shift begins. No counts."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from web.desk import wording
from web.desk.pages import DeskVisit
from web.desk.talk_pages import Whom, whom_to_talk_to
from wellbeing.shifts.rules import Planned
from wellbeing.shifts.selectors import next_shift


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """``next_shift``: a sentence."""

    next_shift: str
    whom: Whom


def closed_day(visit: DeskVisit) -> ClosedDay:
    """Return what is said at the end of a day."""
    return ClosedDay(
        next_shift=_when(next_shift(visit.subject, at=visit.at), visit), whom=whom_to_talk_to(visit)
    )


def _when(planned: Planned | None, visit: DeskVisit) -> str:
    if planned is None:
        return _("No next shift is planned.")
    begins_at = planned.starts_at.astimezone(visit.zone)
    return _("Your next shift begins on %(date)s at %(time)s.") % {
        "date": date_format(begins_at, "l, j F"),
        "time": wording.clock(begins_at, visit.zone),
    }
