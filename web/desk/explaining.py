"""Why nothing, or less, comes to a desk now, and what is to come today: for the waiting panel and 'My day'."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from web.desk import wording
from web.shared.explaining import Explanation, explain, named_in
from wellbeing.core.person import Person
from wellbeing.core.selectors.closed import closed_now, coming, holding
from wellbeing.exceptions import Reached

STANDING: Final = frozenset({"agreement", "starter"})
"""Rules that hold for weeks: told where somebody asks for them, not each time that nothing waits."""


def explanations(person: Person, *, at: datetime, zone: ZoneInfo) -> list[Explanation]:
    """Return the rules that decide now, what closes most first; one query where somebody is named."""
    return _explained(closed_now(person), at=at, zone=zone)


def everything_that_holds(person: Person, *, at: datetime, zone: ZoneInfo) -> list[Explanation]:
    """Return every rule that closes something now, also those behind a stricter one."""
    return _explained(holding(person), at=at, zone=zone)


def news(found: list[Explanation]) -> list[str]:
    """Return the sentences of those that a desk says by itself."""
    return [one.sentence for one in found if one.about_ref not in STANDING]


def to_come(person: Person, *, at: datetime, zone: ZoneInfo) -> list[tuple[str, Explanation]]:
    """Return (from when, which rule) for those that begin later today."""
    ahead = coming(person)
    names = named_in([one for _when, one in ahead])
    return [
        (wording.clock(when, zone), explain(one, at=max(at, when), zone=zone, names=names))
        for when, one in ahead
    ]


def _explained(refusals: Sequence[Reached], *, at: datetime, zone: ZoneInfo) -> list[Explanation]:
    names = named_in(refusals)
    return [explain(one, at=at, zone=zone, names=names) for one in refusals]
