"""'Talk to someone' in words: a colleague, the officers, lines outside. What is opened or chosen is recorded for nobody."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from people.models import User
from people.selectors import organisation, user_of, wellbeing_officers
from web.desk.pages import DeskVisit
from wellbeing.choices.selectors.buddies import BuddyLine, buddies_of
from wellbeing.officer.selectors.contacts import ContactLine, contacts_for


@dataclass(frozen=True, slots=True)
class Tie:
    """A colleague and this person. ``waits``: an answer is owed, by them if ``is_mine``, else by this person."""

    id: UUID
    name: str
    email: str
    is_mine: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom to talk to. ``may_ask``: they have no buddy and wait for no answer. ``ties_are_closed``: told to nobody now."""

    employer: str
    officers: list[User]
    lines: list[ContactLine]
    ties: list[Tie]
    may_ask: bool
    ties_are_closed: bool


def whom_to_talk_to(visit: DeskVisit) -> Whom:
    """Return whom the person in *seat* may talk to; with whom they are tied is theirs alone."""
    user = user_of(visit.subject)
    ties = [_tie(line) for line in buddies_of(visit.subject)] if visit.is_confirmed else []
    return Whom(
        employer=organisation().name,
        officers=wellbeing_officers(),
        lines=contacts_for(user.country if user is not None else ""),
        ties=ties,
        may_ask=visit.is_confirmed and not any(tie.is_mine for tie in ties),
        ties_are_closed=not visit.is_confirmed,
    )


def _tie(line: BuddyLine) -> Tie:
    """Return a tie with the name of the other. Their address is told once both have said yes."""
    user = user_of(line.other)
    other = user if user is not None and user.is_active else None
    return Tie(
        id=line.id,
        name=_("Somebody who has left") if other is None else str(other),
        email=other.email if other is not None and line.has_agreed else "",
        is_mine=line.is_mine,
        waits=not line.has_agreed,
    )
