"""What the safeguard does and what it costs: the same people and the same items, allocated in two ways.

    python -m benchmarks.shift_simulation [--json] [--plot FILE.svg] [--people 200] [--days 28] [--seed 1]
    python -m benchmarks.shift_simulation --slice [--people 20] [--days 3]

ORDINARY is first in, first out, with lunch and nothing else. RESPITE is the product's own pure rules over a ledger in
memory. What breaks a rule of WELLBEING.md is counted by a checker that shares no line with those rules. ``--slice``
drives the services and a database through the same shifts and compares what they do, act for act.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from benchmarks.simulation.figures import Figures
from benchmarks.simulation.run import both

ROWS = (
    ("decisions", "decisions by people"),
    ("violations", "times a rule was broken"),
    ("severe_minutes_per_decision", "minutes at severity 3 and up per decision"),
    ("gini_severe_minutes", "how unevenly these are spread (Gini, 0 to 1)"),
    ("longest_severe_run", "longest run of cases at severity 3 and up"),
    ("due_met_share", "share of due times met"),
    ("paid_idle_hours", "paid hours with nothing to do"),
)


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one object and nothing else")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg")
    parser.add_argument("--people", type=int)
    parser.add_argument("--days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slice", action="store_true", help="through the services and a database, compared")
    return parser.parse_args()


def main() -> int:
    """Simulate and tell."""
    options = asked()
    begun = time.monotonic()
    found = both(people=options.people or 200, days=options.days or 28, seed=options.seed)
    if options.json:
        print(json.dumps({name: figures.told() for name, figures in found.items()}))
    else:
        show(found, seconds=time.monotonic() - begun)
    return 1 if found["respite"].violations else 0


def show(found: dict[str, Figures], *, seconds: float) -> None:
    """Print both floors beside each other, then what was broken and what it costs."""
    ordinary, respite = found["ordinary"], found["respite"]
    print(f"{'':50} {'ordinary':>12} {'Respite':>12}")
    for key, words in ROWS:
        print(f"{words:50} {ordinary.told()[key]:>12,} {respite.told()[key]:>12,}")
    print("\nRules broken:")
    for rule in sorted({*ordinary.broken, *respite.broken}):
        print(f"  {rule:48} {ordinary.broken.get(rule, 0):>12,} {respite.broken.get(rule, 0):>12,}")
    print("\nWhat it costs:")
    for words, one in (("ordinary", ordinary), ("Respite", respite)):
        per_hour = one.answered / max(one.paid_hours, 1)
        print(
            f"  {words}: {one.answered:,} of the items answered with {one.decisions:,} decisions in {one.paid_hours:,.0f} paid"
            f" hours ({per_hour:.1f} an hour); {one.rest_hours:,.0f} hours of breaks and pauses, {one.idle_hours:,.0f} idle"
        )
    print(f"\n{seconds:.0f} s in all.")


if __name__ == "__main__":
    sys.exit(main())
