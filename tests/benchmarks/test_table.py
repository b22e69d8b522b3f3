"""The table of the README is made from the files of runs, and from nothing else.

Seen red without: the marks' check, the line about a quick run, and with a figure of the README changed by hand.
"""

import json
from typing import Any

import pytest

from benchmarks.__main__ import README, RESULTS, made_from
from benchmarks.table import BEGIN, END, Unmarked, table, written_into

pytestmark = pytest.mark.any_database


def a_run(**changed: Any) -> dict[str, Any]:
    row = {
        "what": "claim_next | whole",
        "measured": 1200.0,
        "unit": "/s",
        "against": "the bare loop",
        "limit": 3000.0,
        "faster": False,
        "target": {"sign": "≥", "value": 0.5},
        "note": "",
    }
    machine = {"cores": "2", "memory": "24 GiB", "python": "3.11.7", "postgresql": "15.19"}
    return {"section": "Claiming", "quick": False, "machine": machine, "rows": [row | changed]}


def test_a_row_bears_figure_limit_ratio_target_and_verdict() -> None:
    assert (
        "| claim_next \\| whole | 1,200 /s | the bare loop: 3,000 /s | 0.40 × | ≥ 0.5 × | **not met** |"
        in table([a_run()]).splitlines()
    )


def test_what_is_not_met_is_named_below() -> None:
    made = table([a_run(), a_run(measured=2000.0)])
    assert made.endswith("1 of 2 targets are met. Not met: claim_next | whole.")


def test_the_machine_is_told_once_and_read_from_the_runs() -> None:
    other = a_run()
    other["machine"] = other["machine"] | {"postgresql": ""}
    assert "2 cores and 24 GiB" in table([a_run(), other])
    assert "PostgreSQL 15.19, Python 3.11.7." in table([a_run(), other])


def test_a_quick_run_says_so() -> None:
    assert "these figures say nothing" in table([a_run() | {"quick": True}])
    assert "these figures say nothing" not in table([a_run()])


def test_the_table_takes_its_place_and_touches_nothing_else() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert written_into(text, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert written_into(written_into(text, "newer"), "new") == written_into(text, "new")


@pytest.mark.parametrize("text", ["", f"{BEGIN} only", f"only {END}"])
def test_without_its_marks_nothing_is_written(text: str) -> None:
    with pytest.raises(Unmarked):
        written_into(text, "new")


def test_the_figures_of_the_readme_are_those_of_the_kept_runs() -> None:
    text = README.read_text()
    kept = sorted(RESULTS.glob("*.json"))
    if not kept:
        assert "Nothing has been measured here yet" in text
        return
    assert written_into(text, made_from(RESULTS)) == text
    assert not any(json.loads(path.read_text())["quick"] for path in kept)
