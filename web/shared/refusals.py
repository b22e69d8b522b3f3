"""What a page of a lead or of the safeguard says about something that a service refused."""

from datetime import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Role
from web.shared.limits import amount, bound
from wellbeing import exceptions as refused
from wellbeing.rules.names import is_at_least

SENTENCES: Final[dict[type[Exception], str | Promise]] = {
    refused.ReasonMissing: gettext_lazy("Say why, please. The people it concerns read it."),
    refused.AboutYourself: gettext_lazy("This is about you. Another officer does it; nothing was changed."),
    refused.UnknownLimit: gettext_lazy("There is no such limit."),
    refused.CeilingNeedsTwo: gettext_lazy("What the organisation allows moves only when two people sign."),
    refused.AlreadySet: gettext_lazy("That is the value already. Nothing was changed."),
    refused.NotPersonal: gettext_lazy(
        "No value that a lead set holds for this person, so there is none to loosen."
    ),
    refused.AlreadyAsked: gettext_lazy("That was asked before, and waits for the answer."),
    refused.AlreadyAnswered: gettext_lazy("That was answered before. Nothing was changed."),
    refused.AnswerMissing: gettext_lazy("An answer needs words."),
    refused.SignedByProposer: gettext_lazy("Two people sign. You proposed it, so somebody else signs."),
    refused.NotConfirmed: gettext_lazy(
        "Your sign-in was set anew by somebody else. What is yours alone stays as it is until it is confirmed that it is you."
    ),
    refused.NamedByTheOther: gettext_lazy(
        "One of you two invited the other, made their link or gave them their role in the last 90 days. Somebody else signs."
    ),
    refused.NotLooser: gettext_lazy(
        "That is not looser than what holds. What is tighter needs nobody’s signature."
    ),
    refused.ProposalStale: gettext_lazy(
        "What this proposal would change has changed since. Withdraw it, and propose again if it is still wanted."
    ),
}


def sentence(refusal: Exception, *, name: str = "") -> str:
    """Return what is said about *refusal*; *name* is the limit that it is about."""
    match refusal:
        case refused.AboveCeiling(ceiling=ceiling):
            return above_ceiling(name, ceiling)
        case refused.OutOfBounds(least=least, most=most):
            return out_of_bounds(name, least, most)
        case refused.Contradicts() | refused.NotTighter():
            return _what_would_do(refusal, name)
        case refused.ReasonTooLong(most=most):
            return _("Write at most %(most)d characters.") % {"most": most}
        case refused.AlreadyEnded(state=state):
            return _already_ended(state)
        case refused.AlreadyProposed():
            return _("A proposal for this is open. It is signed or withdrawn first.")
        case refused.PairNotValid():
            return _pair_not_valid(refusal)
    return str(SENTENCES.get(type(refusal), _("That is not possible now. This page shows what holds.")))


def _what_would_do(refusal: refused.Contradicts | refused.NotTighter, name: str) -> str:
    if isinstance(refusal, refused.NotTighter):
        return not_tighter(name, refusal.value)
    return _("Amber comes before red: at most %(amount)s.") % {"amount": amount(refusal.red, refusal.most)}


def above_ceiling(name: str, ceiling: int) -> str:
    """Return 'The organisation allows at most 120 min.'"""
    return _("The organisation allows %(bound)s.") % {"bound": bound(name, ceiling)}


def out_of_bounds(name: str, least: int, most: int) -> str:
    """Return 'A value from 0 min to 1440 min makes sense here.'"""
    return _("A value from %(least)s to %(most)s makes sense here.") % {
        "least": amount(name, least),
        "most": amount(name, most),
    }


def not_tighter(name: str, value: int) -> str:
    """Return what to write instead: for one person a lead only tightens."""
    words = (
        _("For one person a value only tightens. %(amount)s holds, so write more.")
        if is_at_least(name)
        else _("For one person a value only tightens. %(amount)s holds, so write less.")
    )
    return words % {"amount": amount(name, value)}


def moment(at: datetime) -> str:
    """Return '18 November 2026, 09:12' on the reader's clock."""
    return date_format(localtime(at), "j F Y, H:i")


def _already_ended(state: str) -> str:
    if state == "adopted":
        return _("This proposal was signed before, and holds.")
    return _("This proposal was withdrawn before. Nothing was changed.")


def _pair_not_valid(refusal: refused.PairNotValid) -> str:
    if refusal.proposer_left:
        return _("Who proposed this no longer has that role. Withdraw it and propose it again.")
    return _("A %(first)s and a %(second)s cannot sign this together.") % {
        "first": Role(refusal.proposed_as).label.lower(),
        "second": Role(refusal.signed_as).label.lower(),
    }
