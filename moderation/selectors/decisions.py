"""Decisions as a platform is told them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from moderation.models import Answer, Decision, DecisionState, ItemRevision, Medium, MediumVerdict
from moderation.rules import public_ids
from moderation.rules.grace import to_the_minute
from moderation.selectors.taxonomy import policy_in_force
from people.statements import Statement, columns, from_values, many_from_json
from queues.models import Queue


def answers() -> "QuerySet[Answer]":
    """Return answers with all that `decision_payload` reads, whatever their number, in five queries."""
    related = Answer.objects.select_related("revision__item", "decision__policy_version")
    return related.prefetch_related("revision__media", "decision__category_rows", "decision__medium_verdicts")


TO_HEED = Statement(f"""
SELECT CAST({{list}}({{array}}({columns(Decision)})) AS text) FROM moderation_decision
WHERE id = %(decision_id)s OR (
    case_id = %(case_id)s AND state IN ('{DecisionState.PROVISIONAL}', '{DecisionState.FINAL}')
)
""")  # noqa: S608 - put together from constants


def feed(*, platform_id: UUID, after: int, limit: int) -> list[Answer]:
    """Return the platform's answers after that feed position, in order, ready for `decision_payload`."""
    later = answers().filter(platform_id=platform_id, feed_position__gt=after)
    return list(later.order_by("feed_position")[:limit])


def standing_decision(*, case_id: UUID) -> Decision | None:
    """Return the decision that stands on a case, provisional or final."""
    standing = Decision.objects.filter(
        case_id=case_id, state__in=[DecisionState.PROVISIONAL, DecisionState.FINAL]
    )
    return standing.order_by("-decided_at").first()


def decisions_to_heed(decision_id: UUID, case_id: UUID | None) -> list[Decision]:
    """Return the decision of that id, whatever its case and state, and those that stand on the case; one query."""
    (found,) = TO_HEED.row(decision_id=decision_id, case_id=case_id) or (None,)
    return [from_values(Decision, values) for values in many_from_json(found)]


def match_for(*, case_id: UUID, queue: Queue, at: datetime) -> Decision | None:
    """Return the final decision that answers equal content at once, if its policy version is still in force.

    Read it under the case's lock. A provisional decision is no match yet: what joins its case
    stays waiting, and is answered when it becomes final.

    Raises:
        NoPolicyInForce: the queue has no policy at *at*.
    """
    decision = standing_decision(case_id=case_id)
    if decision is None or decision.state != DecisionState.FINAL:
        return None
    return decision if decision.policy_version_id == policy_in_force(queue=queue, at=at).id else None


def decision_payload(answer: Answer) -> dict[str, Any]:
    """Return an answer as API.md's decision, its times to the minute. Never in it: who, how long, how many skipped."""
    revision, decision = answer.revision, answer.decision
    return {
        "id": public_ids.tell(public_ids.DECISION, answer.id),
        "item_id": public_ids.tell(public_ids.ITEM, revision.item_id),
        "external_id": revision.item.external_id,
        "revision": revision.number,
        "metadata": revision.metadata,
        "case_id": public_ids.tell(public_ids.CASE, decision.case_id),
        "action": decision.action,
        "categories": _categories(decision),
        "policy": {"code": decision.policy_version.code, "version": decision.policy_version.version},
        "ground": {"kind": decision.ground_kind, "reference": decision.ground_reference},
        "territory": decision.territory or None,
        "until": rfc3339(decision.until) if decision.until else None,
        "media": _media(revision, decision),
        "severity": decision.severity,
        "rationale": decision.rationale,
        "decided_by": answer.decided_by,
        "decided_at": rfc3339(to_the_minute(decision.decided_at)),
        "effective_at": rfc3339(to_the_minute(decision.effective_at)),
        "language": decision.language,
        "appealable_until": rfc3339(to_the_minute(answer.appealable_until)),
        "supersedes": _superseded(answer),
    }


def rfc3339(at: datetime) -> str:
    """Return an instant as API.md writes it: UTC, with ``Z``."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _categories(decision: Decision) -> list[str]:
    rows = sorted(decision.category_rows.all(), key=lambda row: row.position)
    return [row.category_id for row in rows]


def _media(revision: ItemRevision, decision: Decision) -> list[dict[str, str]]:
    verdicts = {row.sha256: row for row in decision.medium_verdicts.all()}
    media = sorted(revision.media.all(), key=lambda medium: medium.position)
    return [_medium(medium, verdicts.get(medium.blob_id)) for medium in media]


def _medium(medium: Medium, verdict: MediumVerdict | None) -> dict[str, str]:
    return {
        "id": public_ids.tell(public_ids.MEDIUM, medium.id),
        "sha256": medium.blob_id,
        "verdict": verdict.verdict if verdict else "none",
    }


def _superseded(answer: Answer) -> str | None:
    """The same item's answer from the decision that this one replaces."""
    if answer.decision.supersedes_id is None:
        return None
    earlier = Answer.objects.filter(revision_id=answer.revision_id, decision_id=answer.decision.supersedes_id)
    first = earlier.first()
    return public_ids.tell(public_ids.DECISION, first.id) if first else None
