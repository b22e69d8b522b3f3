"""Limits that stand beside others: a red before its amber, and a looser value of which a tighter one leaves only a part."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from web.lead.limit_forms import LimitForm
from web.shared import limits
from web.shared.limits import LOOSER
from wellbeing.core.rules.names import AMBER_BEFORE

HELD_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "seconds_3": ("seconds_1",),
    "seconds_4": ("seconds_3", "seconds_1"),
    "severe_days_run": ("severe_days_7",),
    "load_day_red": ("load_week_red", "load_month_red"),
    "load_week_red": ("load_month_red",),
}
"""Limit → those that count all that it counts, and more: of its value no more than of theirs can ever be used."""


def pair_note(change: LimitForm, values: Mapping[str, int]) -> str:
    """Return what another limit makes of a change, in a sentence, or nothing; *values*: as all would be."""
    return _red_first(change.name, values) or (_held(change, values) if change.kind == LOOSER else "")


def _red_first(name: str, values: Mapping[str, int]) -> str:
    for amber, red in AMBER_BEFORE.items():
        if name in {amber, red} and amber in values and values[red] < values[amber]:
            return _("Red (%(red)s) comes before amber (%(amber)s) then, so amber is never said first.") % {
                "red": limits.amount(red, values[red]),
                "amber": limits.amount(amber, values[amber]),
            }
    return ""


def _held(change: LimitForm, values: Mapping[str, int]) -> str:
    tightest = min(HELD_BY.get(change.name, ()), key=values.__getitem__, default="")
    if not tightest or change.wanted <= values[tightest]:
        return ""
    return _("No more than %(amount)s of it can be used: “%(label)s” is tighter.") % {
        "amount": limits.amount(tightest, values[tightest]),
        "label": limits.label(tightest),
    }
