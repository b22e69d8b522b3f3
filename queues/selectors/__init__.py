"""What is read of queues: a desk, the lead's board, and what a limit would cost. Skips are read by nobody."""

from queues.selectors.board import QueueLine, board
from queues.selectors.consequences import Consequence, outlook
from queues.selectors.desk import ClaimView, DeskState, desk_state, live_claim
from queues.selectors.nothing import WhyNothing, why_nothing

__all__ = [
    "ClaimView",
    "Consequence",
    "DeskState",
    "QueueLine",
    "WhyNothing",
    "board",
    "desk_state",
    "live_claim",
    "outlook",
    "why_nothing",
]
