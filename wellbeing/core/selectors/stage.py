"""What a person's page has on its stage. For pages: no lock, no change."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from wellbeing.core.person import read_person
from wellbeing.models import Exposure, Level


@dataclass(frozen=True, slots=True)
class OnStage:
    """An open exposure. ``level`` is what may be seen of it now: colour that was not held is grey again.

    ``covers_at``: when the page must cover itself, because a break or a limit is reached then. ``beating``: a script on the
    page beats for it, so that a script alone is told what it holds.
    """

    id: UUID
    claim_ref: UUID
    level: str
    with_text: bool
    sound: bool
    beating: bool
    falls_back_at: datetime | None
    covers_at: datetime | None = None


def has_stage(subject: UUID) -> bool:
    """Say whether an exposure is open in the ledger, also one whose time is over."""
    return Exposure.objects.filter(subject=subject, closed_at__isnull=True).exists()


def may_serve(
    *, subject: UUID, exposure_id: UUID, level: str, with_text: bool = False, at: datetime
) -> Exposure | None:
    """Return the open exposure if bytes of *level* may leave now for it; asked for every media request, see ``Person.may_serve``."""
    return read_person(subject, at=at).may_serve(exposure_id, level=level, with_text=with_text)


def stage_of(shown: Exposure | None, at: datetime) -> OnStage | None:
    """Return what is on the stage at *at* of the person's clock, of the open exposure; None while covered."""
    if shown is None or not shown.is_served(at):
        return None
    stage = as_shown(shown)
    if not shown.has_fallen_back(at):
        return stage
    return replace(stage, level=Level.GREY, sound=False, falls_back_at=None)


def as_shown(shown: Exposure) -> OnStage:
    """Return what has just come onto the stage."""
    return OnStage(
        id=shown.id,
        claim_ref=shown.claim_ref,
        level=shown.level,
        with_text=shown.with_text,
        sound=shown.sound,
        beating=shown.beating,
        falls_back_at=shown.falls_back_at,
        covers_at=shown.covers_at,
    )


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a limit has cleared from the stage. ``beating``: it was on a page that beats."""

    beating: bool


def cleared_by_limit(subject: UUID, claim_ref: UUID) -> Cleared | None:
    """Return what a limit cleared last, if it was of this claim; None if its person covered it since."""
    looks = Exposure.objects.filter(subject=subject).order_by("-opened_at")
    last = looks.values_list("claim_ref", "closed_reason", "beating").first()
    return None if last is None or last[:2] != (claim_ref, "limit") else Cleared(beating=last[2])
