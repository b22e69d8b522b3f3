import io
import uuid
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from PIL import Image

from moderation.models import BlobState
from people.models import RoleGrant, User
from queues.models import Queue
from tests.web.desk import scene
from tests.web.desk.scene import SAMPLES, a_break_is_due, a_case_waits, sits_down
from web.desk.asked_by import HEADER
from web.desk.media_views import HEADERS
from wellbeing.models import Exposure

pytestmark = pytest.mark.django_db


def decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def is_private(answer: HttpResponseBase) -> bool:
    """Say whether it is kept by nobody; other middlewares may vary it by more."""
    return all(answer.headers.get(name, "").startswith(value) for name, value in HEADERS.items())


def is_clear_picture(answer: Any) -> bool:
    return answer.status_code == 200 and max(decoded(answer.content).size) > 320


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
    answer = getattr(page.client, method)(page.shown.case.picture.src)
    assert answer.status_code == 405
    assert is_private(answer)


def test_every_refusal_is_as_private_as_the_picture(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    address = page.shown.case.picture.src
    page.press("cover")
    for answer in (page.client.get(address), Client().get(address)):
        assert is_private(answer)


def test_a_question_whether_it_changed_is_answered_with_all_or_nothing(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    address = page.shown.case.picture.src
    asked = {"If-None-Match": "*", "If-Modified-Since": "Sun, 29 Nov 2037 12:00:00 GMT"}
    answer = page.client.get(address, headers=asked)
    assert (answer.status_code, answer.headers.get("ETag"), answer.headers.get("Last-Modified")) == (
        200,
        None,
        None,
    )
    page.press("cover")
    assert scene.is_nothing(page.client.get(address, headers=asked))


def test_an_exposure_of_a_script_is_served_to_the_header_that_names_it(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice).press("show", level="grey", beats="1")
    address, named = scene.address_on_stage(photos, "grey"), scene.stage_headers()
    assert decoded(page.client.get(address, headers=named).content).mode == "L"
    as_browsers_say = named | {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"}
    assert page.client.get(address, headers=as_browsers_say).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {},  # an address that is opened, over plain HTTP
        {"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "same-origin"},  # an <img>
        {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"},  # a second tab
        {HEADER: "desk"},  # a page, as the script asks for it
        {HEADER: str(uuid.uuid4())},  # another exposure
        {HEADER: "mine", "Sec-Fetch-Dest": "image"},
        {HEADER: "mine", "Sec-Fetch-Site": "cross-site"},
        {HEADER: "mine", "Sec-Fetch-Site": "same-site"},
        {HEADER: "mine", "Sec-Fetch-Dest": "document"},
    ],
)
def test_an_exposure_of_a_script_is_served_to_nothing_else(
    alice: User, photos: Queue, said: dict[str, str]
) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice).press("show", level="grey", beats="1")
    mine = scene.stage_headers()
    named = said | (mine if said.get(HEADER) == "mine" else {})
    assert scene.is_nothing(page.client.get(scene.address_on_stage(photos, "grey"), headers=named))


@pytest.mark.parametrize(
    ("said", "is_served"),
    [
        ({}, True),  # plain HTTP beyond this machine: browsers say nothing
        ({"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Dest": "image"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Dest": "document"}, False),
        ({"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "none"}, False),
    ],
)
def test_an_exposure_without_a_script_is_served_to_an_img_of_our_own(
    alice: User, photos: Queue, said: dict[str, str], is_served: bool
) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice).press("show", level="grey")
    answer = page.client.get(page.shown.case.picture.src, headers=said)
    assert is_clear_picture(answer) if is_served else scene.is_nothing(answer)


def test_a_kept_address_answers_nothing_once_the_case_is_covered(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    address = page.shown.case.picture.src
    page.press("cover")
    answer = page.client.get(address)
    assert scene.is_nothing(answer)


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
    assert scene.is_nothing(answer)


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
