"""How far labels were off is counted from decisions alone, for each platform, and changes no more once it is told.

Seen red: with decisions of a new look counted, and with the case's severity in place of the decision's.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from moderation.models import Case, Decision
from moderation.rules.off_labels import Told, stretch_before
from moderation.selectors.off_labels import off_labels
from people.models import Platform
from queues.models import Queue
from tests.cast import T0, a_platform
from tests.moderation.judging import a_case, a_decision

pytestmark = pytest.mark.django_db
START, END = stretch_before(T0)
NOON = START + timedelta(hours=12)


def decided(
    queue: Queue, *, times: int, labelled: int, found: int, at=NOON, people: int = 5
) -> list[Decision]:
    """So many cases were labelled as one severity and decided as another, by so many people in turn."""
    subjects = [uuid4() for _ in range(people)]
    made = []
    for number in range(times):
        decision = a_decision(a_case(queue, severity=found), subjects[number % people], at=at)
        Decision.objects.filter(pk=decision.pk).update(labelled_severity=labelled, decided_at=at)
        made.append(decision)
    return made


def told(platform: Platform) -> Told | None:
    return next(line.told for line in off_labels(at=T0) if line.platform == platform.name)


def test_it_tells_how_many_were_worse_and_by_how_much(lumen: Platform, photos: Queue) -> None:
    decided(photos, times=10, labelled=2, found=2)
    decided(photos, times=5, labelled=2, found=3)
    decided(photos, times=5, labelled=0, found=4)
    assert told(lumen) == Told(20, 10, 5)


def test_of_one_stretch_alone(lumen: Platform, photos: Queue) -> None:
    for at in (START - timedelta(seconds=1), END):
        decided(photos, times=10, labelled=2, found=2, at=at)
    assert told(lumen) is None


def test_nothing_of_four_people(lumen: Platform, photos: Queue) -> None:
    decided(photos, times=20, labelled=0, found=3, people=4)
    assert told(lumen) is None


def test_what_is_raised_later_changes_nothing_that_was_told(lumen: Platform, photos: Queue) -> None:
    decided(photos, times=10, labelled=2, found=2)
    before = told(lumen)
    Case.objects.update(severity=4)
    assert told(lumen) == before == Told(10, None, None)


def test_a_new_look_counts_no_case_twice(lumen: Platform, photos: Queue) -> None:
    first = decided(photos, times=10, labelled=2, found=2)
    for number, decision in enumerate(decided(photos, times=10, labelled=2, found=4)):
        Decision.objects.filter(pk=decision.pk).update(supersedes=first[number])
    assert told(lumen) == Told(10, None, None)


def test_another_platform_has_its_own_line(lumen: Platform, photos: Queue) -> None:
    ember = a_platform("Ember")
    decided(photos, times=10, labelled=2, found=3)
    assert told(ember) is None
    assert [line.platform for line in off_labels(at=T0, platform_ids=[ember.pk])] == ["Ember"]
