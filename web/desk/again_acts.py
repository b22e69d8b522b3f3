"""What may be done with the earlier decision beside a case: confirm it, or split an item off."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from moderation.services import decisions, splitting
from queues.selectors import DeskState
from web.desk import forms
from web.desk.acts import OnPicture, act, keep_without_script, read, send
from web.desk.pages import Seat


@act
def confirm(request: HttpRequest, seat: Seat) -> DeskState:
    """Decide as was decided before, whether or not anything was looked at, and take the next case."""
    data = read(forms.ConfirmForm, request)
    said = decisions.as_before(
        subject=seat.subject,
        claim_id=data["claim"],
        fence=data["fence"],
        decision_id=data["decision"],
    )
    return send(request, seat, said, beats=data["beats"])


@act
def split(request: HttpRequest, seat: Seat) -> OnPicture:
    """Give one item a look of its own; the rest stays in hand."""
    data = read(forms.SplitForm, request)
    keep_without_script(request, seat)
    splitting.split_off(
        subject=seat.subject,
        claim_id=data["claim"],
        fence=data["fence"],
        item_id=data["item"],
        at=seat.at,
    )
    messages.success(request, _("Split off. It gets a look of its own."))
    return OnPicture(data["picture"] or 1)
