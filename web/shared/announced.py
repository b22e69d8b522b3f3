"""What everybody is told, whatever their role: who was named or is it no more, and a looser ceiling while nobody is elected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from people.models import User
from people.rules.roles import MODERATOR
from people.selectors import announcements_for, roles_of, subject_of
from web.shared import limits
from web.shared.moments import moment
from wellbeing.limits.rules.announcing import ends_at
from wellbeing.limits.selectors.overview import announced_proposals


@dataclass(frozen=True, slots=True)
class Told:
    """One change that is announced, in a sentence."""

    id: UUID
    sentence: str


def announced(at: datetime, *, judges: bool = True) -> list[Told]:
    """Return what is announced at *at*, to somebody who *judges* and may object, or to anybody else; one query."""
    until = _("You may object until %(moment)s.") if judges else _("Moderators may object until %(moment)s.")
    return [
        Told(
            line.id,
            _("%(limit)s is to be loosened from %(before)s to %(after)s. %(until)s")
            % {
                "limit": limits.label(line.target),
                "before": limits.bound(line.target, line.before),
                "after": limits.bound(line.target, line.value),
                "until": until % {"moment": moment(ends_at(line.announced_at)) if line.announced_at else ""},
            },
        )
        for line in announced_proposals(at)
    ]


def told_to_everybody(user: User, at: datetime) -> dict[str, Any]:
    """Return what the first page of each role says at its top (``people/_told.html``); four queries."""
    return {
        "announcements": announcements_for(subject_of(user), at=at),
        "announced": announced(at, judges=MODERATOR in roles_of(user)),
    }
