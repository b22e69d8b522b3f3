"""A case as its holder is shown it: what it holds, who reported it, and what they have drafted. One statement."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from moderation.models import Blob, BlobState, Case, Draft, ItemRevision, Medium, Report
from people.statements import Statement, columns, fields_of, from_values, many_from_json, one_from_json
from queues.models import Queue

REPORTS_SHOWN: Final = 50

CONTENT = Statement(f"""
SELECT
    CAST({{array}}({columns(Case, "shown")}) AS text),
    CAST({{array}}({columns(Queue, "queue")}) AS text),
    CAST({{array}}({columns(ItemRevision, "revision")}) AS text),
    CAST((
        SELECT {{list}}({{array}}({columns(Medium, "medium")}, {columns(Blob, "blob")}))
        FROM moderation_medium AS medium JOIN moderation_blob AS blob ON blob.sha256 = medium.blob_id
        WHERE medium.revision_id = revision.id AND blob.state = %(ready)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}({columns(Report, "report")}))
        FROM (
            SELECT * FROM moderation_report WHERE case_id = shown.id ORDER BY id LIMIT %(reports)s
        ) AS report
    ) AS text),
    CAST((
        SELECT {{array}}({columns(Draft, "draft")}) FROM moderation_draft AS draft
        WHERE draft.case_id = shown.id AND draft.subject = %(subject)s
    ) AS text)
FROM moderation_case AS shown
JOIN queues_queue AS queue ON queue.id = shown.queue_id
JOIN moderation_itemrevision AS revision ON revision.id = (
    SELECT min(one.id) FROM moderation_itemrevision AS one WHERE one.case_id = shown.id
)
WHERE shown.id = %(case)s
""")  # noqa: S608 - only names of columns


@dataclass(frozen=True, slots=True)
class Content:
    """What a case holds: one revision stands for all, since its items have the same content. ``media``: those prepared."""

    case: Case
    revision: ItemRevision
    media: list[Medium]
    reports: list[Report]
    draft: Draft | None

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read beside the media."""
        return bool(self.revision.text or self.revision.context.get("thread") or self.reports)


def content_of(case_ref: UUID, *, subject: UUID) -> Content:
    """Return the content of a case, media in their order, the first reports first, and the draft of *subject*.

    Raises:
        Case.DoesNotExist: there is no such case, or nothing in it.
    """
    row = CONTENT.row(case=case_ref, subject=subject, ready=BlobState.READY.value, reports=REPORTS_SHOWN)
    if row is None:
        raise Case.DoesNotExist
    case, queue, revision, media, reports, draft = row
    shown = from_values(Case, json.loads(case))
    shown.queue = from_values(Queue, json.loads(queue))
    return Content(
        case=shown,
        revision=from_values(ItemRevision, json.loads(revision)),
        media=sorted(map(_medium, many_from_json(media)), key=lambda medium: medium.position),
        reports=sorted((from_values(Report, values) for values in many_from_json(reports)), key=_id),
        draft=one_from_json(Draft, draft),
    )


def _medium(values: list[Any]) -> Medium:
    width = len(fields_of(Medium))
    medium = from_values(Medium, values[:width])
    medium.blob = from_values(Blob, values[width:])
    return medium


def _id(report: Report) -> int:
    return report.pk
