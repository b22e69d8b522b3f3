"""The child program that decodes: ``python -m moderation.media.worker FILE FOLDER --samples 32 --cpu-seconds 15``.

Reads one file, writes ``FOLDER/<level>`` for each rendition, and answers on stdout with two lines: ``ready`` once it
has started and bound itself, and a JSON object. Before ``ready`` every failure is ours; after it, the file's, except
where the answer says ``failed``. The object is one of

- ``{"format", "width", "height", "frames", "phash_pixels", "dhash_pixels", "peak_bytes"}``
- ``{"rejected": code}``, a code of `rejections.SENTENCES`
- ``{"failed": code}``: the renditions could not be written

It imports no Django, no numpy and nothing of the product but this package.
"""

import argparse
import json
import resource
import sys
from pathlib import Path
from typing import Final

from moderation.media import renditions
from moderation.media.limits import (
    CHILD_ADDRESS_SPACE,
    CHILD_OPEN_FILES,
    MAX_RENDITION_BYTES,
    SHIELD_SAMPLES,
    SHIELD_SAMPLES_LEAST,
    SHIELD_SAMPLES_MOST,
    Level,
)
from moderation.media.miniatures import DHASH_SIZE, PHASH_SIZE, miniature
from moderation.media.rejections import MediaRejected
from moderation.media.sniff import sniff

READY: Final = "ready"

Answer = dict[str, str | int]


def main() -> int:
    """Bind this process, do the work, answer. Exit code 0 whenever an answer was given."""
    arguments = _arguments()
    bind(cpu_seconds=arguments.cpu_seconds)
    _say(READY)
    try:
        answer, drawn = work(arguments.file, samples=arguments.samples)
    except MediaRejected as refusal:
        answer, drawn = {"rejected": refusal.code}, {}
    except MemoryError:
        answer, drawn = {"rejected": "too_much_memory"}, {}
    except Exception:  # noqa: BLE001 - decoders raise whatever they like on hostile bytes; all of it means the same
        answer, drawn = {"rejected": "undecodable"}, {}
    try:
        for level, data in drawn.items():
            (arguments.folder / level).write_bytes(data)
    except OSError:
        answer = {"failed": "disk"}
    _say(json.dumps(answer))
    return 0


def bind(*, cpu_seconds: int) -> None:
    """Give up, for good, what a decoder does not need: memory, processor time, large files, many files, core dumps."""
    for what, most in (
        (resource.RLIMIT_AS, CHILD_ADDRESS_SPACE),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, MAX_RENDITION_BYTES),
        (resource.RLIMIT_NOFILE, CHILD_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most + 1 if what == resource.RLIMIT_CPU else most))


def work(path: Path, *, samples: int) -> tuple[Answer, dict[Level, bytes]]:
    """Check, decode and draw one file. Raises `MediaRejected` and whatever decoders raise."""
    sniffed = sniff(path)
    decoded = renditions.decode(path, sniffed.format)
    grey = decoded.picture.convert("L")
    answer: Answer = {
        "format": sniffed.format,
        "width": decoded.width,
        "height": decoded.height,
        "frames": sniffed.frames,
        "phash_pixels": miniature(grey, PHASH_SIZE),
        "dhash_pixels": miniature(grey, DHASH_SIZE),
    }
    drawn = renditions.draw(decoded.picture, samples=samples)
    return answer | {"peak_bytes": peak_bytes()}, drawn


def peak_bytes() -> int:
    """The most memory this process has had resident. Not `ru_maxrss`, which a child inherits from a larger parent."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Decode one picture inside limits.")
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--samples",
        type=int,
        default=SHIELD_SAMPLES,
        choices=range(SHIELD_SAMPLES_LEAST, SHIELD_SAMPLES_MOST + 1),
        metavar=f"{SHIELD_SAMPLES_LEAST}..{SHIELD_SAMPLES_MOST}",
    )
    parser.add_argument("--cpu-seconds", type=int, default=15)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
