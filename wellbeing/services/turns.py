"""What the cases before say about the next one, kept in the person's row under their lock."""

from dataclasses import asdict
from uuid import UUID

from wellbeing.core.locked import Locked
from wellbeing.core.rows import turn_of
from wellbeing.models import Exposure
from wellbeing.rules.load import Level
from wellbeing.rules.turns import Turn


def count(
    held: Locked, *, case_ref: UUID, claim_ref: UUID | None, category: str, severity: int, was_decided: bool
) -> None:
    """Let a case that leaves a person's hands move what comes next, if it was decided or seen clearer than its shield.

    Alike for what owes and for what pays: whoever peeks and skips has moved nothing.
    """
    if was_decided or _was_seen_clear(held, case_ref, claim_ref):
        owes = held.limits["spacing_cases"].value
        keep(held, turn_of(held.state).after(category=category, severity=severity, owes=owes))


def pay(held: Locked) -> None:
    """A rest, or other paid work, was long enough to pay what is owed."""
    keep(held, turn_of(held.state).paid())


def pass_once(held: Locked) -> None:
    """A case that is due soon passes; the next one does not."""
    keep(held, turn_of(held.state).passed())


def keep(held: Locked, turn: Turn) -> None:
    """Set what is written with the act."""
    for name, value in asdict(turn).items():
        setattr(held.state, name, value)


def _was_seen_clear(held: Locked, case_ref: UUID, claim_ref: UUID | None) -> bool:
    """Say whether any stretch, under this claim where one is named, was clearer than the shield."""
    rows = Exposure.objects.filter(subject=held.subject, case_ref=case_ref)
    if claim_ref is not None:
        rows = rows.filter(claim_ref=claim_ref)
    return rows.exclude(level=Level.SHIELDED, with_text=False, sound=False).exists()
