"""What a limit would cost: said before it is set, so that nobody has to guess, and never in terms of a person."""

from dataclasses import dataclass
from datetime import datetime

from people.selectors import staff_of
from queues.rules.outlook import RECKONED, closed_by, more_would_miss
from queues.selectors.told import work_of_team
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.exceptions import UnknownLimit
from wellbeing.limits.selectors.capacity import Asked, limits_of_staff


@dataclass(frozen=True, slots=True)
class Consequence:
    """``would_miss``: how many more of the open jobs would miss their due time; None where no number is told.

    ``closes``: from this severity up nobody in the team could take a case because of it, and
    ``closed_out`` open ones are of those, due or not; None if it closes none, or no number is told. ``is_reckoned``:
    whether due times are reckoned with this limit at all.
    """

    would_miss: int | None
    closes: int | None = None
    closed_out: int = 0
    is_reckoned: bool = True


def outlook(team_id: int, name: str, value: int, at: datetime) -> Consequence:
    """Return what would follow for the work that is open, as it may be told, if the team's limit *name* were *value* for all its people.

    Raises:
        UnknownLimit: no limit bears this name.
    """
    if name not in DEFAULT_PRESET:
        raise UnknownLimit
    people = [worker.subject for worker in staff_of([team_id], at=at)]
    work = work_of_team(team_id)
    asked = limits_of_staff(people, at=at, asked=Asked(team_id, name, value))
    would_miss = more_would_miss(work, now=limits_of_staff(people, at=at), asked=asked, at=at)
    if would_miss is None:
        return Consequence(None)
    closes = closed_by(name, value, asked)
    closed_out = sum(part.jobs for part in work if closes is not None and part.severity >= closes)
    if name not in RECKONED:
        return Consequence(None, closes, closed_out, is_reckoned=False)
    return Consequence(would_miss, closes, closed_out)
