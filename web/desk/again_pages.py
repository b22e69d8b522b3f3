"""A new look at decided content, in words: the earlier decision beside it, and the items that it answers for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from moderation.models import Case, Decision
from moderation.selectors.decisions import categories_of
from moderation.selectors.looks import ItemLine, NewLook, new_look
from moderation.selectors.taxonomy import CategoryInForce
from web.desk import wording

Taxonomy = Mapping[str, CategoryInForce]

HINTS: Final = {
    "child": gettext_lazy("said to show a child"),
    "live": gettext_lazy("said to be live"),
    "screaming": gettext_lazy("said to hold screams"),
}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item that the decision answers for."""

    id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was decided before. ``items``: none where there is only one, which cannot be split off."""

    decided: str
    about: str
    why: str
    items_name: str = ""
    items: list[ItemRow] = field(default_factory=list)


def earlier_of(case: Case, taxonomy: Taxonomy, zone: ZoneInfo, *, words_shown: bool) -> Earlier | None:
    """Return what stands beside a look at *case*; never who decided it.

    Why it was decided so may quote the content, so it is here only where the words of the case are shown.
    """
    found = new_look(case)
    if found is None:
        return None
    rows = _rows(found, taxonomy, zone) if len(found.items) > 1 else []
    count = len(rows)
    name = ngettext("It answers for %(count)d item", "It answers for %(count)d items", count)
    return Earlier(
        decided=_outcome(found.decision, taxonomy),
        about=_("%(day)s, by policy %(version)s")
        % {"day": _day(found.decision.decided_at, zone), "version": found.decision.policy_version.version},
        why=found.decision.rationale if words_shown else "",
        items_name=name % {"count": count},
        items=rows,
    )


def _outcome(decision: Decision, taxonomy: Taxonomy) -> str:
    """Return 'Remove: hate speech', or 'No action: none of these'."""
    label = wording.ACTIONS.get(decision.action)
    action = str(label[0]) if label else decision.action.replace("_", " ").capitalize()
    found = ", ".join(_label(code, taxonomy) for code in categories_of(decision))
    return f"{action}: {found or _('none of these')}"


def _rows(found: NewLook, taxonomy: Taxonomy, zone: ZoneInfo) -> list[ItemRow]:
    return [_row(number, line, taxonomy, zone) for number, line in enumerate(found.items, 1)]


def _row(number: int, line: ItemLine, taxonomy: Taxonomy, zone: ZoneInfo) -> ItemRow:
    about = [
        _day(line.sent_at, zone),
        _label(line.category, taxonomy),
        *(str(HINTS[hint]) for hint in line.hints if hint in HINTS),
        *(_reported(source) for source in line.sources),
    ]
    return ItemRow(str(line.item_id), _("Item %(number)d") % {"number": number}, ", ".join(about))


def _reported(source: str) -> str:
    return _("report %(source)s") % {"source": wording.SOURCES.get(source, source)}


def _label(code: str, taxonomy: Taxonomy) -> str:
    return taxonomy[code].label if code in taxonomy else _("not labelled")


def _day(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "j F Y")
