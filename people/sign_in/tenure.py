"""What is said to whoever was named too lately for a page or an act."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from people.exceptions import NotYet
from people.models import Role


def named_too_lately(refusal: NotYet) -> str:
    """Return the sentence, with the instant from which the role counts, on the reader's clock."""
    return _(
        "Your role as %(role)s is new. It counts for confirming, signing and proposing, and for reading anybody’s record, "
        "from %(moment)s on: everybody is told first."
    ) % {"role": str(Role(refusal.role).label).lower(), "moment": _moment(refusal.counts_from)}


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "j F Y, H:i e")
