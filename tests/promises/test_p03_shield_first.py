"""P3. Shield first. A rendition exists only on the stage: its address opened by itself gives nothing. Every medium starts shielded whatever its label. No clear pixel leaves the server before an exposure
row for it is committed. Shielded renditions cannot be sharpened back; originals are never served to a browser.

Seen failing with its guards taken away: without ``may_serve`` in ``web.desk.media_views`` (7 of these tests), and with
``web.desk.acts`` showing the next case at ``grey`` (11); without ``is_stage`` in ``web.desk.media_views``, and with
``web.desk.views`` withholding nothing (each the tests about an address that is opened by itself).
"""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from moderation.media.limits import Level
from moderation.media.store import BlobStore
from people.models import User
from queues.models import Queue
from tests.web.desk import scene
from tests.web.desk.scene import SAMPLES, WORDS, Page, a_case_waits, sits_down
from wellbeing.models import Exposure

pytestmark = pytest.mark.django_db

SHIELD_EDGE = 320
SHIELD_SAMPLES = 32
ACTS_THAT_REVEAL_NOTHING = ("cover", "draft", "beat", "worse")


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def alice(alice: User) -> User:
    return scene.works_today(alice)


def picture_in(body: bytes) -> Image.Image | None:
    try:
        image = Image.open(io.BytesIO(body))
        image.load()
    except OSError:
        return None
    return image


def is_clear(body: bytes) -> bool:
    image = picture_in(body)
    return image is not None and (max(image.size) > SHIELD_EDGE or image.mode not in {"1", "L"})


def everything_served(page: Page, *levels: str) -> Iterator[bytes]:
    """Every answer that this page leads to: itself, its picture, and each picture's address at other levels."""
    yield page.last.content
    if page.shown and page.shown.case and page.shown.case.picture:
        address = page.shown.case.picture.src
        for level in ("shielded", *levels):
            yield page.client.get(address.rsplit("/", 1)[0] + f"/{level}").content


@pytest.mark.parametrize("severity", [0, 1, 2, 3, 4])
def test_every_medium_starts_shielded_whatever_its_label(alice: User, photos: Queue, severity: int) -> None:
    a_case_waits(photos, "chelsea.png", severity=severity)
    page = sits_down(alice)
    served = list(everything_served(page, "lens", "grey", "colour", "original"))
    assert any(picture_in(body) for body in served)
    assert not any(is_clear(body) for body in served)


