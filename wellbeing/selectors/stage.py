"""What a person's page has on its stage. For pages: no lock, no change."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wellbeing.models import Exposure, Level
from wellbeing.rules import clock


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


def is_served(shown: Exposure, at: datetime) -> bool:
    """Say whether anything of an open exposure may leave at *at* of the person's clock, as text or as bytes.

    Not once it was taken from the stage, its page was to cover itself, or its page has been silent: of one that says it
    beats for 10 s.
    """
    if shown.cleared_at is not None or (shown.covers_at is not None and shown.covers_at <= at):
        return False
    return clock.may_be_served(last_beat_at=shown.last_beat_at, at=at, beating=shown.beating)


def stage_of(shown: Exposure | None, at: datetime) -> OnStage | None:
    """Return what is on the stage at *at* of the person's clock, of the open exposure; None while covered."""
    if shown is None or not is_served(shown, at):
        return None
    fell_back = shown.level == Level.COLOUR and shown.falls_back_at is not None and shown.falls_back_at <= at
    return OnStage(
        id=shown.id,
        claim_ref=shown.claim_ref,
        level=Level.GREY if fell_back else shown.level,
        with_text=shown.with_text,
        sound=shown.sound and not fell_back,
        beating=shown.beating,
        falls_back_at=None if fell_back else shown.falls_back_at,
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
