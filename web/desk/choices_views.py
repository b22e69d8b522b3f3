"""What a person chooses about what they are handed. Plain posts; nobody else sees any of it."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from moderation.selectors.taxonomy import categories_in_force
from queues.services import choices
from web.desk.choices_pages import handed_page
from web.desk.doors import at_the_desk, with_own_records
from web.desk.own_acts import own_act
from web.desk.pages import Seat
from web.shared.chrome import chrome
from web.shared.refusals import DateUnreadable
from wellbeing.rules import opt_outs


@require_GET
@at_the_desk
@with_own_records
def handed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the person keeps away from themselves. Only they see it."""
    context = {
        "handed": handed_page(seat),
        **chrome(request.user, "desk:handed"),
    }
    return render(request, "desk/handed.html", context)


@own_act("desk:handed", said_as="own")
def opt_out(request: HttpRequest, seat: Seat) -> str:
    """Keep something away; a case in hand that it concerns goes back at once."""
    kind, _sep, value = request.POST.get("what", "").partition(":")
    if kind == opt_outs.CATEGORY and value not in categories_in_force(at=seat.at):
        raise opt_outs.ChoiceUnknown(kind)
    until = _end_of(request.POST.get("until", ""), seat)
    choices.opt_out(subject=seat.subject, kind=kind, value=value, until=until, at=seat.at)
    return _("Kept away from now on. Nobody is told.")


@own_act("desk:handed", said_as="own")
def opt_back_in(_request: HttpRequest, seat: Seat, opt_out_id: UUID) -> str:
    """End an opt-out."""
    choices.opt_back_in(subject=seat.subject, opt_out_id=opt_out_id, at=seat.at)
    return _("Ended. It may be handed to you again.")


@own_act("desk:handed", said_as="own")
def agree(_request: HttpRequest, seat: Seat) -> str:
    """Agree to severity 4."""
    choices.agree_to_severe(subject=seat.subject, at=seat.at)
    return _("Noted. You can take it back here at any time.")


@own_act("desk:handed", said_as="own")
def revoke(_request: HttpRequest, seat: Seat) -> str:
    """Take the agreement to severity 4 back."""
    choices.revoke_agreement(subject=seat.subject, at=seat.at)
    return _("Taken back. Severity 4 is not handed to you from now on.")


def _end_of(typed: str, seat: Seat) -> datetime | None:
    """Return the end of the date that was typed, on the person's clock; None for none."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise DateUnreadable from None
    return datetime.combine(day, time(0), tzinfo=seat.zone)
