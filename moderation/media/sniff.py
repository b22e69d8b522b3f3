"""The cheap check at the door: what a file is by its bytes alone, and whether its headers are believable.

Runs in the web process and decodes nothing: magic numbers, then one walk over lengths (`headers`).
"""

import mmap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from moderation.media import headers
from moderation.media.headers import Bytes, Header
from moderation.media.limits import MAX_EDGE, MAX_FRAME_PIXELS, MAX_FRAMES, MAX_PIXELS, PictureFormat
from moderation.media.rejections import rejected

# Beginnings of what is refused, each with its code. Longer and surer ones first.
_REFUSED: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\x1a\x45\xdf\xa3", "not_yet"),  # WebM
    (b"OggS", "not_yet"),
    (b"ID3", "not_yet"),  # MP3
    (b"fLaC", "not_yet"),
    (b"II*\x00", "unsupported_picture"),  # TIFF
    (b"MM\x00*", "unsupported_picture"),
    (b"8BPS", "unsupported_picture"),
    (b"\x00\x00\x00\x0cJXL ", "unsupported_picture"),
    (b"\x00\x00\x00\x0cjP  ", "unsupported_picture"),
    (b"\xff\x0a", "unsupported_picture"),  # JPEG XL
    (b"\x00\x00\x01\x00", "unsupported_picture"),  # ICO
    (b"BM", "unsupported_picture"),
)
_PICTURE_BRANDS: Final = frozenset({b"avif", b"avis", b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1"})
_HEAD: Final = 1024  # bytes in which a text names its kind


@dataclass(frozen=True, slots=True)
class Sniffed:
    """An accepted kind of medium. Width and height in pixels as the headers declare them, before any rotation."""

    kind: Literal["picture"]
    format: PictureFormat
    width: int
    height: int
    frames: int


def sniff(data: bytes | Path) -> Sniffed:
    """Say what these bytes (or the file at this path) are, without decoding them.

    Raises:
        MediaRejected: with a code and sentence of `rejections.SENTENCES`.
        OSError: the file cannot be read, which is our fault.
    """
    with _opened(data) as whole:
        if not len(whole):
            raise rejected("empty")
        head = bytes(whole[:_HEAD])
        picture_format, walk = _accepted(head)
        header = walk(whole)
    _check_size(picture_format, header)
    return Sniffed("picture", picture_format, header.width, header.height, header.frames)


@contextmanager
def _opened(data: bytes | Path) -> Iterator[Bytes]:
    """The bytes themselves, or a map of the file, so that a large one is not read into memory."""
    if isinstance(data, bytes):
        yield data
        return
    with data.open("rb") as file:
        if not data.stat().st_size:
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped


def _accepted(head: bytes) -> tuple[PictureFormat, Callable[[Bytes], Header]]:
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG", headers.jpeg
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG", headers.png
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF", headers.gif
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP", headers.webp
    raise rejected(_reason(head))


def _reason(head: bytes) -> str:
    """The code for a beginning that is none of the accepted ones."""
    for beginning, code in _REFUSED:
        if head.startswith(beginning):
            return code
    if head.startswith(b"RIFF") and head[8:12] in {b"WAVE", b"AVI "}:
        return "not_yet"
    if head[4:8] == b"ftyp":
        return "unsupported_picture" if head[8:12] in _PICTURE_BRANDS else "not_yet"
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE6 == 0xE2:  # MPEG audio, layer III
        return "not_yet"
    if head[257:262] == b"ustar":
        return "archive"
    return _text_reason(head)


def _text_reason(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
        head = head.replace(b"\x00", b"")
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x0c").lower()
    if not text.startswith(b"<"):
        return "unknown_type"
    return "svg" if b"<svg" in text else "html"


def _check_size(picture_format: PictureFormat, header: Header) -> None:
    pixels = header.width * header.height
    if not pixels or not header.frames:
        raise rejected("damaged")
    if max(header.width, header.height) > MAX_EDGE:
        raise rejected("too_wide")
    if pixels > MAX_PIXELS[picture_format]:
        raise rejected("too_many_pixels")
    if header.frames > MAX_FRAMES or pixels * header.frames > MAX_FRAME_PIXELS:
        raise rejected("too_many_frames")
