"""The case in hand comes onto the stage, under its holder's lock: the only door to an exposure."""

from contextlib import suppress

from queues.exceptions import LimitReached, OnBreak
from queues.models import Claim
from queues.rules.first_look import FOLDED, comes_with_text, first_level
from wellbeing.core.locked import Locked
from wellbeing.core.selectors.stage import OnStage, as_shown
from wellbeing.core.services import exposure


def put_on(
    *,
    locked: Locked,
    claim: Claim,
    level: str,
    beating: bool,
    with_text: bool = False,
    sound: bool = False,
    full_screen: bool = False,
) -> OnStage:
    """Show a live claim's case at *level*.

    Raises:
        OnBreak, LimitReached.
    """
    lane = claim.job.lane
    look = exposure.Look(
        claim_ref=claim.id,
        case_ref=claim.job.case_ref,
        category=lane.category,
        severity=lane.severity,
        medium=claim.job.medium,
    )
    shown = exposure.show(
        locked=locked,
        look=look,
        level=level,
        with_text=with_text,
        sound=sound,
        full_screen=full_screen,
        beating=beating,
    )
    return as_shown(shown)


def show_first(*, locked: Locked, claim: Claim, beating: bool) -> None:
    """Show a case that was just handed out, as it is first shown; one that came while its person waited is announced only.

    Where nothing may be shown now, nothing is: the page says why.
    """
    severity = claim.job.lane.severity
    level = first_level(medium=claim.job.medium, severity=severity)
    if claim.arrived_while_waiting or level == FOLDED:
        return
    with suppress(OnBreak, LimitReached):
        put_on(locked=locked, claim=claim, level=level, with_text=comes_with_text(severity), beating=beating)
