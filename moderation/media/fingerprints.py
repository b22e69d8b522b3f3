"""Perceptual fingerprints by imagehash, of the miniatures that the child drew. Equal to those of the whole picture."""

import imagehash
from PIL import Image

from moderation.media.miniatures import DHASH_SIZE, PHASH_SIZE


def phash(pixels: str) -> str:
    """16 hex digits of 32 by 32 grey pixels, given row by row as hex digits."""
    return str(imagehash.phash(_picture(pixels, PHASH_SIZE)))


def dhash(pixels: str) -> str:
    """16 hex digits of 9 by 8 grey pixels, given row by row as hex digits."""
    return str(imagehash.dhash(_picture(pixels, DHASH_SIZE)))


def _picture(pixels: str, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, bytes.fromhex(pixels))
