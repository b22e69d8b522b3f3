"""What a decision writes about its case, in few statements: the person's lock is held meanwhile.

Lock order: the case comes after the job, so ``close_part`` runs once the job is done.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from moderation.models import Case, Decision, PolicyVersion
from moderation.selectors.taxonomy import policy_from
from moderation.statements import CLOSE_CASE, TAKE_DRAFT_AWAY, WRITE_CATEGORY, WRITE_DECISION, WRITE_VERDICT
from people.statements import (
    Part,
    Row,
    change_all,
    fields_of,
    from_values,
    many_from_json,
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A case that was just closed, the policy that it is judged by, and its files by their bytes, in order."""

    case: Case
    policy: PolicyVersion
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Categories in the order in which they were given; of every file the same verdict and severity."""

    categories: tuple[str, ...]
    verdict: str
    severity_of_files: int


def close_part(*, case_id: UUID, severity: int, at: datetime) -> Part:
    """Return the statement that locks the case and closes it; its severity rises to *severity*, and never falls."""
    return CLOSE_CASE, {"case_id": case_id, "severity": severity, "at": at}


def closed_from(row: Row | None) -> Closed:
    """Return what ``close_part`` has closed.

    Raises:
        NoPolicyInForce: its queue has no policy whose time has come.
    """
    if row is None:
        raise Case.DoesNotExist
    case, policy, files = row
    return Closed(
        from_values(Case, json.loads(case)), policy_from(policy), tuple(sorted(many_from_json(files)))
    )


def write(
    decision: Decision, findings: Findings, *, files: tuple[str, ...], others: Iterable[Part] = ()
) -> None:
    """Write the decision with its rows, and what is *beside* it, and take the person's draft away.

    Raises:
        IntegrityError: a decision stands on the case, or bears this id: the last word against two at once.
    """
    change_all([*_parts(decision, findings, files), *others])


def _parts(decision: Decision, findings: Findings, files: tuple[str, ...]) -> Iterator[Part]:
    yield WRITE_DECISION, {field.attname: getattr(decision, field.attname) for field in fields_of(Decision)}
    for position, code in enumerate(findings.categories):
        yield WRITE_CATEGORY, {"id": decision.pk, "found_code": code, "found_position": position}
    for sha256 in files:
        of_file = {"file_sha256": sha256, "file_verdict": findings.verdict}
        yield WRITE_VERDICT, {"id": decision.pk, **of_file, "file_severity": findings.severity_of_files}
    yield TAKE_DRAFT_AWAY, {"case_id": decision.case_id, "subject": decision.subject}
