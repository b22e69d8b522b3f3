"""What comes next, of what waits. Seen red without each part of the rank, without the pass, and without each payment."""

import pytest

from wellbeing.core.rules.turns import FIRST, NEW, Turn

pytestmark = pytest.mark.any_database

OWES = Turn(spacing_owed=2)


def rank(turn: Turn, severity: int, category: str = "GORE", *, is_above: bool = False) -> tuple[int, int]:
    return turn.rank(category=category, severity=severity, run_most=20, is_above=is_above)


def after(turn: Turn, *cases: tuple[int, str], owes: int = 2) -> Turn:
    for severity, category in cases:
        turn = turn.after(category=category, severity=severity, owes=owes)
    return turn


def order(turn: Turn, *lanes: tuple[int, str]) -> list[tuple[int, str]]:
    """Return lanes in the order in which what waits in them would come, equal sort keys given."""
    return sorted(lanes, key=lambda lane: rank(turn, *lane))


@pytest.mark.parametrize("severity", range(5))
def test_who_comes_from_nothing_has_no_preference(severity: int) -> None:
    assert rank(NEW, severity) == FIRST


@pytest.mark.parametrize(
    ("turn", "lanes"),
    [
        # spacing: up to 1 first, then the mildest that waits
        (OWES, [(1, "A"), (2, "B"), (3, "C"), (4, "D")]),
        # spacing before a run: the only mild kind comes, though twenty of it came
        (Turn("A", 20, 0, 2), [(1, "A"), (2, "B")]),
        # a run: another kind first
        (Turn("A", 20), [(2, "B"), (2, "A")]),
        # five severe ones in a row: a milder one first, another severe kind is none
        (Turn("A", 5, 5), [(2, "B"), (3, "C")]),
        # both runs: what is neither, then what is one, then what is both
        (Turn("A", 20, 5), [(2, "B"), (3, "C"), (3, "A")]),
    ],
)
def test_what_comes_first(turn: Turn, lanes: list[tuple[int, str]]) -> None:
    assert order(turn, *reversed(lanes)) == lanes


@pytest.mark.parametrize(
    ("turn", "severity", "category"),
    [
        (Turn("A", 19), 2, "A"),  # one short of a run
        (Turn("SPAM_FRAUD", 99), 0, "SPAM_FRAUD"),  # severity 0 is no run
        (Turn("A", 4, 4), 3, "B"),  # one short of five
        (Turn("A", 9, 5), 2, "B"),  # milder already
        (OWES, 0, "A"),
        (OWES, 1, "A"),
    ],
)
def test_what_is_not_put_back(turn: Turn, severity: int, category: str) -> None:
    assert rank(turn, severity, category) == FIRST


def test_spread_puts_back_what_is_severe_and_nothing_else() -> None:
    assert [rank(NEW, severity, is_above=True)[0] > 0 for severity in range(5)] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_run_weighs_more_than_spread() -> None:
    run = Turn("A", 20)
    assert rank(run, 2, "A") > rank(run, 3, "B", is_above=True)


@pytest.mark.parametrize("is_above", [True, False])
def test_what_is_due_soon_passes_spacing_and_spread_and_no_run(is_above: bool) -> None:
    assert rank(OWES, 3, is_above=is_above)[1] == 0
    assert rank(Turn("GORE", 20, 5, 2), 3, is_above=is_above)[1] > 0


@pytest.mark.parametrize(
    ("turn", "due", "first"),
    [
        # five severe ones, as in a month of 200 people: a milder one comes next though the due one would pass what is owed
        (Turn("GORE", 3, 5, 2), (3, "GORE"), (2, "B")),
        (Turn("GORE", 3, 5, 2), (4, "D"), (2, "B")),
        # twenty of one kind: another one of the same severity comes next
        (Turn("GORE", 20, 0, 2), (3, "GORE"), (3, "C")),
    ],
)
def test_what_is_due_soon_passes_nothing_that_a_run_brings_first(
    turn: Turn, due: tuple[int, str], first: tuple[int, str]
) -> None:
    """Seen red while it passed with the rank of its run alone."""
    assert rank(turn, *first)[0] < rank(turn, *due)[1]


def test_it_passes_once_until_what_is_owed_is_paid() -> None:
    passed = after(OWES.passed(), (3, "A"))
    assert rank(passed, 3)[1] == rank(passed, 3)[0] > 0
    one_paid = after(passed, (1, "B"))
    assert one_paid.has_passed
    assert not after(one_paid, (1, "B")).has_passed
    assert not passed.paid().has_passed


@pytest.mark.parametrize(
    ("cases", "owed"),
    [
        ([(3, "A")], 2),
        ([(4, "A")], 2),
        ([(2, "A")], 0),
        (
            [(3, "A"), (2, "B")],
            1,
        ),  # it came where nothing milder waited, and pays: else severity 3 would not come again
        ([(3, "A"), (2, "B"), (2, "B")], 0),
        ([(3, "A"), (1, "B")], 1),
        ([(3, "A"), (1, "B"), (3, "A")], 2),
        ([(3, "A"), (1, "B"), (0, "C"), (0, "C")], 0),
    ],
)
def test_what_is_owed(cases: list[tuple[int, str]], owed: int) -> None:
    assert after(NEW, *cases).spacing_owed == owed


def test_a_case_seen_behind_its_shield_owes_nothing_and_forgives_nothing() -> None:
    assert after(NEW, (3, "A"), owes=0).spacing_owed == 0
    assert after(OWES, (3, "A"), owes=0).spacing_owed == 2


@pytest.mark.parametrize(
    ("cases", "run"),
    [
        ([(2, "A"), (2, "A")], ("A", 2, 0)),
        ([(2, "A"), (2, "B")], ("B", 1, 0)),
        ([(2, "A"), (0, "S")], ("", 0, 0)),
        ([(3, "A"), (4, "B")], ("B", 1, 2)),
        ([(3, "A"), (2, "A")], ("A", 2, 0)),
        ([(2, "")], ("", 0, 0)),
    ],
)
def test_runs(cases: list[tuple[int, str]], run: tuple[str, int, int]) -> None:
    turn = after(NEW, *cases)
    assert (turn.run_category, turn.run_cases, turn.severe_run) == run
