"""How far labels were off, as leads and the officer read it."""

from uuid import uuid4

import pytest
from django.utils import timezone

from moderation.models import Decision
from moderation.rules.off_labels import stretch_before
from people.models import Platform, Team, User
from queues.models import Queue
from tests.cast import a_queue, a_team
from tests.moderation.services.test_off_labels import decided

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def four_weeks(photos: Queue) -> None:
    start, _end = stretch_before(timezone.now())
    decided(photos, times=20, labelled=0, found=0, at=start)
    decided(photos, times=6, labelled=0, found=3, at=start)


def test_a_lead_reads_it_on_the_board(dana: User, client, photos: Queue) -> None:
    client.force_login(dana)
    page = client.get("/lead/").content.decode()
    assert "about 25" in page
    assert page.count("about 5") == 2


def test_the_officer_reads_it_on_the_first_page_and_it_names_nobody(wim: User, client) -> None:
    client.force_login(wim)
    page = client.get("/officer/").content.decode()
    assert "about 25" in page
    assert not any(str(subject) in page for subject in Decision.objects.values_list("subject", flat=True))


def test_a_lead_reads_nothing_of_a_platform_that_their_team_does_not_work_for(
    dana: User, client, photos: Queue
) -> None:
    elsewhere = a_queue(
        platform=Platform.objects.create(name="Ember", created_at=timezone.now()),
        team=a_team("South"),
        name="E",
    )
    decided(elsewhere, times=10, labelled=0, found=1, at=stretch_before(timezone.now())[0])
    client.force_login(dana)
    assert "Ember" not in client.get("/lead/").content.decode()


def test_where_too_few_decided_no_figure_is_told(dana: User, client, photos: Queue, north: Team) -> None:
    Decision.objects.update(subject=uuid4())
    client.force_login(dana)
    page = client.get("/lead/").content.decode()
    assert "too few people or cases, so not told" in page
    assert "about" not in page.split("off-labels", 1)[1]
