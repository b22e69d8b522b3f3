"""Taking an item back."""

from datetime import timedelta

import pytest

from moderation.exceptions import ItemDecided
from moderation.models import Case, ItemRevision
from queues.models import Claim, Job, JobState
from queues.services import claims
from tests.cast import T0, subject_of
from tests.moderation.api.caller import a_policy
from tests.moderation.services.steps import an_item, take_in, withdraw


@pytest.fixture(autouse=True)
def policy(photos):
    return a_policy(photos)


def test_the_last_item_takes_its_case_and_job_with_it(lumen) -> None:
    revision = withdraw(take_in(lumen, an_item()).item, at=T0 + timedelta(hours=1))
    assert (revision.status, revision.ended_at) == ("withdrawn", T0 + timedelta(hours=1))
    assert (revision.case.state, revision.case.closed_at) == ("withdrawn", T0 + timedelta(hours=1))
    assert Job.objects.get().state == JobState.ENDED


def test_while_another_item_waits_the_work_goes_on(lumen) -> None:
    first, second = take_in(lumen, an_item("a")), take_in(lumen, an_item("b"))
    withdraw(first.item)
    assert Case.objects.get().state == "open"
    assert Job.objects.get().state != JobState.ENDED
    withdraw(second.item)
    assert Case.objects.get().state == "withdrawn"


def test_withdrawn_twice_is_withdrawn_once(lumen) -> None:
    item = take_in(lumen, an_item()).item
    first = withdraw(item)
    assert withdraw(item, at=T0 + timedelta(hours=1)).ended_at == first.ended_at


def test_a_decided_item_stays_decided(lumen) -> None:
    item = take_in(lumen, an_item()).item
    ItemRevision.objects.update(status="decided")
    with pytest.raises(ItemDecided):
        withdraw(item)
    assert ItemRevision.objects.get().status == "decided"


@pytest.mark.parametrize("status", ["quarantined", "sealed", "erased"])
def test_what_ended_otherwise_stays_as_it_is(lumen, status) -> None:
    item = take_in(lumen, an_item()).item
    ItemRevision.objects.update(status=status)
    assert withdraw(item).status == status


def test_a_look_in_progress_ends_at_once(lumen, alice) -> None:
    item = take_in(lumen, an_item()).item
    Job.objects.update(state=JobState.WAITING)
    claim = claims.claim_next(subject=subject_of(alice), at=T0, beating=True)
    assert claim is not None
    withdraw(item)
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.state == "closed"
    assert Job.objects.get().state == JobState.ENDED
