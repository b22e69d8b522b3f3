"""Which case an item joins, and what becomes of its label."""

from datetime import timedelta

import pytest

from moderation.exceptions import ExternalIdConflict, ItemInvalid
from moderation.models import Answer, Case, CategoryVersion, ItemRevision
from queues.models import Job, JobState
from tests.cast import T0
from tests.moderation.api.caller import a_policy, picture
from tests.moderation.services.steps import an_item, decided, pictures, take_in


@pytest.fixture(autouse=True)
def media_root(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def policy(photos):
    return a_policy(photos)


# ── joining ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_content_decided_under_the_policy_in_force_is_answered_as_a_match(lumen, policy) -> None:
    first = take_in(lumen, an_item("a"))
    decision = decided(first.case, policy)
    second = take_in(lumen, an_item("b"), at=T0 + timedelta(days=3))
    assert second.case == first.case
    assert second.status == "decided"
    answer = Answer.objects.get(revision=second)
    assert (answer.decision, answer.decided_by) == (decision, "match")
    assert Job.objects.count() == 1


def test_content_decided_under_an_older_policy_is_looked_at_again(lumen, photos, policy) -> None:
    first = take_in(lumen, an_item("a"))
    decided(first.case, policy)
    a_policy(photos, version=2, at=T0 + timedelta(days=1))
    second = take_in(lumen, an_item("b"), at=T0 + timedelta(days=2))
    assert second.case != first.case
    assert second.status == "waiting"
    assert Job.objects.count() == 2


def test_content_whose_decision_is_still_provisional_waits_for_it(lumen, policy) -> None:
    first = take_in(lumen, an_item("a"))
    decided(first.case, policy, state="provisional")
    second = take_in(lumen, an_item("b"))
    assert (second.case, second.status) == (first.case, "waiting")
    assert Job.objects.count() == 1


def test_withdrawn_content_opens_a_new_case(lumen, policy) -> None:
    first = take_in(lumen, an_item("a"))
    Case.objects.update(state="withdrawn")
    assert take_in(lumen, an_item("b")).case != first.case


def test_a_new_case_of_old_content_keeps_the_severity_that_moderators_gave_it(lumen, photos, policy) -> None:
    first = take_in(lumen, an_item("a"))
    decided(first.case, policy)
    Case.objects.update(severity=4)
    a_policy(photos, version=2, at=T0)
    second = take_in(lumen, an_item("b"))
    assert (second.case.severity, second.case.labelled_severity, second.severity) == (4, 0, 0)


def test_the_order_of_media_is_part_of_the_content(lumen, policy) -> None:
    one, two = picture("rocket.jpg"), picture("china.jpg")
    first = take_in(lumen, an_item("a", media=pictures(one, two)))
    second = take_in(lumen, an_item("b", media=pictures(two, one)))
    assert first.case != second.case


# ── external ids and revisions ───────────────────────────────────────────────────────────────────────────────────


def test_a_lower_or_equal_revision_with_other_content_is_a_conflict(lumen, policy) -> None:
    take_in(lumen, an_item(revision=3))
    for revision in (None, 1, 3):
        with pytest.raises(ExternalIdConflict):
            take_in(lumen, an_item(text="Other.", revision=revision))


def test_a_decided_item_may_come_again_changed(lumen, policy) -> None:
    first = take_in(lumen, an_item())
    decided(first.case, policy)
    ItemRevision.objects.update(status="decided")
    second = take_in(lumen, an_item(text="Changed.", revision=2))
    assert (second.status, second.number) == ("waiting", 2)
    first.refresh_from_db()
    assert first.status == "decided"


def test_what_was_withdrawn_begins_anew_only_with_a_higher_revision(lumen, policy) -> None:
    first = take_in(lumen, an_item())
    ItemRevision.objects.update(status="withdrawn")
    Case.objects.update(state="withdrawn")
    assert take_in(lumen, an_item()) == first
    second = take_in(lumen, an_item(revision=2))
    assert (second.number, second.status) == (2, "waiting")


def test_a_replaced_revision_leaves_the_case_to_the_others_in_it(lumen, policy) -> None:
    take_in(lumen, an_item("a"))
    other = take_in(lumen, an_item("b"))
    take_in(lumen, an_item("a", text="Changed.", revision=2))
    other.case.refresh_from_db()
    assert other.case.state == "open"
    assert Job.objects.get(case_ref=other.case_id).state != JobState.ENDED


def test_a_replaced_revision_says_by_what(lumen, policy) -> None:
    first = take_in(lumen, an_item("a"))
    take_in(lumen, an_item("a", text="Changed.", revision=7))
    first.refresh_from_db()
    assert (first.status, first.status_reason) == ("withdrawn", "Replaced by revision 7.")
    assert Job.objects.get(case_ref=first.case_id).state == JobState.ENDED


# ── hurry ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_item_again_only_hurries(lumen, policy) -> None:
    later, sooner = T0 + timedelta(hours=9), T0 + timedelta(hours=2)
    take_in(lumen, an_item(priority=10, due_at=later))
    before = Job.objects.get().sort_key
    again = take_in(lumen, an_item(priority=5, due_at=sooner))
    assert (again.priority, again.due_at) == (10, sooner)
    assert Job.objects.get().sort_key < before
    slower = take_in(lumen, an_item(priority=0, due_at=None))
    assert (slower.priority, slower.due_at) == (10, sooner)


def test_a_joining_item_hurries_the_job_of_the_case(lumen, policy) -> None:
    take_in(lumen, an_item("a"))
    before = Job.objects.get().sort_key
    take_in(lumen, an_item("b", priority=80))
    assert Job.objects.get().sort_key < before


# ── labels ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_lower_label_changes_nothing(lumen, policy) -> None:
    take_in(lumen, an_item("a", category="GORE"))
    take_in(lumen, an_item("b"))
    assert Case.objects.get().severity == Job.objects.get().lane.severity == 3


def test_a_severity_that_comes_into_force_later_holds_from_then_on(lumen, policy) -> None:
    CategoryVersion.objects.create(
        category_id="SPAM_FRAUD", severity=2, flags="T", effective_from=T0 + timedelta(days=1)
    )
    assert take_in(lumen, an_item("a", text="a")).severity == 0
    assert take_in(lumen, an_item("b", text="b"), at=T0 + timedelta(days=1)).severity == 2


def test_hints_and_scores_raise_the_severity(lumen, policy) -> None:
    hinted = take_in(lumen, an_item("a", text="a", hints=frozenset({"live"})))
    scored = take_in(lumen, an_item("b", text="b", scores={"GORE": 0.5, "VIO_KILL": 0.49}))
    assert (hinted.severity, scored.severity) == (1, 3)


@pytest.mark.parametrize(
    "fields", [{"category": "CSAM"}, {"scores": {"CSAM": 0.5}}, {"category": "NONE"}, {"queue": "none"}]
)
def test_what_this_installation_does_not_take_is_refused(lumen, policy, fields) -> None:
    with pytest.raises(ItemInvalid):
        take_in(lumen, an_item(**fields))


def test_a_low_score_of_a_category_that_is_switched_off_is_no_reason_to_refuse(lumen, policy) -> None:
    assert take_in(lumen, an_item(scores={"CSAM": 0.01})).status == "waiting"


def test_the_language_of_the_lane_is_the_language_alone(lumen, policy) -> None:
    take_in(lumen, an_item(language="pt-BR"))
    assert Job.objects.get().lane.language == "pt"
