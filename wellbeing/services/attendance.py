"""Time at the desk, counted under the lock: queue work towards the next break, lost lines, long absence."""

from datetime import datetime

from wellbeing.models import Presence
from wellbeing.rules import clock
from wellbeing.rules.presence import MUST_BE_HEARD, QUEUE_WORK, Kind
from wellbeing.rules.turns import PAID_BY
from wellbeing.selectors import wellness
from wellbeing.selectors.held import Held
from wellbeing.services import ledger, rest, turns


def accrue(held: Held, *, since: datetime) -> None:
    """Count queue work from *since* to ``held.at``, as far as the page was heard of."""
    presence = held.presence
    if presence is None or presence.kind not in QUEUE_WORK:
        return
    begins_at = max(since, presence.opened_at)
    worked = clock.in_ms(max(min(held.at, _heard_until(presence)) - begins_at, clock.NOTHING))
    held.state.work_ms += worked
    held.state.long_work_ms += worked


def touch(held: Held) -> None:
    """Note a sign of life. A page that had fallen silent is back: the time between was a lost line."""
    presence = held.presence
    if presence is None:
        return
    if _has_lost_line(presence, held.at):
        _end(held, at=presence.last_beat_at + clock.BEAT)
        _note_lost_line(held, since=presence.last_beat_at + clock.BEAT)
        begin(held, kind=presence.kind, beating=presence.beating, activity=presence.activity)
        return
    presence.last_beat_at = held.at
    held.unwritten.presence = presence


def begin(held: Held, *, kind: str, beating: bool, activity: str = "") -> Presence:
    """Open an interval; the one before is closed. ``activity``: of other paid work."""
    held.presence = Presence.objects.create(
        subject=held.subject,
        kind=kind,
        activity=activity,
        beating=beating,
        opened_at=held.at,
        last_beat_at=held.at,
    )
    ledger.announce(held)
    return held.presence


def end(held: Held) -> None:
    """Close the open interval, where its page was last heard of."""
    presence = held.presence
    if presence is None:
        return
    lost = _has_lost_line(presence, held.at)
    _end(held, at=presence.last_beat_at + clock.BEAT if lost else held.at)


def sit(held: Held, *, kind: str, activity: str = "") -> Presence | None:
    """Go over to another kind of interval, if the desk is open; the same kind goes on."""
    presence = held.presence
    if presence is None:
        return None
    if presence.kind == kind and presence.activity == activity:
        touch(held)
        return held.presence
    end(held)
    return begin(held, kind=kind, beating=presence.beating, activity=activity)


def leave_if_long_away(held: Held) -> None:
    """Eight hours without a sign, by every clock, end the day at the desk and any break."""
    presence = held.presence
    if presence is not None and is_long_ago(held, presence.last_beat_at):
        _end(held, at=presence.last_beat_at + clock.BEAT)
        rest.forget(held)


def is_long_ago(held: Held, heard_at: datetime) -> bool:
    """Say whether 8 hours have passed since, by the person's clock and by the wall's."""
    return min(held.at, held.wall_at) - heard_at >= clock.AWAY_ENDS_ALL


def _heard_until(presence: Presence) -> datetime:
    return presence.last_beat_at + (clock.STALE_AFTER if presence.beating else clock.PLAIN_AT_MOST)


def _has_lost_line(presence: Presence, at: datetime) -> bool:
    must_be_heard = presence.beating and presence.kind in MUST_BE_HEARD
    return must_be_heard and at > presence.last_beat_at + clock.STALE_AFTER


def _end(held: Held, *, at: datetime) -> None:
    presence = held.presence
    if presence is None:
        return
    presence.closed_at = min(at, held.at)
    presence.save(update_fields=["closed_at"])
    held.presence = None
    if presence.kind == Kind.OTHER_WORK and presence.closed_at - presence.opened_at >= PAID_BY:
        turns.pay(held)
    _keep_to_the_wellness_time(held, presence)
    ledger.announce(held)


def _keep_to_the_wellness_time(held: Held, presence: Presence) -> None:
    """Beyond the wellness time of a day it was a step away: the interval is cut where the time was used up."""
    if presence.kind != Kind.WELLNESS or presence.closed_at is None:
        return
    used_up_at = wellness.used_up_at(held.facts, presence)
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


def _note_lost_line(held: Held, *, since: datetime) -> None:
    Presence.objects.create(
        subject=held.subject,
        kind=Kind.LOST_LINE,
        opened_at=since,
        last_beat_at=held.at,
        closed_at=held.at,
    )
