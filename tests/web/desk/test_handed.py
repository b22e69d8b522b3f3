"""'What I am handed': opt-outs and the agreement to severity 4, from the page. For the person alone.

Seen red without the look at ``categories_in_force`` (a category that is none was kept) and with ``until`` at the beginning
of the day that was typed.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from people.models import User
from queues.models import Claim, Queue
from tests.cast import subject_of, where_it_is_noon
from tests.web.desk.scene import a_case_waits, sits_down
from wellbeing.choices.selectors.chosen import choices_of
from wellbeing.models import OptOut

pytestmark = pytest.mark.django_db


def post(client: Client, user: User, act: str, **fields: str) -> str:
    client.force_login(user)
    return client.post(f"/handed/{act}", fields, follow=True).content.decode()


def kept(user: User) -> list[tuple[str, str]]:
    return [(line.kind, line.value) for line in choices_of(subject_of(user), at=timezone.now()).opt_outs]


def test_everything_on_the_list_can_be_chosen(client: Client, alice: User, photos: Queue) -> None:
    for what in ("category:GORE", "medium:picture", "sound:", "language:fr", f"queue:{photos.pk}"):
        assert "Nobody is told." in post(client, alice, "keep-away", what=what)
    html = client.get("/handed/").content.decode()
    assert html.count("Hand it to me again") == 5
    assert all(name in html for name in ("Picture", "French", "Everything that has sound", photos.name))


def test_a_case_in_hand_that_it_concerns_goes_back_at_once(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "coffee.png")
    page = sits_down(alice)
    post(page.client, alice, "keep-away", what="category:ACCIDENT")
    assert Claim.objects.get().state == "closed"


def test_it_is_ended_by_hand(client: Client, alice: User) -> None:
    post(client, alice, "keep-away", what="category:GORE")
    assert "may be handed to you again" in post(client, alice, f"{OptOut.objects.get().pk}/again")
    assert kept(alice) == []


def test_a_date_means_to_its_end(client: Client, alice: User) -> None:
    now = timezone.now()
    today = now.date()
    post(client, alice, "keep-away", what="category:GORE", until=today.isoformat())
    until = OptOut.objects.get().until
    assert until is not None
    assert until.astimezone(ZoneInfo(where_it_is_noon(now))).date() == today + timedelta(days=1)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": ""}, "Choose one from the list"),
        ({"what": "category:NOTHING_LIKE_IT"}, "Choose one from the list"),
        ({"what": "queue:987654"}, "Choose one from the list"),
        ({"what": "sound:loud"}, "Choose one from the list"),
        ({"what": "category:GORE", "until": "tomorrow"}, "could not be read"),
        ({"what": "category:GORE", "until": "9999-12-31"}, "could not be read"),
        ({"what": "category:GORE", "until": "2020-01-01"}, "That day is over"),
    ],
)
def test_what_makes_no_sense_is_answered_in_words(
    client: Client, alice: User, fields: dict[str, str], said: str
) -> None:
    assert said in post(client, alice, "keep-away", **fields)
    assert kept(alice) == []


def test_the_agreement_is_given_and_taken_back_in_one_act_each(client: Client, alice: User) -> None:
    assert "Taken back." in post(client, alice, "take-back")
    assert "You had not agreed" in post(client, alice, "take-back")
    assert "Noted." in post(client, alice, "agree")
    assert "You agreed on" in client.get("/handed/").content.decode()


def test_one_person_s_choices_are_not_another_s(client: Client, alice: User, amina: User) -> None:
    post(client, alice, "keep-away", what="category:GORE")
    assert "not there any more" in post(client, amina, f"{OptOut.objects.get().pk}/again")
    assert kept(alice) == [("category", "GORE")]
    assert "Hand it to me again" not in client.get("/handed/").content.decode()


def test_a_lead_has_no_such_page(client: Client, dana: User) -> None:
    client.force_login(dana)
    assert client.get("/handed/").status_code == 403
