"""Files made to harm, made here in code so that nothing hostile is kept. Each function returns the bytes of one file."""

import functools
import gzip
import io
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image, PngImagePlugin

from tests.moderation.media.samples import SAMPLES, as_format

PAYLOAD = b"<script>alert('RESPITE-PAYLOAD')</script>"

# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    """A grey PNG with this header and this (unfiltered) content, whatever the header says."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels, 9))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + body + chunk(b"IEND", b"")


def gif(width: int, height: int, *frames: bytes) -> bytes:
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0)
    return b"GIF89a" + screen + b"\x00\x00\x00\xff\xff\xff" + b"".join(frames) + b"\x3b"


def gif_frame(width: int = 1, height: int = 1) -> bytes:
    return b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2)
        for kind, content in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def three(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg_with(*segments: bytes) -> bytes:
    """A real photograph with these segments put in front of its own."""
    plain = as_format("rocket.jpg", "JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


# ── bombs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def png_that_declares_900_megapixels() -> bytes:
    return png(30_000, 30_000, b"\x00" * 100)


@functools.cache
def png_of_64_megapixels_in_64_kilobytes() -> bytes:
    return png(8_000, 8_000, b"\x00" * (8_001 * 8_000))


def png_as_wide_as_a_number_can_say() -> bytes:
    return png(2**31 - 1, 1, b"\x00" * 100)


def gif_that_declares_4_gigapixels() -> bytes:
    return gif(65_535, 65_535, gif_frame())


def gif_whose_frame_leaves_its_canvas() -> bytes:
    return gif(10, 10, gif_frame(30_000, 30_000))


def webp_that_declares_268_megapixels() -> bytes:
    return riff((b"VP8L", b"\x2f" + struct.pack("<I", 16_382 | 16_382 << 14) + b"\x00" * 20))


def webp_whose_canvas_is_huge() -> bytes:
    small = as_format("chelsea.png", "WEBP")
    extended = (b"VP8X", b"\x10\x00\x00\x00" + three(16_383) + three(16_383))
    return riff(extended, (small[12:16], small[20 : 20 + struct.unpack_from("<I", small, 16)[0]]))


def jpeg_that_declares_4_gigapixels() -> bytes:
    plain = bytearray(as_format("rocket.jpg", "JPEG"))
    at = plain.index(b"\xff\xc0") + 5
    plain[at : at + 4] = struct.pack(">HH", 65_500, 65_500)
    return bytes(plain)


def jpeg_with_500_scans() -> bytes:
    plain = as_format("rocket.jpg", "JPEG", progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:last] + plain[last:-2] * 500 + plain[-2:]


def jpeg_of_a_million_segments() -> bytes:
    return jpeg_with(segment(0xE5, b"") * 1_000_000)


def gif_of_10_000_frames() -> bytes:
    return gif(1, 1, gif_frame() * 10_000)


def gif_of_100_000_frames() -> bytes:
    return gif(1, 1, gif_frame() * 100_000)


def gif_of_300_large_frames() -> bytes:
    return gif(2_000, 2_000, gif_frame() * 300)


def gif_of_two_million_blocks() -> bytes:
    return gif(1, 1, gif_frame(), b"\x21\xfe" + b"\x01\x41" * 2_000_000 + b"\x00")


def webp_of_10_000_frames() -> bytes:
    frame = three(0) * 2 + three(0) * 2 + three(10) + b"\x00"
    return riff((b"VP8X", b"\x02\x00\x00\x00" + three(0) * 2), *[(b"ANMF", frame)] * 10_000)


def png_of_four_billion_frames() -> bytes:
    return png(1, 1, b"\x00\x00", chunk(b"acTL", struct.pack(">II", 2**32 - 1, 0)))


BOMBS: dict[Callable[[], bytes], str] = {
    png_that_declares_900_megapixels: "too_many_pixels",
    png_of_64_megapixels_in_64_kilobytes: "too_many_pixels",
    png_as_wide_as_a_number_can_say: "too_wide",
    gif_that_declares_4_gigapixels: "too_wide",
    gif_whose_frame_leaves_its_canvas: "too_many_pixels",
    webp_that_declares_268_megapixels: "too_many_pixels",
    webp_whose_canvas_is_huge: "too_many_pixels",
    jpeg_that_declares_4_gigapixels: "too_wide",
    jpeg_with_500_scans: "too_many_parts",
    jpeg_of_a_million_segments: "too_many_parts",
    gif_of_10_000_frames: "too_many_frames",
    gif_of_100_000_frames: "too_many_frames",
    gif_of_300_large_frames: "too_many_frames",
    gif_of_two_million_blocks: "too_many_parts",
    webp_of_10_000_frames: "too_many_frames",
    png_of_four_billion_frames: "too_many_frames",
}

# ── not pictures ─────────────────────────────────────────────────────────────────────────────────────────────────


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("picture.jpg", as_format("rocket.jpg", "JPEG"))
    return target.getvalue()


def _tar() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        archive.add(SAMPLES / "rocket.jpg", "rocket.jpg")
    return target.getvalue()


def _as_tiff() -> bytes:
    return as_format("chelsea.png", "TIFF")


NOT_PICTURES: dict[str, tuple[bytes, str]] = {
    "zero bytes": (b"", "empty"),
    "one byte": (b"\xff", "unknown_type"),
    "noise": (random.Random(1).randbytes(4_096).replace(b"\xff", b"\x01"), "unknown_type"),
    "plain text": (b"just some words", "unknown_type"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg">' + PAYLOAD + b"</svg>", "svg"),
    "SVG after a declaration": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg>', "svg"),
    "SVG in UTF-16": ("\ufeff<svg>".encode("utf-16-le"), "svg"),
    "HTML named .jpg": (b"\n <!DOCTYPE html><html>" + PAYLOAD, "html"),
    "HTML with a JPEG behind it": (b"<html>" + PAYLOAD + as_format("rocket.jpg", "JPEG"), "html"),
    "PDF": (b"%PDF-1.7\n", "pdf"),
    "PDF with a JPEG inside": (b"%PDF-1.7\n" + as_format("rocket.jpg", "JPEG"), "pdf"),
    "ZIP": (_zip(), "archive"),
    "TAR": (_tar(), "archive"),
    "gzip of a PNG": (gzip.compress(as_format("chelsea.png", "PNG")), "archive"),
    "TIFF": (_as_tiff(), "unsupported_picture"),
    "BMP": (as_format("chelsea.png", "BMP"), "unsupported_picture"),
    "ICO": (as_format("chelsea.png", "ICO"), "unsupported_picture"),
    "HEIC": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "unsupported_picture"),
    "AVIF": (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", "unsupported_picture"),
    "MP4": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "not_yet"),
    "WebM": (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00", "not_yet"),
    "OGG": (b"OggS\x00\x02", "not_yet"),
    "WAV": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "not_yet"),
    "MP3 with a tag": (b"ID3\x04\x00\x00", "not_yet"),
    "MP3 without a tag": (b"\xff\xfb\x90\x00", "not_yet"),
}

# ── damaged ──────────────────────────────────────────────────────────────────────────────────────────────────────

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


def truncated(picture_format: str, share: float) -> bytes:
    whole = as_format("chelsea.png", picture_format)
    return whole[: int(len(whole) * share)]


def garbled(picture_format: str) -> bytes:
    """Headers of a real picture, intact to its end mark; in the middle half, noise."""
    whole = bytearray(as_format("chelsea.png", picture_format))
    quarter = len(whole) // 4
    noise = random.Random(7).randbytes(2 * quarter)
    if picture_format == "JPEG":  # no bytes that would be markers
        noise = noise.replace(b"\xff", b"\x00")
    whole[quarter : 3 * quarter] = noise
    return bytes(whole)


def mutants(count: int) -> list[bytes]:
    """Real pictures with a few bytes changed, seeded: the same ones in every run."""
    chance, found = random.Random(20), []
    originals = [as_format("chelsea.png", picture_format) for picture_format in FORMATS]
    for at in range(count):
        whole = bytearray(originals[at % len(originals)])
        reach = len(whole) if at % 2 else 400  # every other one in its headers
        for _ in range(chance.randint(1, 20)):
            whole[chance.randrange(12, reach)] = chance.randrange(256)
        found.append(bytes(whole))
    return found


# ── pictures that carry something ────────────────────────────────────────────────────────────────────────────────


def jpeg_with_html_behind_it() -> bytes:
    return as_format("rocket.jpg", "JPEG") + b"<html>" + PAYLOAD + b"</html>"


def jpeg_with_html_in_a_comment() -> bytes:
    return jpeg_with(segment(0xFE, b"*/--><html>" + PAYLOAD))


def jpeg_with_a_script_in_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x9286] = PAYLOAD.decode()
    return as_format("rocket.jpg", "JPEG", exif=exif.tobytes())


def jpeg_with_a_script_in_xmp() -> bytes:
    return jpeg_with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + PAYLOAD))


