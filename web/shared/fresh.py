"""What a borrowed session may not do: its holder proves again who they are, unless they did so a moment ago.

For links, roles, keys, signatures, and reading a person's record. allauth's middleware asks, and goes on with what was posted, so
nothing typed is lost. A view says so inside its door: who may not come in at all is refused before anybody is asked for anything.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from people.access import require_fresh_proof

P = ParamSpec("P")
Came = TypeVar("Came")
View = Callable[Concatenate[HttpRequest, Came, P], HttpResponse]
WAITS: Final = "act_that_waits"
"""What a session says of an act that waits for a proof: where it goes, and what it is in words. The page that asks tells it, so
that nobody proves who they are for what somebody else left there."""
ACTS: Final[dict[str, str | Promise]] = {
    "people:invite": gettext_lazy("Inviting a person"),
    "people:roles": gettext_lazy("Saving the roles of a person"),
    "people:link": gettext_lazy("Making a one-time link for a person"),
    "deactivate_person": gettext_lazy("Ending an account"),
    "people:new_key": gettext_lazy("Issuing a key to a platform"),
    "people:revoke_key": gettext_lazy("Revoking a key"),
    "safeguard:change": gettext_lazy("Proposing a change of the safeguard"),
    "safeguard:sign": gettext_lazy("Signing a change of the safeguard"),
    "safeguard:answer": gettext_lazy("Answering a question"),
    "people:team": gettext_lazy("Moving a person to a team"),
    "people:new_team": gettext_lazy("Making a team"),
    "people:country": gettext_lazy("Saving the country of a person"),
    "people:factor_lost": gettext_lazy("Taking a second factor away"),
    "safeguard:withdraw": gettext_lazy("Withdrawing a proposal"),
    "safeguard:sign_in": gettext_lazy("Confirming who signs in"),
    "officer:end_measure": gettext_lazy("Ending what was done for a person"),
    "officer:contacts": gettext_lazy("Adding an outside line"),
    "officer:contact": gettext_lazy("Changing an outside line"),
    "officer:end_contact": gettext_lazy("Ending an outside line"),
    "officer:object_to_review": gettext_lazy("Objecting to a review of the limits"),
    "officer:take_back_review": gettext_lazy("Taking back a review of the limits"),
    "officer:reviews": gettext_lazy("Recording a review of the limits"),
    "officer:sign_review": gettext_lazy("Signing a review of the limits"),
    "officer:flag": gettext_lazy("Doing something about a load flag"),
    "officer:measure": gettext_lazy("Doing something for a person"),
    "officer:contracts": gettext_lazy("Putting a contract with a counsellor on record"),
    "officer:end_contract": gettext_lazy("Ending a contract with a counsellor"),
}
SOMETHING: Final = gettext_lazy("What was sent from another page")


def proven_anew(view: View[Came, P]) -> View[Came, P]:
    """Ask before *view* is opened at all."""

    @wraps(view)
    def asked(request: HttpRequest, came: Came, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        insist(request)
        return view(request, came, *args, **kwargs)

    return asked


def acts_proven_anew(view: View[Came, P]) -> View[Came, P]:
    """Ask before *view* does anything; it may be read without."""

    @wraps(view)
    def asked(request: HttpRequest, came: Came, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            insist(request)
        return view(request, came, *args, **kwargs)

    return asked


def insist(request: HttpRequest) -> None:
    """Ask where only one of several acts of a view needs it.

    Raises:
        ReauthenticationRequired: allauth's middleware answers it.
    """
    said: Any = request.session
    try:
        require_fresh_proof(said, at=timezone.now())
    except ReauthenticationRequired:
        if request.method == "POST" and request.resolver_match is not None:
            act = ACTS.get(request.resolver_match.view_name, SOMETHING)
            request.session[WAITS] = {"path": request.path, "words": str(act)}
        raise
