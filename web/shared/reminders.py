"""What the pages of officers and representatives say about the next review of the limits."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellbeing.limits.rules.reviews import Stage
from wellbeing.limits.selectors.reviews import review_due


@dataclass(frozen=True, slots=True)
class Reminder:
    """When the next review is due, in words; ``is_due``: it is two weeks ahead or overdue."""

    sentence: str
    is_due: bool


def review_reminder(today: date) -> Reminder:
    """Return what is said about the next review; *today* on the reader's clock."""
    due = review_due(today=today)
    day = {"day": date_format(due.due_on, "l j F Y")}
    if due.draft is not None:
        return Reminder(_("A review of the limits waits for a second signature."), is_due=True)
    match due.stage:
        case Stage.OVERDUE:
            return Reminder(_("The review of the limits was due %(day)s.") % day, is_due=True)
        case Stage.SOON:
            return Reminder(_("The review of the limits is due %(day)s.") % day, is_due=True)
    return Reminder(_("The next review of the limits is due %(day)s.") % day, is_due=False)
