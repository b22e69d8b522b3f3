"""A category that is raised raises the open cases under it, their jobs, and what a live look counts as.

Seen red without ``exposure.raise_severity``, without ``jobs.relabel``, without the comparison with the case's severity
(a case that a person had called worse was lowered), without ``Q(scores__has_key)``, and without the next batch's promise.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from moderation.models import Case, CaseState
from moderation.services import relabelling
from moderation.services.looks import add_reports
from moderation.services.relabelling import RELABEL, relabel_batch
from moderation.services.reports import NewReport
from moderation.services.taxonomy import raise_category
from outbox.kinds import Work
from outbox.models import OutboxEntry
from people.models import Platform, User
from queues.models import Job, Queue
from queues.services import desk, jobs
from tests.cast import T0, subject_of
from tests.moderation.judging import a_case, a_decision, a_policy, an_item, finalised
from tests.moderation.services.steps import an_item as an_item_comes
from tests.moderation.services.steps import once, take_in
from tests.numbers import rev_of
from tests.queues.work import a_case_comes_in, gets
from wellbeing.models import ExposureSum

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def policy(photos: Queue) -> None:
    a_policy(photos)


def raised(code: str = "SPAM_FRAUD", severity: int = 3, **value: Any) -> None:
    raise_category(
        code=code, value={"severity": severity, **value}, set_by="system", reason="Seen", at=T0 + SECOND
    )


def work(entry: OutboxEntry) -> Work:
    return Work(entry_id=entry.pk, arguments=entry.arguments, attempt=1, at=T0 + 2 * SECOND, fence=1)


def the_outbox_runs() -> None:
    for entry in OutboxEntry.objects.filter(kind=RELABEL).order_by("pk"):
        relabel_batch(work(entry))


def label(case: Case) -> tuple[str, int]:
    case.refresh_from_db()
    return case.category, case.severity


def lane(case: Case) -> tuple[str, int]:
    job = Job.objects.select_related("lane").get(case_ref=case.pk)
    return job.lane.category, job.lane.severity


def test_a_waiting_case_and_its_job_follow(lumen: Platform, policy: None) -> None:
    case = take_in(lumen, an_item_comes("a")).case
    raised()
    the_outbox_runs()
    assert label(case) == lane(case) == ("SPAM_FRAUD", 3)


def test_a_hint_counts_on_top_of_it(lumen: Platform, policy: None) -> None:
    case = take_in(lumen, an_item_comes("a", hints=frozenset({"live"}))).case
    raised()
    the_outbox_runs()
    assert label(case) == ("SPAM_FRAUD", 4)


def test_what_a_classifier_believed_follows_too(lumen: Platform, policy: None) -> None:
    believed = take_in(lumen, an_item_comes("a", scores={"HATE": 0.5})).case
    doubted = take_in(lumen, an_item_comes("b", text="b", scores={"HATE": 0.49})).case
    raised("HATE", 4)
    the_outbox_runs()
    assert (label(believed)[1], label(doubted)[1]) == (4, 0)


def test_others_and_what_is_closed_stay_as_they_are(lumen: Platform, policy: None) -> None:
    other = take_in(lumen, an_item_comes("a", category="HATE")).case
    closed = take_in(lumen, an_item_comes("b", text="b")).case
    Case.objects.filter(pk=closed.pk).update(state=CaseState.DECIDED)
    raised()
    the_outbox_runs()
    assert (label(other), label(closed)) == (("HATE", 2), ("SPAM_FRAUD", 0))


def test_a_case_that_somebody_called_worse_is_not_lowered(lumen: Platform, policy: None) -> None:
    case = take_in(lumen, an_item_comes("a")).case
    with transaction.atomic():
        jobs.relabel(case_ref=case.pk, category="SPAM_FRAUD", severity=4)
        Case.objects.filter(pk=case.pk).update(severity=4)
    raised()
    the_outbox_runs()
    assert label(case) == lane(case) == ("SPAM_FRAUD", 4)


def test_a_live_look_counts_at_the_higher_severity_and_its_page_is_told(
    photos: Queue, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    case = a_case(photos, severity=0, category="SPAM_FRAUD")
    an_item(case)
    a_case_comes_in(photos, case_ref=case.id, category="SPAM_FRAUD", severity=0)
    subject = subject_of(alice)
    claim = gets(alice)
    claimed: dict[str, Any] = {"subject": subject, "claim_id": claim.id, "fence": claim.fence}
    desk.show(**claimed, level="text", beating=True, at=T0 + SECOND)
    before = rev_of(subject)
    with django_capture_on_commit_callbacks(execute=True):
        raised()
        the_outbox_runs()
    assert rev_of(subject) > before
    # Covered by the raise, which counts until the page is heard of; then it was chosen anew.
    desk.show(**claimed, level="text", beating=True, at=T0 + 4 * SECOND)
    desk.cover(subject=subject, at=T0 + 6 * SECOND)
    shown = dict(ExposureSum.objects.exclude(shown_ms=0).values_list("severity", "shown_ms"))
    assert shown == {3: 5000}
    assert lane(case) == ("SPAM_FRAUD", 3)


def test_a_decided_case_that_is_looked_at_again_follows(lumen: Platform, photos: Queue, policy: None) -> None:
    first = take_in(lumen, an_item_comes("a"))
    finalised(a_decision(first.case, categories=()))
    reports = [NewReport("authority")]
    once(lumen, lambda: {"n": add_reports(item=first.item, reports=reports, at=T0).pk})
    raised()
    the_outbox_runs()
    assert label(first.case) == ("SPAM_FRAUD", 3)


def test_it_goes_in_batches_and_may_be_run_again(
    lumen: Platform, policy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relabelling, "BATCH", 2)
    cases = [take_in(lumen, an_item_comes(str(n), text=str(n))).case for n in range(5)]
    raised()
    first = OutboxEntry.objects.filter(kind=RELABEL).earliest("pk")
    relabel_batch(work(first))
    relabel_batch(work(first))
    assert sum(label(case)[1] == 3 for case in cases) == 2
    for _ in range(3):
        the_outbox_runs()
    assert {label(case)[1] for case in cases} == {3}


def test_it_looks_again_a_minute_later_for_what_was_coming_in(lumen: Platform, policy: None) -> None:
    raised()
    due = OutboxEntry.objects.filter(kind=RELABEL).order_by("run_after").values_list("run_after", flat=True)
    assert list(due) == [T0 + SECOND, T0 + SECOND + timedelta(minutes=1)]
