"""Reports: someone or something said that an item may break a policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.models import ItemRevision, Report


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as the platform sent it. ``reported_at`` None means now; ``score`` 0 to 1 of a classifier."""

    source: str
    reason: str = ""
    reported_at: datetime | None = None
    score: float | None = None


def append_reports(*, revision: ItemRevision, reports: Sequence[NewReport], at: datetime) -> None:
    """Add reports to an item and to the case of its revision, in the caller's transaction."""
    Report.objects.bulk_create(
        Report(
            item_id=revision.item_id,
            case_id=revision.case_id,
            source=report.source,
            reason=report.reason,
            score=report.score,
            reported_at=report.reported_at or at,
            created_at=at,
        )
        for report in reports
    )
