"""What does not fit before the next break idles nobody: the shortest comes and is put aside at the break, or the break comes.

Seen red without ``claims._pick_past_the_break``.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.models import Decision
from people.models import User
from queues.models import Claim, Job, Queue
from queues.services.sweep import sweep_next
from tests.web.desk.scene import Page, a_break_is_due, a_case_waits, sits_down
from wellbeing.models import Break, Exposure

pytestmark = pytest.mark.django_db


@pytest.fixture
def longer_cases(photos: Queue) -> list[Job]:
    """Of 45, 35 and 40 minutes."""
    made = [a_case_waits(photos, "rocket.jpg", severity=1, category="ACCIDENT").job for _ in range(3)]
    for job, minutes in zip(made, (45, 35, 40), strict=True):
        Job.objects.filter(pk=job.pk).update(expected_seconds=60 * minutes)
    return made


def the_five_minutes_are_over(page: Page) -> None:
    now = timezone.now()
    Break.objects.update(decide_until=now - timedelta(seconds=1))
    while sweep_next(now):
        pass
    page.get()


def the_break_is_over(page: Page) -> None:
    rest = Break.objects.get()
    Break.objects.update(served_ms=rest.length_ms)
    page.press("return")


def test_the_shortest_is_begun_put_aside_for_the_break_and_taken_up_where_it_stopped(
    alice: User, longer_cases: list[Job]
) -> None:
    a_break_is_due(alice, minutes=20)
    page = sits_down(alice)
    assert page.shown.kind == "case"
    claim = Claim.objects.get()
    assert claim.job_id == longer_cases[1].pk
    page.press("show", level="grey", category="none", action="label", rationale="So far")

    a_break_is_due(alice)
    page.press("show", level="grey")
    assert (page.status, page.shown.kind, page.shown.level) == (409, "break_due", "covered")
    kept = page.fields()
    the_five_minutes_are_over(page)
    assert page.path == "/break/"
    assert "Your case and your draft wait for you." in page.html
    assert not Exposure.objects.filter(closed_at__isnull=True).exists()
    page.press("decide", **kept, category="none", action="none", rationale="So far")
    assert (page.status, Decision.objects.exists()) == (409, False)

    the_break_is_over(page)
    assert (page.shown.kind, page.shown.claim_id) == ("case", str(claim.pk))
    assert "So far" in page.html
    page.press("decide", category="none", action="none", rationale="So far, and no further")
    assert Decision.objects.get().case_id == longer_cases[1].case_ref
    assert Claim.objects.get(pk=claim.pk).closed_reason == "decided"


def test_from_the_break_s_half_on_it_comes_and_nobody_waits_for_it(
    alice: User, longer_cases: list[Job]
) -> None:
    a_break_is_due(alice, minutes=26)
    page = sits_down(alice)
    assert page.path == "/break/"
    assert not Claim.objects.exists()
    the_break_is_over(page)
    assert page.shown.kind == "case"
    assert Claim.objects.get().job_id == longer_cases[0].pk
