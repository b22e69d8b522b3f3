"""The sample photographs, and quick ways to have them in any format or size."""

import functools
import io
from pathlib import Path
from typing import Any

from PIL import Image

SAMPLES = Path(__file__).parents[2] / "samples"
PHOTOGRAPHS = ("astronaut.png", "chelsea.png", "china.jpg", "coffee.png", "rocket.jpg")


@functools.cache
def photograph(name: str) -> Image.Image:
    with Image.open(SAMPLES / name) as image:
        return image.convert("RGB")


def encoded(image: Image.Image, picture_format: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, picture_format, **options)
    return target.getvalue()


def as_format(name: str, picture_format: str, **options: Any) -> bytes:
    """Return a photograph in a format; without options it is encoded once."""
    return encoded(photograph(name), picture_format, **options) if options else _plain(name, picture_format)


@functools.cache
def _plain(name: str, picture_format: str) -> bytes:
    return encoded(photograph(name), picture_format)


def enlarged(name: str, longest: int) -> Image.Image:
    image = photograph(name)
    scale = longest / max(image.size)
    size = round(image.width * scale), round(image.height * scale)
    return image.resize(size, Image.Resampling.BICUBIC)


def shown(data: bytes) -> Image.Image:
    """A rendition as a browser would decode it."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
