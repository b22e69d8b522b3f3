"""Whether bytes may leave now: asked for every media request, without a lock."""

from datetime import datetime
from uuid import UUID

from wellbeing.models import Break, Exposure, PersonState
from wellbeing.rules import breaks, clock, limits
from wellbeing.rules.load import CLEARNESS, Level
from wellbeing.selectors import snapshot
from wellbeing.selectors.facts import facts_in
from wellbeing.selectors.snapshot import Snapshot
from wellbeing.selectors.stage import is_served


def may_serve(
    *, subject: UUID, exposure_id: UUID, level: str, with_text: bool = False, at: datetime
) -> Exposure | None:
    """Say whether bytes of *level* may leave now for this exposure; called for every media request.

    Takes no lock and changes nothing. None when the exposure is not this person's or not open, the level is
    clearer than the one shown, a break is due or running, a limit is reached, nothing was heard of a page that beats
    for 10 s (10 min for a page without beats), or colour has fallen back. Also None while the wall clock has just jumped
    back, until the next beat tells what time it is for this person.
    """
    found = snapshot.read(subject, at=at)
    shown, state = found.exposure, found.state
    if shown is None or shown.pk != exposure_id or state is None:
        return None
    now = clock.read(clock.Reading(state.clock_at, state.wall_at), at=at)
    if now is None or not is_served(shown, now) or not _is_shown(shown, level, with_text, now):
        return None
    if _is_resting(found.open_break, now) or _is_used_up(found, shown, state, now):
        return None
    return shown


def _is_shown(shown: Exposure, level: str, with_text: bool, at: datetime) -> bool:
    """Say whether the page may have this: nothing clearer than the row, and text only where it was unfolded."""
    if with_text or level == Level.TEXT:
        return shown.with_text or shown.level == Level.TEXT
    has_fallen_back = shown.falls_back_at is not None and at >= shown.falls_back_at
    if level == Level.COLOUR and has_fallen_back:
        return False
    return CLEARNESS[level] <= CLEARNESS[shown.level]


def _is_resting(rest: Break | None, at: datetime) -> bool:
    return rest is not None and breaks.is_binding(
        state=rest.state, postponed_until=rest.postponed_until, at=at
    )


def _is_used_up(found: Snapshot, shown: Exposure, state: PersonState, at: datetime) -> bool:
    facts = facts_in(found, at=at)
    reached = limits.forbids_look(
        facts.limits, facts.ledger, severity=shown.severity, was_counted=True, at=at
    )
    grace = state.limit_grace_until
    is_shield = shown.level == Level.SHIELDED and not (shown.with_text or shown.sound or shown.full_screen)
    return reached is not None and not (is_shield and grace is not None and at < grace)
