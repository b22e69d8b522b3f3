"""The officer's page of how severe cases are shared: the officer alone, no name, nothing noted. Seen red with another door."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Team, TeamMembership
from queues.models import Queue
from queues.selectors.sharing import last_full_week
from tests import cast
from tests.queues.test_sharing import decided
from tests.web.lead.office import Office

pytestmark = pytest.mark.django_db
ADDRESS = "/officer/sharing/"


@pytest.fixture
def shared(north: Team, photos: Queue) -> None:
    people = [cast.a_user(f"zyx{number}", "moderator", team=north) for number in range(10)]
    TeamMembership.objects.update(effective_from=timezone.now() - timedelta(days=60))
    _, end = last_full_week(timezone.now())
    for user in people[:5]:
        decided(user, photos, 2, at=end - timedelta(days=1))


def test_groups_of_five_are_told_and_nobody_is_named(officer: Office, shared: None) -> None:
    text = officer.opens("/officer/").opens(ADDRESS).text
    assert "The 5 people with the most had about 100 %." in text
    assert "The next 5 people had about 0 %." in text
    assert "zyx" not in text.lower()


def test_of_few_people_it_is_said_that_nothing_is_told(officer: Office, photos: Queue) -> None:
    assert "Fewer than ten people, or fewer than five cases, so not told." in officer.opens(ADDRESS).text


def test_it_is_the_officers_alone_and_only_read(
    lead: Office, representative: Office, moderator: Office, officer: Office
) -> None:
    assert [one.opens(ADDRESS).status for one in (lead, representative, moderator)] == [403] * 3
    assert officer.posts(ADDRESS).status == 405
