"""Other paid work in words: what there is to go over to, and what the desk says meanwhile."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from queues.selectors import DeskState
from web.desk.shapes import Choice, DeskPage
from wellbeing.rules.presence import Activity

LABELS: Final[dict[Activity, str | Promise]] = {
    Activity.READING_POLICY: gettext_lazy("Reading policy"),
    Activity.TRAINING: gettext_lazy("Training"),
    Activity.PEER_TALK: gettext_lazy("Talking with colleagues"),
    Activity.NOTHING: gettext_lazy("Nothing for now"),
}


def activities(state: DeskState, *, is_told: bool = True) -> list[Choice]:
    """Return what a person may go over to from the desk as it is; *is_told*: with what they do now."""
    if state.kind in {"off", "break"}:
        return []
    doing = state.glance.other_work if is_told else None
    return [Choice(one.value, str(label), chosen=one == doing) for one, label in LABELS.items()]


def other_work_page(state: DeskState, *, is_told: bool = True) -> DeskPage:
    """Return the desk of a person who does other paid work; *is_told*: which."""
    label = str(LABELS[Activity(state.glance.other_work)]) if is_told else _("Other paid work")
    lines = [_("Nothing is handed to you meanwhile. Only you see what you do; it is working time.")]
    if state.has_parked_claim:
        lines.append(
            _("Your case and your draft wait for you for ten minutes. Then the case goes to somebody else.")
        )
    return DeskPage(
        kind=state.kind,
        title=label,
        template="desk/_other_work.html",
        rev=state.rev,
        may_step_away=True,
        sentence=label,
        lines=lines,
    )
