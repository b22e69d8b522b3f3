"""Which severities a person may take, and whose time to stop has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wellbeing.core.person import Person
from wellbeing.core.rows import turn_of
from wellbeing.core.rules.clock import UNHEARD_AT_MOST
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.opt_outs import NOTHING, OptedOut, opted_out
from wellbeing.core.rules.turns import NEW, Turn
from wellbeing.exceptions import OnBreak, Reached
from wellbeing.models import Break, BreakState, Exposure, PersonState


@dataclass(frozen=True)
class Allowance:
    """What may be allocated to this person now.

    ``refusal``: nothing at all, and why. ``fit``: severity → time left before the next break or limit; a
    severity that is absent is closed, ``closed_by`` says by what; offer a job only if its
    ``expected_seconds`` fit. ``mild_only``: everything above 0 is closed, so of severity 0 only text and media
    with ``mild_confirmed`` (``fit`` then has no other key). ``opt_outs``: what this person does not want to be handed.
    ``turn``, ``run_most``: what should come next, of what waits (``core.rules.turns``).
    """

    fit: Mapping[int, timedelta]
    closed_by: Mapping[int, Reached]
    mild_only: Reached | None
    refusal: OnBreak | None
    opt_outs: OptedOut = NOTHING
    turn: Turn = NEW
    run_most: int = DEFAULT_PRESET["run_cases"]


def allowance(person: Person, *, with_breaks: bool = True) -> Allowance:
    """Return what this person may take at their moment; without breaks, what only limits and caps leave."""
    found = person.what_fits(with_breaks=with_breaks)
    refusal = person.break_refusal
    return Allowance(
        fit={} if refusal else found.fit,
        closed_by=found.closed_by,
        mild_only=found.mild_only,
        refusal=refusal,
        opt_outs=opted_out(person.opt_outs),
        turn=turn_of(person.state),
        run_most=person.limits["run_cases"].value,
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
