"""The weight of each severity, in versions: every exposure is weighed by the version it was shown under."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from wellbeing.core.rules.load import VERSION, WEIGHT
from wellbeing.models import LoadModel

SEVERITIES = tuple(range(5))


@dataclass(frozen=True)
class Weights:
    """One version: severity → weight in hundredths, from when it holds, and who set it why."""

    version: int
    weights: Mapping[int, int]
    holds_from: datetime | None = None
    set_by: str = ""
    set_at: datetime | None = None
    reason: str = ""


SHIPPED = Weights(VERSION, {severity: int(weight * 100) for severity, weight in WEIGHT.items()})


def weights_in_force(at: datetime) -> Weights:
    """Return the version that holds at *at*: the last written of those whose time has come."""
    row = LoadModel.objects.filter(holds_from__lte=at).order_by("-version").first()
    return SHIPPED if row is None else _weights(row)


def newest_weights() -> Weights:
    """Return the version written last, which may still wait for its day."""
    row = LoadModel.objects.order_by("-version").first()
    return SHIPPED if row is None else _weights(row)


def weight_history() -> list[Weights]:
    """Return all versions, newest first, the shipped one last."""
    rows = LoadModel.objects.exclude(version=VERSION).order_by("-version")
    return [*map(_weights, rows), SHIPPED]


def weights_by_version() -> dict[int, Mapping[int, Decimal]]:
    """Return version → severity → weight, as the arithmetic takes it."""
    return {
        version: {severity: Decimal(weight) / 100 for severity, weight in weights.items()}
        for version, weights in hundredths_by_version().items()
    }


def hundredths_by_version() -> dict[int, Mapping[int, int]]:
    """Return version → severity → weight in hundredths."""
    return {one.version: one.weights for one in weight_history()}


def _weights(row: LoadModel) -> Weights:
    weights = {severity: getattr(row, f"weight_{severity}") for severity in SEVERITIES}
    return Weights(row.version, weights, row.holds_from, row.set_by, row.set_at, row.reason)
