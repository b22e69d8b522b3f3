"""A case as its holder is shown it: what it holds, who reported it, what they have drafted, and the rules it is judged by.

One statement; a second one where the taxonomy was changed since it was read last.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from moderation.models import Blob, BlobState, Case, Draft, ItemRevision, Medium, PolicyVersion, Report
from moderation.selectors.taxonomy import CategoryInForce, kept_categories, policy_from
from moderation.statements import CONTENT
from people.statements import (
    fields_of,
    from_values,
    many_from_json,
    one_from_json,
)
from queues.models import Queue

REPORTS_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Content:
    """What a case holds: one revision stands for all, since its items have the same content. ``media``: those prepared.

    ``policy`` and ``taxonomy`` (code → category, in its order) are those in force.
    """

    case: Case
    revision: ItemRevision
    media: list[Medium]
    reports: list[Report]
    draft: Draft | None
    policy: PolicyVersion
    taxonomy: Mapping[str, CategoryInForce]

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read beside the media."""
        return bool(self.revision.text or self.revision.context.get("thread") or self.reports)


def content_of(case_ref: UUID, *, subject: UUID, at: datetime) -> Content:
    """Return the content of a case at *at*, media in their order, the first reports first, and the draft of *subject*.

    Raises:
        Case.DoesNotExist: there is no such case, or nothing in it.
        NoPolicyInForce: its queue has no policy version whose time has come.
    """
    asked = {"case": case_ref, "subject": subject, "ready": BlobState.READY.value, "reports": REPORTS_SHOWN}
    row = CONTENT.row(**asked, at=at)
    if row is None:
        raise Case.DoesNotExist
    case, queue, revision, media, reports, draft, rules, taxonomy_mark = row
    shown = from_values(Case, json.loads(case))
    shown.queue = from_values(Queue, json.loads(queue))
    return Content(
        case=shown,
        revision=from_values(ItemRevision, json.loads(revision)),
        media=sorted(map(_medium, many_from_json(media)), key=lambda medium: medium.position),
        reports=sorted((from_values(Report, values) for values in many_from_json(reports)), key=_id),
        draft=one_from_json(Draft, draft),
        policy=policy_from(rules),
        taxonomy=kept_categories(taxonomy_mark, at=at),
    )


def _medium(values: list[Any]) -> Medium:
    width = len(fields_of(Medium))
    medium = from_values(Medium, values[:width])
    medium.blob = from_values(Blob, values[width:])
    return medium


def _id(report: Report) -> int:
    return report.pk
