import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from moderation.media import limits, renditions
from moderation.media.limits import Level
from tests.moderation.media.corpus import FORMATS, PAYLOAD
from tests.moderation.media.samples import PHOTOGRAPHS, as_format, encoded, enlarged, photograph, shown

pytestmark = pytest.mark.any_database

EXIF_ORIENTATION = 0x0112


def decoded(tmp_path: Path, data: bytes, picture_format: limits.PictureFormat) -> renditions.Decoded:
    path = tmp_path / "picture"
    path.write_bytes(data)
    return renditions.decode(path, picture_format)


def shielded(name: str, samples: int = 32) -> Image.Image:
    return shown(renditions.shield(photograph(name).convert("L"), samples=samples))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Root mean square difference in grey levels."""
    return float(np.sqrt(np.mean((np.asarray(one, float) - np.asarray(other, float)) ** 2)))


# ── the shield ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_the_shield_is_grey_and_320_pixels_long(name: str) -> None:
    picture = shielded(name)
    assert picture.mode == "L"
    assert max(picture.size) == 320


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_nothing_is_in_the_shield_that_is_not_in_32_samples(name: str) -> None:
    """Taking 32 samples of it and enlarging them gives it back: there is nothing between the samples."""
    picture = shielded(name)
    few = picture.resize((picture.width // 10, picture.height // 10), Image.Resampling.BOX)
    again = few.resize(picture.size, Image.Resampling.BICUBIC)
    assert difference(picture, again) < 6
    # … which the picture itself, at the same size, is far from.
    original = photograph(name).convert("L").resize(picture.size, Image.Resampling.LANCZOS)
    assert difference(original, picture) > 2 * difference(picture, again)


def share_above(picture: Image.Image, cycles: int) -> float:
    """The share of a picture's variation that has more than so many cycles along either side."""
    pixels = np.asarray(picture, float)
    window = np.outer(*(np.hanning(side) for side in pixels.shape))  # its edges are no frequency of its own
    power = np.abs(np.fft.fft2((pixels - pixels.mean()) * window)) ** 2
    down, across = (np.abs(np.fft.fftfreq(side, 1 / side)) for side in pixels.shape)
    fine = (down[:, None] > cycles) | (across[None, :] > cycles)
    return float(power[fine].sum() / power.sum())


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_the_shield_holds_no_detail_finer_than_its_samples(name: str) -> None:
    """32 samples can carry 16 cycles. What is left above are rounding and the JPEG's own blocks."""
    assert share_above(shielded(name), cycles=16) < 0.001


def test_the_check_for_detail_would_find_a_css_blur_that_was_undone() -> None:
    original = photograph("coffee.png").convert("L")
    original.thumbnail((320, 320))
    assert share_above(original, cycles=16) > 0.01


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_two_pictures_with_the_same_samples_have_the_same_shield(name: str) -> None:
    """Detail that averages out over a sample leaves no trace at all, so nothing can bring it back."""
    grey = enlarged(name, 640).convert("L").crop((0, 0, 640, 400))
    ground = grey.resize((32, 20), Image.Resampling.BOX).resize(grey.size, Image.Resampling.NEAREST)
    ground = ground.point(lambda value: 64 + value / 2)
    stripes = Image.fromarray((np.indices((400, 640)).sum(axis=0) % 2 * 60).astype("uint8"))
    detailed = ImageChops.subtract(ImageChops.add(ground, stripes), Image.new("L", grey.size, 30))
    assert difference(ground, detailed) > 25
    assert renditions.shield(ground, samples=32) == renditions.shield(detailed, samples=32)


