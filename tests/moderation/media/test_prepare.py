import hashlib
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from moderation.media import limits
from moderation.media.prepare import Prepared, PrepareFailed, prepare
from moderation.media.rejections import SENTENCES, MediaRejected, rejected
from tests.moderation.media import corpus
from tests.moderation.media.samples import SAMPLES, as_format, encoded, enlarged, photograph, shown

ROOT = Path(__file__).parents[3]


def kept(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "blob"
    path.write_bytes(data)
    return path


def outcome(tmp_path: Path, data: bytes) -> Prepared | str:
    """What `prepare` makes of these bytes: the result, or the code of the rejection. Any other end fails the test."""
    try:
        return prepare(kept(tmp_path, data))
    except MediaRejected as rejection:
        return rejection.code


# ── what comes out ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_a_picture_is_prepared(tmp_path: Path, picture_format: str) -> None:
    data = as_format("chelsea.png", picture_format)
    prepared = prepare(kept(tmp_path, data))
    assert prepared.sha256 == hashlib.sha256(data).hexdigest()
    assert (prepared.format, prepared.width, prepared.height, prepared.frames) == (
        picture_format,
        451,
        300,
        1,
    )
    assert len(prepared.phash) == len(prepared.dhash) == 16
    assert tuple(prepared.renditions) == limits.LEVELS
    assert [shown(data).mode for data in prepared.renditions.values()] == ["L", "L", "RGB"]
    assert max(shown(prepared.renditions["shielded"]).size) == 320
    assert list(tmp_path.iterdir()) == [tmp_path / "blob"]


def test_the_frames_of_an_animation_are_told(tmp_path: Path) -> None:
    more = [photograph(name).resize((451, 300)) for name in ("coffee.png", "rocket.jpg")]
    data = as_format("chelsea.png", "WEBP", save_all=True, append_images=more)
    assert prepare(kept(tmp_path, data)).frames == 3


def test_unreadable_metadata_does_not_cost_the_picture(tmp_path: Path) -> None:
    data = as_format("chelsea.png", "WEBP", exif=b"Exif\x00\x00neither II nor MM")
    assert prepare(kept(tmp_path, data)).width == 451


def test_a_relative_path_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLES)
    assert prepare(Path("rocket.jpg")).width == 640


def test_the_samples_of_the_shield_are_passed_on() -> None:
    few, many = (prepare(SAMPLES / "astronaut.png", samples=samples).renditions for samples in (16, 64))
    assert len(few["shielded"]) < len(many["shielded"])
    assert few["colour"] == many["colour"]


def test_a_picture_of_50_megapixels_passes_and_12_take_less_than_64_megabytes(tmp_path: Path) -> None:
    fifty = prepare(kept(tmp_path, encoded(enlarged("coffee.png", 8_688), "JPEG", quality=60)))
    assert fifty.width * fifty.height > 50_000_000
    twelve = prepare(kept(tmp_path, encoded(enlarged("coffee.png", 4_243), "JPEG", quality=85)))
    assert twelve.width * twelve.height > 12_000_000
    assert max(fifty.peak_bytes, twelve.peak_bytes) <= 64 * limits.MEBIBYTE