def test_acts_that_reveal_nothing_serve_nothing_clear(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png", severity=2)
    page = sits_down(alice)
    for act in ACTS_THAT_REVEAL_NOTHING:
        page.press(act, worse=3, rationale="words")
        assert not any(is_clear(body) for body in everything_served(page.get(), "grey", "colour"))


def test_text_of_severity_two_and_up_is_not_sent_until_it_is_unfolded(alice: User, photos: Queue) -> None:
    a_case_waits(
        photos,
        "chelsea.png",
        severity=2,
        category="HATE",
        context={"thread": [{"author": "x", "text": "the reply above"}]},
    )
    page = sits_down(alice)
    for words in (WORDS, "my kid saw this", "the reply above"):
        assert words not in page.html
    page.press("show", words="unfold")
    assert Exposure.objects.get(closed_at__isnull=True).with_text
    for words in (WORDS, "my kid saw this", "the reply above"):
        assert words in page.html


def test_no_pixel_leaves_before_its_exposure_row_is_there(
    alice: User, photos: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the bytes are read, the row that allows them stands already."""
    a_case_waits(photos, "chelsea.png")
    rows: list[tuple[str, bool]] = []
    read = BlobStore.open_rendition

    def watched(store: BlobStore, sha256: str, level: Level) -> Any:
        rows.append((level, Exposure.objects.filter(closed_at__isnull=True, level=level).exists()))
        return read(store, sha256, level)

    monkeypatch.setattr(BlobStore, "open_rendition", watched)
    page = sits_down(alice)
    page.picture()
    for level in ("grey", "colour"):
        page.press("show", level=level).picture()
    assert rows == [("shielded", True), ("grey", True), ("colour", True)]


def test_an_address_of_a_level_that_was_not_shown_answers_nothing(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    ladder = ("shielded", "grey", "colour")
    for shown, asked in itertools.product(ladder, ladder):
        page.press("show", level=shown)
        answer = page.client.get(page.shown.case.picture.src.rsplit("/", 1)[0] + f"/{asked}")
        allowed = ladder.index(asked) <= ladder.index(shown)
        assert (shown, asked, answer.status_code) == (shown, asked, 200 if allowed else 404)


def test_a_stopped_exposure_serves_nothing_more(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice).press("show", level="colour")
    address = page.shown.case.picture.src
    Exposure.objects.filter(closed_at__isnull=True).update(closed_at=timezone.now(), closed_reason="test")
    answer = page.client.get(address)
    assert scene.is_nothing(answer)


OPENED_BY_ITSELF = (
    {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin", "Sec-Purpose": "prefetch"},
    {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none", "Range": "bytes=0-"},
)


@pytest.mark.parametrize("beats", ["1", ""])
def test_an_address_that_is_opened_by_itself_gives_nothing(alice: User, photos: Queue, beats: str) -> None:
    """In a second tab, during the exposure and after it, with a script on the page and without."""
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    for level in ("shielded", "grey", "colour"):
        page.press("show", level=level, beats=beats)
        address = scene.address_on_stage(photos, level)
        assert all(scene.is_nothing(page.client.get(address, headers=said)) for said in OPENED_BY_ITSELF)
        if beats:
            assert scene.is_nothing(page.client.get(address))
        page.press("cover")
        assert all(scene.is_nothing(page.client.get(address, headers=said)) for said in OPENED_BY_ITSELF)


@pytest.mark.parametrize("path", ["/desk/", "/desk/?picture=1", "/my-day/", "/break/"])
def test_a_page_that_is_opened_by_itself_holds_nothing_of_a_scripts_stage(
    alice: User, photos: Queue, path: str
) -> None:
    """A second tab, the page's source, what a browser keeps: the script that beats for the stage asks for it, and nobody else."""
    a_case_waits(photos, "chelsea.png", severity=2, category="HATE")
    page = sits_down(alice).press("show", level="grey", words="unfold", beats="1")
    address = scene.address_on_stage(photos, "grey")
    page.get(path)
    assert page.status == 200
    assert WORDS not in page.html
    assert address not in page.html
    refused = page.client.post("/desk/decide", {"beats": "1"})
    assert refused.status_code == 400
    assert WORDS not in refused.content.decode()
    told = page.client.get("/desk/", headers={"X-Respite-Stage": "desk"}).content.decode()
    assert WORDS in told
    assert f'data-picture="{address}"' in told
    assert f'src="{address}"' not in told


def lost_by_sampling(picture: Image.Image) -> float:
    """How far, on average, a picture is from what its 32 samples say of it, in steps of grey."""
    scale = SHIELD_SAMPLES / max(picture.size)
    few = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    again = picture.resize(few, Image.Resampling.BOX).resize(picture.size, Image.Resampling.BICUBIC)
    steps = [abs(one - other) for one, other in zip(picture.tobytes(), again.tobytes(), strict=True)]
    return sum(steps) / len(steps)


@pytest.mark.parametrize("name", ["chelsea.png", "rocket.jpg", "coffee.png", "china.jpg", "astronaut.png"])
def test_the_shield_holds_no_more_than_its_samples(alice: User, photos: Queue, name: str) -> None:
    """Nothing finer than its samples is in the shield, so there is nothing that sharpening could bring back."""
    a_case_waits(photos, name)
    page = sits_down(alice)
    shield = picture_in(page.picture().content)
    grey = picture_in(page.press("show", level="grey").picture().content)
    assert shield
    assert grey
    assert max(shield.size) <= SHIELD_EDGE
    assert shield.mode == "L"
    assert lost_by_sampling(shield) < 3
    assert lost_by_sampling(shield) < lost_by_sampling(grey.resize(shield.size)) / 2


def test_the_original_is_never_served(alice: User, photos: Queue) -> None:
    original = (SAMPLES / "chelsea.png").read_bytes()
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    for level in ("shielded", "grey", "colour"):
        page.press("show", level=level)
        served = [*everything_served(page, "original", "raw", ""), page.picture().content]
        assert original not in served
        assert not any(original[8:200] in body for body in served)
