"""The two tiny pictures that fingerprints are taken from: drawn in the child, hashed by the parent.

``imagehash.phash`` looks at 32 by 32 grey pixels and ``imagehash.dhash`` at 9 by 8, both shrunk by Lanczos. Shrinking
wants the decoded picture, so the child does it; hashing wants scipy (40 MB and half a second to import), so the
long-lived parent does that, on pixels that need no decoding.
"""

from typing import Final

from PIL import Image

PHASH_SIZE: Final = (32, 32)
DHASH_SIZE: Final = (9, 8)


def miniature(grey: Image.Image, size: tuple[int, int]) -> str:
    """Return the pixels of a picture of mode L, shrunk to this size, row by row as hex digits."""
    return grey.resize(size, Image.Resampling.LANCZOS).tobytes().hex()
