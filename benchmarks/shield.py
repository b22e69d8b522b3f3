"""What the shield and everything else that intake derives from a picture cost, against the naive way, in one run.

    python -m benchmarks.shield [--quick] [--repeats 7] [--json FILE]

All ways take turns, so that a busy machine slows all of them.
"""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter

from benchmarks.measuring import Report, Row, asked, at_least, at_most, percentile, report
from moderation.media import fingerprints, renditions, worker
from moderation.media.limits import MEBIBYTE, SHIELD_EDGE, SHIELD_SAMPLES, PictureFormat
from moderation.media.miniatures import DHASH_SIZE, PHASH_SIZE, miniature
from moderation.media.prepare import prepare

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "samples"


@dataclass(frozen=True, slots=True)
class Case:
    """A picture to measure, and how much faster than the naive way its shield alone should be."""

    name: str
    format: PictureFormat
    size: tuple[int, int]
    target: float


CASES = (
    Case("12-megapixel JPEG", "JPEG", (4_000, 3_000), 8),
    Case("4K PNG", "PNG", (3_840, 2_160), 1.7),
)


def naive(path: Path) -> bytes:
    """Decode all of it, make it grey, blur it, make it small."""
    with Image.open(path) as image:
        blurred = image.convert("L").filter(ImageFilter.GaussianBlur(40))
    blurred.thumbnail((SHIELD_EDGE, SHIELD_EDGE))
    target = io.BytesIO()
    blurred.save(target, "JPEG", quality=80)
    return target.getvalue()


def few_pixels(path: Path, case: Case) -> Image.Image:
    """Grey, and no more of it than the shield needs."""
    edge = 4 * SHIELD_SAMPLES
    return renditions.decode(path, case.format, draft_edge=edge, edge=edge, mode="L").picture.convert("L")


def ways(path: Path, case: Case) -> dict[str, Callable[[], object]]:
    """Every way that is measured, by name."""
    return {
        "naive": lambda: naive(path),
        "decode in full, nothing else": lambda: Image.open(path).load(),
        "shield alone": lambda: renditions.shield(few_pixels(path, case), samples=SHIELD_SAMPLES),
        "shield and both fingerprints": lambda: shield_and_fingerprints(path, case),
        "everything (with both stills)": lambda: worker.work(path, samples=SHIELD_SAMPLES),
        "everything, in its child process": lambda: prepare(path),
    }


def shield_and_fingerprints(path: Path, case: Case) -> None:
    """In one pass over the few pixels. Intake does not do this: fingerprints of so few may be some bits off."""
    grey = few_pixels(path, case)
    renditions.shield(grey, samples=SHIELD_SAMPLES)
    fingerprints.phash(miniature(grey, PHASH_SIZE))
    fingerprints.dhash(miniature(grey, DHASH_SIZE))


def medians(path: Path, case: Case, repeats: int) -> dict[str, float]:
    """Milliseconds of each way, the median of so many turns, after one turn to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in ways(path, case)}
    for turn in range(repeats + 1):
        for name, way in ways(path, case).items():
            begun = time.perf_counter()
            way()
            if turn:
                taken[name].append((time.perf_counter() - begun) * 1000)
    return {name: percentile(times, 0.5) for name, times in taken.items()}


def generated(case: Case, folder: Path) -> Path:
    """A photograph enlarged to this size; the JPEG with the grain of a camera, the PNG smooth like what screens show.

    A PNG can only be decoded in full, so its decode alone is the floor of every way; with grain it drowns the rest.
    """
    with Image.open(SAMPLES / "coffee.png") as image:
        large = image.convert("RGB").resize(case.size, Image.Resampling.BICUBIC)
    if case.format == "JPEG":
        large = Image.blend(large, Image.effect_noise(case.size, 12).convert("RGB"), 0.08)
    path = folder / case.format
    large.save(path, case.format, quality=85)
    return path


def tell(rows: Report, case: Case, taken: dict[str, float], peak: int) -> None:
    """The rows of one picture."""
    naive, alone = taken["naive"], taken["shield alone"]
    rows.say(f"{case.name}, {case.size[0]} × {case.size[1]}")
    shield = f"shield alone, {case.name}"
    rows.add(Row(shield, alone, "ms", "the naive way", naive, faster=True, target=at_least(case.target)))
    for name in ("shield and both fingerprints", "everything (with both stills)"):
        what = f"{name}, {case.name}"
        rows.add(Row(what, taken[name], "ms", "its shield alone", alone, target=at_most(2)))
    for name in ("decode in full, nothing else", "everything, in its child process"):
        rows.add(Row(f"{name}, {case.name}", taken[name], "ms", "its shield alone", alone))
    limit = at_most(64) if case.format == "JPEG" else None
    rows.add(Row(f"peak memory of the child, {case.name}", peak / MEBIBYTE, "MB", target=limit))


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--repeats", type=int, default=7)


def main() -> int:
    """Measure every case."""
    options = asked(__doc__, add_options)
    repeats = 1 if options.quick else options.repeats
    with tempfile.TemporaryDirectory() as folder, report("Pictures", options) as rows:
        for case in CASES:
            path = generated(case, Path(folder))
            tell(rows, case, medians(path, case, repeats), prepare(path).peak_bytes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
