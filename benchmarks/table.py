"""Make the table of benchmarks/README.md from the files of runs: no figure in it is typed by hand.

python -m benchmarks.table FILE …                   print it
python -m benchmarks.table --into README FILE …     write it between the two marks of that file
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.measuring import Row, row_from

BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
HEAD = ["what", "measured", "against, in the same run", "ratio", "target", "met?"]
QUICK = "**A quick run, which only shows that everything runs: these figures say nothing.**"


class Unmarked(Exception):
    """The file has no place for a table."""


def table(runs: list[dict[str, Any]]) -> str:
    """Return the sections of *runs*, what they ran on, and what is not met."""
    parts = [QUICK] if any(run["quick"] for run in runs) else []
    parts.append(machines(runs))
    parts += [section(run) for run in runs]
    parts.append(summary([row_from(row) for run in runs for row in run["rows"]]))
    return "\n\n".join(parts)


def machines(runs: list[dict[str, Any]]) -> str:
    """Say what the figures were measured on; one line where it was the same for all."""
    facts: dict[str, set[str]] = {}
    for run in runs:
        for name, value in run["machine"].items():
            facts.setdefault(name, set()).update({value} - {""})
    said = {name: " and ".join(sorted(values)) or "none" for name, values in facts.items()}
    return (
        f"Measured on {said['cores']} cores and {said['memory']} (load generator, servers and database together), "
        f"PostgreSQL {said['postgresql']}, Python {said['python']}."
    )


def section(run: dict[str, Any]) -> str:
    """Return one section: its name and its rows."""
    lines = [f"### {run['section']}", "", line(HEAD), line(["---"] * len(HEAD))]
    return "\n".join(lines + [line(row_from(row).cells()) for row in run["rows"]])


def line(cells: list[str]) -> str:
    """Return one line of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def summary(rows: list[Row]) -> str:
    """Count the targets, and name those that are not met."""
    judged = [row for row in rows if row.met is not None]
    missed = [row.what for row in judged if not row.met]
    said = f"{len(judged) - len(missed)} of {len(judged)} targets are met."
    return said + (" Not met: " + "; ".join(missed) + "." if missed else "")


def written_into(text: str, made: str) -> str:
    """Return *text* with *made* between its marks.

    Raises:
        Unmarked: a mark is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Unmarked(f"{BEGIN} or {END} is missing")
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def main() -> int:
    """Read the files, make the table, print it or write it into its place."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--into", type=Path, metavar="README")
    asked = parser.parse_args()
    made = table([json.loads(path.read_text()) for path in asked.files])
    if asked.into is None:
        print(made)
    else:
        asked.into.write_text(written_into(asked.into.read_text(), made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
