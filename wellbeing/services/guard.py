"""What covers the stage: a limit that is reached, a break that is due. Called whenever the rows have moved."""

from wellbeing.core.locked import Locked
from wellbeing.rules import breaks
from wellbeing.rules.limits import GRACE
from wellbeing.rules.presence import Kind
from wellbeing.services import ledger, rest


def enforce(held: Locked) -> None:
    """Cover what a limit forbids, make due the break whose time has come, and cover for it."""
    _cover_at_limit(held)
    _drop_old_grace(held)
    rest.grow(held)
    _make_due(held)
    if held.on_break:
        ledger.close(held, reason="break")


def begin_grace(held: Locked) -> bool:
    """Let the 5 minutes begin where a limit has come over what is on the stage; say whether one has.

    Also where its page fell silent meanwhile: the case in hand must go back as any other does.
    """
    shown = held.exposure
    if shown is None or held.forbids_look(severity=shown.severity, was_counted=True) is None:
        return False
    if held.state.limit_grace_until is None:
        held.state.limit_grace_until = held.at + GRACE
    return True


def _cover_at_limit(held: Locked) -> None:
    shown = held.exposure
    if shown is not None and begin_grace(held) and held.limit_refusal(shown, was_counted=True) is not None:
        ledger.close(held, reason="limit")


def _drop_old_grace(held: Locked) -> None:
    if held.state.limit_grace_until is None:
        return
    has_case = held.presence is not None and held.presence.kind == Kind.REVIEWING
    if not held.in_grace and held.exposure is None and not has_case:
        held.state.limit_grace_until = None


def _make_due(held: Locked) -> None:
    found = breaks.due(held.limits, held.counters, block_load=held.ledger.block_load)
    if found is not None and (held.open_break is None or held.open_break.state == breaks.State.DUE):
        rest.ask_for(held, found)
