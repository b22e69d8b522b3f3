"""Whole shifts: what a play is judged by, a tenth of them in every run, and a slice through services and a database."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.shifts import plays, tenth
from benchmarks.simulation.played import (
    CASES_A_DAY,
    LUNCH,
    Outcome,
    Play,
    PlayDrive,
    WatchedFloor,
    _close_breaks,
    failures,
    play_out,
)
from benchmarks.simulation.record import Record, Rest
from benchmarks.simulation.slice import compare_play
from tests.taxonomy import ensure_taxonomy
from web.lead.preset_pages import ABOUT, SPECIALIST_FITS

T = datetime(2026, 10, 5, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEYS = {
    "preset",
    "queue",
    "cases",
    "looked_min",
    "waited_min",
    "waited_while_takeable_s",
    "breaks_min",
    "breaks_within_20_min",
}
HARMLESS = Outcome(
    play=Play("default", "only hateful text"),
    cases={2: 100},
    looked={2: 50.0},
    waited_min=0.0,
    takeable_s=0.0,
    breaks_min=90.0,
    close_breaks=0,
)
NINE, SIXTY = (Play("specialist", f"severity 4 of {look} s", varies=False) for look in (9, 60))
EXTREME = Play("default", "severity 4 alone, grey")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("outcome", "failing"),
    [
        (HARMLESS, ""),
        (replace(HARMLESS, waited_min=300.0), ""),  # a limit may leave nothing to do
        (replace(HARMLESS, takeable_s=1.0), "(a)"),
        (replace(HARMLESS, close_breaks=1), "(b)"),
        (replace(HARMLESS, breaks_min=120.0), ""),
        (replace(HARMLESS, breaks_min=121.0), "(c)"),
        (replace(HARMLESS, breaks_min=240.0, play=EXTREME), ""),  # printed, not judged
        (replace(HARMLESS, play=NINE, cases={4: 400}), ""),
        (replace(HARMLESS, play=NINE, cases={4: 399}), "(d)"),
        (replace(HARMLESS, play=SIXTY, looked={4: 119.0}), "(d)"),
        (replace(HARMLESS, play=SIXTY, looked={4: 120.0}), ""),
        (replace(HARMLESS, bound={"load_week_red": T}), "(e)"),
        (replace(HARMLESS, bound={"seconds_1": T, "load_block_red": T}), ""),
        (replace(HARMLESS, bound={"load_week_red": T}, play=replace(HARMLESS.play, preset="starter")), ""),
    ],
)
def test_what_a_play_is_judged_by(outcome: Outcome, failing: str) -> None:
    assert [one[:3] for one in failures(outcome)] == ([failing] if failing else [])


def rests(*told: tuple[str, int, int]) -> Record:
    return Record(
        rests=[Rest(0, cause, T + begins * MINUTE, T + ends * MINUTE) for cause, begins, ends in told]
    )


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("told", "count"),
    [
        ([("work", 50, 60), ("severe", 79, 89)], 1),
        ([("work", 50, 60), ("severe", 80, 90)], 0),
        ([("work", 50, 60), ("extreme", 62, 72)], 0),
        ([("colour", 50, 53), ("work", 54, 64)], 0),
        ([("lunch", 50, 95), ("work", 99, 109)], 0),  # nobody was sent to lunch
        ([("work", 40, 50), ("lunch", 51, 96), ("work", 99, 109)], 0),
    ],
)
def test_which_breaks_are_too_close(told: list[tuple[str, int, int]], count: int) -> None:
    assert _close_breaks(rests(*told)) == count


@pytest.mark.any_database
def test_a_floor_that_hands_out_nothing_is_seen_to_let_people_wait_for_no_reason() -> None:
    class Idle(WatchedFloor):
        def _pick(self, *_asked: object) -> None:
            return None

        def _pick_past_the_break(self, *_asked: object) -> None:
            return None

    play = Play("default", "spam", hours=1)
    drive = PlayDrive(Idle(play.staff, values=play.values), play)
    record = drive.run(play.items())
    assert record.looks == []
    assert drive.takeable > 45 * MINUTE


@pytest.mark.any_database
def test_what_a_limit_closes_is_not_takeable() -> None:
    """A volunteer on a queue of severity 4 waits all day, and not for no reason."""
    outcome = play_out(Play("volunteer", "severity 4 alone, grey"))
    assert outcome.takeable_s == 0
    assert (sum(outcome.cases.values()), outcome.waited_min > 300) == (0, True)
    assert set(outcome.bound) >= {"seconds_4"}


@pytest.mark.any_database
def test_there_is_more_than_anybody_gets_through() -> None:
    assert sum(play_out(Play("default", "spam")).cases.values()) < CASES_A_DAY


@pytest.mark.any_database
def test_plays_are_told_apart_by_preset_and_queue() -> None:
    told = [(play.preset, play.queue) for play in plays()]
    assert len({*told}) == len(told)
    assert set(tenth()) <= set(plays())
    assert len(tenth()) >= len(plays()) / 10


@pytest.mark.any_database
@pytest.mark.parametrize("play", tenth(), ids=lambda play: f"{play.preset}, {play.queue}")
def test_a_tenth_of_the_shifts_can_be_worked(play: Play) -> None:
    assert failures(play_out(play)) == []


@pytest.mark.any_database
def test_lunch_is_no_break_of_the_safeguard() -> None:
    assert LUNCH.cause == "lunch"
    short = play_out(Play("default", "spam", hours=0.5))
    assert short.breaks_min == 0


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    "play",
    [
        Play("default", "only graphic pictures"),
        Play("specialist", "severity 4 of 60 s", varies=False),
        Play("default", "only mixed", week=3, people=2),
    ],
    ids=lambda play: f"{play.preset}, {play.queue}",
)
def test_services_and_a_database_do_the_same(play: Play) -> None:
    ensure_taxonomy()
    found = compare_play(play, hours=2.5, cases=90)
    assert found.differences == []
    assert found.looks > 15


@pytest.mark.any_database
def test_json_is_a_list_of_objects() -> None:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "benchmarks.shifts", "--json", "--tenth"]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=300)
    told = json.loads(ran.stdout)
    assert all(set(one) == KEYS for one in told)
    assert len(told) == len(tenth())


@pytest.mark.parametrize(("seconds", "cases"), SPECIALIST_FITS.items())
def test_the_page_of_the_specialist_says_what_fits(seconds: int, cases: int) -> None:
    played = play_out(Play("specialist", f"severity 4 of {seconds} s", varies=False))
    assert played.cases[4] == cases
    assert f"{cases} × {seconds} s" in str(ABOUT["specialist"])
