"""The employer, and with how many samples shields are made."""

from dataclasses import dataclass
from datetime import datetime

from people.models import Organisation, ShieldSetting

SHIELD_SAMPLES, SHIELD_SAMPLES_MOST = 32, 64


@dataclass(frozen=True, slots=True)
class Shield:
    """With how many samples people start, and the most that anybody may start with (``floor``). Fewer are stronger.

    ``holds_from``, ``set_at``, ``set_by`` and ``reason`` are empty for the shipped setting.
    """

    start: int
    floor: int
    holds_from: datetime | None = None
    set_at: datetime | None = None
    set_by: str = ""
    reason: str = ""


def organisation() -> Organisation:
    """Return the employer of this installation.

    Raises:
        Organisation.DoesNotExist: nothing was set up yet.
    """
    return Organisation.objects.order_by("id")[:1].get()


def shield_in_force(*, at: datetime) -> Shield:
    """Return with how many samples shields are shown at *at*: the setting written last of those whose time has come."""
    row = ShieldSetting.objects.filter(holds_from__lte=at).order_by("-id").first()
    return _shipped_shield() if row is None else _shield(row)


def shield_as_written() -> Shield:
    """Return the setting written last, which may still wait for its day."""
    row = ShieldSetting.objects.order_by("-id").first()
    return _shipped_shield() if row is None else _shield(row)


def shield_history() -> list[Shield]:
    """Return all settings, newest first, the shipped one last."""
    return [*map(_shield, ShieldSetting.objects.order_by("-id")), _shipped_shield()]


def _shield(row: ShieldSetting) -> Shield:
    return Shield(row.start_samples, row.floor_samples, row.holds_from, row.set_at, row.set_by, row.reason)


def _shipped_shield() -> Shield:
    organisation = Organisation.objects.order_by("id").first()
    return Shield(organisation.shield_samples if organisation else SHIELD_SAMPLES, SHIELD_SAMPLES_MOST)
