"""When a lead is told that nobody is available for a lane: never so that one person's private choice could be read from it.

Whoever is available is looked at twice. *By what a lead may know*: team, skills, languages, training, the limits that leads
and the organisation set, the night, planned shifts. *In truth*: with own limits, opt-outs, the agreement to severity 4
and an officer's orders as well. Where five people or more could take a lane by what a lead may know, it is
told whether any of them will, and neither which nor why not. Of fewer, what is theirs alone plays no part: 'nobody' would
be a sentence about one of them (promises P7 and P8). The price: what only four could take may wait unannounced; its age and
due time stand beside it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from queues.rules.lanes import LaneFacts, May, open_lane
from queues.rules.outlook import FEWEST


class Candidate(NamedTuple):
    """What one person may take, as far as a lead may know, and in truth."""

    known: May
    truly: May


def is_manned(lane: LaneFacts, candidates: Iterable[Candidate]) -> bool:
    """Tell whether somebody is available for *lane*, as it may be told."""
    known = [one for one in candidates if open_lane(lane, one.known) is not None]
    if len(known) < FEWEST:
        return bool(known)
    return any(open_lane(lane, one.truly) is not None for one in known)
