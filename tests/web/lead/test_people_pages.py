"""What a lead may set for one person, and what they may not learn by it.

Seen red without the exclusion of ``own`` in ``holds_for_person``.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import User
from tests.cast import subject_of
from tests.web.lead.office import Office
from web.lead.seen import sealed
from wellbeing.limits.services import requests
from wellbeing.limits.services.setting import set_limit
from wellbeing.models import LimitRequest, LimitRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def about_alice(lead: Office, alice: User) -> Office:
    return lead.opens(f"/lead/people/{alice.pk}/")


def sets(
    lead: Office, alice: User, value: str, *, name: str = "seconds_3", reason: str = "a hard week", **more
) -> Office:
    return lead.posts(f"/lead/people/{alice.pk}/tighten/", name=name, value=value, reason=reason, **more)


def asks(lead: Office, alice: User, value: str, *, reason: str = "as she asked") -> Office:
    return lead.posts(f"/lead/people/{alice.pk}/ask/", name="seconds_3", value=value, reason=reason)


def alice_sets_own(alice: User, value: int) -> None:
    set_limit(
        scope="own",
        scope_ref=str(subject_of(alice)),
        name="seconds_3",
        value=value,
        set_by=str(subject_of(alice)),
        reason="",
        at=timezone.now() - timedelta(hours=1),
    )


def test_the_team_is_a_list_of_names(lead: Office, alice: User, amina: User, charlie: User) -> None:
    text = lead.opens("/lead/people/").text
    assert "Alice" in text
    assert "Charlie" not in text


def test_the_rules_are_said_in_full(about_alice: Office) -> None:
    for rule in (
        "It only tightens",
        "The person is told who set it, and why.",
        "It ends after 28 days, unless it is set again.",
        "The person can ask the wellbeing officer to look at it.",
        "Paid hours stay as they are.",
        "The team does not see it.",
    ):
        assert rule in about_alice.text


def test_a_tighter_value_is_set_with_name_and_reason(about_alice: Office, alice: User) -> None:
    text = sets(about_alice, alice, "30").follows().text
    assert "It holds now. Alice is told." in text
    assert "Minutes at severity 3 and up “a hard week” 30 min Dana, " in text
    row = LimitRow.objects.get(scope="person")
    assert (row.scope_ref, row.value, row.reason) == (str(subject_of(alice)), 1800, "a hard week")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"value": "120"}, "For one person a value only tightens. 120 min holds, so write less."),
        ({"value": "500"}, "The organisation allows at most 120 min."),
        ({"value": "-1"}, "Write minutes from 0, like 90."),
        ({"value": "30", "reason": " "}, "This field is required."),
        ({"value": "30", "reason": "\u200f"}, "Say why, please."),
        ({"value": "30", "reason": "x" * 1001}, "at most 1000 characters"),
        ({"value": "30", "name": "seconds_9"}, "Select a valid choice."),
        ({"value": "10", "name": "work_rest_seconds"}, "10 min holds, so write more."),
        ({"value": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_said_at_the_form(about_alice: Office, alice: User, fields, says: str) -> None:
    sets(about_alice, alice, **fields)
    assert about_alice.status == 422
    assert says in about_alice.text
    assert not LimitRow.objects.exists()


def test_a_value_is_renewed(about_alice: Office, alice: User) -> None:
    sets(about_alice, alice, "30").follows()
    row = LimitRow.objects.get()
    assert sets(about_alice, alice, "30", seen_seconds_3=sealed(row.pk)).status == 302
    assert LimitRow.objects.count() == 2


def test_another_lead_who_was_first_is_told(about_alice: Office, alice: User) -> None:
    sets(about_alice, alice, "60")
    first = LimitRow.objects.get().pk
    sets(about_alice, alice, "50", seen_seconds_3=sealed(first))
    sets(about_alice, alice, "40", seen_seconds_3=sealed(first))
    assert about_alice.status == 409
    assert "Somebody set this limit while your page was open." in about_alice.text
    assert list(LimitRow.objects.order_by("id").values_list("value", flat=True)) == [3600, 3000]


def test_the_persons_own_tighter_limit_never_shows(about_alice: Office, alice: User) -> None:
    alice_sets_own(alice, 4711)
    pages = [
        about_alice.opens(f"/lead/people/{alice.pk}/"),
        sets(about_alice, alice, "121"),
        sets(about_alice, alice, "119"),
    ]
    assert about_alice.status == 302, "119 min is tighter than the team's 120, whatever Alice set for herself"
    for page in [*pages, about_alice.follows()]:
        assert "78:31" not in page.last.content.decode()
        assert "78 min" not in page.last.content.decode()


def test_a_looser_value_is_asked_and_only_a_yes_changes_anything(about_alice: Office, alice: User) -> None:
    assert "Ask for a looser value" not in about_alice.text
    sets(about_alice, alice, "30")
    text = asks(about_alice, alice, "60").follows().text
    assert "Asked. Nothing changes unless Alice says yes." in text
    assert "60 min, asked" in text
    asked = LimitRequest.objects.get()
    requests.answer(request_id=asked.pk, subject=subject_of(alice), agrees=False, at=timezone.now())
    assert "declined" in about_alice.opens(f"/lead/people/{alice.pk}/").text
    assert LimitRow.objects.get().value == 1800
    asks(about_alice, alice, "60")
    again = LimitRequest.objects.get(answered_at__isnull=True)
    requests.answer(request_id=again.pk, subject=subject_of(alice), agrees=True, at=timezone.now())
    text = about_alice.opens(f"/lead/people/{alice.pk}/").text
    assert "agreed" in text
    assert "looser: 60 min from the next local day" in text


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("20", "That is not looser than what holds."),
        ("121", "The organisation allows at most 120 min."),
        ("x", "Write minutes from 0, like 90."),
    ],
)
def test_a_question_that_makes_no_sense_is_not_asked(
    about_alice: Office, alice: User, value: str, says: str
) -> None:
    sets(about_alice, alice, "30")
    asks(about_alice, alice, value)
    assert about_alice.status == 422
    assert says in about_alice.text
    assert not LimitRequest.objects.exists()


def test_a_question_is_asked_with_a_reason_that_can_be_seen(about_alice: Office, alice: User) -> None:
    sets(about_alice, alice, "30")
    asks(about_alice, alice, "60", reason="\u200f\u202e")
    assert about_alice.status == 422
    assert "Say why, please." in about_alice.text
    assert not LimitRequest.objects.exists()


def test_only_what_a_lead_set_can_be_asked_to_be_looser(about_alice: Office, alice: User) -> None:
    """Also on the page that comes back with a refusal, and whatever Alice set for herself."""
    alice_sets_own(alice, 4711)
    sets(about_alice, alice, "30")
    for page in (about_alice.opens(f"/lead/people/{alice.pk}/"), asks(about_alice, alice, "20")):
        ((_group, offered),) = page.last.context["looser"].fields["name"].choices
        assert [name for name, _label in offered] == ["seconds_3"]


def test_without_a_leads_value_there_is_nothing_to_ask(about_alice: Office, alice: User) -> None:
    alice_sets_own(alice, 60)
    asks(about_alice, alice, "60")
    assert "No value that a lead set holds for this person" in about_alice.text


def test_the_page_costs_the_same_whatever_was_set(
    about_alice: Office, alice: User, django_assert_max_num_queries
) -> None:
    for value in ("60", "50", "40"):
        sets(about_alice, alice, value)
    with django_assert_max_num_queries(24):
        about_alice.opens(f"/lead/people/{alice.pk}/")
