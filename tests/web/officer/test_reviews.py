"""The six-month review: officers and representatives are reminded, record it together, and read what was held.

Seen red without ``is_due`` two weeks ahead, and with the operator let in by ``reviewer_for``.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from people.models import Organisation, RoleGrant, User
from tests import cast
from tests.cast import subject_of
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from tests.web.officer.steps import ahead
from wellbeing.limits.rules.reviews import due_after
from wellbeing.models import LimitReview

pytestmark = pytest.mark.django_db

HERE = "/reviews/"
WORDS = "We looked at every limit."


def installed(on: date) -> None:
    """The organisation was set up on a date."""
    cast.an_organisation()
    # Not later than now, whatever the time of day: a role that is yet to come opens no page.
    at = min(datetime(on.year, on.month, on.day, 12, tzinfo=UTC), timezone.now())
    Organisation.objects.update(created_at=at)
    RoleGrant.objects.update(granted_at=at)


def due_in(days: int) -> None:
    """Lay the installation so that the first review is due so many days from now, or up to three days earlier.

    No day lies six months before the last days of a longer month.
    """
    wanted = ahead(days)
    on = next(
        start
        for start in (wanted - timedelta(days=number) for number in range(178, 190))
        if due_after(start) <= wanted
    )
    installed(on)


def records(who: Office, present: User | None, **fields: object) -> Office:
    named = {"held_with": str(subject_of(present))} if present else {}
    return who.posts(HERE, **{"seen": 0, "held_on": ahead(0), "words": WORDS, **named, **fields})


def test_nothing_reminds_before_it_is_time(officer: Office, representative: Office) -> None:
    installed(timezone.now().date())
    assert "The next review of the limits is due " in officer.opens("/officer/").text
    assert "review of the limits" not in representative.opens("/safeguard/").text
    assert "The next review of the limits is due " in representative.opens(HERE).text


@pytest.mark.parametrize(("days", "says"), [(10, "is due "), (-3, "was due ")])
def test_both_are_reminded_two_weeks_ahead_and_when_overdue(
    officer: Office, representative: Office, moderator: Office, days: int, says: str
) -> None:
    due_in(days)
    reminded = f"The review of the limits {says}"
    assert reminded in officer.opens("/officer/").text
    assert reminded in officer.opens("/safeguard/").text
    assert reminded in representative.opens("/safeguard/").text
    assert reminded in representative.opens(HERE).text
    assert reminded not in moderator.opens("/safeguard/").text


def test_the_officer_records_it_with_the_representative(officer: Office, representative: Office) -> None:
    records(officer, representative.user)
    text = officer.follows().text
    assert "It is written down." in text
    assert "Waits for Rosa" in text
    assert "Rosa signs, or objects." in text
    assert "Wim and Rosa" not in text
    assert "Sign it as the second person" not in text
    assert WORDS in representative.opens(HERE).text
    assert "waits for a second signature" in representative.opens("/safeguard/").text
    representative.posts(f"{HERE}sign/", seen=0, fold=1)
    assert "Wim and Rosa, both signed" in representative.follows().text


def test_who_was_named_objects_and_the_page_says_so(officer: Office, representative: Office) -> None:
    records(officer, representative.user)
    representative.posts(f"{HERE}object/", seen=0, fold=1, words="I was not there.")
    text = representative.follows().text
    assert "You objected." in text
    for page in (text, officer.opens(HERE).text):
        assert "it was not as it was written down. Nothing was held." in page
        assert "“I was not there.”" in page
        assert "Held before None yet." in page
    records(officer, representative.user)
    assert "“I was not there.”" not in officer.follows().text


def test_a_second_officer_does_not_sign_for_the_one_who_was_named(
    officer: Office, second_officer: Office, representative: Office
) -> None:
    records(officer, representative.user)
    assert "Sign it as the second person" not in second_officer.opens(HERE).text
    for act in ("sign", "object"):
        second_officer.posts(f"{HERE}{act}/", seen=0, fold=1)
        assert "Whoever was named as having been there signs it" in second_officer.follows().text
    assert not LimitReview.objects.filter(recorded_at__isnull=False).exists()


def test_a_review_from_before_says_who_named_whom(officer: Office, representative: Office) -> None:
    records(officer, representative.user)
    LimitReview.objects.update(recorded_at=timezone.now())
    assert "Wim, who named Rosa" in officer.opens(HERE).text


def test_the_representative_records_it_with_the_officer(officer: Office, representative: Office) -> None:
    assert "Wim" in representative.opens(HERE).text
    records(representative, officer.user)
    assert "Waits for Wim" in representative.follows().text
    officer.posts(f"{HERE}sign/", seen=0, fold=1)
    assert "Rosa and Wim, both signed" in officer.follows().text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"held_on": ahead(2)}, "A review is recorded once it was held"),
        ({"held_on": ahead(-366)}, "A review is written down within a year"),
        ({"held_on": ""}, "This field is required."),
        ({"words": ""}, "This field is required."),
        ({"words": "x" * 4001}, "at most 4000 characters"),
        ({"held_with": ""}, "This field is required."),
        ({"held_with": "somebody"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_told(
    officer: Office, representative: Office, fields: dict[str, object], says: str
) -> None:
    records(officer, representative.user, **fields)
    assert officer.status == 422
    assert says in officer.text
    assert not LimitReview.objects.filter(recorded_at__isnull=False).exists()


def test_who_comes_second_is_told(officer: Office, representative: Office) -> None:
    records(officer, representative.user)
    records(representative, officer.user)
    assert representative.status == 409
    assert "Somebody changed this review while your page was open." in representative.text


def test_while_nobody_is_elected_a_second_officer_signs(officer: Office, second_officer: Office) -> None:
    assert "Nobody is elected representative. Write it down here" in officer.opens(HERE).text
    records(officer, None)
    assert "Waits for a second signature" in officer.follows().text
    assert "Sign it as the second person" not in officer.text
    assert "waits for a second signature" in second_officer.opens("/officer/").text
    officer.posts(f"{HERE}sign/", seen=0, fold=1)
    assert "You wrote it down, so somebody else signs." in officer.follows().text
    assert "Sign it as the second person" in second_officer.opens(HERE).text
    second_officer.posts(f"{HERE}sign/", seen=0, fold=1)
    assert "Wim and Willa" in second_officer.follows().text


def test_what_waits_for_a_signature_is_taken_back(officer: Office, second_officer: Office) -> None:
    records(officer, None)
    assert "Take it back" not in second_officer.opens(HERE).text
    second_officer.posts(f"{HERE}take-back/", seen=0, fold=1)
    assert "only they and who wrote it down take it back" in second_officer.follows().text
    officer.posts(f"{HERE}take-back/", seen=0, fold=1)
    text = officer.follows().text
    assert "Taken back." in text
    assert "Taken back before it was signed" in text
    assert f"“{WORDS}”" in text
    assert "Record a review that was held" in officer.opens(HERE).text
    for seen in ("0", "x", ""):
        officer.posts(f"{HERE}sign/", seen=seen, fold=1)
        assert "Somebody changed this review" in officer.follows().text


def test_a_representative_without_an_officer_is_told(representative: Office) -> None:
    assert "There is no second one yet." in representative.opens(HERE).text


@pytest.mark.parametrize("role", ["moderator", "lead", "auditor", "operator"])
def test_nobody_else_comes_in(wim: User, north, role: str) -> None:
    client = signs_in(works_today(cast.a_user("somebody", role, team=north)))
    assert client.get(HERE).status_code == 403
    for address in (HERE, f"{HERE}sign/", f"{HERE}object/", f"{HERE}take-back/"):
        assert client.post(address, {"seen": 0, "fold": 1}).status_code == 403


def test_methods_are_kept(officer: Office) -> None:
    assert officer.client.put(HERE).status_code == 405
    assert officer.client.get(f"{HERE}sign/").status_code == 405
