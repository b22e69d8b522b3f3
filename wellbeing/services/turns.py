"""What the cases before say about the next one, kept in the person's row under their lock."""

from dataclasses import asdict
from uuid import UUID

from wellbeing.models import Exposure
from wellbeing.rules.load import Level
from wellbeing.rules.turns import SEVERE, Turn
from wellbeing.selectors.facts import turn_of
from wellbeing.selectors.held import Held


def count(
    held: Held, *, case_ref: UUID, claim_ref: UUID | None, category: str, severity: int, was_decided: bool
) -> None:
    """Let a case that leaves a person's hands move what comes next, if it was decided or at least shown."""
    looks = [] if was_decided else _looks(held, case_ref, claim_ref)
    if not (was_decided or looks):
        return
    owes = 0
    if severity >= SEVERE and (was_decided or any(looks)):
        owes = held.facts.limits["spacing_cases"].value
    keep(held, turn_of(held.state).after(category=category, severity=severity, owes=owes))


def pay(held: Held) -> None:
    """A rest, or other paid work, was long enough to pay what is owed."""
    keep(held, turn_of(held.state).paid())


def pass_once(held: Held) -> None:
    """A case that is due soon passes; the next one does not."""
    keep(held, turn_of(held.state).passed())


def keep(held: Held, turn: Turn) -> None:
    """Set what is written with the act."""
    for name, value in asdict(turn).items():
        setattr(held.state, name, value)


def _looks(held: Held, case_ref: UUID, claim_ref: UUID | None) -> list[bool]:
    """Return of each stretch, under this claim where one is named, whether it was clearer than the shield."""
    rows = Exposure.objects.filter(subject=held.subject, case_ref=case_ref)
    if claim_ref is not None:
        rows = rows.filter(claim_ref=claim_ref)
    return [
        level != Level.SHIELDED or with_text or sound
        for level, with_text, sound in rows.values_list("level", "with_text", "sound")
    ]
