"""A desk that waits says which limit has too little left for what waits, when it opens again, and what is there instead.

Seen red without ``short`` in ``meanwhile``, with the limit told only where nothing milder waits, without a look again, and
with minutes rounded up.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Team, User
from queues.models import Job, Queue
from tests.cast import subject_of
from tests.queues.work import has_looked
from tests.web.desk.scene import Page, a_case_waits, returned_work_is_offered, sits_down
from wellbeing.models import LimitRow

pytestmark = pytest.mark.django_db

SHORT = "Severity 3 and up: less is left than any such case needs that waits, so it counts as used up."
NOTHING_MAY_COME = "Nothing that may come to you now is waiting. Waiting is working time."


@pytest.fixture
def photos(photos: Queue) -> Queue:
    photos.other_work, photos.other_work_with = "Policy reading.", "Dana"
    photos.save()
    return photos


def has_left(person: User, seconds: int) -> None:
    """So much is left of the minutes at severity 3 and up."""
    has_looked(person, 120 * 60 - seconds, severity=3, at=timezone.now())


def waits(queue: Queue, *, severity: int, seconds: int = 30) -> None:
    job = a_case_waits(queue, severity=severity).job
    Job.objects.filter(pk=job.pk).update(expected_seconds=seconds)


def says_so(page: Page) -> bool:
    shown = page.shown
    if shown.lines and shown.lines[0].startswith(SHORT):
        assert shown.sentence == NOTHING_MAY_COME
        assert "Severity 3 and up is done until" in shown.lines[0]
        assert shown.lines[1] == "Open to you: severity 0 to 2."
        assert shown.lines[2].endswith("Policy reading, with Dana.")
        return True
    return False


def test_it_says_which_limit_until_when_and_what_is_there_instead(alice: User, photos: Queue) -> None:
    has_left(alice, 6)
    waits(photos, severity=3)
    waits(photos, severity=4)
    assert says_so(sits_down(alice))


def test_where_nothing_of_that_severity_waits_nothing_is_said_of_it(alice: User, photos: Queue) -> None:
    has_left(alice, 6)
    page = sits_down(alice)
    assert "Nothing is waiting for you." in page.shown.sentence
    assert SHORT not in page.html


def test_a_milder_case_that_was_skipped_does_not_hide_it(alice: User, photos: Queue) -> None:
    has_left(alice, 6)
    waits(photos, severity=3)
    waits(photos, severity=1)
    page = sits_down(alice)
    assert page.shown.kind == "case"
    page.press("skip")
    returned_work_is_offered()
    assert says_so(page.get())


@pytest.mark.parametrize(("left", "again"), [(6, True), (300, False)])
def test_a_page_that_waits_with_little_left_looks_again_for_what_came(
    alice: User, photos: Queue, left: int, again: bool
) -> None:
    """What cannot be handed over tells the page nothing by itself."""
    has_left(alice, left)
    page = sits_down(alice)
    assert (0 < page.get().shown.again_ms <= 60_001) is again


@pytest.mark.parametrize(
    ("left", "says"),
    [
        (6, "under 1 min left today"),
        (59, "under 1 min left today"),
        (60, "1 min left today"),
        (119, "1 min left today"),
        (120, "2 min left today"),
    ],
)
def test_the_head_never_says_more_than_there_is(alice: User, photos: Queue, left: int, says: str) -> None:
    has_left(alice, left)
    assert [fact.text for fact in sits_down(alice).shown.facts] == [f"Severity 3 and up: {says}"]


def test_a_limit_of_0_for_one_person_says_until_when(
    alice: User, dana: User, north: Team, photos: Queue
) -> None:
    """'Until 17:00: policy reading' beside it is not read as when it opens again."""
    LimitRow.objects.create(
        scope="person",
        scope_ref=str(subject_of(alice)),
        name="seconds_3",
        value=0,
        set_at=timezone.now() - timedelta(days=3),
        set_by=str(subject_of(dana)),
        reason="A calm month.",
    )
    first = sits_down(alice).shown.lines[0]
    assert first.startswith("Severity 3 and up is closed for you until ")
    assert first.endswith(", unless that is changed.")
