"""The contract with an independent counsellor as everybody reads it, and what is said before it ends."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellbeing.core.rules.contracts import SAID_AHEAD
from wellbeing.limits.selectors.contracts import ContractLine, contract_lines, specialist_teams


def term(from_on: date, until_on: date) -> str:
    """Return '1 January 2026 to 31 December 2026'."""
    return _("%(first)s to %(last)s") % {
        "first": date_format(from_on, "j F Y"),
        "last": date_format(until_on, "j F Y"),
    }


def on_record(today: date) -> list[str]:
    """Return each contract that nobody ended, with whom and from when until when; one query."""
    return [
        _("%(counsellor)s, %(term)s")
        % {"counsellor": line.counsellor, "term": term(line.from_on, line.until_on)}
        for line in contract_lines(today=today)
        if not line.has_ended
    ]


def contract_reminder(today: date) -> str:
    """Say that the contract ends within 30 days, or that none covers today, while a team works by it; else nothing."""
    if not specialist_teams():
        return ""
    current = [line for line in contract_lines(today=today) if not line.has_ended]
    if not any(line.from_on <= today for line in current):
        return _(
            "No contract with an independent counsellor is on record today, so the specialists have the default’s limits."
        )
    last = _covered_until(current, today)
    if last > today + SAID_AHEAD:
        return ""
    return _(
        "The contract with an independent counsellor ends %(day)s. The day after, the specialists have the default’s limits."
    ) % {"day": date_format(last, "l j F Y")}


def _covered_until(current: list[ContractLine], today: date) -> date:
    """Return the last day up to which contracts follow one another without a gap."""
    last = today
    for line in sorted(current, key=lambda one: one.from_on):
        if (line.from_on - last).days <= 1:
            last = max(last, line.until_on)
    return last
