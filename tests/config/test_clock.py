"""A process whose clock is seconds away from the database's serves nothing.

Seen red without the comparison, without the look for a jump, and with either verdict kept for ever.
"""

import logging
from dataclasses import dataclass, field

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from config import clock
from config.clock import ClockAstray, Comparison

pytestmark = pytest.mark.django_db


@dataclass
class Clocks:
    """The database's clock, this process's, and one that never jumps; all are turned by hand."""

    database: float = 1_000_000.0
    wall: float = 1_000_000.0
    steady: float = 50.0
    is_gone: bool = False
    asked: int = 0
    comparison: Comparison = field(init=False)

    def __post_init__(self) -> None:
        self.comparison = Comparison(self.ask, wall=lambda: self.wall, steady=lambda: self.steady)

    def ask(self) -> float:
        self.asked += 1
        if self.is_gone:
            raise DatabaseError
        return self.database

    def pass_by(self, seconds: float) -> None:
        self.database += seconds
        self.wall += seconds
        self.steady += seconds

    def agree(self) -> bool:
        try:
            self.comparison.insist()
        except ClockAstray:
            return False
        return True


@pytest.mark.parametrize(
    ("ahead", "agrees"),
    [(0, True), (1.9, True), (-1.9, True), (2.1, False), (-2.1, False), (7200, False), (-7200, False)],
)
def test_two_seconds_are_too_many(ahead: float, agrees: bool) -> None:
    clocks = Clocks()
    clocks.wall += ahead
    assert clocks.agree() is agrees


def test_the_database_is_asked_once_in_five_seconds() -> None:
    clocks = Clocks()
    for _ in range(4):
        assert clocks.agree()
        clocks.pass_by(1)
    assert clocks.asked == 1
    clocks.pass_by(2)
    assert clocks.agree()
    assert clocks.asked == 2


def test_a_wall_that_jumps_is_seen_by_the_next_request() -> None:
    clocks = Clocks()
    assert clocks.agree()
    clocks.wall += 7200
    assert not clocks.agree()


def test_a_clock_that_drifts_is_seen_within_five_seconds() -> None:
    clocks = Clocks()
    assert clocks.agree()
    clocks.pass_by(5)
    clocks.database -= 3
    assert not clocks.agree()


def test_it_serves_again_once_both_agree_and_says_each_once(caplog: pytest.LogCaptureFixture) -> None:
    clocks = Clocks()
    clocks.wall += 7200
    with caplog.at_level(logging.WARNING, logger="respite.clock"):
        assert not clocks.agree()
        assert not clocks.agree()
        clocks.wall -= 7200
        assert clocks.agree()
    assert [record.message for record in caplog.records] == [
        "This process's clock is 7200 s ahead of the database's. It serves nothing until both agree.",
        "This process's clock agrees with the database's again.",
    ]


def test_a_slow_answer_is_no_proof() -> None:
    clocks = Clocks()

    def slow() -> float:
        clocks.pass_by(6)
        return clocks.database - 6

    clocks.comparison.ask = slow
    assert clocks.agree()


def test_without_a_database_nobody_can_say_and_it_is_not_asked_by_each_request() -> None:
    clocks = Clocks(is_gone=True)
    assert [clocks.agree() for _ in range(3)] == [True, True, True]
    assert clocks.asked == 1
    clocks.is_gone = False
    clocks.wall += 7200
    clocks.steady += 6
    assert not clocks.agree()


# ── what it keeps from happening ──


@pytest.fixture
def astray(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hours ahead, on whichever database."""
    clocks = Clocks()
    clocks.wall += 7200
    monkeypatch.setattr(clock, "insist", clocks.comparison.insist)


@pytest.mark.usefixtures("astray")
@pytest.mark.parametrize("address", ["/", "/desk/", "/accounts/login/"])
def test_no_page_is_served(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "clock is wrong" in answer.content.decode()


@pytest.mark.usefixtures("astray")
def test_a_beat_is_refused_too(client: Client) -> None:
    assert client.post("/desk/beat").status_code == 503


@pytest.mark.usefixtures("astray")
def test_a_platform_is_told_that_nothing_was_stored(client: Client) -> None:
    answer = client.post("/api/v1/items", b"{}", content_type="application/json")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


@pytest.mark.usefixtures("astray")
def test_readyz_says_no_and_why_and_healthz_says_that_it_lives(client: Client) -> None:
    told = client.get("/readyz")
    assert told.status_code == 503
    assert "seconds away" in told.json()["checks"]["clock"]
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("astray")
def test_background_work_stands_still() -> None:
    with pytest.raises(ClockAstray):
        clock.now()


@pytest.mark.postgres
def test_the_databases_own_clock_is_read() -> None:
    assert connection.vendor == "postgresql"
    clock.Comparison(clock.ask_database).insist()
