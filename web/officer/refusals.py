"""What the officer's pages say about something that a service refused."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.officer import wording
from web.shared import refusals
from web.shared.names import Names
from wellbeing.exceptions import ReasonMissing
from wellbeing.rules import contacts, contracts, measures
from wellbeing.services import reviews
from wellbeing.services.contacts import ContactEnded
from wellbeing.services.contracts import ContractEnded
from wellbeing.services.measures import ActedMeanwhile, MeasureEnded

SENTENCES: Final[Mapping[type[Exception], str | Promise]] = {
    measures.MeasureUnknown: gettext_lazy("Choose what you do."),
    measures.DateMissing: gettext_lazy(
        "A rest day needs its date, a lighter queue its first and its last day."
    ),
    measures.EndsBeforeStart: gettext_lazy("The last day lies before the first."),
    measures.OneDayOnly: gettext_lazy("A rest day is one day. Several are written down one by one."),
    measures.DatesNotWanted: gettext_lazy("Days go with a rest day or a lighter queue. Leave them empty."),
    MeasureEnded: gettext_lazy("There is nothing left to end. Nothing was changed."),
    ReasonMissing: gettext_lazy("This needs words. Say in a sentence what it is about."),
    contacts.NameMissing: gettext_lazy("A line needs a name."),
    contacts.NoWayToReach: gettext_lazy("A line needs a phone number or an address."),
    contacts.NoPhoneNumber: gettext_lazy("That cannot be dialled. Write it as +32 2 123 45 67, or as 107."),
    contacts.NoCountry: gettext_lazy("A country is two letters, like BE or FR. Empty means everywhere."),
    ContactEnded: gettext_lazy("Somebody changed or ended this line meanwhile. What stands is in the list."),
    contracts.CounsellorMissing: gettext_lazy("Write with whom the contract is."),
    contracts.CounsellorTooLong: gettext_lazy("Write at most 120 characters."),
    contracts.ContractEndsBeforeStart: gettext_lazy("The last day lies before the first."),
    ContractEnded: gettext_lazy("Somebody ended this contract before. Nothing was changed."),
    reviews.RecordedMeanwhile: gettext_lazy(
        "Somebody changed this review while your page was open. What stands is shown; look again."
    ),
    reviews.NotWithThem: gettext_lazy("A review takes an officer and a representative: two people."),
    reviews.NotTheirs: gettext_lazy(
        "Whoever was named as having been there signs it, or objects; only they and who wrote it down take it back."
    ),
    reviews.NobodyElected: gettext_lazy(
        "Nobody is elected representative. Write it down, and a second officer signs."
    ),
    reviews.SomebodyElected: gettext_lazy("A representative is elected, so the review is held with them."),
    reviews.SignedByWriter: gettext_lazy("You wrote it down, so somebody else signs."),
}


def sentence(refusal: Exception) -> str:
    """Return what is said about *refusal*."""
    match refusal:
        case ActedMeanwhile():
            return _acted_meanwhile(refusal)
        case measures.DateOutOfReach(first=first, last=last):
            return _out_of_reach(first, last)
        case contracts.ContractOutOfReach(first=first, last=last):
            return _out_of_reach(first, last)
        case contacts.PartTooLong(most=most):
            return _("Write at most %(most)d characters.") % {"most": most}
        case reviews.HeldInTheFuture(today=today):
            return _("A review is recorded once it was held: %(day)s at the latest.") % {
                "day": wording.day(today)
            }
        case reviews.HeldTooLongAgo(first=first):
            return _("A review is written down within a year: %(day)s at the earliest.") % {
                "day": wording.day(first)
            }
        case reviews.HeldBeforeTheLast(last=last):
            return _("The last review was held %(day)s. This one cannot lie before it.") % {
                "day": wording.day(last)
            }
    found = SENTENCES.get(type(refusal))
    return refusals.sentence(refusal) if found is None else str(found)


def _out_of_reach(first: date, last: date) -> str:
    return _("Choose a day from %(first)s to %(last)s.") % {
        "first": wording.day(first),
        "last": wording.day(last),
    }


def _acted_meanwhile(refusal: ActedMeanwhile) -> str:
    done = str(wording.MEASURES.get(refusal.kind, refusal.kind)).lower()
    facts = {
        "name": Names([refusal.by]).of(refusal.by),
        "moment": refusals.moment(refusal.acted_at),
        "done": done,
    }
    if refusal.is_closed:
        return _("%(name)s closed this flag meanwhile, %(moment)s: %(done)s. Nothing was added.") % facts
    return (
        _(
            "%(name)s did something about this flag meanwhile, %(moment)s: %(done)s. Nothing was added yet; look at it, and "
            "write yours again if it is still wanted."
        )
        % facts
    )
