"""The one door to 'something is on the stage', and the ledger of what was shown."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wellbeing.models import Exposure
from wellbeing.selectors import Held


@dataclass(frozen=True)
class Look:
    """What is about to be shown: opaque references and plain values.

    ``severity`` 0 to 4; ``medium`` is ``text``, ``image``, ``video`` or ``audio``.
    """

    claim_ref: UUID
    case_ref: UUID
    category: str
    severity: int
    medium: str


@dataclass(frozen=True)
class Stage:
    """What is on the stage after a beat.

    ``exposure`` is None when covered. ``falls_back_at``: when colour turns grey unless held.
    ``covers_at``: when the page must cover itself, because a limit or a break is reached then.
    """

    exposure: Exposure | None
    level: str
    falls_back_at: datetime | None
    covers_at: datetime | None


def show(
    *,
    held: Held,
    look: Look,
    level: str,
    with_text: bool = False,
    sound: bool = False,
    full_screen: bool = False,
    beating: bool,
) -> Exposure:
    """Open an exposure row; call it, and commit, before any byte is served.

    It replaces what was on the stage and counts the case once a local day. ``level`` is one of
    ``wellbeing.rules.load.LEVELS``. ``beating``: the page beats every 5 s; a page that does not
    counts in full until it is covered or replaced, at most 10 min. In the 5 minutes after a limit
    is reached the shield (``shielded``, without text, sound and full screen) of the case in hand
    may be shown, and counts.

    Raises:
        OnBreak: a break is due or running.
        LimitReached: a limit that this severity counts towards is used up, or closes it.
    """
    raise NotImplementedError


def cover(*, held: Held, reason: str) -> None:
    """Close what is on the stage (Esc, hidden tab, two minutes without input, a lost line).

    Raises:
        NothingOnStage: it was covered already.
    """
    raise NotImplementedError


def beat(*, held: Held, exposure_id: UUID | None, holding: bool) -> Stage:
    """Extend the open presence, and the exposure that the page says is on its stage (None: covered).

    ``holding``: a key is held, so colour does not fall back to grey after 10 s. An exposure that is
    no longer open (replaced by another tab, covered by a limit or break) answers as covered.

    Raises:
        BeatLate: more than 15 s since the last beat; the stretch was closed at the last beat + 5 s.
    """
    raise NotImplementedError


def raise_severity(*, held: Held, case_ref: UUID, category: str, severity: int) -> None:
    """Re-count this person's whole exposure of this case at a higher severity, all days and counters.

    A severity that is not higher changes only the category of the rows.
    """
    raise NotImplementedError


def close_look(*, held: Held, case_ref: UUID, severity: int) -> None:
    """Cover, because the person is done with the case, and make due what rest it asks for.

    Severity 4 in colour or with sound: 3 min, then 2 cases ≤ 1. The third severity-4 case that was
    shown and closed in 15 min: 15 min. A closed case of severity ≤ 1 pays one that is owed.
    A break made due here is to be started by the caller (``breaks.start``) once the claim is closed.
    """
    raise NotImplementedError


def may_serve(
    *, subject: UUID, exposure_id: UUID, level: str, with_text: bool = False, at: datetime
) -> Exposure | None:
    """Say whether bytes of *level* may leave now for this exposure; called for every media request.

    Takes no lock and changes nothing. None when the exposure is not this person's or not open, the level is
    clearer than the one shown, a break is due or running, a limit is reached, the last beat is stale
    (15 s; 10 min for a page without beats), or colour has fallen back.
    """
    raise NotImplementedError
