"""The parent's side of decoding: run the child, believe nothing that it says, turn every end into one of three.

=====================================================  ===============================================================
how the child ended                                    what it means
=====================================================  ===============================================================
answered, and the answer and every rendition hold up   `Prepared`
answered ``rejected``                                  `MediaRejected`, the file's fault, for good
after ``ready``: crashed, killed by its own limits     `MediaRejected` (``decoder_crashed``, ``too_slow``)
(processor time, memory), or answered nonsense
before ``ready``: could not start or bind itself       `PrepareFailed`, our fault
killed from outside (shutdown, out-of-memory killer)   `PrepareFailed`
still running at the timeout                           `PrepareFailed`: its processor limit is half the timeout, so a
                                                       file that computes for long is refused before; whoever is still
                                                       there was starved by a busy machine
renditions not written, no temporary folder, no blob   `PrepareFailed`
=====================================================  ===============================================================

So no file can make a crash loop: whatever it does to the decoder ends in a rejection, which is never tried again. The
one thing left to the caller: give `PrepareFailed` a bounded number of attempts, then quarantine.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from moderation.media import headers
from moderation.media.limits import (
    LEVELS,
    MAX_ANSWER_BYTES,
    MAX_EDGE,
    MAX_FRAMES,
    MAX_PIXELS,
    MAX_RENDITION_BYTES,
    SHIELD_EDGE,
    SHIELD_SAMPLES,
    STILL_EDGE,
    TEMPORARY,
    Level,
)
from moderation.media.miniatures import DHASH_SIZE, PHASH_SIZE
from moderation.media.rejections import SENTENCES, MediaRejected, rejected

_ROOT: Final = Path(__file__).resolve().parents[2]  # the folder that holds the package `moderation`
_READY: Final = b"ready\n"
_MINIATURES: Final = {
    name: re.compile(f"[0-9a-f]{{{2 * width * height}}}")
    for name, (width, height) in (("phash_pixels", PHASH_SIZE), ("dhash_pixels", DHASH_SIZE))
}
# What a service manager, a terminal or the kernel short of memory sends. All other deaths are the decoder's own.
_FROM_OUTSIDE: Final = frozenset(
    {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT}
)
_LARGEST: Final[dict[Level, tuple[int, int]]] = {  # longest side in pixels, colour channels
    "shielded": (SHIELD_EDGE, 1),
    "grey": (STILL_EDGE, 1),
    "colour": (STILL_EDGE, 3),
}


class PrepareFailed(Exception):
    """The work could not be done for a reason of ours; the same bytes may well pass later. Retry, a bounded time.

    ``code``: ``cannot_start``, ``broken_worker``, ``killed``, ``timeout``, ``disk`` or ``blob_missing``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of one picture.

    Width and height are the original's in pixels, upright. Frames: 1 for a still; of an animation only the first is
    shown. The fingerprints are 16 hex digits each. Renditions are JPEG bytes for each of `LEVELS`. ``peak_bytes`` is
    the most memory that the child had resident.
    """

    sha256: str
    width: int
    height: int
    frames: int
    format: str
    phash: str
    dhash: str
    renditions: dict[Level, bytes]
    peak_bytes: int


def prepare(
    path: Path,
    *,
    samples: int = SHIELD_SAMPLES,
    timeout_seconds: float = 30,
    scratch: Path | None = None,
) -> Prepared:
    """Verify, shield and fingerprint the picture at this path, in a child process with limits.

    ``samples`` (16 to 64) counts those of the shield on the longest side. Renditions lie in a folder of their own under
    ``scratch`` until they are read. Give the root of the `BlobStore` there: if this process is killed they stay behind,
    and `BlobStore.sweep_temporaries` finds them (default: the system's temporary folder, which nobody sweeps). Takes a
    few tenths of a second and blocks.

    Raises:
        MediaRejected: the file is refused, for good.
        PrepareFailed: our fault; may be retried.
    """
    sha256 = _digest(path)
    try:
        with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=scratch) as folder:
            answer = _answer(_run(path.resolve(), Path(folder), samples, timeout_seconds))
            drawn = {level: _rendition(Path(folder), level) for level in LEVELS}
    except OSError as error:
        raise PrepareFailed("disk") from error
    return _prepared(sha256, answer, drawn)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise PrepareFailed("blob_missing") from error
    except OSError as error:
        raise PrepareFailed("disk") from error


def _run(path: Path, folder: Path, samples: int, timeout_seconds: float) -> bytes:
    """Run the child to its end, whatever that is, and return what it said."""
    said = folder / "answer"
    with said.open("wb") as stdout:
        process = _start(path, folder, samples, timeout_seconds, stdout.fileno())
        try:
            status = process.wait(timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise PrepareFailed("timeout") from error
        finally:
            _end(process)
    with said.open("rb") as file:
        text = file.read(MAX_ANSWER_BYTES)
    _check_status(status, ready=text.startswith(_READY))
    return text.removeprefix(_READY)


def _start(
    path: Path, folder: Path, samples: int, timeout_seconds: float, stdout: int
) -> "subprocess.Popen[bytes]":
    """Start the child in a session of its own, with no input, no errors told and nothing of our environment."""
    cpu_seconds = max(1, int(timeout_seconds / 2))
    program = [sys.executable, "-E", "-s", "-m", "moderation.media.worker", str(path), str(folder)]
    try:
        return subprocess.Popen(
            [*program, "--samples", str(samples), "--cpu-seconds", str(cpu_seconds)],
            cwd=_ROOT,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PrepareFailed("cannot_start") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the child if it still runs, and all that it may have started; leave no zombie."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _check_status(status: int, *, ready: bool) -> None:
    if -status in _FROM_OUTSIDE:
        raise PrepareFailed("killed")
    if not ready:
        raise PrepareFailed("broken_worker")
    if -status == signal.SIGXCPU:
        raise rejected("too_slow")
    if status:
        raise rejected("decoder_crashed")


def _answer(text: bytes) -> dict[str, Any]:
    """The child's answer as an object, or what it says went wrong. Its words are looked up, never passed on."""
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise rejected("decoder_crashed") from error
    if not isinstance(answer, dict):
        raise rejected("decoder_crashed")
    if "failed" in answer:
        raise PrepareFailed("disk")
    if "rejected" in answer:
        code = answer["rejected"]
        raise rejected(code if isinstance(code, str) and code in SENTENCES else "decoder_crashed")
    return answer


def _rendition(folder: Path, level: Level) -> bytes:
    """A rendition that the child wrote, once it has been seen to be no larger and no more colourful than its level.

    A file that took over the decoder could write what it likes; here it still gets no clear pixel past the shield.
    """
    try:
        with (folder / level).open("rb") as file:
            data = file.read(MAX_RENDITION_BYTES + 1)
    except FileNotFoundError as error:
        raise rejected("decoder_crashed") from error
    if not data.startswith(b"\xff\xd8\xff"):
        raise rejected("decoder_crashed")
    header, (edge, components) = headers.jpeg(data), _LARGEST[level]
    if max(header.width, header.height) > edge or header.components != components:
        raise rejected("decoder_crashed")
    return data


def _prepared(sha256: str, answer: dict[str, Any], drawn: dict[Level, bytes]) -> Prepared:
    if not _believable(answer):
        raise rejected("decoder_crashed")
    # Here, because it loads numpy: a dozen megabytes in each process that only promises that media will be prepared.
    from moderation.media import fingerprints  # noqa: PLC0415

    return Prepared(
        sha256=sha256,
        width=answer["width"],
        height=answer["height"],
        frames=answer["frames"],
        format=answer["format"],
        phash=fingerprints.phash(answer["phash_pixels"]),
        dhash=fingerprints.dhash(answer["dhash_pixels"]),
        renditions=drawn,
        peak_bytes=answer["peak_bytes"],
    )


def _believable(answer: dict[str, Any]) -> bool:
    numbers = (("width", MAX_EDGE), ("height", MAX_EDGE), ("frames", MAX_FRAMES), ("peak_bytes", 1 << 40))
    return (
        answer.get("format") in list(MAX_PIXELS)
        and all(type(answer.get(name)) is int and 0 < answer[name] <= most for name, most in numbers)
        and all(
            isinstance(answer.get(name), str) and pixels.fullmatch(answer[name])
            for name, pixels in _MINIATURES.items()
        )
    )


__all__ = ["MediaRejected", "PrepareFailed", "Prepared", "prepare"]
