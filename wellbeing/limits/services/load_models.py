"""The weights of load: heavier at once, lighter by two people and from everybody's next local day (promise P6)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from audit.services import record
from wellbeing.core.rules.reasons import checked_reason
from wellbeing.core.selectors.load_models import SEVERITIES, Weights, newest_weights, weights_in_force
from wellbeing.exceptions import ChangedMeanwhile, NotTighter, OutOfBounds, UnknownLimit
from wellbeing.limits.selectors.overview import loosened_for_all_at
from wellbeing.models import LoadModel

WEIGHT_AT_MOST = 2_000


def raise_weight(*, severity: int, weight: int, set_by: str, reason: str, at: datetime) -> Weights:
    """Let a severity weigh more from now on; *weight* in hundredths. What waits for its day is raised with it.

    Raises:
        UnknownLimit, OutOfBounds: no such severity, or a weight that makes no sense.
        NotTighter: it weighs as much already; less is proposed and signed by two.
        ReasonMissing, ReasonTooLong: about the reason.
        ChangedMeanwhile: somebody else changed a weight at the same moment.
    """
    require_weight(severity, weight)
    checked = checked_reason(reason, is_needed=True)
    with transaction.atomic():
        now, newest = weights_in_force(at), newest_weights()
        if weight <= now.weights[severity]:
            raise NotTighter(value=now.weights[severity])
        _append({**now.weights, severity: weight}, holds_from=at, set_by=set_by, reason=checked, at=at)
        if newest.holds_from is not None and newest.holds_from > at:
            waiting = {**newest.weights, severity: weight}
            _append(waiting, holds_from=newest.holds_from, set_by=set_by, reason=checked, at=at)
    return weights_in_force(at)


def lower_weight(*, severity: int, weight: int, set_by: str, reason: str, at: datetime) -> Weights:
    """Let a severity weigh less, once the next local day has begun for everybody.

    For a signed proposal alone, in the transaction of its second signature.

    Raises:
        UnknownLimit, OutOfBounds: as above.
    """
    require_weight(severity, weight)
    with transaction.atomic():
        weights = {**newest_weights().weights, severity: weight}
        _append(weights, holds_from=loosened_for_all_at(at), set_by=set_by, reason=reason, at=at)
    return newest_weights()


def require_weight(severity: int, weight: int) -> None:
    """Refuse what is no severity, and a weight that makes no sense.

    Raises:
        UnknownLimit, OutOfBounds: these.
    """
    if severity not in SEVERITIES:
        raise UnknownLimit
    if not 0 <= weight <= WEIGHT_AT_MOST:
        raise OutOfBounds(least=0, most=WEIGHT_AT_MOST)


def _append(
    weights: Mapping[int, int], *, holds_from: datetime, set_by: str, reason: str, at: datetime
) -> None:
    row = LoadModel(
        version=newest_weights().version + 1,
        set_at=at,
        holds_from=holds_from,
        set_by=set_by,
        reason=reason,
        **{f"weight_{severity}": weight for severity, weight in weights.items()},
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        theirs = LoadModel.objects.order_by("-version")[0]
        raise ChangedMeanwhile(value=theirs.version, set_by=theirs.set_by, set_at=theirs.set_at) from None
    record(
        actor=set_by,
        action="load_model.set",
        target_kind="load_model",
        target_id=str(row.version),
        at=at,
        detail={
            "weights": {str(key): weight for key, weight in weights.items()},
            "holds_from": holds_from.isoformat(),
        },
        reason=reason,
    )
