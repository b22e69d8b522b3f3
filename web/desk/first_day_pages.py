"""The walk of the first day in words: the desk, the ladder, breaks and people, before the first real case."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.desk.pages import DeskVisit
from wellbeing.choices.rules.introduction import Step, after, first_open
from wellbeing.choices.selectors.introduction import walk_of

TITLES: Final[dict[Step, str | Promise]] = {
    Step.DESK: gettext_lazy("The desk"),
    Step.LADDER: gettext_lazy("How a case is shown"),
    Step.BREAKS: gettext_lazy("Breaks and limits"),
    Step.LANGUAGES: gettext_lazy("Languages you read"),
    Step.CONTACTS: gettext_lazy("People to talk to"),
}
LEVELS: Final[dict[str, str | Promise]] = {
    "covered": gettext_lazy("Cover"),
    "shielded": gettext_lazy("Shielded"),
    "grey": gettext_lazy("Grey"),
    "colour": gettext_lazy("Colour"),
}
PICTURES: Final[dict[str, str | Promise]] = {
    "coffee": gettext_lazy("A cup of coffee"),
    "cat": gettext_lazy("A cat"),
}
"""The walk's own pictures, drawn by the very renditions of the desk (``static/img/walk/SOURCES.md``)."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in the list of all."""

    code: str
    title: str
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The whole walk. ``next_step``: where to go on; empty when all steps were taken."""

    steps: list[StepLine]
    next_step: str
    is_begun: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the walk at one level; ``src`` is empty while covered."""

    picture: str
    level: str
    src: str
    alt: str
    levels: list[tuple[str, str]]
    pictures: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StepPage:
    """One page of the walk. ``number`` of ``count``; ``shown``: of the ladder alone."""

    code: str
    title: str
    template: str
    number: int
    count: int
    is_last: bool
    shown: Shown | None


def walk(visit: DeskVisit) -> Walk:
    """Return how far the person in *seat* has come."""
    so_far = walk_of(visit.subject)
    following = first_open(so_far.steps)
    return Walk(
        steps=[StepLine(step.value, str(title), step in so_far.steps) for step, title in TITLES.items()],
        next_step="" if following is None else following.value,
        is_begun=bool(so_far.steps),
        is_done=so_far.is_done,
    )


def step_page(step: Step, *, picture: str, level: str) -> StepPage:
    """Return one page of the walk; *picture* and *level* are what its ladder shows."""
    return StepPage(
        code=step.value,
        title=str(TITLES[step]),
        template=f"desk/first_day/_{step.value}.html",
        number=list(Step).index(step) + 1,
        count=len(Step),
        is_last=after(step) is None,
        shown=_shown(picture, level) if step == Step.LADDER else None,
    )


def _shown(picture: str, level: str) -> Shown:
    """Return the picture that is asked for, shielded unless it says otherwise; what is not there is the first one."""
    picture = picture if picture in PICTURES else "coffee"
    level = level if level in LEVELS else "shielded"
    return Shown(
        picture=picture,
        level=level,
        src="" if level == "covered" else f"img/walk/{picture}-{level}.jpg",
        alt=_("%(what)s, %(how)s") % {"what": PICTURES[picture], "how": str(LEVELS[level]).lower()},
        levels=[(code, str(label)) for code, label in LEVELS.items()],
        pictures=[(code, str(label)) for code, label in PICTURES.items()],
    )
