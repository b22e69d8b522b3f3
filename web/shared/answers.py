"""By when an answer is owed, in the same words wherever it is read."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def due(at: datetime, *, is_overdue: bool) -> str:
    """Return 'due Monday 30 November, 09:00', or 'was due …'."""
    day = {"day": date_format(localtime(at), "l j F, H:i")}
    return _("was due %(day)s") % day if is_overdue else _("due %(day)s") % day
