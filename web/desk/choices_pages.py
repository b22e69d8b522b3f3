"""'What I am handed' in words: what a person keeps away from themselves, and their agreement to severity 4."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.selectors.taxonomy import categories_in_force
from people.selectors import team_of
from people.selectors.languages import languages_of
from queues.models import HANDS_OUT, Queue
from web.desk import wording
from web.desk.pages import DeskVisit
from web.shared.languages import all_languages, what_they_read
from web.shared.moments import moment_of_this_year
from wellbeing.choices.selectors.chosen import OptOutLine, choices_of
from wellbeing.core.rules.opt_outs import CATEGORY, LANGUAGE, MEDIA, MEDIUM, QUEUE, SOUND

KINDS: Final[dict[str, str | Promise]] = {
    CATEGORY: gettext_lazy("Categories"),
    MEDIUM: gettext_lazy("Media"),
    SOUND: gettext_lazy("Sound"),
    QUEUE: gettext_lazy("Queues"),
    LANGUAGE: gettext_lazy("Languages"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """What can be kept away of one kind: (value of the form, name) of each."""

    name: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeptAway:
    """One opt-out that holds. ``until``: a sentence."""

    id: UUID
    name: str
    until: str


@dataclass(frozen=True, slots=True)
class HandedPage:
    """``agreed``: since when the person agrees to severity 4, as a sentence; empty while they do not. ``reads``: languages."""

    kept_away: list[KeptAway]
    groups: list[Group]
    agreed: str
    reads: str


def handed_page(visit: DeskVisit) -> HandedPage:
    """Return what the person in *seat* chose, and what they may choose."""
    named = {kind: _options(kind, visit) for kind in KINDS}
    chosen = choices_of(visit.subject, at=visit.at)
    return HandedPage(
        kept_away=[_kept_away(line, named) for line in chosen.opt_outs],
        groups=[
            Group(str(KINDS[kind]), [(f"{kind}:{value}", name) for value, name in options.items()])
            for kind, options in named.items()
        ],
        agreed=_since(chosen.agreed_at),
        reads=what_they_read(languages_of(visit.subject)),
    )


def _options(kind: str, visit: DeskVisit) -> dict[str, str]:
    if kind == CATEGORY:
        found = categories_in_force(at=visit.at).values()
        return {one.code: f"{one.label} ({one.severity})" for one in found if one.is_enabled}
    if kind == MEDIUM:
        return {code: str(wording.MEDIA[code]) for code in MEDIA}
    if kind == SOUND:
        return {"": _("Everything that has sound")}
    if kind == QUEUE:
        return _queues(visit)
    return all_languages()


def _queues(visit: DeskVisit) -> dict[str, str]:
    """Return the queues that the person's team works on, by id as text."""
    mine = Q(every_team=True) | Q(teams=team_of(visit.subject, at=visit.at))
    found = Queue.objects.filter(mine, state__in=HANDS_OUT).distinct().order_by("name", "id")
    return {str(key): name for key, name in found.values_list("id", "name")}


def _kept_away(line: OptOutLine, named: dict[str, dict[str, str]]) -> KeptAway:
    name = named.get(line.kind, {}).get(line.value) or line.value
    return KeptAway(line.id, name, _until(line.until))


def _until(until: datetime | None) -> str:
    return (
        _("until %(when)s") % {"when": moment_of_this_year(until)}
        if until is not None
        else _("until you end it")
    )


def _since(agreed_at: datetime | None) -> str:
    return (
        "" if agreed_at is None else _("You agreed on %(when)s.") % {"when": moment_of_this_year(agreed_at)}
    )
