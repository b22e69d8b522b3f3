"""P8, P7. What people keep away from themselves changes nothing on any page of a lead: not at once, not by asking 'what if'
again and again, not by tightening everybody else, and not by looking each second.

Two houses are lived in side by side by the clock: in the one everybody but one keeps severity 4 away, each in a way of
their own; in the other nobody does. Seen red with own limits, or opt-outs, asked by the board.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from people.models import Team, User
from queues.models import Job, Queue
from queues.selectors import board
from tests import cast
from tests.cast import subject_of
from tests.queues.test_board import WAYS, keeps_away
from tests.queues.work import a_case_comes_in, counts_anew
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in

pytestmark = pytest.mark.django_db

TIMES = re.compile(r"\d\d?:\d\d")
HOURS = timedelta(hours=3)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def lead(dana: User) -> Office:
    return Office(signs_in(works_today(dana)), dana)


@pytest.fixture
def people(north: Team, photos: Queue, now: datetime) -> list[User]:
    """Six at work today; and severe cases of three hours ago."""
    found = [works_today(cast.a_user(f"person{number}", "moderator", team=north)) for number in range(6)]
    for number in range(5):
        a_case_comes_in(photos, at=now - HOURS, severity=4, language="en", due_at=now + number * HOURS)
    return found


def looks(lead: Office, people: list[User], now: datetime) -> Iterator[str]:
    """Open all that a lead may open or ask, and what it says, but for times of the clock."""
    counts_anew(now)
    for address in (
        "/lead/",
        f"/lead/queues/{Queue.objects.get().pk}/",
        "/lead/limits/",
        "/lead/presets/",
        "/lead/presets/volunteer/",
        "/lead/presets/specialist/",
        "/lead/shifts/",
        "/lead/history/",
        "/lead/people/",
        *(f"/lead/people/{one.pk}/" for one in people),
    ):
        yield TIMES.sub("", lead.opens(address).text)
    for minutes in ("0", "5", "30"):
        lead.opens("/lead/limits/")
        yield TIMES.sub("", lead.changes(seconds_4=minutes, cases_4="1").text)


def tightens(lead: Office, one: User, minutes: str = "0") -> None:
    lead.posts(f"/lead/people/{one.pk}/tighten/", name="seconds_4", value=minutes, reason="a look")
    assert lead.status == 302


def keep_it_away(people: list[User]) -> None:
    for one, way in zip(
        people, ["own limit", "agreement", "lighter_queue", "rest_day", "category:GORE"], strict=True
    ):
        assert way in WAYS
        keeps_away(one, way)


def test_nothing_on_any_page_depends_on_it(lead: Office, people: list[User], now: datetime) -> None:
    before = list(looks(lead, people, now))
    assert any("nobody took it" in text for text in before)
    keep_it_away(people[:5])
    assert list(looks(lead, people, now)) == before


def test_who_tightens_the_limit_of_the_one_that_is_left_sees_what_their_own_limit_does(
    lead: Office, people: list[User], now: datetime
) -> None:
    """The others keep it away; by roster and limits they could take it, and that is all that is told."""
    keep_it_away(people[:5])
    tightens(lead, people[5])
    at = timezone.now()
    counts_anew(at)
    text = lead.opens("/lead/").text
    assert "Nobody is available" not in text
    (line,) = board(lead.user.memberships.get().team_id, at)
    assert (line.nobody_available, line.untaken) == (False, True)


def test_who_tightens_one_after_the_other_reads_their_own_limits_and_no_more(
    lead: Office, people: list[User], now: datetime
) -> None:
    keep_it_away(people[:5])
    told = []
    for one in people:
        tightens(lead, one)
        counts_anew(timezone.now())
        text = lead.opens("/lead/").text
        told.append(("Nobody is available" in text, "nobody took it" in text))
    # Of five it is told that nobody took it, of fewer not; and that nobody is available when the lead closed it for all.
    assert told == [
        (False, True),
        (False, False),
        (False, False),
        (False, False),
        (False, False),
        (True, False),
    ]


def test_a_case_that_comes_and_goes_between_desks_moves_no_page(
    lead: Office, people: list[User], now: datetime
) -> None:
    before = list(looks(lead, people, now))
    Job.objects.filter(pk=Job.objects.order_by("pk").values("pk")[:1]).update(state="claimed", fence=1)
    assert list(looks(lead, people, now)) == before


def test_the_subject_of_nobody_is_on_the_board(lead: Office, people: list[User], now: datetime) -> None:
    assert not [text for text in looks(lead, people, now) if str(subject_of(people[0])) in text]
