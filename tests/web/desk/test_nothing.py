"""A desk that waits says why nothing comes although work waits. Seen red without ``nothing_comes_because`` in the panel."""

import pytest
from django.utils import timezone

from people.models import User
from queues.models import Queue
from queues.services import choices
from tests.cast import subject_of
from tests.web.desk.scene import a_case_waits, sits_down
from wellbeing.models import PersonState

pytestmark = pytest.mark.django_db

LEFT = "Nothing is left that you could be handed; other paid work is there."


def test_a_run_of_one_kind_keeps_nobody_waiting(alice: User, photos: Queue) -> None:
    a_case_waits(photos, severity=1, category="ACCIDENT")
    now = timezone.now()
    PersonState.objects.create(
        subject=subject_of(alice), clock_at=now, wall_at=now, run_category="ACCIDENT", run_cases=20
    )
    assert sits_down(alice).shown.kind == "case"


def test_after_an_opt_out_of_all_there_is(alice: User, photos: Queue) -> None:
    a_case_waits(photos, severity=1, category="ACCIDENT")
    choices.opt_out(
        subject=subject_of(alice), kind="category", value="ACCIDENT", until=None, at=timezone.now()
    )
    assert LEFT in sits_down(alice).html


def test_an_empty_queue_is_no_reason(alice: User, photos: Queue) -> None:
    page = sits_down(alice)
    assert LEFT not in page.html
