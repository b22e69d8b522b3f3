"""What the safeguard's pages say about a change that was refused."""

from django.utils.translation import gettext as _

from moderation.exceptions import CategoryInvalid
from web.safeguard import wording
from web.shared import refusals
from wellbeing.exceptions import NotTighter, OutOfBounds, Refused
from wellbeing.services.proposals import AlreadyObjected, NotAnnounced

REFUSALS = (Refused, CategoryInvalid)


def sentence(refusal: Exception, *, kind: str = "", target: str = "") -> str:
    """Return what is said about *refusal*, one of ``REFUSALS``."""
    match refusal:
        case NotTighter():
            return _(
                "That protects less than what holds, or changes nothing. It is proposed, and a second person signs."
            )
        case OutOfBounds(least=least, most=most) if kind != wording.CEILING:
            told = wording.weight if kind == wording.WEIGHT else wording.samples
            return _("A value from %(least)s to %(most)s makes sense here.") % {
                "least": told(least),
                "most": told(most),
            }
        case CategoryInvalid():
            return _("A category has a severity from 0 to 4 and flags of the list.")
        case AlreadyObjected():
            return _("You object already. Nobody is told.")
        case NotAnnounced():
            return _("The time to object is over, or it is not announced any more.")
    return refusals.sentence(refusal, name=target)
