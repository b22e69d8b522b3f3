"""What a person was shown, what may still be shown, and their rest. Read by ``wellbeing`` alone.

Every row bears a *subject* (``people.Subject``), never a user. Durations are whole milliseconds,
so that moving seconds between sums leaves no rounding behind.
"""

from wellbeing.models.care import (
    Contact,
    FlagCode,
    FlagLevel,
    LoadFlag,
    Measure,
    MeasureKind,
    Recount,
)
from wellbeing.models.choices import Buddy, Introduction, OptOut, OptOutKind, SevereAgreement
from wellbeing.models.limits import (
    CounsellorContract,
    LimitRequest,
    LimitReview,
    LimitRow,
    LimitScope,
    LoadModel,
    Preset,
    Proposal,
    ProposalKind,
    ProposalObjection,
    ProposalState,
    Question,
    ReviewTakenBack,
    TeamPreset,
)
from wellbeing.models.person import PersonState, RecordReading
from wellbeing.models.rest import (
    Activity,
    Break,
    BreakCause,
    BreakState,
    OtherWorkSaying,
    Presence,
    PresenceKind,
)
from wellbeing.models.shifts import Shift
from wellbeing.models.shown import CaseSeen, DaySum, Exposure, ExposureSum, Level, SevereClose

__all__ = [
    "Activity",
    "Break",
    "BreakCause",
    "BreakState",
    "Buddy",
    "CaseSeen",
    "Contact",
    "CounsellorContract",
    "DaySum",
    "Exposure",
    "ExposureSum",
    "FlagCode",
    "FlagLevel",
    "Introduction",
    "Level",
    "LimitRequest",
    "LimitReview",
    "LimitRow",
    "LimitScope",
    "LoadFlag",
    "LoadModel",
    "Measure",
    "MeasureKind",
    "OptOut",
    "OptOutKind",
    "OtherWorkSaying",
    "PersonState",
    "Presence",
    "PresenceKind",
    "Preset",
    "Proposal",
    "ProposalKind",
    "ProposalObjection",
    "ProposalState",
    "Question",
    "RecordReading",
    "Recount",
    "ReviewTakenBack",
    "SevereAgreement",
    "SevereClose",
    "Shift",
    "TeamPreset",
]
