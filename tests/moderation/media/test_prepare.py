import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from moderation.media import limits
from moderation.media.prepare import Prepared, prepare
from moderation.media.rejections import SENTENCES, MediaRejected
from tests.moderation.media import corpus
from tests.moderation.media.samples import SAMPLES, as_format, encoded, enlarged, photograph, shown

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[3]


def kept(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return path


def outcome(tmp_path: Path, data: bytes) -> Prepared | str:
    """What `prepare` makes of these bytes: the result, or the code of the rejection. Any other end fails the test."""
    try:
        return prepare(kept(tmp_path, data))
    except MediaRejected as rejection:
        return rejection.code


# ── what comes out ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_a_picture_is_prepared(tmp_path: Path, picture_format: str) -> None:
    data = as_format("chelsea.png", picture_format)
    prepared = prepare(kept(tmp_path, data))
    assert prepared.sha256 == hashlib.sha256(data).hexdigest()
    assert (prepared.format, prepared.width, prepared.height, prepared.frames) == (
        picture_format,
        451,
        300,
        1,
    )
    assert len(prepared.phash) == len(prepared.dhash) == 16
    assert tuple(prepared.renditions) == limits.LEVELS
    assert [shown(data).mode for data in prepared.renditions.values()] == ["L", "L", "RGB"]
    assert max(shown(prepared.renditions["shielded"]).size) == 320
    assert list(tmp_path.iterdir()) == [tmp_path / "blob"]


def test_the_frames_of_an_animation_are_told(tmp_path: Path) -> None:
    more = [photograph(name).resize((451, 300)) for name in ("coffee.png", "rocket.jpg")]
    data = as_format("chelsea.png", "WEBP", save_all=True, append_images=more)
    assert prepare(kept(tmp_path, data)).frames == 3


def test_unreadable_metadata_does_not_cost_the_picture(tmp_path: Path) -> None:
    data = as_format("chelsea.png", "WEBP", exif=b"Exif\x00\x00neither II nor MM")
    assert prepare(kept(tmp_path, data)).width == 451


def test_a_relative_path_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLES)
    assert prepare(Path("rocket.jpg")).width == 640


def test_the_samples_of_the_shield_are_passed_on() -> None:
    few, many = (prepare(SAMPLES / "astronaut.png", samples=samples).renditions for samples in (16, 64))
    assert len(few["shielded"]) < len(many["shielded"])
    assert few["colour"] == many["colour"]


def test_a_picture_of_50_megapixels_passes_and_12_take_less_than_64_megabytes(tmp_path: Path) -> None:
    fifty = prepare(kept(tmp_path, encoded(enlarged("coffee.png", 8_688), "JPEG", quality=60)))
    assert fifty.width * fifty.height > 50_000_000
    twelve = prepare(kept(tmp_path, encoded(enlarged("coffee.png", 4_243), "JPEG", quality=85)))
    assert twelve.width * twelve.height > 12_000_000
    assert max(fifty.peak_bytes, twelve.peak_bytes) <= 64 * limits.MEBIBYTE


@pytest.mark.parametrize(("picture_format", "mode"), [("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "P")])
def test_the_largest_accepted_picture_of_each_format_fits_its_limits(
    tmp_path: Path, picture_format: str, mode: str
) -> None:
    options = {"PNG": {"compress_level": 1}, "WEBP": {"method": 0, "quality": 30}}.get(picture_format, {})
    data = encoded(Image.new(mode, (8_000, 4_500)), picture_format, **options)
    assert prepare(kept(tmp_path, data)).peak_bytes < limits.CHILD_ADDRESS_SPACE


# ── hostile files ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("bomb", corpus.BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_that_gets_past_the_door_is_refused_by_the_child(
    tmp_path: Path, bomb: Callable[[], bytes]
) -> None:
    assert outcome(tmp_path, bomb()) == corpus.BOMBS[bomb]


@pytest.mark.parametrize("kind", ["zero bytes", "SVG", "HTML named .jpg", "PDF", "ZIP", "MP4", "noise"])
def test_what_is_no_picture_is_refused_by_the_child_too(tmp_path: Path, kind: str) -> None:
    data, code = corpus.NOT_PICTURES[kind]
    assert outcome(tmp_path, data) == code


@pytest.mark.parametrize("share", [0.2, 0.9])
@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_a_truncated_picture_is_refused(tmp_path: Path, picture_format: str, share: float) -> None:
    assert outcome(tmp_path, corpus.truncated(picture_format, share)) in {"truncated", "damaged"}


@pytest.mark.parametrize("end", [b"\xff\xd9", b""])
def test_truncated_pixels_behind_a_true_end_mark_never_crash(tmp_path: Path, end: bytes) -> None:
    jpeg = as_format("chelsea.png", "JPEG")
    assert isinstance(outcome(tmp_path, jpeg[: len(jpeg) // 2] + end), Prepared if end else str)
    png = as_format("chelsea.png", "PNG")
    pixels = png.index(b"IDAT") - 4
    short = corpus.chunk(b"IDAT", png[pixels + 8 : pixels + 2_000])
    assert outcome(tmp_path, png[:pixels] + short + corpus.chunk(b"IEND", b"")) == "undecodable"


@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_noise_inside_true_headers_ends_in_a_picture_or_a_refusal(
    tmp_path: Path, picture_format: str
) -> None:
    result = outcome(tmp_path, corpus.garbled(picture_format))
    assert isinstance(result, Prepared) or result in SENTENCES


def test_changed_bytes_end_in_a_picture_or_a_refusal(tmp_path: Path) -> None:
    for mutant in corpus.mutants(24):
        result = outcome(tmp_path, mutant)
        assert isinstance(result, Prepared) or result in SENTENCES


@pytest.mark.parametrize("carrier", corpus.CARRIERS, ids=lambda carrier: carrier.__name__)
def test_what_a_picture_carries_is_gone_from_every_rendition(
    tmp_path: Path, carrier: Callable[[], bytes]
) -> None:
    data = carrier()
    assert b"RESPITE-PAYLOAD" in data or b"RESPITE-PAYLOAD" in data.replace(b"\x00", b"")
    prepared = prepare(kept(tmp_path, data))
    for rendition in prepared.renditions.values():
        assert b"RESPITE-PAYLOAD" not in rendition
        assert b"<script" not in rendition
        assert rendition.endswith(b"\xff\xd9")
    assert prepared.peak_bytes < limits.CHILD_ADDRESS_SPACE


@pytest.mark.parametrize("maker", corpus.EITHER, ids=lambda maker: maker.__name__)
def test_what_may_pass_comes_out_clean_and_within_memory(tmp_path: Path, maker: Callable[[], bytes]) -> None:
    result = outcome(tmp_path, maker())
    if isinstance(result, Prepared):
        assert all(b"RESPITE-PAYLOAD" not in rendition for rendition in result.renditions.values())
        assert result.peak_bytes < 128 * limits.MEBIBYTE
    else:
        assert result in SENTENCES
