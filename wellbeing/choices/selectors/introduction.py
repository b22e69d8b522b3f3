"""How far a person has come with the walk before the first real case."""

from dataclasses import dataclass
from uuid import UUID

from wellbeing.models import Introduction


@dataclass(frozen=True, slots=True)
class Walk:
    """``steps``: those that were taken (``choices.rules.introduction.Step``)."""

    steps: frozenset[str] = frozenset()
    is_done: bool = False


def walk_of(subject: UUID) -> Walk:
    """Return how far a person has come; one query."""
    row = Introduction.objects.filter(pk=subject).first()
    return Walk() if row is None else Walk(frozenset(row.steps), row.done_at is not None)
