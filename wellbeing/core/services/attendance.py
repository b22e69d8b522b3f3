"""Time at the desk, counted under the lock: queue work towards the next break, lost lines, long absence."""

from datetime import datetime, timedelta

from wellbeing.core.locked import Locked
from wellbeing.core.rules import clock
from wellbeing.core.rules.breaks import SHORTEST_REST
from wellbeing.core.rules.presence import MUST_BE_HEARD, QUEUE_WORK, Kind
from wellbeing.core.rules.turns import PAID_BY
from wellbeing.core.selectors import wellness
from wellbeing.core.selectors.other_work import is_without_content
from wellbeing.core.services import ledger, rest, turns
from wellbeing.models import Presence


def accrue(locked: Locked, *, since: datetime) -> None:
    """Count queue work from *since* to ``locked.at``, as far as the page was heard of, or something shown counts."""
    presence = locked.presence
    if presence is None or (presence.kind not in QUEUE_WORK and locked.unheard is None):
        return
    begins_at = max(since, presence.opened_at) if presence.kind in QUEUE_WORK else since
    worked = clock.in_ms(max(min(locked.at, works_until(locked, presence)) - begins_at, clock.NOTHING))
    locked.state.work_ms += worked
    locked.state.since_rest_ms += worked


def touch(locked: Locked) -> None:
    """Note a sign of life. A page that had fallen silent is back: the time between was a lost line."""
    locked.has_sign = True
    presence, silent_since = locked.presence, locked.silent_since
    if presence is None:
        return
    if silent_since is not None:
        _end(locked, at=silent_since)
        _note_lost_line(locked, since=silent_since)
        begin(locked, kind=presence.kind, beating=presence.beating, activity=presence.activity)
        return
    presence.last_beat_at = locked.at
    locked.unwritten.presence = presence


def begin(
    locked: Locked, *, kind: str, beating: bool, activity: str = "", signed_at: datetime | None = None
) -> Presence:
    """Open an interval; the one before is closed. ``activity``: of other paid work. ``signed_at``: the last sign, if not now."""
    locked.silent_since = None
    begun = Presence.objects.create(
        subject=locked.subject,
        kind=kind,
        activity=activity,
        beating=beating,
        opened_at=locked.at,
        last_beat_at=signed_at or locked.at,
    )
    locked.rows.presence = begun
    ledger.announce(locked)
    return begun


def end(locked: Locked) -> None:
    """Close the open interval, where its page was last heard of."""
    presence = locked.presence
    if presence is None:
        return
    _end(locked, at=locked.silent_since or locked.at)


def sit(locked: Locked, *, kind: str, activity: str = "") -> Presence | None:
    """Go over to another kind of interval, if the desk is open; the same kind goes on.

    What others bring about, a case that arrives at a desk that waits, is no sign of its person.
    """
    presence = locked.presence
    if presence is None:
        return None
    if presence.kind == kind and presence.activity == activity:
        touch(locked)
        return locked.presence
    silent_since = locked.silent_since
    end(locked)
    if silent_since is not None:
        _note_lost_line(locked, since=silent_since)
    is_sign = locked.is_heard or locked.has_sign or silent_since is not None
    signed_at = None if is_sign else presence.last_beat_at
    return begin(locked, kind=kind, beating=presence.beating, activity=activity, signed_at=signed_at)


def is_unheard(locked: Locked) -> bool:
    """Say whether the desk is open and nobody has been heard of at it for as long as it is taken to be worked at."""
    presence = locked.presence
    return presence is not None and not locked.is_heard and locked.at >= works_until(locked, presence)


def leave_if_long_away(locked: Locked) -> None:
    """Eight hours without a sign, by every clock, end the day at the desk and any break."""
    presence = locked.presence
    if presence is not None and is_long_ago(locked, presence.last_beat_at):
        _end(locked, at=_left_at(locked, presence))
        rest.forget(locked)


