"""What covers the stage: a limit that is reached, a break that is due. Called whenever the rows have moved."""

from wellbeing.core.locked import Locked
from wellbeing.core.rules import breaks
from wellbeing.core.rules.limits import GRACE
from wellbeing.core.rules.presence import Kind
from wellbeing.core.services import ledger, rest


def enforce(locked: Locked) -> None:
    """Cover what a limit forbids, make due the break whose time has come, and cover for it."""
    _cover_at_limit(locked)
    _drop_old_grace(locked)
    rest.grow(locked)
    _make_due(locked)
    if locked.on_break:
        ledger.close(locked, reason="break")


def begin_grace(locked: Locked) -> bool:
    """Let the 5 minutes begin where a limit has come over what is on the stage; say whether one has.

    Also where its page fell silent meanwhile: the case in hand must go back as any other does.
    """
    shown = locked.exposure
    if shown is None or locked.forbids_look(severity=shown.severity, was_counted=True) is None:
        return False
    if locked.state.limit_grace_until is None:
        locked.state.limit_grace_until = locked.at + GRACE
    return True


def _cover_at_limit(locked: Locked) -> None:
    shown = locked.exposure
    if (
        shown is not None
        and begin_grace(locked)
        and locked.limit_refusal(shown, was_counted=True) is not None
    ):
        ledger.close(locked, reason="limit")


def _drop_old_grace(locked: Locked) -> None:
    if locked.state.limit_grace_until is None:
        return
    has_case = locked.presence is not None and locked.presence.kind == Kind.REVIEWING
    if not locked.in_grace and locked.exposure is None and not has_case:
        locked.state.limit_grace_until = None


def _make_due(locked: Locked) -> None:
    found = breaks.due(locked.limits, locked.counters, block_load=locked.ledger.block_load)
    if found is not None and (locked.open_break is None or locked.open_break.state == breaks.State.DUE):
        rest.ask_for(locked, found)
