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
from web.desk.pages import DeskVisit
from web.shared.chrome import chrome
from web.shared.refusals import DateUnreadable
from wellbeing.core.rules import opt_outs
from wellbeing.exceptions import ChoiceUnknown


@require_GET
@at_the_desk
@with_own_records
def handed(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """What the person keeps away from themselves. Only they see it."""
    context = {
        "handed": handed_page(visit),
        **chrome(request.user, "desk:handed"),
    }
    return render(request, "desk/handed.html", context)


@own_act("desk:handed", said_as="own")
def opt_out(request: HttpRequest, visit: DeskVisit) -> str:
    """Keep something away; a case in hand that it concerns goes back at once."""
    kind, _sep, value = request.POST.get("what", "").partition(":")
    if kind == opt_outs.CATEGORY and value not in categories_in_force(at=visit.at):
        raise ChoiceUnknown(kind)
    until = _end_of(request.POST.get("until", ""), visit)
    choices.opt_out(subject=visit.subject, kind=kind, value=value, until=until, at=visit.at)
    return _("Kept away from now on. Nobody is told.")


@own_act("desk:handed", said_as="own")
def opt_back_in(_request: HttpRequest, visit: DeskVisit, opt_out_id: UUID) -> str:
    """End an opt-out."""
    choices.opt_back_in(subject=visit.subject, opt_out_id=opt_out_id, at=visit.at)
    return _("Ended. It may be handed to you again.")


@own_act("desk:handed", said_as="own")
def agree(_request: HttpRequest, visit: DeskVisit) -> str:
    """Agree to severity 4."""
    choices.agree_to_severe(subject=visit.subject, at=visit.at)
    return _("Noted. You can take it back here at any time.")


@own_act("desk:handed", said_as="own")
def revoke(_request: HttpRequest, visit: DeskVisit) -> str:
    """Take the agreement to severity 4 back."""
    choices.revoke_agreement(subject=visit.subject, at=visit.at)
    return _("Taken back. Severity 4 is not handed to you from now on.")


def _end_of(typed: str, visit: DeskVisit) -> datetime | None:
    """Return the end of the date that was typed, on the person's clock; None for none."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise DateUnreadable from None
    return datetime.combine(day, time(0), tzinfo=visit.zone)
