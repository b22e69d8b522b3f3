"""At a reached limit the shield comes back, for the minutes in which the case may be decided (WELLBEING 'Limits')."""

from queues.exceptions import Refused
from queues.selectors import ClaimView, DeskState
from queues.services import desk
from web.desk.pages import DeskVisit
from wellbeing.core.selectors.stage import Cleared, cleared_by_limit


def shield_comes_back(visit: DeskVisit, state: DeskState) -> bool:
    """Shield what a limit has just cleared from the stage; what its person covered stays covered."""
    claim = state.claim
    if state.kind != "case" or claim is None or claim.medium == "text":
        return False
    if state.exposure is not None or state.person.limit_grace_until is None:
        return False
    cleared = cleared_by_limit(visit.subject, claim.id)
    return cleared is not None and _is_shielded(visit, claim, cleared)


def _is_shielded(visit: DeskVisit, claim: ClaimView, cleared: Cleared) -> bool:
    try:
        desk.show(
            subject=visit.subject,
            claim_id=claim.id,
            fence=claim.fence,
            level="shielded",
            at=visit.at,
            beating=cleared.beating,
        )
    except Refused:
        return False  # the minutes are over, or a break came: the page says it
    return True
