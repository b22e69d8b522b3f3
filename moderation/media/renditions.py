"""From a file to what a desk may be served: one decode, then `shielded`, `grey` and `colour`.

Imports the decoder, so only `worker` (and tests and benchmarks) import this. Every rendition is a JPEG drawn anew from
pixels: nothing of the file's metadata, comments, profiles or trailing bytes is carried over. Of an animation the first
frame is shown, as a still: nothing plays by itself; the number of frames is told beside it.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageFilter

from moderation.media.limits import (
    DRAFT_EDGE,
    LEVELS,
    MAX_PIXELS,
    SHIELD_EDGE,
    STILL_EDGE,
    Level,
    PictureFormat,
)

_ORIENTATION: Final = 0x0112  # EXIF
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
_SQUARE: Final = 8  # pixels of a square of the board behind transparency
_BOARD: Final = (0x66, 0x99)  # its two greys


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as it is meant to be seen: turned upright, opaque, mode L or RGB, no longer than asked.

    Width and height are those of the original in pixels, upright.
    """

    picture: Image.Image
    width: int
    height: int


def decode(
    path: Path,
    picture_format: PictureFormat,
    *,
    draft_edge: int = DRAFT_EDGE,
    edge: int = STILL_EDGE,
    mode: Literal["L", "RGB"] = "RGB",
) -> Decoded:
    """Decode the first frame of a file of this format, and of no other, to at most ``edge`` pixels on a side.

    A JPEG is decoded at a fraction of its size as long as ``draft_edge`` pixels remain on the longest side, and in
    this mode if it can. Raises whatever the decoder raises: `OSError` without errno, `SyntaxError`, `ValueError`,
    `MemoryError` and others.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS[picture_format]
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path, formats=[picture_format]) as image:
            width, height = image.size
            image.draft(mode, _fitted(image.size, draft_edge))
            image.load()
            # After the load: a PNG's EXIF is read by loading it, and what that raised would be taken for bad EXIF.
            turn = _turn(image)
            picture = _opaque(_shrunk(_plain(image), edge))
    if turn in _TURNS:
        picture = picture.transpose(_TURNS[turn])
    if turn in _SIDEWAYS:
        width, height = height, width
    return Decoded(picture, width, height)


def draw(picture: Image.Image, *, samples: int) -> dict[Level, bytes]:
    """All renditions of a decoded picture, as JPEG bytes."""
    grey = picture.convert("L")
    drawn = {
        "shielded": shield(grey, samples=samples),
        "grey": _jpeg(grey, quality=85),
        "colour": _jpeg(picture.convert("RGB"), quality=85),
    }
    return {level: drawn[level] for level in LEVELS}


def shield(grey: Image.Image, *, samples: int) -> bytes:
    """The shielded rendition of a grey picture: averaged down to few samples, then smoothly enlarged.

    ``samples`` counts those on the longest side. A small picture gives at most a quarter of its own pixels, so that
    even an icon is not shown as it is. What is not in the samples is not in the rendition, so no sharpening brings it
    back.
    """
    few = min(samples, max(1, max(grey.size) // 4))
    sampled = grey.resize(_fitted(grey.size, few), Image.Resampling.BOX)
    enlarged = sampled.resize(_fitted(grey.size, SHIELD_EDGE), Image.Resampling.BICUBIC)
    # Half a sample of blur takes away the grid of the samples, which the eye reads as edges.
    return _jpeg(enlarged.filter(ImageFilter.GaussianBlur(SHIELD_EDGE / few / 2)), quality=80)


def _fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """This size with its longest side made exactly so long, and no side below one pixel."""
    scale = longest / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _turn(image: Image.Image) -> int:
    """How the camera was held (EXIF, 1 to 8); 1 where that is not told or not readable."""
    try:
        turn = image.getexif().get(_ORIENTATION)
    except (SyntaxError, ValueError, TypeError, LookupError, OSError, struct.error):
        return 1
    return turn if isinstance(turn, int) else 1


def _plain(image: Image.Image) -> Image.Image:
    """The same picture in mode L, RGB, or RGBA where it has any transparency."""
    if image.mode.startswith(
        "I"
    ):  # 16 bits of grey; a plain conversion would cut all that is bright to white
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        return image.convert("RGBA")
    mode = "L" if image.mode in {"1", "L"} else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _shrunk(image: Image.Image, edge: int) -> Image.Image:
    if max(image.size) <= edge:
        return image
    return image.resize(_fitted(image.size, edge), Image.Resampling.HAMMING, reducing_gap=2.0)


def _opaque(image: Image.Image) -> Image.Image:
    """Lay a transparent picture on a board of two greys, so that no single colour can hide in the background."""
    if image.mode != "RGBA":
        return image
    board = Image.new("L", (2, 2))
    board.putdata([_BOARD[0], _BOARD[1], _BOARD[1], _BOARD[0]])
    tile = board.resize((2 * _SQUARE, 2 * _SQUARE), Image.Resampling.NEAREST)
    ground = Image.new("RGB", image.size)
    for left in range(0, image.width, tile.width):
        ground.paste(tile, (left, 0))
    strip = ground.crop((0, 0, image.width, tile.height))
    for top in range(tile.height, image.height, tile.height):
        ground.paste(strip, (0, top))
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _jpeg(picture: Image.Image, *, quality: int) -> bytes:
    picture.info = {}  # the encoder would write a comment of the original from here
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return target.getvalue()
