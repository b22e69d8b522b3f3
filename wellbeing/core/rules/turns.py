"""What should come next, of what waits: a preference inside the pick, and never a reason for nothing.

Three of them, in this order: spacing, run, spread; what is left is decided by the line itself. A rank says how far a case is
put back: where nothing of a smaller rank waits, it comes. Source: WELLBEING.md 'Limits', rows run, spacing and spread.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

MILD, SEVERE = 1, 3
SEVERE_IN_A_ROW = 5
"""After so many of severity 3 and up in a row a milder one comes next, where it waits."""
PAID_BY = timedelta(minutes=3)
"""A rest, or other paid work, of this length pays what spacing owes."""
DUE_SOON = timedelta(hours=2)
"""What is due within this time passes spacing and spread, once; no run: what a run puts back passes nothing."""

RUNS, SPREADS = 3, 2
"""How many values those two parts of a rank have."""


class Rank(NamedTuple):
    """How far a case is put back: ``plain``, and ``due`` where it is due soon and may pass."""

    plain: int
    due: int


FIRST = Rank(0, 0)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the cases before say about the next one.

    ``run_category``, ``run_cases``: how many of one category came in a row, at severity 1 and up; ``severe_run``: how many
    of severity 3 and up. ``spacing_owed``: that many next cases are of severity 0 or 1 where such wait, else the mildest that
    does: what comes pays, for a queue without mild cases would owe for ever. ``has_passed``: a
    case that was due soon has passed since that was last paid; a second one does not.
    """

    run_category: str = ""
    run_cases: int = 0
    severe_run: int = 0
    spacing_owed: int = 0
    has_passed: bool = False

    def after(self, *, category: str, severity: int, owes: int) -> "Turn":
        """Return the turn after a case that was decided, or seen clearer than its shield; what was not moves nothing.

        ``owes``: how many milder ones a case of severity 3 and up asks for.
        """
        following = self._run(category, severity)
        if severity >= SEVERE:
            return replace(following, spacing_owed=max(owes, following.spacing_owed))
        return _one_paid(following)

    def _run(self, category: str, severity: int) -> "Turn":
        is_counted = severity >= MILD and category != ""
        run = self.run_cases + 1 if category == self.run_category else 1
        return replace(
            self,
            run_category=category if is_counted else "",
            run_cases=run if is_counted else 0,
            severe_run=self.severe_run + 1 if severity >= SEVERE else 0,
        )

    def paid(self) -> "Turn":
        """Return the turn after a rest of ``PAID_BY``, or so much other paid work."""
        return replace(self, spacing_owed=0, has_passed=False)

    def passed(self) -> "Turn":
        """Return the turn after a case that was due soon has passed."""
        return replace(self, has_passed=True)

    def rank(self, *, category: str, severity: int, run_most: int, is_above: bool = False) -> Rank:
        """Return how far a case is put back. ``run_most``: after how many of one category in a row another one comes.

        ``is_above``: this person has had more of severity 3 and up today than the others who may take it.
        """
        run = self._run_rank(category, severity, run_most)
        spread = int(is_above and severity >= SEVERE)
        plain = (self._spacing_rank(severity) * RUNS + run) * SPREADS + spread
        return Rank(plain, plain if run or self.has_passed else 0)

    def _spacing_rank(self, severity: int) -> int:
        """Of what is not mild the mildest first."""
        return severity - MILD if self.spacing_owed and severity > MILD else 0

    def _run_rank(self, category: str, severity: int, run_most: int) -> int:
        is_run = severity >= MILD and category == self.run_category and self.run_cases >= run_most
        is_severe_run = severity >= SEVERE and self.severe_run >= SEVERE_IN_A_ROW
        return int(is_run) + int(is_severe_run)


NEW = Turn()


def _one_paid(turn: Turn) -> Turn:
    owed = max(turn.spacing_owed - 1, 0)
    return replace(turn, spacing_owed=owed, has_passed=turn.has_passed and owed > 0)
