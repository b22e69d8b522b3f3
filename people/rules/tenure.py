"""From when a role counts for what guards others: confirming, signing, proposing, and reading records (promises P6, P7).

Whoever gives roles could otherwise make the second person that each of these asks for, alone and within minutes.
"""

from datetime import datetime, timedelta
from typing import Final

from people.rules.roles import OPERATOR, REPRESENTATIVE, WELLBEING_OFFICER

WATCHED: Final = (WELLBEING_OFFICER, REPRESENTATIVE, OPERATOR)
"""Roles that confirm, sign, propose or read records; the operator, because they sign while nobody is elected."""

COUNTS_AFTER: Final = timedelta(days=7)
"""Everybody is told when somebody is named, and has this long to say that they know nothing of it: a week has a working day of
everybody. It is nobody's to set: who could shorten it could name a second person and be served at once."""

NOBODY_ELECTED_AFTER: Final = timedelta(days=14)
"""So long after the last representative's role ended nobody signs in their place: else taking it away would be the way around."""

NAMED_WITHIN: Final = timedelta(days=90)
"""Whoever was invited, reset or named so lately by the maker of a link is not the second person about that link."""


def counts_from(
    *, granted_at: datetime, first_granted_at: datetime, installed_at: datetime | None
) -> datetime:
    """Return from when a role that was given at *granted_at* counts; *first_granted_at*: when anybody was ever given it first.

    The first to hold it, named within an installation's first ``COUNTS_AFTER``, counts at once: nobody holds it longer, and a
    new installation has to begin.
    """
    is_first = granted_at <= first_granted_at
    is_new = installed_at is not None and granted_at < installed_at + COUNTS_AFTER
    return granted_at if is_first and is_new else granted_at + COUNTS_AFTER
