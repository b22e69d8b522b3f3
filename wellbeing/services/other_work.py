"""Other paid work: what a person does at the desk that is no queue work. They pick it themselves."""

from wellbeing.exceptions import OnBreak
from wellbeing.models import Presence
from wellbeing.rules.presence import Activity, Kind
from wellbeing.selectors import Held
from wellbeing.selectors.held import back_at
from wellbeing.services import attendance, ledger, presence


def begin(*, held: Held, activity: Activity, beating: bool) -> Presence:
    """Cover, and go over to other paid work; the desk is opened if it was not. It answers the counters of severity, and is no break.

    Raises:
        OnBreak: a break is due or running, which comes first.
    """
    if held.on_break and held.open_break is not None:
        raise OnBreak(back_at=back_at(held.open_break, held.at))
    presence.open_desk(held=held, beating=beating)
    ledger.hear(held)
    ledger.close(held, reason=Kind.OTHER_WORK)
    sitting = attendance.sit(held, kind=Kind.OTHER_WORK, activity=activity)
    held.state.limit_grace_until = None
    ledger.keep(held)
    if sitting is None:
        raise AssertionError("a desk that was just opened is closed")
    return sitting
