"""What a lead is told where nobody takes something: what queue, roster and their own limits explain, and no more.

Whoever is available is asked by what a lead may know of people: team, skills, languages, training, the limits that leads
and the organisation set, the night, planned shifts. Own limits, opt-outs, the agreement to severity 4, an officer's orders
and breaks play no part at all, in a team of any size: a lead who tightens the limit of everybody but one, one after the
other, would read each of them (promises P7 and P8).

What waits in spite of it is told as just that, after two hours, where five or more could have taken it all the time:
nobody took it, and Respite does not tell why.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from queues.rules.lanes import LaneFacts, May, open_lane
from queues.rules.telling import FEWEST

UNTAKEN_AFTER = timedelta(hours=2)


def has_staff(lane: LaneFacts, people: Iterable[May]) -> bool:
    """Tell whether somebody could take from *lane*; *people*: what each may take, as far as a lead may know."""
    return any(open_lane(lane, one) is not None for one in people)


def is_quiet(*, oldest_at: datetime, decided_at: datetime | None, at: datetime) -> bool:
    """Tell whether a lane holds something for two hours, and nothing of it was decided in that time."""
    since = at - UNTAKEN_AFTER
    return oldest_at <= since and (decided_at is None or decided_at <= since)


def could_be_taken(lane: LaneFacts, people: Iterable[May]) -> bool:
    """Tell whether so many could take from *lane* that 'nobody took it' is a sentence about none of them."""
    return sum(open_lane(lane, one) is not None for one in people) >= FEWEST
