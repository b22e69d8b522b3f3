"""The figures that benchmarks tell: percentiles, ratios and verdicts. Nothing here is timed.

Seen red without: the nearest rank rounded up, the ratio turned round for 'faster', the judging of the ratio where there
is a limit, `insist`.
"""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from benchmarks.measuring import (
    Measured,
    NotWhatWasMeant,
    Report,
    Row,
    at_least,
    at_most,
    figure,
    insist,
    percentile,
    report,
    row_from,
)

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0], 0.5, 3.0),  # of one value, itself
        ([1.0, 2.0], 0.5, 1.0),  # the lower of two: half lie at or under it
        ([3.0, 1.0, 2.0], 0.5, 2.0),  # whatever the order
        ([float(n) for n in range(1, 101)], 0.99, 99.0),
        ([float(n) for n in range(1, 11)], 0.99, 10.0),  # of ten, the worst
        ([1.0, 2.0, 3.0], 0.0, 1.0),
        ([1.0, 2.0, 3.0], 1.0, 3.0),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.5), ([1.0], -0.1)])
def test_there_is_no_percentile_of_nothing(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="a percentile needs values"):
        percentile(values, share)


def test_the_rate_is_that_of_all_workers_together() -> None:
    two = Measured(times=[0.1, 0.1, 0.2, 0.2], workers=2)
    assert two.rate == pytest.approx(2 * 4 / 0.6)
    assert (two.p50, two.p99) == (100, 200)


def test_turns_add_up() -> None:
    total = Measured()
    total.add(Measured([0.1], nothing=1, workers=8))
    total.add(Measured([0.2], nothing=2, workers=8))
    assert (total.times, total.nothing, total.workers) == ([0.1, 0.2], 3, 8)


@pytest.mark.parametrize(
    ("row", "ratio", "met"),
    [
        (Row("rate", 50, "/s", "bare", 100, target=at_least(0.5)), 0.5, True),
        (Row("rate", 49, "/s", "bare", 100, target=at_least(0.5)), 0.49, False),
        (Row("cost", 130, "ms", "bare", 100, target=at_most(1.3)), 1.3, True),
        (Row("cost", 131, "ms", "bare", 100, target=at_most(1.3)), 1.31, False),
        (Row("shield", 10, "ms", "naive", 80, faster=True, target=at_least(8)), 8, True),
        (Row("shield", 11, "ms", "naive", 80, faster=True, target=at_least(8)), 80 / 11, False),
        (Row("alone", 60, "ms", target=at_most(60)), None, True),
        (Row("alone", 61, "ms", target=at_most(60)), None, False),
        (Row("no target", 61, "ms", "bare", 61), 1, None),
        (Row("cannot be measured", None, "/s", "bare", target=at_least(0.5)), None, None),
    ],
)
def test_the_ratio_is_judged_where_there_is_a_limit_and_else_the_figure(
    row: Row, ratio: float | None, met: bool | None
) -> None:
    assert row.ratio == (None if ratio is None else pytest.approx(ratio))
    assert row.met is met


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (0.0123, "0.012"),
        (0.5, "0.50"),
        (7.25, "7.25"),
        (12.34, "12.3"),
        (123.4, "123"),
        (1234567.8, "1,234,568"),
    ],
)
def test_figures_have_the_digits_that_say_something(value: float, words: str) -> None:
    assert figure(value) == words


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = Report("Claiming", is_quick=True)
    rows.add(Row("rate", 50.5, "/s", "bare", 100, target=at_least(0.5)))
    rows.add(Row("no target", None, "", note="no route"))
    rows.save(tmp_path / "results" / "claims.json")
    said = json.loads((tmp_path / "results" / "claims.json").read_text())
    assert [row_from(one) for one in said["rows"]] == rows.rows
    assert (said["section"], said["quick"]) == ("Claiming", True)


def test_what_was_not_meant_leaves_no_figures(tmp_path: Path) -> None:
    path = tmp_path / "claims.json"
    with (
        pytest.raises(NotWhatWasMeant, match="an error page"),
        report("Claiming", Namespace(quick=True, json=path)),
    ):
        insist(None, "an error page was measured")
    assert not path.exists()


def test_what_was_meant_is_handed_on() -> None:
    assert insist("an answer", "there was none") == "an answer"