def jpeg_with_a_payload_in_its_profile() -> bytes:
    return as_format("rocket.jpg", "JPEG", icc_profile=PAYLOAD * 10)


def jpeg_whose_exif_turns_in_a_circle() -> bytes:
    """A directory whose next directory is itself and whose EXIF directory is itself, with absurd counts."""
    entries = struct.pack("<HHLL", 0x8769, 4, 1, 8) + struct.pack("<HHLL", 0x010E, 2, 2**32 - 1, 8)
    directory = struct.pack("<H", 2) + entries + struct.pack("<L", 8)
    return jpeg_with(segment(0xE1, b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + directory + PAYLOAD))


def jpeg_with_16_megabytes_of_profile() -> bytes:
    pieces = [
        segment(0xE2, b"ICC_PROFILE\x00" + bytes([at, 255]) + (PAYLOAD * 1_600)[:65_000])
        for at in range(1, 256)
    ]
    return jpeg_with(*pieces)


def gif_with_javascript() -> bytes:
    """`GIF89a/*` … `*/=1;alert()`: a script to a careless server, and a picture 10,799 pixels wide."""
    body = gif(0x2A2F, 20, gif_frame(0x2A2F, 20))
    return body + b"*/=1;" + PAYLOAD


def gif_with_a_script_in_a_comment() -> bytes:
    plain = as_format("chelsea.png", "GIF")
    comment = b"\x21\xfe" + bytes([len(PAYLOAD)]) + PAYLOAD + b"\x00"
    return plain[:-1] + comment + b"\x3b"


