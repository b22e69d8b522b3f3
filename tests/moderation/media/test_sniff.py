from collections.abc import Callable
from pathlib import Path

import pytest

from moderation.media import limits
from moderation.media.rejections import SENTENCES, MediaRejected
from moderation.media.sniff import Sniffed, sniff
from tests.moderation.media import corpus
from tests.moderation.media.samples import as_format, photograph

pytestmark = pytest.mark.any_database


def refusal(data: bytes | Path) -> str:
    with pytest.raises(MediaRejected) as caught:
        sniff(data)
    assert caught.value.sentence == SENTENCES[caught.value.code]
    return caught.value.code


@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_each_accepted_format_is_known_by_its_bytes(picture_format: str) -> None:
    sniffed = sniff(as_format("chelsea.png", picture_format))
    assert (sniffed.kind, sniffed.format, sniffed.width, sniffed.height, sniffed.frames) == (
        "picture",
        picture_format,
        451,
        300,
        1,
    )


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(as_format("chelsea.png", "PNG"))
    assert sniff(path) == Sniffed("picture", "PNG", 451, 300, 1)


@pytest.mark.parametrize(
    ("picture_format", "options"),
    [
        ("JPEG", {"progressive": True}),
        ("JPEG", {"restart_marker_blocks": 4}),
        ("PNG", {"compress_level": 0}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_the_less_common_ways_of_writing_a_format_are_accepted(
    picture_format: str, options: dict[str, object]
) -> None:
    assert sniff(as_format("coffee.png", picture_format, **options)).width == 600


@pytest.mark.parametrize("picture_format", ["GIF", "WEBP", "PNG"])
def test_frames_of_an_animation_are_counted(picture_format: str) -> None:
    more = [photograph(name).resize((451, 300)) for name in ("coffee.png", "rocket.jpg")]
    data = as_format("chelsea.png", picture_format, save_all=True, append_images=more)
    assert sniff(data).frames == 3


@pytest.mark.parametrize("kind", corpus.NOT_PICTURES)
def test_what_is_no_picture_is_refused_by_what_it_is(kind: str, tmp_path: Path) -> None:
    data, code = corpus.NOT_PICTURES[kind]
    path = tmp_path / "picture.jpg"
    path.write_bytes(data)
    assert refusal(data) == refusal(path) == code


@pytest.mark.parametrize(
    ("bomb", "code"), corpus.BOMBS.items(), ids=lambda value: getattr(value, "__name__", value)
)
def test_a_bomb_is_refused_by_its_headers(bomb: Callable[[], bytes], code: str) -> None:
    assert refusal(bomb()) == code


@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_a_file_cut_anywhere_is_refused(picture_format: str) -> None:
    whole = as_format("chelsea.png", picture_format)
    for length in (*range(1, 64), *range(64, len(whole), len(whole) // 50), len(whole) - 1):
        assert refusal(whole[:length]) in {"truncated", "damaged", "unknown_type"}


@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_a_file_that_ends_right_after_its_magic_number_is_truncated(picture_format: str) -> None:
    assert refusal(as_format("chelsea.png", picture_format)[:12]) == "truncated"


def test_no_change_of_bytes_makes_the_check_itself_fall_over() -> None:
    refused = set()
    for mutant in corpus.mutants(800):
        try:
            sniff(mutant)
        except MediaRejected as rejection:
            refused.add(rejection.code)
    assert refused <= set(SENTENCES)
    assert {"truncated", "damaged"} <= refused


@pytest.mark.parametrize(
    "data",
    [
        corpus.gif(0, 0),
        corpus.gif(10, 10),
        corpus.gif(0, 0, corpus.gif_frame(0, 0)),
        corpus.png(0, 5, b""),
        corpus.png(2**31, 0, b""),
        corpus.riff(),
        corpus.riff((b"VP8X", b"\x00" * 10)),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x08" + b"\x00" * 6 + b"\xff\xd9",
    ],
)
def test_headers_without_a_picture_are_damaged(data: bytes) -> None:
    assert refusal(data) in {"damaged", "truncated"}


def test_a_megabyte_of_pdf_in_a_comment_does_not_hide_a_picture() -> None:
    assert sniff(corpus.jpeg_with(corpus.segment(0xFE, b"%PDF-1.7 " * 7_000))).format == "JPEG"


def test_the_sentences_name_the_limits_in_force() -> None:
    others = {limits.MAX_PIXELS[name] for name in ("PNG", "GIF", "WEBP")}
    assert others == {36_000_000}
    assert "36 million" in SENTENCES["too_many_pixels"]
    assert f"{limits.MAX_PIXELS['JPEG'] // 1_000_000} million" in SENTENCES["too_many_pixels"]
    assert f"{limits.MAX_EDGE:,}" in SENTENCES["too_wide"]
    assert f"{limits.MAX_FRAMES:,} frames" in SENTENCES["too_many_frames"]
    assert f"{limits.MAX_FRAME_PIXELS // 1_000_000} million" in SENTENCES["too_many_frames"]
