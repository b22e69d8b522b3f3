"""Drafts: theirs alone, kept when the claim is lost."""

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from moderation.exceptions import DraftRefused
from moderation.models import Case, Draft
from moderation.services.drafts import save_draft
from people.models import User
from queues.models import Claim, ClaimState, Queue
from tests.cast import T0, subject_of
from tests.moderation.judging import a_case, a_claim
from tests.outbox.steps import at_once

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def case(photos: Queue) -> Case:
    return a_case(photos)


@pytest.fixture
def claim(case: Case, alice: User) -> Claim:
    return a_claim(case, subject_of(alice))


def saved(claim: Claim, **written: Any) -> Draft:
    facts: dict[str, Any] = {
        "subject": claim.subject,
        "case_id": claim.job.case_ref,
        "categories": ["GORE"],
        "action": "remove",
        "rationale": "so far",
        "at": T0,
    }
    return save_draft(**(facts | written))


def test_is_found_again_as_it_was_written(claim: Claim, case: Case) -> None:
    saved(claim)
    found = Draft.objects.get(subject=claim.subject, case_id=case.id)
    assert (found.categories, found.action, found.rationale) == (["GORE"], "remove", "so far")


def test_what_is_written_later_replaces_it(claim: Claim) -> None:
    saved(claim)
    saved(claim, rationale="further", at=T0 + SECOND)
    assert Draft.objects.get().rationale == "further"


def test_what_was_delayed_on_its_way_does_not(claim: Claim) -> None:
    saved(claim, rationale="further", at=T0 + SECOND)
    assert saved(claim, rationale="older").rationale == "further"


def test_can_be_saved_after_the_claim_was_lost(claim: Claim) -> None:
    Claim.objects.update(state=ClaimState.CLOSED, closed_at=T0)
    assert saved(claim).rationale == "so far"


def test_who_never_held_the_case_cannot_write_one(claim: Claim, amina: User) -> None:
    with pytest.raises(DraftRefused):
        saved(claim, subject=subject_of(amina))
    with pytest.raises(DraftRefused):
        saved(claim, case_id=uuid.uuid4())


def test_nobody_reads_another_s(claim: Claim, case: Case, amina: User) -> None:
    saved(claim)
    assert not Draft.objects.filter(subject=subject_of(amina), case_id=case.id).exists()


def test_what_could_not_be_stored_is_cut_off(claim: Claim) -> None:
    draft = saved(claim, rationale="a\x00b" + "x" * 10_000, action="y" * 100, categories=["z" * 99] * 99)
    assert draft.rationale.startswith("abx")
    assert (len(draft.rationale), len(draft.action), len(draft.categories)) == (5_000, 40, 50)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_pause_at_once_leave_the_later_one(claim: Claim) -> None:
    results = at_once(*(partial(saved, claim, rationale=str(n), at=T0 + n * SECOND) for n in range(4)))
    assert all(isinstance(result, Draft) for result in results)
    assert Draft.objects.get().rationale == "3"
