"""What may be done with the earlier decision beside a case: confirm it, or split an item off."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from moderation.services import decisions, splitting
from queues.selectors import DeskState
from web.desk import forms
from web.desk.acts import OnPicture, act, keep_without_script, read, send
from web.desk.pages import DeskVisit


@act
def confirm(request: HttpRequest, visit: DeskVisit) -> DeskState:
    """Decide as was decided before, whether or not anything was looked at, and take the next case."""
    data = read(forms.ConfirmForm, request)
    said = decisions.as_before(
        subject=visit.subject,
        claim_id=data["claim"],
        fence=data["fence"],
        decision_id=data["decision"],
    )
    return send(request, visit, said, beats=data["beats"])


@act
def split(request: HttpRequest, visit: DeskVisit) -> OnPicture:
    """Give one item a look of its own; the rest stays in hand."""
    data = read(forms.SplitForm, request)
    keep_without_script(request, visit)
    splitting.split_off(
        subject=visit.subject,
        claim_id=data["claim"],
        fence=data["fence"],
        item_id=data["item"],
        at=visit.at,
    )
    messages.success(request, _("Split off. It gets a look of its own."))
    return OnPicture(data["picture"] or 1)
