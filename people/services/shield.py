"""The shield that people start with, and the floor below which nobody goes: stronger at once, weaker slowly (P6).

Fewer samples are the stronger shield. ``start_samples`` never exceeds ``floor_samples``.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from audit.services import record
from people.exceptions import ShieldNotStronger, ShieldOutOfBounds, ShieldUnknown
from people.models import Organisation, ShieldSetting
from people.selectors import Shield, shield_as_written, shield_in_force

LEAST: Final = 16
MOST: Final = 64
FIELDS: Final = {"start_samples": "start", "floor_samples": "floor"}


def strengthen(*, target: str, samples: int, set_by: str, reason: str, at: datetime) -> Shield:
    """Show fewer samples from now on, of media that were prepared earlier as well.

    What was weakened and waits for its day is strengthened with it. A lower floor takes the start with it.

    Raises:
        ShieldUnknown, ShieldOutOfBounds, ShieldNotStronger: about the setting.
    """
    with transaction.atomic():
        _lock()
        now, newest = shield_in_force(at=at), shield_as_written()
        checked = checked_samples(target, samples, base=now)
        stands = samples_of(now, target)
        if samples >= stands:
            raise ShieldNotStronger(samples=stands)
        _write(checked, holds_from=at, set_by=set_by, reason=reason, at=at)
        if newest.holds_from is not None and newest.holds_from > at:
            waiting = checked_samples(target, min(samples, samples_of(newest, target)), base=newest)
            _write(waiting, holds_from=newest.holds_from, set_by=set_by, reason=reason, at=at)
    return checked


def weaken(
    *, target: str, samples: int, set_by: str, reason: str, holds_from: datetime, at: datetime
) -> Shield:
    """Show more samples from *holds_from* on, when the next local day has begun for everybody.

    For a signed proposal alone, in the transaction of its second signature.

    Raises:
        ShieldUnknown, ShieldOutOfBounds: about the setting.
    """
    with transaction.atomic():
        _lock()
        weaker = checked_samples(target, samples, base=shield_as_written())
        _write(weaker, holds_from=holds_from, set_by=set_by, reason=reason, at=at)
    return weaker


def samples_of(shield: Shield, target: str) -> int:
    """Return one of the two numbers.

    Raises:
        ShieldUnknown: there are only two.
    """
    if target not in FIELDS:
        raise ShieldUnknown
    return shield.start if target == "start_samples" else shield.floor


def checked_samples(target: str, samples: int, *, base: Shield) -> Shield:
    """Return *base* with another number; a floor takes the start down with it, a start stops at the floor.

    Raises:
        ShieldUnknown, ShieldOutOfBounds: about the setting.
    """
    samples_of(base, target)
    most = base.floor if target == "start_samples" else MOST
    if type(samples) is not int or not LEAST <= samples <= most:
        raise ShieldOutOfBounds(least=LEAST, most=most)
    if target == "start_samples":
        return replace(base, start=samples)
    return replace(base, floor=samples, start=min(base.start, samples))


def _lock() -> None:
    """Take turns with whoever else changes the shield: the organisation's one row."""
    list(Organisation.objects.select_for_update(no_key=True).order_by("id")[:1])


def _write(shield: Shield, *, holds_from: datetime, set_by: str, reason: str, at: datetime) -> None:
    ShieldSetting.objects.create(
        start_samples=shield.start,
        floor_samples=shield.floor,
        set_at=at,
        holds_from=holds_from,
        set_by=set_by,
        reason=reason,
    )
    record(
        actor=set_by,
        action="shield.set",
        target_kind="shield",
        target_id="organisation",
        at=at,
        detail={"start": shield.start, "floor": shield.floor, "holds_from": holds_from.isoformat()},
        reason=reason,
    )