@pytest.mark.parametrize(("samples", "cycles"), [(16, 8), (64, 32)])
def test_an_organisation_may_set_16_to_64_samples(samples: int, cycles: int) -> None:
    assert share_above(shielded("astronaut.png", samples), cycles=cycles) < 0.001


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (32, 32), (64, 40)])
def test_even_an_icon_is_not_shown_as_it_is(size: tuple[int, int]) -> None:
    """A quarter of its own pixels at most, so an eighth of them as cycles; below 8 pixels one flat grey."""
    noise = np.random.default_rng(3).integers(0, 256, (size[1], size[0]), dtype="uint8")
    picture = shown(renditions.shield(Image.fromarray(noise), samples=32))
    assert max(picture.size) == 320
    if max(size) < 8:
        assert np.ptp(np.asarray(picture)) == 0
    else:
        assert share_above(picture, cycles=max(size) // 8) < 0.01


@pytest.mark.parametrize("size", [(30_000, 4), (4, 30_000), (2, 9_000)])
def test_a_line_of_pixels_is_a_picture_too(tmp_path: Path, size: tuple[int, int]) -> None:
    picture = decoded(tmp_path, encoded(Image.new("RGB", size, "red"), "PNG"), "PNG").picture
    drawn = renditions.draw(picture, samples=32)
    assert max(shown(drawn["shielded"]).size) == 320
    assert max(shown(drawn["colour"]).size) == 2_560


# ── the stills ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("picture_format", FORMATS)
def test_each_level_is_what_its_name_says(tmp_path: Path, picture_format: limits.PictureFormat) -> None:
    drawn = renditions.draw(
        decoded(tmp_path, as_format("chelsea.png", picture_format), picture_format).picture, samples=32
    )
    assert {level: shown(data).mode for level, data in drawn.items()} == {
        "shielded": "L",
        "grey": "L",
        "colour": "RGB",
    }
    assert shown(drawn["grey"]).size == shown(drawn["colour"]).size == (451, 300)
    assert difference(shown(drawn["colour"]), photograph("chelsea.png")) < 12


@pytest.mark.parametrize(
    ("size", "picture_format", "still"),
    [
        ((2_560, 100), "PNG", (2_560, 100)),
        ((2_561, 100), "PNG", (2_560, 100)),
        ((3_839, 100), "JPEG", (2_560, 67)),
        ((4_000, 3_000), "JPEG", (2_000, 1_500)),
        ((100, 9_000), "JPEG", (25, 2_250)),
    ],
)
def test_a_still_is_at_most_2560_pixels_long_and_the_original_size_is_told(
    tmp_path: Path, size: tuple[int, int], picture_format: limits.PictureFormat, still: tuple[int, int]
) -> None:
    made = decoded(tmp_path, encoded(Image.new("RGB", size, "teal"), picture_format), picture_format)
    assert made.picture.size == still
    assert (made.width, made.height) == size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_shown_upright(tmp_path: Path, orientation: int) -> None:
    """A white corner at the top left of what the camera saw; browsers' own reading of EXIF is the reference."""
    upright = Image.new("L", (60, 40))
    upright.paste(255, (0, 0, 20, 10))
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the inverse of each orientation
    stored = upright.transpose(Image.Transpose(turns[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    made = decoded(tmp_path, encoded(stored, "JPEG", exif=exif, quality=95), "JPEG")
    assert (made.width, made.height) == made.picture.size == (60, 40)
    assert difference(made.picture, upright) < 10


def test_sixteen_bits_of_grey_are_not_cut_to_white(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65_535, 256 * 16).astype("uint16").reshape(16, 256)
    made = decoded(tmp_path, encoded(Image.fromarray(ramp), "PNG"), "PNG")
    expected = (ramp / 256).astype("uint8")
    assert difference(made.picture, Image.fromarray(expected)) < 1


@pytest.mark.parametrize("hidden", [0, 0x66, 0x80, 0x99, 255])
def test_no_single_colour_can_hide_on_transparency(tmp_path: Path, hidden: int) -> None:
    picture = Image.new("RGBA", (128, 128), (0, 0, 0, 0))
    picture.paste((hidden, hidden, hidden, 255), (32, 32, 96, 96))
    empty = Image.new("RGBA", (128, 128), (0, 0, 0, 0))
    made, board = (decoded(tmp_path, encoded(image, "PNG"), "PNG").picture for image in (picture, empty))
    assert difference(made, board) > 10


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_drawn(tmp_path: Path, mode: str) -> None:
    image = photograph("coffee.png").convert("RGB" if mode == "RGB" else "L").convert(mode)
    made = decoded(tmp_path, encoded(image, "PNG"), "PNG")
    assert made.picture.mode in {"L", "RGB"}
    assert len(renditions.draw(made.picture, samples=32)) == 3


def test_the_four_inks_of_print_are_drawn(tmp_path: Path) -> None:
    made = decoded(tmp_path, encoded(photograph("coffee.png").convert("CMYK"), "JPEG"), "JPEG")
    assert difference(made.picture, photograph("coffee.png")) < 12


def test_an_animation_is_shown_by_its_first_frame(tmp_path: Path) -> None:
    more = [photograph("coffee.png").resize((451, 300))]
    data = as_format("chelsea.png", "GIF", save_all=True, append_images=more)
    assert difference(decoded(tmp_path, data, "GIF").picture, photograph("chelsea.png")) < 20


def test_a_comment_of_the_original_is_not_written_again(tmp_path: Path) -> None:
    data = as_format("rocket.jpg", "JPEG", comment=PAYLOAD)
    assert PAYLOAD in data
    for rendition in renditions.draw(decoded(tmp_path, data, "JPEG").picture, samples=32).values():
        assert b"RESPITE-PAYLOAD" not in rendition


@pytest.mark.parametrize("level", limits.LEVELS)
def test_a_rendition_holds_no_metadata(tmp_path: Path, level: Level) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret"
    data = as_format(
        "rocket.jpg", "JPEG", exif=exif, icc_profile=b"secret" * 50, xmp=b"secret", comment=b"secret"
    )
    rendition = renditions.draw(decoded(tmp_path, data, "JPEG").picture, samples=32)[level]
    assert b"secret" not in rendition
    assert b"Exif" not in rendition
    assert set(Image.open(io.BytesIO(rendition)).info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
    }


def test_only_the_named_format_is_tried(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot identify"):
        decoded(tmp_path, as_format("chelsea.png", "PNG"), "JPEG")


def test_the_decoders_own_bomb_check_is_an_error(tmp_path: Path) -> None:
    data = encoded(Image.new("1", (6_500, 6_500)), "PNG")
    with pytest.raises(Image.DecompressionBombWarning):
        decoded(tmp_path, data, "PNG")
