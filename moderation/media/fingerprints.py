"""Perceptual fingerprints: `imagehash.phash` and `imagehash.dhash`, bit for bit, without numpy and scipy.

Importing imagehash's phash brings scipy: 40 MB and half a second in each child process, against a budget of 64 MB and
some 50 ms of work. Both hashes are a few thousand multiplications, so they are written out here, and a test compares
them with imagehash on photographs and on noise. Where a picture has no pattern at all (one flat colour) imagehash
hashes the rounding errors of its transform; here those are rounded away first, so that the hash is stable.
"""

import math
from operator import gt, mul
from statistics import median
from typing import Final

from PIL import Image

_SIZE: Final = 32  # pixels on each side of what phash looks at
_LOW: Final = 8  # lowest frequencies kept, on each axis
_COSINES: Final = tuple(
    tuple(2 * math.cos(math.pi * frequency * (2 * at + 1) / (2 * _SIZE)) for at in range(_SIZE))
    for frequency in range(_LOW)
)


def phash(grey: Image.Image) -> str:
    """16 hex digits from the signs of the 64 lowest cosine frequencies against their median. Takes mode L."""
    pixels = grey.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).tobytes()
    columns = [pixels[at::_SIZE] for at in range(_SIZE)]
    down = [[sum(map(mul, wave, column)) for column in columns] for wave in _COSINES]
    lowest = [round(sum(map(mul, wave, row)), 6) for row in down for wave in _COSINES]
    middle = median(lowest)
    return _hex([value > middle for value in lowest])


def dhash(grey: Image.Image) -> str:
    """16 hex digits: in 8 rows of 9 pixels, whether each is brighter than the one to its left. Takes mode L."""
    pixels = grey.resize((_LOW + 1, _LOW), Image.Resampling.LANCZOS).tobytes()
    rows = [pixels[start : start + _LOW + 1] for start in range(0, len(pixels), _LOW + 1)]
    return _hex([brighter for row in rows for brighter in map(gt, row[1:], row)])


def _hex(bits: list[bool]) -> str:
    return f"{int(''.join('01'[bit] for bit in bits), 2):016x}"
