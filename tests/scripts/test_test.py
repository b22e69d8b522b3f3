"""What `make test` makes of its runs."""

import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from scripts.test import FOLDERS, ROOT, Children, Results, Stopped, conclude, read_report, side_by_side

pytestmark = pytest.mark.any_database

REPORT = """<testsuites><testsuite>
  <testcase classname="tests.a" name="one"/>
  <testcase classname="tests.a" name="two"><failure message="no"/></testcase>
  <testcase classname="tests.a" name="three"><error message="no"/></testcase>
  <testcase classname="tests.a" name="four"><skipped message="no browser"/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted_and_its_skips_named(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    results = read_report("SQLite", report)
    assert (results.passed, results.failed) == (1, 2)
    assert results.skipped == ["SQLite: tests.a.four: no browser"]


@pytest.mark.parametrize(
    ("results", "require_all", "code"),
    [
        (Results(passed=3), "1", 0),
        (Results(passed=3, failed=1), "", 1),
        (Results(passed=3, skipped=["a: no browser"]), "", 0),
        (Results(passed=3, skipped=["a: no browser"]), "1", 1),
        (Results(passed=3, broken=["mypy"]), "", 1),
    ],
)
def test_the_exit_code_tells_failures_and_forbidden_skips(
    results: Results, require_all: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_ALL", require_all)
    assert conclude(results, seconds=1) == code


def test_the_last_line_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    conclude(Results(passed=3, failed=1, skipped=["a: no browser"], broken=["mypy"]), seconds=1)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "3 passed, 2 failed, 1 skipped"
    assert "  a: no browser" in lines


def test_parts_run_at_the_same_time_and_both_are_counted() -> None:
    both = Barrier(2, timeout=30)

    def part() -> Results:
        both.wait()
        return Results(passed=2, broken=["a"])

    assert side_by_side([part, part]) == Results(passed=4, broken=["a", "a"])


def test_what_runs_is_stopped_and_nothing_more_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.test.STOP_SECONDS", 0)
    children, codes = Children(), list[int]()
    forever = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    running = Thread(target=lambda: codes.append(children.run(forever, {}).returncode))
    running.start()
    while not children.running:
        running.join(0.01)
    children.stop()
    running.join()
    assert codes == [-15]
    with pytest.raises(Stopped):
        children.run(forever, {})


@pytest.mark.parametrize(("kind", "mark"), [("browsers", "mark.browser"), ("kills", "mark.faults")])
def test_every_test_of_a_run_is_where_it_looks(kind: str, mark: str) -> None:
    """Seen red without one of the folders."""
    found = (path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__))
    marked = [path for path in found if mark in path.read_text()]
    places = [ROOT / place for place in FOLDERS[kind]]
    assert marked
    assert [path for path in marked if not any(path.is_relative_to(place) for place in places)] == []
