"""Setting a limit: tighter at once, looser from each person's next local day."""

from datetime import datetime

from wellbeing.models import LimitRow


def set_limit(
    *, scope: str, scope_ref: str, name: str, value: int, set_by: str, reason: str, at: datetime
) -> LimitRow:
    """Add a value; the tightest of ceiling, team, person and own holds.

    ``scope`` is ``team`` (``scope_ref`` its id), ``person`` or ``own`` (``scope_ref`` a subject);
    ``value`` in seconds or cases, 0 closes; ``set_by`` a subject, or ``system``. Call it in no
    transaction that holds a person's row. Audited, but for ``own``, which nobody else reads.

    Raises:
        UnknownLimit: no such name, or a negative value.
        AboveCeiling: above what the organisation allows.
        ReasonMissing: looser, or for one person, without a reason.
        CeilingNeedsTwo: the scope is ``ceiling``.
    """
    raise NotImplementedError


def seed_ceiling(*, set_by: str, at: datetime) -> int:
    """Write the preset ``default`` as the ceiling where no ceiling stands; returns how many rows."""
    raise NotImplementedError
