"""How one thing of the safeguard came to be as it is: every value with who, when and why, newest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from moderation.selectors.taxonomy import category_history
from people.selectors import shield_history
from web.safeguard import wording
from web.shared import limits
from web.shared.moments import moment
from web.shared.names import Names
from wellbeing.core.selectors.load_models import weight_history
from wellbeing.limits.selectors.overview import adopted_by_instant, limit_history


@dataclass(frozen=True, slots=True)
class Written:
    """One value as it was written; ``set_at`` is None for what was installed."""

    words: str
    set_by: str
    set_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """One value, told."""

    what: str
    who: str
    why: str


def history_of(kind: str, target: str) -> list[WrittenRow]:
    """Return the values of one thing, newest first; what stayed the same is told once."""
    found = [one for one in READERS[kind](target) if one.set_at is not None]
    proposed = adopted_by_instant(kind, target)
    names = Names([*(one.set_by for one in found), *proposed.values()])
    told = [
        one for one, older in pairwise([*found, None]) if one and (older is None or one.words != older.words)
    ]
    return [_row(one, names, proposed.get(one.set_at)) for one in told]


def _row(one: Written, names: Names, proposed_by: str | None) -> WrittenRow:
    """Return a value in words: with both names where it took two people."""
    facts = {"name": names.of(one.set_by), "moment": moment(one.set_at) if one.set_at else ""}
    who = _("%(name)s, %(moment)s") % facts
    if proposed_by is not None:
        who = _("proposed by %(first)s, signed by %(name)s, %(moment)s") % {
            "first": names.of(proposed_by),
            **facts,
        }
    return WrittenRow(one.words, who, one.reason)


def _ceiling(target: str) -> list[Written]:
    lines = [line for line in limit_history("ceiling", "") if line.name == target]
    return [Written(limits.bound(target, one.value), one.set_by, one.set_at, one.reason) for one in lines]


def _category(target: str) -> list[Written]:
    return [
        Written(
            wording.category(one.severity, one.flags, is_enabled=one.is_enabled is not False),
            one.set_by,
            one.set_at,
            one.reason,
        )
        for one in category_history(code=target)
    ]


def _weight(target: str) -> list[Written]:
    severity = wording.severity_of(target)
    return [
        Written(wording.weight(one.weights[severity]), one.set_by, one.set_at, one.reason)
        for one in weight_history()
    ]


def _shield(target: str) -> list[Written]:
    return [
        Written(
            wording.samples(one.start if target == "start_samples" else one.floor),
            one.set_by,
            one.set_at,
            one.reason,
        )
        for one in shield_history()
    ]


READERS: Final[Mapping[str, Callable[[str], list[Written]]]] = {
    wording.CEILING: _ceiling,
    wording.CATEGORY: _category,
    wording.WEIGHT: _weight,
    wording.SHIELD: _shield,
}
