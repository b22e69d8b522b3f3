"""Which severities a person may take, and whose time to stop has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wellbeing.exceptions import OnBreak, Reached
from wellbeing.models import Break, BreakState, Exposure, PersonState
from wellbeing.rules.clock import UNHEARD_AT_MOST
from wellbeing.rules.opt_outs import NOTHING, OptedOut, opted_out
from wellbeing.selectors.held import Held, back_at


@dataclass(frozen=True)
class Allowance:
    """What may be allocated to this person now.

    ``refusal``: nothing at all, and why. ``fit``: severity → time left before the next break or limit; a
    severity that is absent is closed, ``closed_by`` says by what; offer a job only if its
    ``expected_seconds`` fit. ``mild_only``: a hard limit is reached, so of severity 0 only text and media
    with ``mild_confirmed`` (``fit`` then has no other key). ``mild_owed``: that many next cases are of
    severity ≤ 1 (``fit`` is already cut). ``opt_outs``: what this person does not want to be handed.
    ``closed_category``: of which they had so many in a row that another one comes first; empty: none. ``spacing``: a case
    of severity ≤ 1 comes next where there is one.
    """

    fit: Mapping[int, timedelta]
    closed_by: Mapping[int, Reached]
    mild_only: Reached | None
    mild_owed: int
    refusal: OnBreak | None
    opt_outs: OptedOut = NOTHING
    closed_category: str = ""
    spacing: bool = False


def allowance(*, held: Held) -> Allowance:
    """Return what this person may take at ``held.at``."""
    found = held.what_fits()
    refusal = _refusal(held)
    state, run = held.state, held.facts.limits["run_cases"]
    return Allowance(
        fit={} if refusal else found.fit,
        closed_by=found.closed_by,
        mild_only=found.mild_only,
        mild_owed=held.state.mild_cases_owed,
        refusal=refusal,
        opt_outs=opted_out(held.facts.opt_outs),
        closed_category=state.run_category if state.run_cases >= run.value else "",
        spacing=state.spacing_owed > 0,
    )


def must_stop(at: datetime) -> list[UUID]:
    """Return whose 5 minutes after a due break or a reached limit have passed, for the sweep."""
    due = Break.objects.filter(state=BreakState.DUE, decide_until__lte=at).values_list("subject", flat=True)
    reached = PersonState.objects.filter(limit_grace_until__lte=at).values_list("subject", flat=True)
    return sorted({*due, *reached})


def fallen_silent(at: datetime) -> list[UUID]:
    """Return of whose page nothing was heard for ten minutes while something shown counts, for the sweep."""
    silent = Exposure.objects.filter(closed_at__isnull=True, last_beat_at__lte=at - UNHEARD_AT_MOST)
    return list(silent.order_by("last_beat_at").values_list("subject", flat=True))


def _refusal(held: Held) -> OnBreak | None:
    if held.open_break is None or not held.on_break:
        return None
    return OnBreak(back_at=back_at(held.open_break, held.at))
