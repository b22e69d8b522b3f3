import io
import os
import subprocess
import sys
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageOps

from moderation.media import fingerprints, renditions
from moderation.media.miniatures import DHASH_SIZE, PHASH_SIZE, miniature
from tests.moderation.media.samples import PHOTOGRAPHS, encoded, enlarged, photograph

pytestmark = pytest.mark.any_database


def grey(name: str) -> Image.Image:
    return photograph(name).convert("L")


def phash(picture: Image.Image) -> str:
    return fingerprints.phash(miniature(picture, PHASH_SIZE))


def dhash(picture: Image.Image) -> str:
    return fingerprints.dhash(miniature(picture, DHASH_SIZE))


def apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_have_the_hashes_that_imagehash_gives(name: str) -> None:
    for picture in (grey(name), ImageOps.mirror(grey(name)), grey(name).rotate(90, expand=True)):
        assert phash(picture) == str(imagehash.phash(picture))
        assert dhash(picture) == str(imagehash.dhash(picture))


def test_noise_has_the_hashes_that_imagehash_gives() -> None:
    chance = np.random.default_rng(11)
    for _ in range(300):
        size = tuple(chance.integers(1, 120, 2))
        picture = Image.fromarray(chance.integers(0, 256, size, dtype="uint8"))
        assert phash(picture) == str(imagehash.phash(picture))
        assert dhash(picture) == str(imagehash.dhash(picture))


@pytest.mark.parametrize("longest", [3_000, 4_000])
@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_draft_decode_gives_the_hashes_of_a_full_one(tmp_path: Path, name: str, longest: int) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(encoded(enlarged(name, longest), "JPEG", quality=85))
    with Image.open(path) as image:
        full = image.convert("L")
    draft = renditions.decode(path, "JPEG").picture.convert("L")
    assert phash(draft) == str(imagehash.phash(full))
    assert dhash(draft) == str(imagehash.dhash(full))


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_smaller_worse_copy_stays_near(name: str) -> None:
    small = photograph(name).resize((200, 150))
    with Image.open(io.BytesIO(encoded(small, "JPEG", quality=30))) as image:
        copy = image.convert("L")
    assert apart(phash(copy), phash(grey(name))) <= 8
    assert apart(dhash(copy), dhash(grey(name))) <= 8


def test_different_photographs_are_far_apart() -> None:
    hashes = [phash(grey(name)) for name in PHOTOGRAPHS]
    assert all(apart(one, other) > 8 for at, one in enumerate(hashes) for other in hashes[:at])


def test_who_only_promises_that_media_will_be_prepared_does_not_load_numpy() -> None:
    """Every process of a cluster knows all pages and all kinds of background work; one kind of worker prepares media."""
    code = (
        "import sys, django; django.setup(); import config.urls, config.outbox; print('numpy' in sys.modules)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "s" * 50}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout == b"False\n"
