"""The stage is cleared because what is on it turned out to be worse than its person was told before they looked."""

from uuid import UUID

from wellbeing.core.locked import Locked
from wellbeing.core.services import ledger


def is_shown_milder(*, locked: Locked, case_ref: UUID, severity: int) -> bool:
    """Say whether this case is on the stage, counted below *severity*."""
    shown = locked.exposure
    return shown is not None and shown.case_ref == case_ref and shown.severity < severity


def clear_stage(*, locked: Locked, reason: str) -> None:
    """Clear the stage of a page that hears of it within a beat; one without beats goes on counting until it asks."""
    if locked.exposure is not None and locked.exposure.beating:
        ledger.close(locked, reason=reason)
        ledger.keep(locked)
