"""A person splits an item off: it gets a look of its own, and that match is never made again.

Seen red: without the exclusion of split pairs in intake, without ``own_case`` there, without the guards of what may be split.
"""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditRow
from moderation.exceptions import NothingToSplit
from moderation.models import Case, ItemRevision, Report, SplitMatch
from moderation.services.splitting import split_off
from people.models import Platform, User
from queues.exceptions import ClaimLost, NotYourClaim
from queues.models import Claim, Queue
from tests.cast import T0, subject_of
from tests.moderation.judging import a_policy
from tests.moderation.services.steps import an_item as sent
from tests.moderation.services.steps import take_in, withdraw
from tests.moderation.services.test_looks import AUTHORITY, HOUR, decides, open_jobs, takes, told
from tests.queues.work import MINUTE, SECOND

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def policy(photos: Queue) -> None:
    a_policy(photos)


@pytest.fixture
def first(lumen: Platform, alice: User) -> ItemRevision:
    revision = take_in(lumen, sent("a", category="DISINFO"))
    decides(alice, [], at=T0 + SECOND)
    return revision


@pytest.fixture
def second(lumen: Platform, first: ItemRevision) -> ItemRevision:
    """It was answered by the first one's decision before; now an authority reports it."""
    return take_in(lumen, sent("b", reports=AUTHORITY), at=T0 + HOUR)


@pytest.fixture
def claim(second: ItemRevision, alice: User) -> Claim:
    return takes(alice, T0 + HOUR + SECOND)


def splits(claim: Claim, revision: ItemRevision, **other: Any) -> Case:
    claimed: dict[str, Any] = {"subject": claim.subject, "claim_id": claim.id, "fence": claim.fence}
    return split_off(**(claimed | other), item_id=revision.item_id, at=T0 + HOUR + 2 * SECOND)


def now(revision: ItemRevision) -> ItemRevision:
    return ItemRevision.objects.select_related("case").get(pk=revision.pk)


def test_the_item_gets_a_case_and_a_job_of_its_own(claim: Claim, second: ItemRevision) -> None:
    own = splits(claim, second)
    assert (now(second).case, own.earlier, own.revision) == (own, None, 2)
    assert sorted(job.case_ref for job in open_jobs()) == sorted([own.pk, claim.job.case_ref])
    assert Report.objects.get(item=second.item).case == own


def test_each_is_decided_by_itself(
    claim: Claim, first: ItemRevision, second: ItemRevision, alice: User
) -> None:
    splits(claim, second)
    decides(alice, [], at=T0 + HOUR + MINUTE)
    assert (told(first), told(second)) == ([("none", "person")], [])
    decides(alice, ["HATE"], at=T0 + 2 * HOUR)
    assert (told(first), told(second)) == ([("none", "person")], [("remove", "person")])


def test_what_a_match_had_answered_is_told_otherwise(
    lumen: Platform, first: ItemRevision, alice: User
) -> None:
    matched = take_in(lumen, sent("b"), at=T0 + MINUTE)
    take_in(lumen, sent("c", reports=AUTHORITY), at=T0 + HOUR)
    splits(takes(alice, T0 + HOUR + SECOND), matched)
    assert told(matched) == [("none", "match")]
    decides(alice, [], at=T0 + HOUR + MINUTE)
    decides(alice, [], at=T0 + 2 * HOUR)
    assert told(matched) == [("none", "match"), ("none", "person")]


def test_that_match_is_never_made_again(
    lumen: Platform, claim: Claim, second: ItemRevision, alice: User
) -> None:
    own = splits(claim, second)
    withdraw(second.item, at=T0 + HOUR + MINUTE)
    decides(alice, [], at=T0 + HOUR + MINUTE)
    anew = take_in(lumen, sent("b", revision=2), at=T0 + 2 * HOUR)
    assert (anew.status, told(anew)) == ("waiting", [])
    assert anew.case_id not in {own.pk, claim.job.case_ref}


def test_nor_while_the_other_case_is_still_open_and_nobody_joins_it_there(
    lumen: Platform, claim: Claim, second: ItemRevision
) -> None:
    splits(claim, second)
    withdraw(second.item, at=T0 + HOUR + MINUTE)
    anew = take_in(lumen, sent("b", revision=2), at=T0 + 2 * HOUR)
    assert (anew.status, anew.case.revision) == ("waiting", 3)
    third = take_in(lumen, sent("c"), at=T0 + 2 * HOUR)
    assert third.case_id == claim.job.case_ref
    assert take_in(lumen, sent("b"), at=T0 + 2 * HOUR).case_id == anew.case_id


def test_others_are_matched_as_before_and_not_with_what_was_split_off(
    lumen: Platform, claim: Claim, second: ItemRevision, alice: User
) -> None:
    own = splits(claim, second)
    decides(alice, [], at=T0 + HOUR + MINUTE)
    decides(alice, ["HATE"], at=T0 + 2 * HOUR)
    third = take_in(lumen, sent("c"), at=T0 + 3 * HOUR)
    assert (third.case_id == own.pk, told(third)) == (False, [("none", "match")])


def test_the_pair_stands_in_the_database_once(claim: Claim, second: ItemRevision) -> None:
    splits(claim, second)
    pair = SplitMatch.objects.get()
    assert (pair.item, pair.case_id, pair.subject) == (second.item, claim.job.case_ref, claim.subject)
    with pytest.raises(IntegrityError), transaction.atomic():
        SplitMatch.objects.create(
            item=pair.item, case=pair.case, own_case=pair.own_case, subject=uuid.uuid4(), at=T0
        )
    assert AuditRow.objects.get(action="case.split").detail == {"own_case": str(pair.own_case_id)}


def test_the_last_item_cannot_be_split_off(lumen: Platform, alice: User) -> None:
    only = take_in(lumen, sent("x", text="Another."))
    with pytest.raises(NothingToSplit):
        splits(takes(alice, T0 + HOUR + SECOND), only)


def test_nor_one_of_another_case(lumen: Platform, claim: Claim) -> None:
    other = take_in(lumen, sent("x", text="Another."))
    with pytest.raises(NothingToSplit):
        splits(claim, other)


def test_only_the_holder_may(claim: Claim, second: ItemRevision, amina: User) -> None:
    with pytest.raises(NotYourClaim):
        splits(claim, second, subject=subject_of(amina))
    with pytest.raises(ClaimLost):
        splits(claim, second, fence=claim.fence + 1)
