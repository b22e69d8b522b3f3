"""The parts of a desk's page that are alike for many cases, rendered once: most of what a page costs to render.

Each is kept by all that it is made of, in one language. So nothing is kept of what somebody wrote or chose: a panel in which
nothing is, and no earlier decision stands beside it; label, ladder and head hold names, rules and what is left of limits. What
is on the stage, and words, are rendered anew each time.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Final

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web.desk.shapes import CaseView, DeskPage

register = template.Library()

PANEL: Final = "desk/_panel.html"
MOST_KEPT: Final = 512
"""Every order of likely categories that a queue's labels and scores bring is one."""

Named = tuple[tuple[str, Hashable], ...]


@register.simple_tag
def decision_panel(case: CaseView) -> SafeString:
    """Return the panel of *case*."""
    if not is_untouched(case):
        return render_to_string(PANEL, {"page": {"case": case}})
    offered = {name: tuple(getattr(case, name)) for name in ("likely", "others", "actions", "worse")}
    return _rendered(PANEL, case=offered | {"may_escalate": case.may_escalate})


@register.simple_tag
def case_label(case: CaseView) -> SafeString:
    """Return what the label says, and the rules that *case* is judged by."""
    names = ("purpose_line", "policy_name", "policy_title", "guidance")
    return _rendered(
        "desk/_label.html", case={"chips": tuple(case.chips)} | {name: getattr(case, name) for name in names}
    )


@register.simple_tag
def case_ladder(page: DeskPage) -> SafeString:
    """Return the steps in which the case of *page* may be shown."""
    case = page.case
    steps = (
        {
            "pictures": tuple(case.pictures),
            "picture_number": case.picture_number,
            "ladder": tuple(case.ladder),
        }
        if case
        else {}
    )
    notes = {name: getattr(page, name) for name in ("refusal", "break_note", "ladder_note")}
    return _rendered("desk/_ladder.html", case=steps, **notes)


@register.simple_tag
def desk_head(page: DeskPage) -> SafeString:
    """Return the end of the head of *page*: what is left of limits, and the ways away from the desk."""
    return _rendered(
        "desk/_head.html",
        case={"is_there": True} if page.case else {},
        facts=tuple(page.facts),
        may_step_away=page.may_step_away,
        activities=tuple(page.activities),
    )


def is_untouched(case: CaseView) -> bool:
    """Say whether there is nothing in the panel but what is offered."""
    choices = (*case.likely, *case.others, *case.actions)
    return not (case.earlier or case.rationale or case.none_chosen or any(one.chosen for one in choices))


def _rendered(name: str, *, case: dict[str, Hashable], **page: Hashable) -> SafeString:
    """Return the part of that name, made of these alone; templates that are being worked on are read anew."""
    made_of = tuple(page.items()), tuple(case.items())
    return _render(name, *made_of) if settings.DEBUG else rendered(get_language(), name, *made_of)


@lru_cache(maxsize=MOST_KEPT)
def rendered(_language: str | None, name: str, page: Named, case: Named) -> SafeString:
    """Return a part in this language."""
    return _render(name, page, case)


def _render(name: str, page: Named, case: Named) -> SafeString:
    shown: dict[str, Any] = dict(page) | {"case": dict(case)}
    return render_to_string(name, {"page": shown})
