"""The decision's panel, rendered once for all cases that offer the same: most of what a page costs to render is this part.

Kept in the process is only a panel that nothing was chosen or written in, and that has no earlier decision beside it: the
names of categories and actions, in one language.
"""

from functools import lru_cache
from typing import Final

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web.desk.shapes import CaseView, Choice, Worse

register = template.Library()

TEMPLATE: Final = "desk/_panel.html"
MOST_KEPT: Final = 256
"""Every order of likely categories that a queue's labels and scores bring is one."""


@register.simple_tag
def decision_panel(case: CaseView) -> SafeString:
    """Return the panel of *case*."""
    if settings.DEBUG or not is_untouched(case):
        return render_to_string(TEMPLATE, {"page": {"case": case}})
    offered = tuple(case.likely), tuple(case.others), tuple(case.actions), tuple(case.worse)
    return kept(get_language(), case.may_escalate, *offered)


def is_untouched(case: CaseView) -> bool:
    """Say whether there is nothing in the panel but what is offered."""
    choices = (*case.likely, *case.others, *case.actions)
    return not (case.earlier or case.rationale or case.none_chosen or any(one.chosen for one in choices))


@lru_cache(maxsize=MOST_KEPT)
def kept(
    _language: str | None,
    may_escalate: bool,
    likely: tuple[Choice, ...],
    others: tuple[Choice, ...],
    actions: tuple[Choice, ...],
    worse: tuple[Worse, ...],
) -> SafeString:
    """Return a panel in which nothing is chosen, in this language."""
    case = {
        "likely": likely,
        "others": others,
        "actions": actions,
        "worse": worse,
        "may_escalate": may_escalate,
    }
    return render_to_string(TEMPLATE, {"page": {"case": case}})