def png_with_a_script_in_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", PAYLOAD.decode())
    info.add_itxt("XML:com.adobe.xmp", PAYLOAD.decode())
    return as_format("chelsea.png", "PNG", pnginfo=info)


def png_with_an_archive_behind_it() -> bytes:
    return as_format("chelsea.png", "PNG") + PAYLOAD + _zip()


def webp_with_a_script_in_xmp() -> bytes:
    return as_format("chelsea.png", "WEBP", xmp=PAYLOAD, exif=b"Exif\x00\x00" + PAYLOAD)


def png_whose_content_is_longer_than_it_says() -> bytes:
    """100 × 100 pixels by its header, 64 MB when unpacked."""
    return png(100, 100, (b"\x00" * 101) * 100 + b"\x00" * 64_000_000 + PAYLOAD)


CARRIERS: tuple[Callable[[], bytes], ...] = (
    jpeg_with_html_behind_it,
    jpeg_with_html_in_a_comment,
    jpeg_with_a_script_in_exif,
    jpeg_with_a_script_in_xmp,
    jpeg_with_a_payload_in_its_profile,
    jpeg_whose_exif_turns_in_a_circle,
    jpeg_with_16_megabytes_of_profile,
    gif_with_a_script_in_a_comment,
    png_with_a_script_in_text,
    png_with_an_archive_behind_it,
    webp_with_a_script_in_xmp,
)


@functools.cache
def what_unpacks_to_200_megabytes() -> bytes:
    return zlib.compress(b"A" * 200_000_000, 9)


def png_with_a_text_that_unpacks_to_200_megabytes() -> bytes:
    text = b"Comment\x00\x00" + what_unpacks_to_200_megabytes()
    return png(2, 2, b"\x00\x01\x02" * 2, chunk(b"zTXt", text))


def png_with_a_profile_that_unpacks_to_200_megabytes() -> bytes:
    profile = b"icc\x00\x00" + what_unpacks_to_200_megabytes()
    return png(2, 2, b"\x00\x01\x02" * 2, chunk(b"iCCP", profile))


EITHER: tuple[Callable[[], bytes], ...] = (
    gif_with_javascript,
    png_whose_content_is_longer_than_it_says,
    png_with_a_text_that_unpacks_to_200_megabytes,
    png_with_a_profile_that_unpacks_to_200_megabytes,
)
