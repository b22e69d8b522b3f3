"""The paid walk before the first real case: its steps, in their order (WELLBEING.md 'Limits', new starters)."""

from collections.abc import Collection
from enum import StrEnum


class Step(StrEnum):
    """One page of the walk."""

    DESK = "desk"
    LADDER = "ladder"
    BREAKS = "breaks"
    LANGUAGES = "languages"
    CONTACTS = "contacts"


def is_whole(steps: Collection[str]) -> bool:
    """Say whether every step was taken."""
    return all(step in steps for step in Step)


def first_open(steps: Collection[str]) -> Step | None:
    """Return the step to go on with; None when all were taken."""
    return next((step for step in Step if step not in steps), None)


def after(step: Step) -> Step | None:
    """Return the step that follows; None after the last."""
    order = list(Step)
    place = order.index(step) + 1
    return order[place] if place < len(order) else None
