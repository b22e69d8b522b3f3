"""What the cases before say about the next one, kept in the person's row under their lock."""

from dataclasses import asdict
from uuid import UUID

from wellbeing.core.locked import Locked
from wellbeing.core.rows import turn_of
from wellbeing.core.rules.load import Level
from wellbeing.core.rules.turns import Turn
from wellbeing.models import Exposure


def count(
    locked: Locked, *, case_ref: UUID, claim_ref: UUID | None, category: str, severity: int, was_decided: bool
) -> None:
    """Let a case that leaves a person's hands move what comes next, if it was decided or seen clearer than its shield.

    Alike for what owes and for what pays: whoever peeks and skips has moved nothing.
    """
    if was_decided or _was_seen_clear(locked, case_ref, claim_ref):
        owes = locked.limits["spacing_cases"].value
        keep(locked, turn_of(locked.state).after(category=category, severity=severity, owes=owes))


def pay(locked: Locked) -> None:
    """A rest, or other paid work, was long enough to pay what is owed."""
    keep(locked, turn_of(locked.state).paid())


def pass_once(locked: Locked) -> None:
    """A case that is due soon passes; the next one does not."""
    keep(locked, turn_of(locked.state).passed())


def keep(locked: Locked, turn: Turn) -> None:
    """Set what is written with the act."""
    for name, value in asdict(turn).items():
        setattr(locked.state, name, value)


def _was_seen_clear(locked: Locked, case_ref: UUID, claim_ref: UUID | None) -> bool:
    """Say whether any stretch, under this claim where one is named, was clearer than the shield."""
    rows = Exposure.objects.filter(subject=locked.subject, case_ref=case_ref)
    if claim_ref is not None:
        rows = rows.filter(claim_ref=claim_ref)
    return rows.exclude(level=Level.SHIELDED, with_text=False, sound=False).exists()
