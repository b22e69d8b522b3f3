"""The numbers of this package, in one place. Sentences in ``rejections`` repeat some; a test holds them together."""

from typing import Final, Literal

MEBIBYTE: Final = 1024 * 1024

PictureFormat = Literal["JPEG", "PNG", "GIF", "WEBP"]
Level = Literal["shielded", "grey", "colour"]
LEVELS: Final[tuple[Level, ...]] = ("shielded", "grey", "colour")

# What a header may declare. A JPEG can be decoded at half its size and below, the others only whole, so they get less.
MAX_PIXELS: Final[dict[PictureFormat, int]] = {
    "JPEG": 60_000_000,
    "PNG": 36_000_000,
    "GIF": 36_000_000,
    "WEBP": 36_000_000,
}
MAX_EDGE: Final = 32_768  # pixels; pictures of long chats are real, lines of one pixel by a million are not
MAX_FRAMES: Final = 1_000
MAX_FRAME_PIXELS: Final = 400_000_000  # pixels × frames: about two seconds of decoding
MAX_SCANS: Final = 100  # of a progressive JPEG; each scan costs a pass over the whole picture
MAX_PARTS: Final = 100_000  # segments of a JPEG, chunks of a PNG or WebP
MAX_GIF_BLOCKS: Final = 1_000_000  # a block holds at most 255 bytes: a 64 MB file needs a quarter of this

# What the renditions are.
SHIELD_SAMPLES: Final = 32
SHIELD_SAMPLES_LEAST: Final = 16
SHIELD_SAMPLES_MOST: Final = 64
SHIELD_EDGE: Final = 320  # pixels on the longest side
STILL_EDGE: Final = 2_560  # pixels on the longest side of `grey` and `colour`
# A JPEG is decoded at 1/2, 1/4 or 1/8 as long as this many pixels remain on the longest side: a desk shows no more, a
# 12-megapixel picture costs a quarter of the memory, and phash and dhash stay those of the full decode (measured: equal
# on photographs, 2 of 64 bits apart on a field of stars).
DRAFT_EDGE: Final = 1_920
RENDITION_CONTENT_TYPE: Final = "image/jpeg"

TEMPORARY: Final = ".tmp-"  # how the names of files and folders begin that a crash may leave behind

# What the child process may use.
CHILD_ADDRESS_SPACE: Final = 768 * MEBIBYTE
CHILD_OPEN_FILES: Final = 32
MAX_RENDITION_BYTES: Final = 16 * MEBIBYTE  # also the largest file that the child may write
MAX_ANSWER_BYTES: Final = 4_096  # of the child's answer on stdout
