"""What the cases before, and a person's own choices, say about the next one: for their own page. No lock, no change."""

from dataclasses import dataclass

from wellbeing.rules.opt_outs import OptedOut, opted_out
from wellbeing.selectors.desk import Glance
from wellbeing.selectors.facts import facts_in


@dataclass(frozen=True, slots=True)
class InTurn:
    """``closed_category``: of which ``run_cases`` came in a row, so that another one is next; empty: none.

    ``opted_out`` is None where nothing is.
    """

    closed_category: str
    run_cases: int
    opted_out: OptedOut | None


def in_turn(seen: Glance) -> InTurn:
    """Return what holds at the moment of *seen*, as ``allowance`` does under the lock."""
    facts, state = facts_in(seen.found, at=seen.now), seen.found.state
    most = facts.limits["run_cases"].value
    is_closed = state is not None and state.run_cases >= most
    return InTurn(
        closed_category=state.run_category if state is not None and is_closed else "",
        run_cases=most,
        opted_out=opted_out(facts.opt_outs) if facts.opt_outs else None,
    )
