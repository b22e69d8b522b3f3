"""Several limits of a team at once, as one page saves them: all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wellbeing.core.rules.names import reds_first
from wellbeing.limits.services.setting import set_limit


@dataclass(frozen=True, slots=True)
class Wanted:
    """One value. ``last_seen``: the row of this limit that the page showed, 0 if there was none."""

    name: str
    value: int
    reason: str
    last_seen: int


def change_team_limits(*, team_id: int, wanted: Sequence[Wanted], set_by: str, at: datetime) -> None:
    """Set every value of *wanted* for a team, or none.

    Raises:
        wellbeing.exceptions.Refused: whatever ``set_limit`` refuses; ``ChangedMeanwhile`` among it.
    """
    with transaction.atomic():
        for one in sorted(wanted, key=lambda one: reds_first(one.name)):
            set_limit(
                scope="team",
                scope_ref=str(team_id),
                name=one.name,
                value=one.value,
                set_by=set_by,
                reason=one.reason,
                at=at,
                last_seen=one.last_seen,
            )