def rest_while_away(locked: Locked) -> None:
    """Let time without work be the rest that it was, whatever it was called: signed out, closed, away, a silent desk."""
    absence = locked.absence
    if absence is not None and absence >= SHORTEST_REST and _is_away(locked):
        rest.serve_absence(locked, absence=absence)


def _is_away(locked: Locked) -> bool:
    presence = locked.presence
    if locked.stretch is not None or (presence is not None and presence.kind == Kind.OTHER_WORK):
        return False
    return presence is None or presence.kind not in QUEUE_WORK or locked.at > works_until(locked, presence)


def _left_at(locked: Locked, presence: Presence) -> datetime:
    if presence.kind in MUST_BE_HEARD:
        return locked.silent_since or works_until(locked, presence)
    return presence.last_beat_at + clock.BEAT


def is_long_ago(locked: Locked, heard_at: datetime) -> bool:
    """Say whether nobody has been at the desk for 8 hours, by both clocks; *heard_at*: where that was never noted."""
    absence = min(locked.at, locked.wall_at) - heard_at if locked.absence is None else locked.absence
    return absence >= clock.AWAY_ENDS_ALL


def works_until(locked: Locked, presence: Presence) -> datetime:
    """Return until when the open desk is taken to be worked at: 15 s after the last sign of a page that beats.

    As long as something shown counts, that is work, whatever is heard.
    """
    works = presence.last_beat_at + (clock.STALE_AFTER if presence.beating else clock.UNHEARD_AT_MOST)
    stretch = locked.stretch
    return works if stretch is None else max(works, stretch.last_beat_at + clock.UNHEARD_AT_MOST)


def note_silence(locked: Locked) -> None:
    """Note since when nothing has been heard of a page that said it beats, before any sign of this act is noted."""
    presence = locked.presence
    if presence is None or not presence.beating or presence.kind not in MUST_BE_HEARD:
        return
    works = works_until(locked, presence)
    locked.silent_since = works if locked.at > works else None


def _end(locked: Locked, *, at: datetime) -> None:
    presence = locked.presence
    if presence is None:
        return
    presence.closed_at = min(at, locked.at)
    presence.save(update_fields=["closed_at"])
    locked.rows.presence = None
    if presence.kind == Kind.OTHER_WORK:
        _answer_by_other_work(locked, presence, presence.closed_at - presence.opened_at)
    _keep_to_the_wellness_time(locked, presence)
    ledger.announce(locked)


def _answer_by_other_work(locked: Locked, presence: Presence, lasted: timedelta) -> None:
    """Pay spacing, and answer the counters of severity, where no content is shown in it; the desk's break only rest answers."""
    if not _is_without_content(locked, presence):
        return
    if lasted >= PAID_BY:
        turns.pay(locked)
    rest.answer_by_other_work(locked, lasted=lasted)


def _is_without_content(locked: Locked, presence: Presence) -> bool:
    team_id = locked.profile.worker(locked.at).team_id
    return is_without_content(presence.activity, team_id=team_id, day=locked.day)


def _keep_to_the_wellness_time(locked: Locked, presence: Presence) -> None:
    """Beyond the wellness time of a day it was a step away: the interval is cut where the time was used up."""
    if presence.kind != Kind.WELLNESS or presence.closed_at is None:
        return
    used_up_at = wellness.used_up_at(locked, presence)
    if used_up_at >= presence.closed_at:
        return
    Presence.objects.create(
        subject=locked.subject,
        kind=Kind.AWAY,
        opened_at=used_up_at,
        last_beat_at=presence.last_beat_at,
        closed_at=presence.closed_at,
    )
    presence.closed_at = used_up_at
    presence.save(update_fields=["closed_at"])


def _note_lost_line(locked: Locked, *, since: datetime) -> None:
    Presence.objects.create(
        subject=locked.subject,
        kind=Kind.LOST_LINE,
        opened_at=since,
        last_beat_at=locked.at,
        closed_at=locked.at,
    )
