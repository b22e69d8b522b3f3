"""Time at the desk, counted under the lock: queue work towards the next break, lost lines, long absence."""

from datetime import datetime, timedelta

from wellbeing.core.locked import Locked
from wellbeing.models import Presence
from wellbeing.rules import clock
from wellbeing.rules.breaks import SHORTEST_REST
from wellbeing.rules.presence import MUST_BE_HEARD, QUEUE_WORK, Kind
from wellbeing.rules.turns import PAID_BY
from wellbeing.selectors import wellness
from wellbeing.selectors.other_work import is_without_content
from wellbeing.services import ledger, rest, turns


def accrue(held: Locked, *, since: datetime) -> None:
    """Count queue work from *since* to ``held.at``, as far as the page was heard of, or something shown counts."""
    presence = held.presence
    if presence is None or (presence.kind not in QUEUE_WORK and held.unheard is None):
        return
    begins_at = max(since, presence.opened_at) if presence.kind in QUEUE_WORK else since
    worked = clock.in_ms(max(min(held.at, works_until(held, presence)) - begins_at, clock.NOTHING))
    held.state.work_ms += worked
    held.state.since_rest_ms += worked


def touch(held: Locked) -> None:
    """Note a sign of life. A page that had fallen silent is back: the time between was a lost line."""
    held.has_sign = True
    presence, silent_since = held.presence, held.silent_since
    if presence is None:
        return
    if silent_since is not None:
        _end(held, at=silent_since)
        _note_lost_line(held, since=silent_since)
        begin(held, kind=presence.kind, beating=presence.beating, activity=presence.activity)
        return
    presence.last_beat_at = held.at
    held.unwritten.presence = presence


def begin(
    held: Locked, *, kind: str, beating: bool, activity: str = "", signed_at: datetime | None = None
) -> Presence:
    """Open an interval; the one before is closed. ``activity``: of other paid work. ``signed_at``: the last sign, if not now."""
    held.silent_since = None
    begun = Presence.objects.create(
        subject=held.subject,
        kind=kind,
        activity=activity,
        beating=beating,
        opened_at=held.at,
        last_beat_at=signed_at or held.at,
    )
    held.rows.presence = begun
    ledger.announce(held)
    return begun


def end(held: Locked) -> None:
    """Close the open interval, where its page was last heard of."""
    presence = held.presence
    if presence is None:
        return
    _end(held, at=held.silent_since or held.at)


def sit(held: Locked, *, kind: str, activity: str = "") -> Presence | None:
    """Go over to another kind of interval, if the desk is open; the same kind goes on.

    What others bring about, a case that arrives at a desk that waits, is no sign of its person.
    """
    presence = held.presence
    if presence is None:
        return None
    if presence.kind == kind and presence.activity == activity:
        touch(held)
        return held.presence
    silent_since = held.silent_since
    end(held)
    if silent_since is not None:
        _note_lost_line(held, since=silent_since)
    is_sign = held.is_heard or held.has_sign or silent_since is not None
    signed_at = None if is_sign else presence.last_beat_at
    return begin(held, kind=kind, beating=presence.beating, activity=activity, signed_at=signed_at)


def is_unheard(held: Locked) -> bool:
    """Say whether the desk is open and nobody has been heard of at it for as long as it is taken to be worked at."""
    presence = held.presence
    return presence is not None and not held.is_heard and held.at >= works_until(held, presence)


def leave_if_long_away(held: Locked) -> None:
    """Eight hours without a sign, by every clock, end the day at the desk and any break."""
    presence = held.presence
    if presence is not None and is_long_ago(held, presence.last_beat_at):
        _end(held, at=_left_at(held, presence))
        rest.forget(held)


def rest_while_away(held: Locked) -> None:
    """Let time without work be the rest that it was, whatever it was called: signed out, closed, away, a silent desk."""
    absence = held.absence
    if absence is not None and absence >= SHORTEST_REST and _is_away(held):
        rest.serve_absence(held, absence=absence)


def _is_away(held: Locked) -> bool:
    presence = held.presence
    if held.stretch is not None or (presence is not None and presence.kind == Kind.OTHER_WORK):
        return False
    return presence is None or presence.kind not in QUEUE_WORK or held.at > works_until(held, presence)


def _left_at(held: Locked, presence: Presence) -> datetime:
    if presence.kind in MUST_BE_HEARD:
        return held.silent_since or works_until(held, presence)
    return presence.last_beat_at + clock.BEAT


def is_long_ago(held: Locked, heard_at: datetime) -> bool:
    """Say whether nobody has been at the desk for 8 hours, by both clocks; *heard_at*: where that was never noted."""
    absence = min(held.at, held.wall_at) - heard_at if held.absence is None else held.absence
    return absence >= clock.AWAY_ENDS_ALL


def works_until(held: Locked, presence: Presence) -> datetime:
    """Return until when the open desk is taken to be worked at: 15 s after the last sign of a page that beats.

    As long as something shown counts, that is work, whatever is heard.
    """
    works = presence.last_beat_at + (clock.STALE_AFTER if presence.beating else clock.UNHEARD_AT_MOST)
    stretch = held.stretch
    return works if stretch is None else max(works, stretch.last_beat_at + clock.UNHEARD_AT_MOST)


def note_silence(held: Locked) -> None:
    """Note since when nothing has been heard of a page that said it beats, before any sign of this act is noted."""
    presence = held.presence
    if presence is None or not presence.beating or presence.kind not in MUST_BE_HEARD:
        return
    works = works_until(held, presence)
    held.silent_since = works if held.at > works else None


def _end(held: Locked, *, at: datetime) -> None:
    presence = held.presence
    if presence is None:
        return
    presence.closed_at = min(at, held.at)
    presence.save(update_fields=["closed_at"])
    held.rows.presence = None
    if presence.kind == Kind.OTHER_WORK:
        _answer_by_other_work(held, presence, presence.closed_at - presence.opened_at)
    _keep_to_the_wellness_time(held, presence)
    ledger.announce(held)


def _answer_by_other_work(held: Locked, presence: Presence, lasted: timedelta) -> None:
    """Pay spacing, and answer the counters of severity, where no content is shown in it; the desk's break only rest answers."""
    if not _is_without_content(held, presence):
        return
    if lasted >= PAID_BY:
        turns.pay(held)
    rest.answer_by_other_work(held, lasted=lasted)


def _is_without_content(held: Locked, presence: Presence) -> bool:
    team_id = held.profile.worker(held.at).team_id
    return is_without_content(presence.activity, team_id=team_id, day=held.day)


def _keep_to_the_wellness_time(held: Locked, presence: Presence) -> None:
    """Beyond the wellness time of a day it was a step away: the interval is cut where the time was used up."""
    if presence.kind != Kind.WELLNESS or presence.closed_at is None:
        return
    used_up_at = wellness.used_up_at(held, presence)
    if used_up_at >= presence.closed_at:
        return
    Presence.objects.create(
        subject=held.subject,
        kind=Kind.AWAY,
        opened_at=used_up_at,
        last_beat_at=presence.last_beat_at,
        closed_at=presence.closed_at,
    )
    presence.closed_at = used_up_at
    presence.save(update_fields=["closed_at"])


def _note_lost_line(held: Locked, *, since: datetime) -> None:
    Presence.objects.create(
        subject=held.subject,
        kind=Kind.LOST_LINE,
        opened_at=since,
        last_beat_at=held.at,
        closed_at=held.at,
    )
