"""What a person was shown, what may still be shown, and their rest. Read by ``wellbeing`` alone.

Every row bears a *subject* (``people.Subject``), never a user. Durations are whole milliseconds,
so that moving seconds between sums leaves no rounding behind.
"""

from wellbeing.models.limits import (
    LimitRequest,
    LimitRow,
    LimitScope,
    LoadModel,
    Proposal,
    ProposalKind,
    ProposalState,
    Question,
)
from wellbeing.models.person import PersonState, RecordReading, Rev
from wellbeing.models.rest import Break, BreakCause, BreakState, Presence, PresenceKind
from wellbeing.models.shown import CaseSeen, Exposure, ExposureSum, Level, SevereClose

__all__ = [
    "Break",
    "BreakCause",
    "BreakState",
    "CaseSeen",
    "Exposure",
    "ExposureSum",
    "Level",
    "LimitRequest",
    "LimitRow",
    "LimitScope",
    "LoadModel",
    "PersonState",
    "Presence",
    "PresenceKind",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "Question",
    "RecordReading",
    "Rev",
    "SevereClose",
]
