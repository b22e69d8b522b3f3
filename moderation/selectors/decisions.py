"""Decisions as a platform is told them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from moderation.models import (
    Answer,
    Case,
    CaseState,
    Decision,
    DecisionState,
    ItemRevision,
    ItemStatus,
    LookAgain,
    Medium,
    MediumVerdict,
)
from moderation.rules import public_ids
from moderation.rules.grace import to_the_minute
from moderation.rules.matching import Decided
from moderation.selectors.taxonomy import policy_in_force
from moderation.statements import TO_HEED
from people.statements import Part, Row, from_values, many_from_json


def answers() -> "QuerySet[Answer]":
    """Return answers with all that `decision_payload` reads, whatever their number, in five queries."""
    related = Answer.objects.select_related("revision__item", "decision__policy_version")
    return related.prefetch_related(
        "revision__media", "revision__answers", "decision__category_rows", "decision__medium_verdicts"
    )


STANDING: Final = (DecisionState.PROVISIONAL, DecisionState.FINAL)


@dataclass(frozen=True, slots=True)
class ToHeed:
    """What a decision must heed. ``standing``: the decision of its id, whatever its case and state, and those that stand on
    the case; ``earlier_id``: the one beside a new look at the case; ``taxonomy_mark``: for ``kept_categories``.
    """

    standing: list[Decision]
    earlier_id: UUID | None
    taxonomy_mark: str | None


def feed(*, platform_id: UUID, after: int, limit: int) -> list[Answer]:
    """Return the platform's answers after that feed position, in order, ready for `decision_payload`."""
    later = answers().filter(platform_id=platform_id, feed_position__gt=after)
    return list(later.order_by("feed_position")[:limit])


def standing_decision(*, case_id: UUID) -> Decision | None:
    """Return the decision that stands on a case, provisional or final, and is superseded by none."""
    return _standing(case_id).order_by("-decided_at").first()


def decisions_to_finalise(decision_ids: Collection[UUID]) -> dict[UUID, Decision]:
    """Return these decisions by id, each with its case and what it supersedes; only what finalising asks of them is read."""
    return (
        Decision.objects.select_related("case__queue", "supersedes").only(*TO_FINALISE).in_bulk(decision_ids)
    )


TO_FINALISE: Final = (
    "state", "action", "decided_at", "effective_at",
    "case__platform_id", "case__queue__appeal_days", "supersedes__action",
)  # fmt: skip


def superseded(decision_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these decisions in whose place another one stands."""
    later = Decision.objects.filter(supersedes__in=decision_ids, state__in=STANDING)
    return set(Decision.objects.filter(pk__in=later.values("supersedes")).values_list("pk", flat=True))


def untold(decisions: Sequence[Decision]) -> "QuerySet[ItemRevision]":
    """Return what these decisions must answer yet: what waits in their cases and is not in doubt, and what was answered and
    must be told something else. None of them is superseded, so no two are of one case (``Decision.Meta.constraints``).

    That is what came from another case, since it was split off from it, with any answer; else, what was answered by the
    decision that this one takes the place of, if they differ.
    """
    ids, cases = [one.pk for one in decisions], [one.case_id for one in decisions]
    superseding = [one for one in decisions if one.supersedes is not None]
    prefetch_related_objects(superseding, "category_rows", "supersedes__category_rows")
    anew = [one.case_id for one in superseding if one.supersedes and not _is_same(one, one.supersedes)]
    here = Answer.objects.filter(revision=OuterRef("pk"), decision__case=OuterRef("case"))
    waiting = Q(status=ItemStatus.WAITING) & ~Q(doubts__in=ids)
    told_by_others = Q(case__in=anew) & ~Exists(here.filter(decision__in=ids)) | ~Exists(here)
    otherwise = Q(status=ItemStatus.DECIDED) & told_by_others
    return ItemRevision.objects.filter(waiting | otherwise, case__in=cases)


def _is_same(decision: Decision, earlier: Decision) -> bool:
    """Whether both ask for the same and found the same."""
    return (decision.action, set(categories_of(decision))) == (earlier.action, set(categories_of(earlier)))


def newest_standing(cases: Iterable[Case]) -> Decision | None:
    """Return the decision that stands on one of these cases and was made last, with its policy and categories."""
    standing = _standing(*[case.pk for case in cases]).select_related("policy_version", "case")
    return standing.prefetch_related("category_rows").order_by("-decided_at", "-id").first()


def _standing(*case_ids: UUID) -> "QuerySet[Decision]":
    standing = Decision.objects.filter(state__in=STANDING)
    later = standing.filter(case_id__in=case_ids, supersedes__isnull=False)
    return standing.filter(case_id__in=case_ids).exclude(pk__in=later.values("supersedes"))


def to_heed_part(decision_id: UUID, *, subject: UUID, claim_id: UUID) -> Part:
    """Return the statement that reads what a decision on the case of that claim of theirs must heed."""
    return TO_HEED, {"decision_id": decision_id, "claim_id": claim_id, "subject": subject}


def to_heed_from(row: Row | None) -> ToHeed:
    """Return what ``to_heed_part`` has read."""
    found, earlier_id, taxonomy_mark = row or (None, None, None)
    standing = [from_values(Decision, values) for values in many_from_json(found)]
    return ToHeed(standing, None if earlier_id is None else UUID(earlier_id), taxonomy_mark)


def earlier_decision(case_id: UUID) -> Decision | None:
    """Return the earlier decision that is shown beside a look at a case."""
    earlier = Decision.objects.filter(pk__in=Case.objects.filter(pk=case_id).values("earlier"))
    return earlier.select_related("policy_version").prefetch_related("category_rows").first()


def is_open_for_reports(case_id: UUID) -> bool:
    """Say whether a case waits for a new look that reports gave occasion for, whatever becomes of its items."""
    return LookAgain.objects.filter(
        case_id=case_id, case__state=CaseState.OPEN, decision=standing_decision(case_id=case_id)
    ).exists()


def decided(decision: Decision, *, at: datetime) -> Decided:
    """Return a standing decision as the rule of matches takes it. Read it under its case's lock.

    Raises:
        NoPolicyInForce: the queue has no policy at *at*.
    """
    policy = policy_in_force(queue=decision.case.queue, at=at)
    return Decided(
        severity=decision.severity,
        categories=frozenset(categories_of(decision)),
        hints=frozenset(decision.hints),
        is_newest_policy=decision.policy_version_id == policy.pk,
    )


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
        "categories": categories_of(decision),
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


def categories_of(decision: Decision) -> list[str]:
    """Return the codes that a decision found, in the order in which they were given."""
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
    """The same item's answer before this one, which it replaces; most items have but one."""
    of_item = answer.revision.answers.all()
    earlier = [one for one in of_item if one.feed_position < answer.feed_position]
    last = max(earlier, key=lambda one: one.feed_position, default=None)
    return public_ids.tell(public_ids.DECISION, last.id) if last else None
