"""Run the benchmarks one after another, keep their figures in benchmarks/results/, and write the table of the README.

    python -m benchmarks [--quick | --full] [claims intake pages cycle embedded live shield exposure beats]

Those that are named are measured again, the others' last figures stand. A quick run keeps nothing: it prints.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.table import table, written_into

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
RESULTS = HERE / "results"
BENCHMARKS = ("claims", "intake", "pages", "cycle", "embedded", "live", "shield", "exposure", "beats")


def measure(names: Sequence[str], folder: Path, arguments: Sequence[str]) -> list[str]:
    """Run these; return the names of those that failed. What a failed one measured before does not stand."""
    failed = []
    for name in names:
        path = folder / f"{name}.json"
        path.unlink(missing_ok=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", "--json", str(path), *arguments]
        if subprocess.run(command, cwd=HERE.parent, check=False).returncode != 0:
            failed.append(name)
    return failed


def made_from(folder: Path) -> str:
    """Return the table of what a folder holds."""
    found = [folder / f"{name}.json" for name in BENCHMARKS]
    return table([json.loads(path.read_text()) for path in found if path.exists()])


def main() -> int:
    """Measure, then print the table or write it into its place."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all if none is named"
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    asked = parser.parse_args()
    names = asked.names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    begun = time.monotonic()
    if asked.quick:
        with tempfile.TemporaryDirectory() as folder:
            failed = measure(names, Path(folder), ["--quick"])
            print(made_from(Path(folder)))
    else:
        failed = measure(names, RESULTS, ["--full"] if asked.full else [])
        README.write_text(written_into(README.read_text(), made_from(RESULTS)))
    print(
        f"\n{time.monotonic() - begun:.0f} s in all." + (f" FAILED: {', '.join(failed)}." if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
