"""A new look shows the earlier decision beside it; it may be confirmed, and an item may be split off.

Seen red: with the reason sent while the words are folded, and without the rule that the only item cannot be split off.
"""

import pytest
from django.utils import timezone

from moderation.models import Case, Decision, SplitMatch
from moderation.services.looks import add_reports
from moderation.services.reports import NewReport
from people.models import User
from queues.models import Queue
from tests.moderation.judging import an_item
from tests.web.desk.scene import Page, a_case_waits, returned_work_is_offered, sits_down

pytestmark = pytest.mark.django_db
WHY = "An accident, shown as news."


@pytest.fixture
def again(alice: User, amina: User, photos: Queue) -> Page:
    """Alice decided it; an authority reported it; Amina has it in hand, with another item in it."""
    submitted = a_case_waits(photos, severity=2, category="HATE")
    page = sits_down(alice)
    page.press("decide", category="none", action="none", rationale=WHY)
    page.press("close")
    other = an_item(submitted.case, "another", at=timezone.now())
    add_reports(item=other.item, reports=[NewReport("authority")], at=timezone.now())
    returned_work_is_offered()
    return sits_down(amina)


def test_the_earlier_decision_stands_beside_it_and_names_nobody(again: Page) -> None:
    assert "Decided before" in again.html
    assert "No action: none of these" in again.html
    assert "Looked at again" in again.html
    assert "Alice" not in again.html


def test_why_is_sent_with_the_words_of_the_case_and_not_before(again: Page) -> None:
    assert WHY not in again.html
    again.press("show", level="text")
    assert WHY in again.html


def test_the_items_that_it_answers_for_are_told_by_what_their_platform_said(again: Page) -> None:
    assert "It answers for 2 items" in again.html
    assert "report from an authority" in again.html


def test_it_can_be_confirmed_without_looking(again: Page) -> None:
    again.press("confirm")
    later = Decision.objects.latest("decided_at")
    assert (later.action, later.rationale, later.supersedes) == (
        "none",
        WHY,
        Decision.objects.earliest("decided_at"),
    )
    assert again.shown.kind == "waiting"


def test_confirmed_twice_counts_once(again: Page) -> None:
    fields = again.fields()
    again.press("confirm")
    again.press("confirm", **fields)
    assert Decision.objects.count() == 2


def test_an_item_can_be_split_off(again: Page) -> None:
    item = again.shown.case.earlier.items[1].id
    again.press("split", item=item)
    assert str(SplitMatch.objects.get().item_id) == item
    assert "It gets a look of its own" in again.html
    assert again.shown.case.earlier.items == []
    assert Case.objects.count() == 2


def test_the_only_item_cannot_be_split_off(again: Page) -> None:
    first, second = again.shown.case.earlier.items
    again.press("split", item=second.id)
    again.press("split", item=first.id)
    assert (again.status, again.html.count("Nothing was changed.")) == (409, 1)
    assert SplitMatch.objects.count() == 1


def test_a_first_look_has_nothing_beside_it(alice: User, photos: Queue) -> None:
    a_case_waits(photos)
    page = sits_down(alice)
    assert page.shown.case.earlier is None
    page.press("confirm")
    assert page.status == 409
    assert not Decision.objects.exists()


@pytest.mark.parametrize("act", ["confirm", "split"])
def test_both_need_the_claim(again: Page, act: str) -> None:
    fields = {"claim": "00000000-0000-4000-8000-000000000000", "item": again.shown.case.earlier.items[0].id}
    again.press(act, **fields)
    assert again.status == 404
    assert Decision.objects.count() == 1