@pytest.mark.parametrize(("picture_format", "mode"), [("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "P")])
def test_the_largest_accepted_picture_of_each_format_fits_its_limits(
    tmp_path: Path, picture_format: str, mode: str
) -> None:
    options = {"PNG": {"compress_level": 1}, "WEBP": {"method": 0, "quality": 30}}.get(picture_format, {})
    data = encoded(Image.new(mode, (8_000, 4_500)), picture_format, **options)
    assert prepare(kept(tmp_path, data)).peak_bytes < limits.CHILD_ADDRESS_SPACE


# ── hostile files ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("bomb", corpus.BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_that_gets_past_the_door_is_refused_by_the_child(
    tmp_path: Path, bomb: Callable[[], bytes]
) -> None:
    assert outcome(tmp_path, bomb()) == corpus.BOMBS[bomb]


@pytest.mark.parametrize("kind", ["zero bytes", "SVG", "HTML named .jpg", "PDF", "ZIP", "MP4", "noise"])
def test_what_is_no_picture_is_refused_by_the_child_too(tmp_path: Path, kind: str) -> None:
    data, code = corpus.NOT_PICTURES[kind]
    assert outcome(tmp_path, data) == code


@pytest.mark.parametrize("share", [0.2, 0.9])
@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_a_truncated_picture_is_refused(tmp_path: Path, picture_format: str, share: float) -> None:
    assert outcome(tmp_path, corpus.truncated(picture_format, share)) in {"truncated", "damaged"}


@pytest.mark.parametrize("end", [b"\xff\xd9", b""])
def test_truncated_pixels_behind_a_true_end_mark_never_crash(tmp_path: Path, end: bytes) -> None:
    jpeg = as_format("chelsea.png", "JPEG")
    assert isinstance(outcome(tmp_path, jpeg[: len(jpeg) // 2] + end), Prepared if end else str)
    png = as_format("chelsea.png", "PNG")
    pixels = png.index(b"IDAT") - 4
    short = corpus.chunk(b"IDAT", png[pixels + 8 : pixels + 2_000])
    assert outcome(tmp_path, png[:pixels] + short + corpus.chunk(b"IEND", b"")) == "undecodable"


@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_noise_inside_true_headers_ends_in_a_picture_or_a_refusal(
    tmp_path: Path, picture_format: str
) -> None:
    result = outcome(tmp_path, corpus.garbled(picture_format))
    assert isinstance(result, Prepared) or result in SENTENCES


def test_changed_bytes_end_in_a_picture_or_a_refusal(tmp_path: Path) -> None:
    for mutant in corpus.mutants(32):
        result = outcome(tmp_path, mutant)
        assert isinstance(result, Prepared) or result in SENTENCES


@pytest.mark.parametrize("carrier", corpus.CARRIERS, ids=lambda carrier: carrier.__name__)
def test_what_a_picture_carries_is_gone_from_every_rendition(
    tmp_path: Path, carrier: Callable[[], bytes]
) -> None:
    data = carrier()
    assert b"RESPITE-PAYLOAD" in data or b"RESPITE-PAYLOAD" in data.replace(b"\x00", b"")
    prepared = prepare(kept(tmp_path, data))
    for rendition in prepared.renditions.values():
        assert b"RESPITE-PAYLOAD" not in rendition
        assert b"<script" not in rendition
        assert rendition.endswith(b"\xff\xd9")
    assert prepared.peak_bytes < limits.CHILD_ADDRESS_SPACE


@pytest.mark.parametrize("maker", corpus.EITHER, ids=lambda maker: maker.__name__)
def test_what_may_pass_comes_out_clean_and_within_memory(tmp_path: Path, maker: Callable[[], bytes]) -> None:
    result = outcome(tmp_path, maker())
    if isinstance(result, Prepared):
        assert all(b"RESPITE-PAYLOAD" not in rendition for rendition in result.renditions.values())
        assert result.peak_bytes < 128 * limits.MEBIBYTE
    else:
        assert result in SENTENCES


# ── how the child can end ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a shell script in the place of the child's interpreter. It is called with -E -s -m … FILE FOLDER …"""

    def replace(script: str) -> None:
        program = tmp_path / "child"
        program.write_text(f"#!/bin/sh\nfolder=$6\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))

    return replace


def answer(**changed: object) -> str:
    facts = {"format": "JPEG", "width": 640, "height": 427, "frames": 1, "peak_bytes": 1}
    return json.dumps(facts | {"phash": "0" * 16, "dhash": "0" * 16} | changed)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("kill -SEGV $$", "broken_worker"),  # before it had seen the file
        ("exit 1", "broken_worker"),
        ("kill -KILL $$", "killed"),
        ("echo ready; kill -KILL $$", "killed"),  # the kernel, short of memory, or an operator
        ("echo ready; kill -TERM $$", "killed"),
        ("echo ready; exec sleep 60", "timeout"),
        ("""echo ready; echo '{"failed": "disk"}'""", "disk"),
    ],
)
def test_our_own_faults_may_be_retried(child: Callable[[str], None], script: str, code: str) -> None:
    child(script)
    with pytest.raises(PrepareFailed) as caught:
        prepare(SAMPLES / "rocket.jpg", timeout_seconds=1)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("echo ready; kill -SEGV $$", "decoder_crashed"),
        ("echo ready; kill -ABRT $$", "decoder_crashed"),
        ("echo ready; kill -XCPU $$", "too_slow"),
        ("echo ready; exit 3", "decoder_crashed"),
        ("echo ready", "decoder_crashed"),
        ("echo ready; echo nonsense", "decoder_crashed"),
        ("echo ready; echo '[]'", "decoder_crashed"),
        ("echo ready; yes | head -c 100000", "decoder_crashed"),
        ("""echo ready; echo '{"rejected": "truncated"}'""", "truncated"),
        ("""echo ready; echo '{"rejected": "too_much_memory"}'""", "too_much_memory"),
        ("""echo ready; echo '{"rejected": "<script>"}'""", "decoder_crashed"),
        ("""echo ready; echo '{"rejected": ["truncated"]}'""", "decoder_crashed"),
        (f"echo ready; echo '{answer()}'", "decoder_crashed"),  # no renditions
    ],
)
def test_the_files_own_faults_are_final(child: Callable[[str], None], script: str, code: str) -> None:
    child(script)
    with pytest.raises(MediaRejected) as caught:
        prepare(SAMPLES / "rocket.jpg")
    assert caught.value.code == code


def drawing(tmp_path: Path, said: str, **renditions: bytes) -> str:
    """A child that leaves these renditions and says this."""
    drawn = {
        "shielded": encoded(Image.new("L", (320, 213)), "JPEG"),
        "grey": encoded(Image.new("L", (640, 427)), "JPEG"),
        "colour": encoded(Image.new("RGB", (640, 427)), "JPEG"),
    } | renditions
    source = tmp_path / "drawn"
    source.mkdir()
    for level, data in drawn.items():
        (source / level).write_bytes(data)
    return f"cp {source}/* $folder/; echo ready; echo '{said}'"


def test_an_honest_answer_is_believed(child: Callable[[str], None], tmp_path: Path) -> None:
    child(drawing(tmp_path, answer()))
    assert prepare(SAMPLES / "rocket.jpg").width == 640


@pytest.mark.parametrize(
    "changed",
    [
        {"width": 0},
        {"width": -5},
        {"width": True},
        {"height": 1e3},
        {"frames": 10**9},
        {"format": "SVG"},
        {"format": []},
        {"phash": "x" * 16},
        {"dhash": None},
        {"dhash": "0" * 17},
    ],
)
def test_an_unbelievable_answer_is_refused(
    child: Callable[[str], None], tmp_path: Path, changed: dict[str, object]
) -> None:
    child(drawing(tmp_path, answer(**changed)))
    with pytest.raises(MediaRejected, match="decoder_crashed"):
        prepare(SAMPLES / "rocket.jpg")


@pytest.mark.parametrize(
    "forged",
    [
        {"shielded": encoded(Image.new("L", (321, 100)), "JPEG")},
        {"shielded": encoded(Image.new("RGB", (320, 100)), "JPEG")},
        {"grey": encoded(Image.new("RGB", (320, 100)), "JPEG")},
        {"colour": encoded(Image.new("RGB", (2_561, 1)), "JPEG")},
        {"colour": b"<html>"},
        {"colour": encoded(Image.new("RGB", (20, 10)), "PNG")},
        {"grey": b"\xff\xd8\xff"},
    ],
)
def test_a_captured_child_gets_no_clear_pixel_past_the_shield(
    child: Callable[[str], None], tmp_path: Path, forged: dict[str, bytes]
) -> None:
    child(drawing(tmp_path, answer(), **forged))
    with pytest.raises(MediaRejected):
        prepare(SAMPLES / "rocket.jpg")


def test_nothing_that_the_child_started_outlives_it(child: Callable[[str], None], tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    child(f"echo ready; sleep 60 & echo $! > {noted}; wait")
    with pytest.raises(PrepareFailed, match="timeout"):
        prepare(SAMPLES / "rocket.jpg", timeout_seconds=1)
    state = Path(f"/proc/{noted.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_a_child_that_cannot_start_is_our_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "absent"))
    with pytest.raises(PrepareFailed, match="cannot_start"):
        prepare(SAMPLES / "rocket.jpg")


def test_a_missing_blob_or_temporary_folder_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(PrepareFailed, match="blob_missing"):
        prepare(tmp_path / "absent")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(PrepareFailed, match="disk"):
        prepare(SAMPLES / "rocket.jpg")


def test_the_child_sees_nothing_of_our_environment(
    child: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    child(f"env > {tmp_path}/seen; readlink /proc/$$/fd/0 > {tmp_path}/input; exit 1")
    with pytest.raises(PrepareFailed):
        prepare(SAMPLES / "rocket.jpg")
    assert "do not tell" not in (tmp_path / "seen").read_text()
    assert (tmp_path / "input").read_text().strip() == os.devnull


# ── the limits themselves ────────────────────────────────────────────────────────────────────────────────────────


def bound(program: str) -> int:
    """The exit status of a child that binds itself as the worker does, then runs this."""
    code = f"from moderation.media.worker import bind\nbind(cpu_seconds=1)\n{program}"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True).returncode


def test_memory_beyond_the_limit_is_refused() -> None:
    grab = "try:\n    bytearray({})\nexcept MemoryError:\n    raise SystemExit(7)"
    assert bound(grab.format(limits.CHILD_ADDRESS_SPACE)) == 7
    assert bound(grab.format(1_000)) == 0


def test_processor_time_beyond_the_limit_kills() -> None:
    assert bound("while True: pass") == -signal.SIGXCPU


def test_files_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    write = f"with open({str(tmp_path / 'large')!r}, 'wb') as file: file.write(bytes({limits.MAX_RENDITION_BYTES} + 1))"
    assert bound(write) == 1
    assert bound(f"files = [open('/dev/null') for _ in range({limits.CHILD_OPEN_FILES})]") == 1


def test_what_was_given_up_cannot_be_taken_back() -> None:
    raising = (
        "import os, resource\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try:\n    resource.setrlimit(resource.RLIMIT_AS, (2**33, 2**33))\n"
        "except ValueError:\n    raise SystemExit(7)"
    )
    assert bound(raising) == 7


def test_the_child_loads_nothing_that_it_does_not_need_and_the_parent_no_decoder() -> None:
    loaded = "import sys, {}\nprint(*sys.modules)"

    def modules(name: str) -> set[str]:
        program = [sys.executable, "-c", loaded.format(name)]
        return set(
            subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
        )

    assert not modules("moderation.media.worker") & {"django", "numpy", "scipy", "imagehash"}
    parents = set().union(*(modules(f"moderation.media.{name}") for name in ("prepare", "sniff", "store")))
    assert not parents & {"django", "numpy", "PIL"}


def test_a_rejection_survives_the_way_between_processes() -> None:
    again = pickle.loads(pickle.dumps(rejected("svg")))  # noqa: S301 - our own bytes
    assert (again.code, again.sentence) == ("svg", SENTENCES["svg"])


def test_no_exception_tells_anything_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a-name-that-tells"
    path.write_bytes(b"content that tells")
    with pytest.raises(MediaRejected) as caught:
        prepare(path)
    assert "tells" not in f"{caught.value} {caught.value!r} {caught.value.sentence}"
    assert io.BytesIO(path.read_bytes()).read(7) == b"content"
