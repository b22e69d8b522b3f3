"""What `make test` makes of its runs."""

from pathlib import Path

import pytest

from scripts.test import Tally, conclude, read_report

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
    tally = read_report("SQLite", report)
    assert (tally.passed, tally.failed) == (1, 2)
    assert tally.skipped == ["SQLite: tests.a.four: no browser"]


@pytest.mark.parametrize(
    ("tally", "require_all", "code"),
    [
        (Tally(passed=3), "1", 0),
        (Tally(passed=3, failed=1), "", 1),
        (Tally(passed=3, skipped=["a: no browser"]), "", 0),
        (Tally(passed=3, skipped=["a: no browser"]), "1", 1),
        (Tally(passed=3, broken=["mypy"]), "", 1),
    ],
)
def test_the_exit_code_tells_failures_and_forbidden_skips(
    tally: Tally, require_all: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_ALL", require_all)
    assert conclude(tally, seconds=1) == code


def test_the_last_line_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    conclude(Tally(passed=3, failed=1, skipped=["a: no browser"], broken=["mypy"]), seconds=1)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "3 passed, 2 failed, 1 skipped"
    assert "  a: no browser" in lines
