"""A new look at decided content: the case waits for a decision again, with the one that stands beside it.

What was answered stays answered meanwhile. A decision that differs takes the place of the one before; one that is the same
tells nobody anything new.
"""

from collections.abc import Iterable
from datetime import datetime

from moderation.exceptions import Moved
from moderation.models import Case, CaseState, Decision, Item, ItemRevision, LookAgain, Report
from moderation.rules.matching import USER, WEIGHTY, occasions
from moderation.selectors.decisions import standing_decision
from moderation.selectors.items import OPEN_STATUSES, current_revision
from moderation.selectors.taxonomy import policy_in_force
from moderation.services import preparation
from moderation.services.reports import NewReport, append_reports
from queues.models import JobKind


def open_again(
    *, case: Case, decision: Decision, at: datetime, priority: int = 0, due_at: datetime | None = None
) -> None:
    """Let a locked, decided case wait for a decision again; *decision* stands beside it. It bears its label already.

    ``priority`` (0 to 100) and ``due_at``: of the item that gave occasion for it.
    """
    case.state, case.closed_at, case.earlier = CaseState.OPEN, None, decision
    case.save(update_fields=["state", "closed_at", "earlier"])
    preparation.enqueue_again(case=case, kind=JobKind.SECOND, priority=priority, due_at=due_at, at=at)


def add_reports(*, item: Item, reports: Iterable[NewReport], at: datetime) -> ItemRevision:
    """Add reports to what *item* is now, in the caller's transaction: a decided item may be reported again.

    Raises:
        Moved: it got another revision, or another case, meanwhile; begin again.
    """
    seen = current_revision(item)
    case = Case.objects.select_for_update(of=("self",)).select_related("queue").get(pk=seen.case_id)
    revision = current_revision(item)
    if (revision.pk, revision.case_id) != (seen.pk, seen.case_id):
        raise Moved
    take_reports(case=case, revision=revision, reports=reports, at=at)
    return revision


def take_reports(*, case: Case, revision: ItemRevision, reports: Iterable[NewReport], at: datetime) -> None:
    """Add reports to an item of a locked case; of decided content, look again where they give occasion for it."""
    came = list(reports)
    if not came:
        return
    before = Report.objects.filter(case=case, source=USER).count()
    append_reports(revision=revision, reports=came, at=at)
    decision = standing_decision(case_id=case.pk)
    if decision is None:
        return
    sources = [report.source for report in came]
    is_doubted = bool(set(sources) & set(WEIGHTY)) and doubt(revision=revision, decision=decision)
    if case.state == CaseState.DECIDED:
        found = occasions(sources, user_reports_before=before)
        # Every one is noted: what one look was opened for opens no second one.
        news = [occasion for occasion in found if _is_first(case, decision, occasion, at)]
        if is_doubted or news:
            open_again(case=case, decision=decision, at=at)


def doubt(*, revision: ItemRevision, decision: Decision) -> bool:
    """Let an item that still waits get no answer by *decision*, which stands on its case; say whether it waits.

    The case must wait for a decision again, then, or the item would wait for ever.
    """
    if revision.status not in OPEN_STATUSES:
        return False
    revision.doubts = decision
    revision.save(update_fields=["doubts"])
    return True


def _is_first(case: Case, decision: Decision, occasion: str, at: datetime) -> bool:
    """Note an occasion; say whether this content was not looked at again for it under the policy in force."""
    _row, is_new = LookAgain.objects.get_or_create(
        queue=case.queue,
        content_digest=case.content_digest,
        policy_version=policy_in_force(queue=case.queue, at=at),
        occasion=occasion,
        defaults={"case": case, "decision": decision, "opened_at": at},
    )
    return is_new
