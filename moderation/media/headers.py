"""Walks over the parts of a JPEG, PNG, GIF or WebP without decoding a pixel.

Each walk reads lengths and declared sizes only, is linear in the file, stops at a cap, and proves that the file
reaches its own end mark. All raise `MediaRejected`: ``truncated`` where the file ends too early, ``damaged`` where it
contradicts itself, ``too_many_parts`` or ``too_many_frames`` at a cap. What follows the end mark is not looked at: it
never reaches a rendition.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from typing import Any, Final

from moderation.media.limits import MAX_FRAMES, MAX_GIF_BLOCKS, MAX_PARTS, MAX_SCANS
from moderation.media.rejections import rejected

Bytes = bytes | mmap

_JPEG_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_JPEG_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_START_OF_SCAN: Final = 0xDA
_JPEG_END: Final = 0xD9


@dataclass(frozen=True, slots=True)
class Header:
    """What the headers declare: the largest area any frame covers, in pixels, and how many frames there are."""

    width: int
    height: int
    frames: int = 1
    components: int = 0  # colour channels of a JPEG; 0 elsewhere


def jpeg(data: Bytes) -> Header:
    """Walk a JPEG from its first marker to the end-of-image marker of its first picture."""
    found: Header | None = None
    scans = 0
    for marker, start, length in _jpeg_segments(data):
        if marker in _JPEG_FRAMES:
            if found is not None:
                raise rejected("damaged")
            height, width, components = _unpack(">HHB", data, start + 1)
            found = Header(width=width, height=height, components=components)
        elif marker == _JPEG_START_OF_SCAN:
            scans += 1
            if found is None or length < 4:
                raise rejected("damaged")
            if scans > MAX_SCANS:
                raise rejected("too_many_parts")
    if found is None or not scans:
        raise rejected("damaged")
    return found


def _jpeg_segments(data: Bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, start of its content, length of its content) up to the end-of-image marker."""
    position = 2
    for _ in range(MAX_PARTS):
        match = _JPEG_NEXT_MARKER.search(data, position)
        if match is None:
            raise rejected("truncated")
        marker = data[match.start() + 1]
        if marker == _JPEG_END:
            return
        start = match.end() + 2
        (length,) = _unpack(">H", data, match.end())
        if length < 2:
            raise rejected("damaged")
        yield marker, start, length - 2
        position = start + length - 2
    raise rejected("too_many_parts")


def png(data: Bytes) -> Header:
    """Walk the chunks of a PNG from IHDR to IEND; an animated one declares its frames in acTL."""
    length, kind, width, height = _unpack(">I4sII", data, 8)
    if kind != b"IHDR" or length != 13:
        raise rejected("damaged")
    frames, position, pixels = 1, 8 + 12 + 13, False
    for _ in range(MAX_PARTS):
        length, kind = _unpack(">I4s", data, position)
        if position + 12 + length > len(data):
            raise rejected("truncated")
        if kind == b"IEND":
            if not pixels:
                raise rejected("damaged")
            return Header(width, height, frames)
        if kind == b"acTL":
            (frames,) = _unpack(">I", data, position + 8)
        pixels = pixels or kind == b"IDAT"
        position += 12 + length
    raise rejected("too_many_parts")


def gif(data: Bytes) -> Header:
    """Walk the blocks of a GIF up to its trailer, counting frames and the area that they reach."""
    width, height, flags = _unpack("<HHB", data, 6)
    position = 13 + _gif_colours(flags)
    frames = blocks = 0
    while (introducer := _byte(data, position)) != 0x3B:
        if introducer == 0x2C:
            frames += 1
            left, top, across, down, flags = _unpack("<HHHHB", data, position + 1)
            width, height = max(width, left + across), max(height, top + down)
            position, count = _gif_skip(data, position + 11 + _gif_colours(flags))
        elif introducer == 0x21:
            position, count = _gif_skip(data, position + 2)
        elif introducer == 0x00:  # padding between blocks, as some encoders write
            position, count = position + 1, 1
        else:
            raise rejected("damaged")
        blocks += count
        _gif_caps(frames, blocks)
    if not frames:
        raise rejected("damaged")
    return Header(width, height, frames)


def _gif_colours(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_skip(data: Bytes, position: int) -> tuple[int, int]:
    """Step over a chain of sub-blocks: where it ends and how many there were."""
    for count in range(1, MAX_GIF_BLOCKS + 2):
        size = _byte(data, position)
        position += 1 + size
        if not size:
            return position, count
    raise rejected("too_many_parts")


def _gif_caps(frames: int, blocks: int) -> None:
    if frames > MAX_FRAMES:
        raise rejected("too_many_frames")
    if blocks > MAX_GIF_BLOCKS:
        raise rejected("too_many_parts")


def webp(data: Bytes) -> Header:
    """Walk the chunks of a WebP inside the length that its RIFF header declares."""
    (declared,) = _unpack("<I", data, 4)
    end = 8 + declared
    if end > len(data):
        raise rejected("truncated")
    width = height = frames = stills = 0
    for kind, start, _length in _webp_chunks(data, end):
        if kind == b"ANMF":
            frames += 1
            if frames > MAX_FRAMES:
                raise rejected("too_many_frames")
            size = _three(data, start + 6) + 1, _three(data, start + 9) + 1
        else:
            stills += kind in {b"VP8 ", b"VP8L"}
            size = _webp_size(kind, data, start)
        width, height = max(width, size[0]), max(height, size[1])
    if not frames and not stills:
        raise rejected("damaged")
    return Header(width, height, frames or 1)


def _webp_chunks(data: Bytes, end: int) -> Iterator[tuple[bytes, int, int]]:
    position = 12
    for _ in range(MAX_PARTS):
        if position >= end:
            return
        kind, length = _unpack("<4sI", data, position)
        if position + 8 + length > end:
            raise rejected("truncated")
        yield kind, position + 8, length
        position += 8 + length + length % 2
    raise rejected("too_many_parts")


def _webp_size(kind: bytes, data: Bytes, start: int) -> tuple[int, int]:
    """The size that a chunk declares, (0, 0) for chunks that declare none."""
    if kind == b"VP8X":
        return _three(data, start + 4) + 1, _three(data, start + 7) + 1
    if kind == b"VP8 ":
        mark, width, height = _unpack("<3sHH", data, start + 3)
        if mark != b"\x9d\x01\x2a":
            raise rejected("damaged")
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        mark, bits = _unpack("<BI", data, start)
        if mark != 0x2F:
            raise rejected("damaged")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    return 0, 0


def _three(data: Bytes, position: int) -> int:
    low, high = _unpack("<HB", data, position)
    return int(low) | int(high) << 16


def _byte(data: Bytes, position: int) -> int:
    if position >= len(data):
        raise rejected("truncated")
    return data[position]


def _unpack(layout: str, data: Bytes, position: int) -> tuple[Any, ...]:
    try:
        return struct.unpack_from(layout, data, position)
    except struct.error as error:
        raise rejected("truncated") from error
