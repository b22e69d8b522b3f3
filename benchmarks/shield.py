"""What the shield and everything else that intake derives from a picture cost, against the naive way, in one run.

    python -m benchmarks.shield [--repeats 7]

The targets stand in the design's page on performance. All ways take turns, so that a busy machine slows all of them.
"""

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from PIL import Image, ImageFilter

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
    return {name: median(times) for name, times in taken.items()}


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


def report(case: Case, taken: dict[str, float], peak: int) -> None:
    """Print the figures of one picture, each with its target where there is one."""
    alone = taken["shield alone"]
    print(f"\n{case.name}, {case.size[0]} × {case.size[1]}")
    for name, milliseconds in taken.items():
        faster, dearer = taken["naive"] / milliseconds, milliseconds / alone
        print(
            f"  {name:34} {milliseconds:8.1f} ms   naive ÷ this {faster:5.1f}   this ÷ shield alone {dearer:5.1f}"
        )
    verdict(
        "shield alone against naive",
        taken["naive"] / alone,
        f"≥ {case.target:g}",
        taken["naive"] / alone >= case.target,
    )
    for name in ("shield and both fingerprints", "everything (with both stills)"):
        verdict(f"{name} against shield alone", taken[name] / alone, "≤ 2", taken[name] <= 2 * alone)
    memory = peak / MEBIBYTE
    if case.format == "JPEG":
        verdict("peak memory of the child, MB", memory, "≤ 64", memory <= 64)
    else:
        print(f"  {'peak memory of the child, MB':58} {memory:6.1f}   no target")


def verdict(what: str, measured: float, target: str, met: bool) -> None:
    """One line: measured, target, whether it is met."""
    print(f"  {what:58} {measured:6.1f}   target {target:6} {'met' if met else 'NOT MET'}")


def main() -> None:
    """Measure every case and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    print(f"Pictures: medians of {repeats} turns each, all in this run")
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            path = generated(case, Path(folder))
            report(case, medians(path, case, repeats), prepare(path).peak_bytes)


if __name__ == "__main__":
    main()
