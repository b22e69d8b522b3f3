import io
import uuid

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from moderation.models import BlobState
from people.models import RoleGrant, User
from queues.models import Queue
from tests.web.desk.scene import SAMPLES, a_break_is_due, a_case_waits, sits_down
from wellbeing.models import Exposure

pytestmark = pytest.mark.django_db


def decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_the_shield_is_small_and_grey(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    answer = sits_down(alice).picture()
    image = decoded(answer.content)
    assert max(image.size) <= 320
    assert image.mode == "L"


def test_grey_is_large_and_without_colour_and_colour_has_it(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice).press("show", level="grey")
    grey = decoded(page.picture().content)
    assert max(grey.size) > 320
    assert grey.mode == "L"
    page.press("show", level="colour")
    assert decoded(page.picture().content).mode == "RGB"


def test_it_is_kept_by_nobody_and_runs_nothing(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    answer = sits_down(alice).picture()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_no_level_above_what_is_shown_is_served(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    address = page.shown.case.picture.src
    for level in ("grey", "colour", "original", "lens", "..%2f", ""):
        answer = page.client.get(address.replace("shielded", level))
        assert (level, answer.status_code) == (level, 404)


def test_a_range_is_never_served(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    answer = page.client.get(page.shown.case.picture.src, headers={"Range": "bytes=0-10"})
    assert answer.status_code == 200
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("method", ["post", "head", "put", "delete", "options"])
def test_only_get_is_answered(alice: User, photos: Queue, method: str) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    assert getattr(page.client, method)(page.shown.case.picture.src).status_code == 405


def test_a_kept_address_answers_nothing_once_the_case_is_covered(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    address = page.shown.case.picture.src
    page.press("cover")
    answer = page.client.get(address)
    assert (answer.status_code, answer.content) == (404, b"")


def test_a_kept_address_answers_nothing_once_a_break_is_due(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice).press("show", level="grey")
    address = page.shown.case.picture.src
    assert page.client.get(address).status_code == 200
    a_break_is_due(alice)
    page.press("show", level="grey")
    assert page.client.get(address).status_code == 404


@pytest.mark.parametrize("act", ["skip", "hand-back", "escalate", "too-much", "step-away", "close"])
def test_a_kept_address_answers_nothing_once_the_case_is_gone(alice: User, photos: Queue, act: str) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    address = page.shown.case.picture.src
    page.press(act)
    assert page.client.get(address).status_code == 404


def test_another_moderator_gets_nothing(alice: User, amina: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    address = sits_down(alice).shown.case.picture.src
    answer = sits_down(amina).client.get(address)
    assert (answer.status_code, answer.content) == (404, b"")


def test_who_is_no_moderator_and_who_is_not_signed_in_gets_403_without_a_body(
    alice: User, dana: User, olga: User, photos: Queue
) -> None:
    a_case_waits(photos, "chelsea.png")
    address = sits_down(alice).shown.case.picture.src
    for user in (None, dana, olga):
        client = Client()
        if user:
            client.force_login(user)
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (403, b"")


def test_a_person_who_is_no_moderator_any_more_gets_nothing(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    RoleGrant.objects.filter(user=alice).update(revoked_at=timezone.now())
    assert page.picture().status_code == 403


def test_a_medium_of_another_case_is_not_served_under_this_exposure(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    other = a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    mine = page.shown.case.picture.src
    theirs = mine.replace(mine.split("/")[4], str(other.media[0].id))
    assert page.client.get(theirs).status_code == 404
    assert page.client.get(mine.replace(mine.split("/")[4], str(uuid.uuid4()))).status_code == 404


def test_a_rejected_blob_is_not_served(alice: User, photos: Queue) -> None:
    case = a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    case.media[0].blob.state = BlobState.REJECTED
    case.media[0].blob.save()
    assert page.picture().status_code == 404


def test_bytes_leave_only_after_an_exposure_row_is_there(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    assert Exposure.objects.filter(closed_at__isnull=True, level="shielded").count() == 1
    address = page.shown.case.picture.src
    Exposure.objects.all().delete()
    assert page.client.get(address).status_code == 404


def test_no_answer_of_the_desk_holds_the_original(alice: User, photos: Queue) -> None:
    original = (SAMPLES / "chelsea.png").read_bytes()
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice).press("show", level="colour")
    assert original[:200] not in page.picture().content
    assert decoded(page.picture().content).format == "JPEG"
