"""A known item sent again with the same content: what is worse counts, reports are added, what is said of it is stored."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from moderation.exceptions import Moved
from moderation.models import Case, CaseState, Item, ItemRevision
from moderation.rules.matching import Sent, doubts
from moderation.selectors.decisions import decided, newest_standing
from moderation.selectors.items import OPEN_STATUSES, current_revision
from moderation.selectors.taxonomy import categories_in_force
from moderation.services import looks
from moderation.services.labels import Said, risen, said_of, severity_in
from moderation.services.raising import Raiser, raise_case
from moderation.services.sending import Accepted, NewItem, add_hints, check_said
from queues.services import jobs

REPLACED: Final = (
    "category", "severity", "hints", "scores", "author", "language", "metadata", "priority", "due_at",
)  # fmt: skip


class Repetition:
    """An item that is known, sent again: reports are added, hurry and a worse label count, and what is said of it is
    stored. Locks in order: holder → job → case → item.
    """

    def __init__(self, known: Item, current: ItemRevision, item: NewItem, at: datetime) -> None:
        self.known, self.current, self.item, self.at = known, current, item, at
        self.taxonomy = categories_in_force(at=at)
        self.news = Said(item.category, item.hints, item.scores)
        before = said_of(current)
        check_said(self.news, self.taxonomy, known=before)
        self.said = risen(before, self.news, self.taxonomy)
        self.severity = max(current.severity, severity_in(self.said, self.taxonomy))
        self.is_risen = (self.severity, self.said.category, self.said.hints) != (
            current.severity, before.category, before.hints,
        )  # fmt: skip

    def recognised(self) -> Accepted:
        """Store what is new of it, and let it count."""
        self._raise_and_hurry()
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("queue").get(pk=self.current.case_id)
        )
        locked = Item.objects.select_for_update().get(pk=self.known.pk)
        current = current_revision(locked)
        if not self._is_as_seen(current):
            raise Moved
        self._keep(current)
        if self.is_risen:
            self._look_again_if_doubted(case, current)
        add_hints(case, self.said.hints)
        looks.take_reports(case=case, revision=current, reports=self.item.reports, at=self.at)
        return Accepted(current, created=False)

    def _raise_and_hurry(self) -> None:
        case = self.current.case
        if self.severity > case.severity:
            raise_case(
                case_id=case.pk,
                category=self.said.category,
                severity=self.severity,
                by=Raiser.PLATFORM,
                at=self.at,
            )
        if self.current.status in OPEN_STATUSES:
            jobs.raise_priority(case_ref=case.pk, priority=self.item.priority, due_at=self.item.due_at)

    def _is_as_seen(self, now: ItemRevision) -> bool:
        """Whether nothing changed between the look that all this was worked out by, and the lock."""
        return (now.pk, now.case_id, said_of(now)) == (
            self.current.pk, self.current.case_id, said_of(self.current),
        )  # fmt: skip

    def _keep(self, current: ItemRevision) -> None:
        """Raise label and hurry, and replace what is said of it: author, language, metadata, where they were sent."""
        item, said = self.item, self.said
        due_times = [due for due in (current.due_at, item.due_at) if due is not None]
        current.category, current.severity = said.category, self.severity
        current.hints, current.scores = dict.fromkeys(sorted(said.hints), True), dict(said.scores)
        current.author = dict(item.author) or current.author
        current.language = item.language or current.language
        current.metadata = dict(item.metadata) or current.metadata
        current.priority = max(current.priority, item.priority)
        current.due_at = min(due_times, default=None)
        current.save(update_fields=REPLACED)

    def _look_again_if_doubted(self, case: Case, current: ItemRevision) -> None:
        """A worse label of a decided item is reason to look anew, unless the decision found it already.

        What still waits for that decision's grace to end does not get its answer.
        """
        decision = newest_standing([case])
        if decision is None:
            return
        sent = Sent(self.severity, self.said.category, self.said.hints)
        if not doubts(sent, replace(decided(decision, at=self.at), is_newest_policy=True)):
            return
        looks.doubt(revision=current, decision=decision)
        if case.state == CaseState.DECIDED:
            looks.open_again(
                case=case,
                decision=decision,
                priority=current.priority,
                due_at=current.due_at,
                at=self.at,
            )
