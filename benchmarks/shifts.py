"""Whole shifts, as somebody plays them who asks at once and takes every break, against every preset.

    python -m benchmarks.shifts [--json] [--tenth]

Through the pure rules over a ledger in memory. For each: cases, minutes looked, waited and rested, and when each limit
bound. It fails where (a) somebody waits while a case lies there that no hard rule forbids; (b) two breaks come within 20
minutes of work of each other, and neither severity 4, a red load nor 'too much' asked for one; (c) breaks are more than a
quarter of a ``default`` shift without severity 4; (d) a number of ``specialist`` cannot be reached; (e) under ``default`` a
red load closes something before minutes or cases do. ``tests/benchmarks/test_shifts.py`` plays a tenth of them in every
run, and some through the services and a database, act for act.
"""

import argparse
import json
import sys
import time as clock
from collections.abc import Sequence
from datetime import time
from multiprocessing import get_context

from benchmarks.simulation.played import Outcome, Play, failures, play_out
from benchmarks.simulation.streams import LENGTHS, STREAMS
from wellbeing.limits.rules.presets import PRESETS

TYPICAL = ("spam", *(f"only {stream.name}" for stream in STREAMS))
HARSH = (
    "severity 3 alone",
    "severity 4 alone, grey",
    "severity 4 alone, colour",
    "severity 2 to 4, colour",
)
SOME = ("only mixed", "only graphic pictures", "only extreme clips")
NIGHT = time(22)


def plays() -> list[Play]:
    """Return every play, always in this order."""
    return [
        *(Play(preset, queue) for preset in PRESETS for queue in TYPICAL),
        *(Play("default", queue) for queue in HARSH),
        *(Play("default", queue, week=week) for week in (1, 3, 5) for queue in SOME),
        *(Play("default", queue, begins=NIGHT) for queue in SOME),
        *(Play("default", queue, hours=4) for queue in SOME),
        *(Play("default", queue, people=10) for queue in SOME),
        *(Play("specialist", f"severity 4 of {look} s", varies=False) for look in LENGTHS),
        *(Play("default", queue, days=28) for queue in (*TYPICAL, *HARSH)),
    ]


def tenth() -> list[Play]:
    """Return a fixed tenth of them, one of each kind, for every run of the tests."""
    return [
        Play("default", "only mixed"),
        Play("default", "severity 4 alone, grey"),
        Play("starter", "only graphic pictures"),
        Play("default", "only extreme clips", week=3),
        Play("default", "only graphic pictures", hours=4),
        Play("specialist", "severity 4 of 60 s", varies=False),
        Play("specialist", "severity 4 of 9 s", varies=False),
    ]


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one list of objects and nothing else")
    parser.add_argument("--tenth", action="store_true", help="those of every run of the tests alone")
    return parser.parse_args()


def main() -> int:
    """Play and tell."""
    options = asked()
    begun = clock.monotonic()
    found = all_of(tenth() if options.tenth else plays())
    if options.json:
        print(json.dumps([one.told() for one in found]))
    else:
        show(found)
        print(f"\n{clock.monotonic() - begun:.0f} s in all.")
    return 1 if any(failures(one) for one in found) else 0


def all_of(what: Sequence[Play]) -> list[Outcome]:
    """Play them on both cores."""
    with get_context("fork").Pool(2) as pool:
        return pool.map(play_out, what, chunksize=1)


def show(found: Sequence[Outcome]) -> None:
    """Print a line for each, and below it what bound and what is wrong."""
    print(
        f"{'preset':11} {'queue':38} {'cases':>6} {'looked':>7} {'waited':>7} {'breaks':>7}  minutes at severity 0 to 4"
    )
    for one in found:
        told, severities = one.told(), "  ".join(f"{one.looked.get(n, 0):.0f}" for n in range(5))
        print(
            f"{told['preset']:11} {told['queue']:38} {told['cases']:>6} {told['looked_min']:>7} {told['waited_min']:>7}"
            f" {told['breaks_min']:>7}  {severities}"
        )
        if one.play.days == 1 and one.bound:
            print(
                "    "
                + ", ".join(
                    f"{name} {at:%H:%M}" for name, at in sorted(one.bound.items(), key=lambda n: n[1])
                )
            )
        for failure in failures(one):
            print(f"    FAILS {failure}")


if __name__ == "__main__":
    sys.exit(main())
