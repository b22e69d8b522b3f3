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
from moderation.selectors.taxonomy import TAXONOMY_MARK, CategoryInForce, kept_categories, policy_from
from people.statements import (
    Statement,
    columns,
    fields_of,
    from_values,
    many_from_json,
    one_from_json,
)
from queues.models import Queue

REPORTS_SHOWN: Final = 50

# The policy as `selectors.taxonomy.policy_in_force` has it.
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
    ) AS text),
    CAST((
        SELECT {{array}}({columns(PolicyVersion, "policy")}) FROM moderation_policyversion AS policy
        WHERE policy.queue_id = shown.queue_id AND policy.in_force_from <= %(at)s
        ORDER BY policy.version DESC LIMIT 1
    ) AS text),
    {TAXONOMY_MARK}
FROM moderation_case AS shown
JOIN queues_queue AS queue ON queue.id = shown.queue_id
JOIN moderation_itemrevision AS revision ON revision.id = (
    SELECT min(one.id) FROM moderation_itemrevision AS one WHERE one.case_id = shown.id
)
WHERE shown.id = %(case)s
""")  # noqa: S608 - only names of columns


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
