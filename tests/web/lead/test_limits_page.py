"""The limits of a team, as a lead changes them: look first, then save; two at once; what cannot be.

Seen red without the comparison of ``seen`` with the line's row, without the ceiling in ``problem_of``, without
``pairs.pair_note``, and with a closed severity and what is not reckoned told as no case. That none of
several is saved when one cannot be: ``tests/moderation/services/test_team_limits.py``.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import User
from queues.selectors import Consequence
from tests import cast
from tests.cast import subject_of
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from web.lead.limit_pages import consequence_sentence
from wellbeing.limits.selectors.overview import team_limits
from wellbeing.limits.services.setting import set_limit
from wellbeing.models import LimitRow

pytestmark = pytest.mark.django_db

HERE = "/lead/limits/"


def in_force(dana: User) -> dict[str, int]:
    team = dana.memberships.get().team_id
    return {line.name: line.value for line in team_limits(team, timezone.now())}


def waiting(dana: User) -> dict[str, int | None]:
    team = dana.memberships.get().team_id
    return {line.name: line.waiting for line in team_limits(team, timezone.now()) if line.waiting}


def was_set(user: User, name: str, value: int, *, days_ago: int = 3, reason: str = "a quiet month") -> None:
    set_limit(
        scope="team",
        scope_ref=str(user.memberships.get().team_id),
        name=name,
        value=value,
        set_by=str(subject_of(user)),
        reason=reason,
        at=timezone.now() - timedelta(days=days_ago),
    )


def test_every_limit_has_its_value_its_field_and_its_bound(lead: Office) -> None:
    text = lead.opens(HERE).text
    assert "Minutes at severity 3 and up 120 min at most 120 min" in text
    assert "Cases of severity 4 60 cases at most 60 cases" in text
    assert "Break after severity 4, minutes 10 min at least 10 min" in text
    assert lead.fields()["value_seconds_3"] == "120"
    assert "Looser holds from each person’s next local day and needs a reason." in text


def test_nothing_is_saved_before_the_second_page(lead: Office, dana: User) -> None:
    lead.opens(HERE).changes(seconds_3="60")
    assert lead.status == 200
    assert (
        "Minutes at severity 3 and up 120 min → to 60 min tighter Holds at once, on every open desk."
        in lead.text
    )
    assert not LimitRow.objects.exists()


def test_a_tighter_value_holds_at_once_and_needs_no_reason(lead: Office, dana: User) -> None:
    lead.opens(HERE).changes(seconds_3="60").changes("save")
    assert lead.status == 302
    assert "The change is saved." in lead.follows().text
    assert in_force(dana)["seconds_3"] == 3600
    row = LimitRow.objects.get()
    assert row.set_by == str(subject_of(dana))


def test_a_looser_value_asks_why_and_waits(lead: Office, dana: User) -> None:
    was_set(dana, "seconds_3", 3600)
    lead.opens(HERE).changes(seconds_3="90")
    assert "60 min → to 90 min looser Holds from each person’s next local day, not before." in lead.text
    lead.changes("save")
    assert lead.status == 422
    assert "Say why, please." in lead.text
    lead.changes("save", reason_seconds_3="\u200f\u202e")
    assert lead.status == 422
    assert "Say why, please." in lead.text
    lead.changes("save", reason_seconds_3="two more people")
    assert lead.status == 302
    assert in_force(dana)["seconds_3"] == 3600
    assert waiting(dana) == {"seconds_3": 5400}
    text = lead.follows().text
    assert "looser: 90 min from each person’s next local day" in text
    assert "“two more people”" in text
    assert "Dana, " in text


def test_a_looser_value_that_waits_is_taken_back(lead: Office, dana: User) -> None:
    was_set(dana, "seconds_3", 3600)
    was_set(dana, "seconds_3", 5400, days_ago=0)
    lead.opens(HERE)
    assert lead.fields()["value_seconds_3"] == "90"
    lead.changes(seconds_3="60")
    assert "stays Takes back the looser value that waits." in lead.text
    lead.changes("save")
    assert waiting(dana) == {}


@pytest.mark.parametrize(
    ("consequence", "says"),
    [
        (Consequence(None), "What it would cost is not told for a team of fewer than 5."),
        (Consequence(0), "No open case would miss its due time because of it."),
        (Consequence(54), "54 open cases would miss their due time."),
        (
            Consequence(0, closes=3, closed_out=7),
            "Severity 3 and up: nobody in the team could take a case. 7 of them are open.",
        ),
        (
            Consequence(2, closes=4, closed_out=7),
            (
                "Severity 4: nobody in the team could take a case. 7 of them are open. "
                "2 open cases would miss their due time."
            ),
        ),
        (
            Consequence(None, closes=3, is_reckoned=False),
            "Severity 3 and up: nobody in the team could take a case. None was open when it was last counted.",
        ),
        (
            Consequence(None, is_reckoned=False),
            "What it would cost in missed due times is not reckoned.",
        ),
    ],
)
def test_what_it_costs_is_said_as_far_as_it_is_reckoned(consequence: Consequence, says: str) -> None:
    assert consequence_sentence(consequence) == says


def test_a_closed_severity_misses_not_nothing(lead: Office, dana: User) -> None:
    for number in range(5):
        cast.a_user(f"person{number}", "moderator", team=dana.memberships.get().team)
    lead.opens(HERE).changes(seconds_3="0")
    assert "Severity 3 and up: nobody in the team could take a case. None was open" in lead.text
    assert "would miss" not in lead.text
    lead.opens(HERE).changes(wellness_seconds="60")
    assert "What it would cost in missed due times is not reckoned." in lead.text


def test_a_red_load_below_its_amber_is_said(lead: Office, dana: User) -> None:
    lead.opens(HERE).changes(load_day_red="100")
    assert (
        "Red (100 points of load) comes before amber (200 points of load) then, so amber is never said first."
        in lead.text
    )
    lead.opens(HERE).changes(load_day_red="200")
    assert "comes before amber" not in lead.text
    lead.opens(HERE).changes(load_day_red="100", load_day_amber="90")
    assert "comes before amber" not in lead.text


def test_a_looser_value_behind_a_tighter_one_is_said(lead: Office, dana: User) -> None:
    was_set(dana, "seconds_3", 20 * 60)
    was_set(dana, "seconds_4", 10 * 60)
    lead.opens(HERE).changes(seconds_4="30")
    held = "No more than 20 min of it can be used: “Minutes at severity 3 and up” is tighter."
    assert held in lead.text
    lead.opens(HERE).changes(seconds_4="20")
    assert "of it can be used" not in lead.text
    lead.opens(HERE).changes(seconds_4="30", seconds_3="30")
    assert "of it can be used" not in lead.text
    lead.opens(HERE).changes(seconds_4="5")
    assert "of it can be used" not in lead.text


@pytest.mark.parametrize("seconds", [90, 61, 1799, 40])
def test_seconds_survive_the_page(lead: Office, dana: User, seconds: int) -> None:
    was_set(dana, "seconds_4", seconds)
    lead.opens(HERE).changes(cases_3="20").changes("save")
    assert in_force(dana)["seconds_4"] == seconds
    assert in_force(dana)["cases_3"] == 20
    assert LimitRow.objects.filter(name="seconds_4").count() == 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("seconds_3", "121", "The organisation allows at most 120 min."),
        ("seconds_3", "99999", "The organisation allows at most 120 min."),
        ("seconds_3", "-1", "Write minutes from 0, like 90."),
        ("seconds_3", "", "Write minutes from 0, like 90."),
        ("seconds_3", "1e3", "Write minutes from 0, like 90."),
        ("cases_3", "1.5", "Write a whole number of cases, from 0."),
        ("cases_3", "151", "The organisation allows at most 150 cases."),
        ("work_rest_seconds", "9", "The organisation allows at least 10 min."),
        ("work_rest_seconds", "121", "A value from 1 min to 120 min makes sense here."),
        ("work_seconds", "0", "A value from 1 s to 1440 min makes sense here."),
    ],
)
def test_a_value_that_cannot_be_is_told_the_number_that_could(
    lead: Office, name: str, value: str, says: str
) -> None:
    lead.opens(HERE).changes(**{name: value, "seconds_4": "20"})
    assert lead.status == 422
    assert says in lead.text
    assert lead.fields()[f"value_{name}"] == value
    assert lead.fields()["value_seconds_4"] == "20"
    assert not LimitRow.objects.exists()


def test_an_amber_value_behind_its_red_one_is_told_the_most_and_nothing_beside_it_is_saved(
    lead: Office, dana: User
) -> None:
    was_set(dana, "load_day_red", 100)
    lead.opens(HERE).changes(load_day_amber="150", seconds_4="20").changes("save")
    assert lead.status == 422
    assert "Amber comes before red: at most 100" in lead.text
    assert (lead.fields()["value_load_day_amber"], lead.fields()["value_seconds_4"]) == ("150", "20")
    assert [row.name for row in LimitRow.objects.all()] == ["load_day_red"]


def test_nor_are_both_saved_that_contradict_each_other_on_one_page(lead: Office) -> None:
    """Seen red while amber was set first, beside the red that went."""
    lead.opens(HERE).changes(load_day_red="100", load_day_amber="150", seconds_4="20").changes("save")
    assert lead.status == 422
    assert "Amber comes before red: at most 100" in lead.text
    assert not LimitRow.objects.exists()


def test_of_two_leads_the_second_sees_the_others_value_beside_theirs(lead: Office, dana: User, north) -> None:
    dora = works_today(cast.a_user("dora", "lead", team=north))
    other = Office(signs_in(dora), dora)
    lead.opens(HERE)
    other.opens(HERE).changes(seconds_3="60").changes("save")
    lead.changes(seconds_3="90", seconds_4="20")
    assert lead.status == 409
    assert (
        "Dora set 60 min while your page was open. Yours is in the field still, and is not saved."
        in lead.text
    )
    assert lead.fields()["value_seconds_3"] == "90"
    assert in_force(dana)["seconds_3"] == 3600
    assert in_force(dana)["seconds_4"] == 1800


def test_who_is_second_between_the_two_pages_overwrites_nothing_and_saves_nothing_half(
    lead: Office, dana: User, north
) -> None:
    dora = works_today(cast.a_user("dora", "lead", team=north))
    lead.opens(HERE).changes(cases_4="30", seconds_3="50")
    Office(signs_in(dora), dora).opens(HERE).changes(seconds_3="60").changes("save")
    lead.changes("save")
    assert lead.status == 409
    assert "Dora set 60 min" in lead.text
    assert in_force(dana)["seconds_3"] == 3600
    assert in_force(dana)["cases_4"] == 60
    lead.changes().changes("save")
    assert in_force(dana)["seconds_3"] == 3000


def test_a_field_that_was_not_touched_overwrites_no_other_leads_value(
    lead: Office, dana: User, north
) -> None:
    dora = works_today(cast.a_user("dora", "lead", team=north))
    lead.opens(HERE)
    Office(signs_in(dora), dora).opens(HERE).changes(seconds_3="60").changes("save")
    lead.changes(seconds_4="20").changes("save")
    assert lead.status == 302
    assert in_force(dana)["seconds_3"] == 3600
    assert in_force(dana)["seconds_4"] == 1200


def test_back_to_the_fields_keeps_what_was_typed(lead: Office) -> None:
    lead.opens(HERE).changes(seconds_3="1:30").changes("edit")
    assert lead.status == 200
    assert lead.fields()["value_seconds_3"] == "1:30"
    assert lead.fields()["value_seconds_4"] == "30"


def test_nothing_changed_is_said(lead: Office) -> None:
    lead.opens(HERE).changes()
    assert "Nothing was changed." in lead.follows().text


@pytest.mark.parametrize("seen", ["", "x", "-1", "٣", "9" * 40, "1.0", "\0"])
def test_a_form_that_was_made_by_hand_breaks_nothing(lead: Office, seen: str) -> None:
    lead.posts(HERE, step="save", value_seconds_3="60", was_seconds_3="120", seen_seconds_3=seen)
    assert lead.status == 409
    lead.posts(HERE, step="save", value_nothing="60")
    assert lead.status == 302
    assert not LimitRow.objects.exists()


def test_a_reason_of_another_is_shown_as_written(lead: Office, dana: User) -> None:
    was_set(dana, "seconds_3", 3600, reason="<script>alert(1)</script>")
    assert b"<script>alert" not in lead.opens(HERE).last.content


def test_a_reason_that_is_too_long_is_told_so_and_nothing_is_saved(lead: Office, dana: User) -> None:
    was_set(dana, "seconds_3", 3600)
    lead.opens(HERE).changes(seconds_3="90", seconds_4="10").changes("save", reason_seconds_3="x" * 1001)
    assert lead.status == 422
    assert "Write at most 1000 characters." in lead.text
    assert LimitRow.objects.count() == 1


def test_the_page_asks_the_database_the_same_number_of_times_whatever_happened(
    lead: Office, dana: User, django_assert_max_num_queries
) -> None:
    for day in range(40, 20, -1):
        was_set(dana, "seconds_3", 3600 + day, days_ago=day)
    with django_assert_max_num_queries(16):
        lead.opens(HERE)


def test_no_page_tells_how_many_limits_others_set(lead: Office) -> None:
    """Limits of all people share a sequence. Bare numbers told how many own limits came between two saves."""
    told = re.findall(r'name="seen_\w+" value="([^"]*)"', lead.opens(HERE).last.content.decode())
    assert told
    assert not any(value.isdigit() for value in told)
