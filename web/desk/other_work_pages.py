"""Other paid work in words: what there is to go over to, and what the desk says meanwhile."""

from django.utils.translation import gettext as _

from queues.selectors import DeskState
from web.desk.shapes import Choice, DeskPage
from web.shared.activities import LABELS
from wellbeing.core.person import Person
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.presence import Activity
from wellbeing.core.selectors.other_work import is_without_content


def activities(state: DeskState, *, is_told: bool = True) -> list[Choice]:
    """Return what a person may go over to from the desk as it is; *is_told*: with what they do now."""
    if state.kind in {"off", "break"}:
        return []
    doing = state.person.other_work if is_told else None
    return [Choice(one.value, str(label), chosen=one == doing) for one, label in LABELS.items()]


def other_work_page(state: DeskState, *, is_told: bool = True) -> DeskPage:
    """Return the desk of a person who does other paid work; *is_told*: which."""
    label = str(LABELS[Activity(state.person.other_work)]) if is_told else _("Other paid work")
    lines = [_("Nothing is handed to you meanwhile. Only you see what you do; it is working time.")]
    if is_told:
        lines.append(_what_it_counts_for(state.person))
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


def _what_it_counts_for(person: Person) -> str:
    """Say whether this kind counts as time away from severe cases: as their lead said, from today on. One query at most."""
    profile, at = person.profile, person.at
    if is_without_content(
        person.other_work, team_id=profile.worker(at).team_id, day=day_of(profile.zones, at)
    ):
        return _(
            "No content comes up in it, so it counts as time away from severe cases, as a rest does. The break from the desk "
            "stays where it is."
        )
    return _(
        "Content may come up in it: nobody has said that none does. So it does not count as a rest from severe cases."
    )
