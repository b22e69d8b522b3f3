"""Other paid work and wellness time at the desk: by plain posts, from the head and from where nothing waits.

Seen red with ``activities`` left out of a desk with a case (nobody could get away from it to other work).
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Team, User
from queues.models import Queue
from tests.web.desk.scene import a_break_is_due, a_case_waits, sits_down
from tests.wellbeing.steps import no_content_is_shown

pytestmark = pytest.mark.django_db


def test_whoever_waits_is_offered_other_paid_work(alice: User) -> None:
    page = sits_down(alice)
    page.press("other-work", activity="reading_policy")
    assert page.shown.kind == "other_work"
    assert "Reading policy" in page.html
    page.press("back")
    assert page.shown.kind == "waiting"


def test_the_page_says_whether_it_counts_as_a_rest_from_severe_cases(alice: User, north: Team) -> None:
    counts, counts_not = "counts as time away from severe cases", "nobody has said that none does"
    page = sits_down(alice)
    page.press("other-work", activity="training")
    assert counts_not in page.html
    assert counts not in page.html
    page.press("other-work", activity="nothing")
    assert counts in page.html
    no_content_is_shown(north, "training", at=timezone.now() - timedelta(days=2))
    page.press("other-work", activity="training")
    assert counts in page.html
    assert counts_not not in page.html


def test_whoever_has_a_case_too_and_finds_it_again_with_its_draft(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "coffee.png")
    page = sits_down(alice)
    assert "Other work" in page.html
    page.press("other-work", activity="nothing", category="GORE", action="remove", rationale="My words")
    assert page.shown.kind == "other_work"
    assert "wait for you for ten minutes" in page.html
    page.press("back")
    assert "My words" in page.html


def test_an_activity_that_there_is_not_is_refused(alice: User) -> None:
    page = sits_down(alice).press("other-work", activity="sleeping")
    assert (page.status, page.shown.kind) == (400, "waiting")


def test_wellness_time_says_until_when_and_counts_nothing_down(alice: User) -> None:
    page = sits_down(alice).press("wellness")
    assert page.path == "/break/"
    assert "Wellness time until" in page.html
    page.press("return")
    assert page.shown.kind == "waiting"


def test_other_work_during_a_break_is_refused_with_the_clock_time(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "coffee.png")
    page = sits_down(alice)
    a_break_is_due(alice)
    page.press("other-work", activity="nothing")
    assert page.path == "/break/"
    page.press("other-work", activity="nothing")
    assert page.status == 409
