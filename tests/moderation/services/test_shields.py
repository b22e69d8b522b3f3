"""Every shield that leaves has no more samples than are shown today, when it was made whenever (promises P3 and P6).

Seen red without ``made_with <= samples`` (a shield of before was served as it lay there), and without the look at the
stored number in ``_keep`` (a weaker one replaced a stronger one).
"""

import io
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from PIL import Image

from moderation.models import Blob
from moderation.services import shields
from moderation.services.blobs import blob_store
from moderation.services.shields import served_shield
from people.models import User
from people.services.shield import strengthen
from queues.models import Queue
from tests.cast import T0
from tests.web.desk.scene import a_case_waits, sits_down, works_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def sha256(photos: Queue) -> str:
    return a_case_waits(photos, "chelsea.png").media[0].blob_id


def detail(data: bytes | None, samples: int) -> float:
    """How far a picture differs from itself at so many samples, in grey levels: what it shows beyond them."""
    assert data is not None
    picture = Image.open(io.BytesIO(data)).convert("L")
    scale = samples / max(picture.size)
    few = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BOX)
    again = few.resize(picture.size, Image.Resampling.BICUBIC)
    pairs = zip(picture.tobytes(), again.tobytes(), strict=True)
    return sum(abs(one - other) for one, other in pairs) / (picture.width * picture.height)


def fewer(samples: int, *, at: datetime = T0) -> None:
    strengthen(target="start_samples", samples=samples, set_by="system", reason="r", at=at)


def test_one_of_today_s_samples_is_served_as_it_lies_there(sha256: str) -> None:
    with blob_store().open_rendition(sha256, "shielded") as file:
        assert served_shield(sha256=sha256, at=T0) == file.read()


def test_one_of_more_samples_is_made_anew_and_kept(sha256: str) -> None:
    before = served_shield(sha256=sha256, at=T0)
    fewer(16)
    now = served_shield(sha256=sha256, at=T0)
    assert now != before
    assert detail(now, 16) < detail(before, 16) / 1.5
    assert Blob.objects.get(pk=sha256).shield_samples == 16
    assert served_shield(sha256=sha256, at=T0) == now


def test_one_whose_samples_nobody_noted_is_made_anew(sha256: str) -> None:
    Blob.objects.filter(pk=sha256).update(shield_samples=None)
    served_shield(sha256=sha256, at=T0)
    assert Blob.objects.get(pk=sha256).shield_samples == 32


def test_a_weaker_one_never_replaces_a_stronger_one(sha256: str) -> None:
    Blob.objects.filter(pk=sha256).update(shield_samples=16)
    shields._keep(sha256, b"of more samples", samples=24)
    assert served_shield(sha256=sha256, at=T0) != b"of more samples"


def test_what_cannot_be_made_anew_is_not_shown(sha256: str) -> None:
    blob_store().put_rendition(sha256, "shielded", b"no picture at all")
    fewer(16)
    assert served_shield(sha256=sha256, at=T0) is None
    assert served_shield(sha256=sha256, at=T0 - timedelta(days=1)) is not None


def test_the_desk_serves_it(photos: Queue, alice: User, sha256: str) -> None:
    page = sits_down(works_today(alice))
    before = page.picture().content
    fewer(16, at=timezone.now())
    assert page.picture().content != before
