"""What covers the stage: a limit that is reached, a break that is due. Called whenever the facts have moved."""

from wellbeing.exceptions import LimitReached, OnBreak
from wellbeing.rules import breaks
from wellbeing.rules.limits import GRACE
from wellbeing.rules.load import Level
from wellbeing.rules.presence import Kind
from wellbeing.selectors.held import Held, back_at
from wellbeing.services import ledger, rest


def enforce(held: Held) -> None:
    """Cover what a limit forbids, make due the break whose time has come, and cover for it."""
    _cover_at_limit(held)
    _drop_old_grace(held)
    rest.grow(held)
    _make_due(held)
    if held.on_break:
        ledger.close(held, reason="break")


def refuse(held: Held, *, severity: int, was_counted: bool, is_shield: bool) -> None:
    """Refuse what may not be shown now.

    Raises:
        OnBreak: a break is due or running.
        LimitReached: a limit keeps this severity off the stage; the shield may come back for 5 min.
    """
    if held.on_break and held.open_break is not None:
        raise OnBreak(back_at=back_at(held.open_break, held.at))
    reached = held.forbids_look(severity=severity, was_counted=was_counted)
    if reached is not None and not (is_shield and was_counted and in_grace(held)):
        raise LimitReached(reached)


def in_grace(held: Held) -> bool:
    """Say whether the 5 minutes run in which the case in hand may still be decided, behind its shield."""
    until = held.state.limit_grace_until
    return until is not None and held.at < until


def is_bare_shield(*, level: str, with_text: bool, sound: bool, full_screen: bool) -> bool:
    """Say whether a presentation is the shield and nothing else."""
    return level == Level.SHIELDED and not (with_text or sound or full_screen)


def begin_grace(held: Held) -> bool:
    """Let the 5 minutes begin where a limit has come over what is on the stage; say whether one has.

    Also where its page fell silent meanwhile: the case in hand must go back as any other does.
    """
    shown = held.exposure
    if shown is None or held.forbids_look(severity=shown.severity, was_counted=True) is None:
        return False
    if held.state.limit_grace_until is None:
        held.state.limit_grace_until = held.at + GRACE
    return True


def _cover_at_limit(held: Held) -> None:
    shown = held.exposure
    if shown is None or not begin_grace(held):
        return
    is_shield = is_bare_shield(
        level=shown.level, with_text=shown.with_text, sound=shown.sound, full_screen=shown.full_screen
    )
    if not (is_shield and in_grace(held)):
        ledger.close(held, reason="limit")


def _drop_old_grace(held: Held) -> None:
    if held.state.limit_grace_until is None:
        return
    has_case = held.presence is not None and held.presence.kind == Kind.REVIEWING
    if not in_grace(held) and held.exposure is None and not has_case:
        held.state.limit_grace_until = None


def _make_due(held: Held) -> None:
    found = breaks.due(held.facts.limits, held.counters, block_load=held.facts.ledger.block_load)
    if found is not None and (held.open_break is None or held.open_break.state == breaks.State.DUE):
        rest.ask_for(held, found)
