"""What the safeguard does and what it costs: the same people and the same items, allocated in two ways.

    python -m benchmarks.shift_simulation [--json] [--plot FILE.svg] [--people 200] [--days 28] [--seed 1]
    python -m benchmarks.shift_simulation --slice [--people 20] [--days 3]

ORDINARY is first in, first out, with lunch and nothing else. RESPITE is the product's own pure rules over a ledger in
memory, ADVISED the same with the teams that the forecast advises: nights and starters off the severe queues, more of the
others on them. What breaks a rule of WELLBEING.md is counted by a checker that shares no line with those rules. ``--slice``
drives the services and a database through the same shifts and compares what they do, act for act.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.simulation.figures import Figures
from benchmarks.simulation.plots import bars, curves, page
from benchmarks.simulation.run import both
from benchmarks.simulation.slice import Slice, compare

ROWS = (
    ("decisions", "decisions by people"),
    ("violations", "times a rule was broken"),
    ("severe_minutes_per_decision", "minutes at severity 3 and up per decision"),
    ("gini_severe_minutes", "how unevenly these are spread (Gini, 0 to 1)"),
    ("gini_severe_minutes_eligible", "the same by paid hour, of those who may take it"),
    ("longest_severe_run", "longest run of cases at severity 3 and up"),
    ("longest_severe_run_avoidable", "of it while something milder waited for them"),
    ("answered_share", "share of items answered"),
    ("due_met_share", "share of due times met"),
    ("severe_minutes_per_item", "minutes at severity 3 and up per item answered"),
    ("severe_items_left_share", "share of items at severity 3 and up left"),
    ("paid_idle_hours", "paid hours with nothing to do"),
)


TARGETS = (
    ("respite", "answered_share", "at least", lambda ordinary: 0.97 * ordinary["answered_share"]),
    ("respite", "due_met_share", "at least", lambda _: 0.87),
    ("advised", "due_met_share", "at least", lambda _: 0.92),
    ("respite", "gini_severe_minutes_eligible", "at most", lambda _: 0.15),
    ("respite", "longest_severe_run_avoidable", "at most", lambda _: 5),
    (
        "respite",
        "severe_minutes_per_item",
        "at most",
        lambda ordinary: 0.82 * ordinary["severe_minutes_per_item"],
    ),
    ("respite", "violations", "at most", lambda _: 0),
    ("advised", "violations", "at most", lambda _: 0),
)
"""Of which floor which figure is to be at least, or at most, what; some in proportion to the ordinary floor."""


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
    if options.slice:
        return compared(options)
    begun = time.monotonic()
    found = both(people=options.people or 200, days=options.days or 28, seed=options.seed)
    if options.json:
        print(json.dumps({name: figures.told() for name, figures in found.items()}))
    else:
        show(found, seconds=time.monotonic() - begun)
    if options.plot is not None:
        options.plot.write_text(drawn(found))
    return 1 if found["respite"].violations or found["advised"].violations else 0


def drawn(found: dict[str, Figures]) -> str:
    """Return the figures as charts."""
    told = {name: figures.told() for name, figures in found.items()}
    ranked = {name: sorted(figures.severe_minutes.values()) for name, figures in found.items()}
    a_day = {
        name: [minutes for _, minutes in sorted(figures.severe_a_day.items())]
        for name, figures in found.items()
    }
    per_hour = {name: round(one.answered / max(one.paid_hours, 1), 2) for name, one in found.items()}
    shares = {
        "due times met": {name: one["due_met_share"] for name, one in told.items()},
        "Gini of severe minutes": {name: one["gini_severe_minutes"] for name, one in told.items()},
        "severe minutes a decision": {name: one["severe_minutes_per_decision"] for name, one in told.items()},
    }
    counts = {
        "longest severe run": {name: one["longest_severe_run"] for name, one in told.items()},
        "items answered a paid hour": per_hour,
    }
    broken = {"rules broken": {name: one["violations"] for name, one in told.items()}}
    return page(
        [
            curves("Severe minutes of each person, least first", ranked, across="people", up="minutes"),
            curves("Severe minutes of all people", a_day, across="days", up="minutes"),
            bars("Spread and due times", shares, up="share"),
            bars("Runs and throughput", counts, up=""),
            bars("Times a rule was broken", broken, up=""),
        ]
    )


def compared(options: argparse.Namespace) -> int:
    """Run the slice on an SQLite database of its own, in a temporary folder; print what differs."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": folder,
            "SECRET_KEY": "simulated",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        return _compare(Slice(people=options.people or 20, days=options.days or 3, seed=options.seed))


def _compare(what: Slice) -> int:
    from django.db import transaction

    begun = time.monotonic()
    with transaction.atomic():
        found = compare(what)
    print(
        f"{what.people} people, {what.days} days: {found.looks:,} looks, {found.rests:,} rests, {found.refusals:,} refusals and"
        f" {found.sums:,} sums compared in {time.monotonic() - begun:.0f} s; {len(found.differences)} differences."
    )
    for difference in found.differences:
        print(f"  {difference}")
    return 1 if found.differences else 0


def targets(found: dict[str, Figures]) -> Iterator[str]:
    """Yield each target, what was found, and whether it is met."""
    told = {name: one.told() for name, one in found.items()}
    for name, key, which, wanted_of in TARGETS:
        figure, wanted = told[name][key], round(wanted_of(told["ordinary"]), 4)
        is_met = figure >= wanted if which == "at least" else figure <= wanted
        yield f"{name}: {key} {which} {wanted:g}: {figure:g}, {'met' if is_met else 'NOT MET'}"


def show(found: dict[str, Figures], *, seconds: float) -> None:
    """Print both floors beside each other, then what was broken and what it costs."""
    ordinary, respite = found["ordinary"], found["respite"]
    print(f"{'':50} {'ordinary':>12} {'Respite':>12} {'advised rota':>12}")
    for key, words in ROWS:
        each = (found[name].told()[key] for name in ("ordinary", "respite", "advised"))
        print(f"{words:50} " + " ".join(f"{figure:>12,}" for figure in each))
    print("\nTargets:")
    for line in targets(found):
        print(f"  {line}")
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
