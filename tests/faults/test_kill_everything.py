"""``kill -9`` of every process in the middle of work, twice: nothing acknowledged is lost, nothing counts twice."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.cast import where_it_is_noon
from tests.faults.bots import Look, ModeratorBot, PlatformBot, as_json
from tests.faults.checker import check
from tests.faults.house import House, until

ITEMS = 24
BETWEEN_ITEMS = 0.25
"""So that the platform still submits when everything is killed."""
PASSWORD = "quiet-river-41-stones"
SETS_UP = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from django.core.management import call_command
alice = ["alice", "--role=moderator", "--team=North", "--began-on=2024-03-04", "--time-zone={zone}"]
call_command("create_user", *alice, "--password-stdin")
call_command("create_platform", "Lumen")
from queues.models import Queue
Queue.objects.update(grace_seconds=0)
"""
"""Both commands in one process: what they say is a line of JSON each."""

pytestmark = [pytest.mark.faults, pytest.mark.sqlite]


@pytest.fixture
def house(tmp_path: Path, moved_in: Callable[[Path], Path]) -> Iterator[House]:
    house = House(moved_in(tmp_path))
    house.start()
    yield house
    house.stop()
    assert house.processes() == [], "Ctrl-C left a process behind"


def people_and_platform(house: House) -> tuple[PlatformBot, ModeratorBot]:
    told = house.run_python("-c", SETS_UP.format(zone=where_it_is_noon(datetime.now(UTC))), stdin=PASSWORD)
    made = as_json(told.splitlines()[-1])
    return PlatformBot(house, made["api_key"]), ModeratorBot(house, "alice", PASSWORD)


def test_nothing_acknowledged_is_lost_when_everything_is_killed(house: House) -> None:
    chance = random.Random(20261121)
    platform, moderator = people_and_platform(house)
    submitted, finished = Event(), Event()

    def submit() -> None:
        for number in range(ITEMS):
            platform.submit(number, submitted)
            submitted.wait(BETWEEN_ITEMS)

    threads = [
        Thread(target=submit, daemon=True),
        Thread(target=moderator.work, args=[finished], daemon=True),
    ]
    for thread in threads:
        thread.start()
    for _round in range(2):
        until(more_than(moderator.looks), within=60, what="a look before the kill")
        finished.wait(chance.uniform(0.0, 3.0))
        assert house.kill_everything() >= 3
        house.start()
    threads[0].join(timeout=60)
    enough = max(3, sum(look.decided for look in moderator.looks) + 1)
    until(
        lambda: sum(look.decided for look in moderator.looks) >= enough,
        within=60,
        what="work after the last kill",
    )
    submitted.set()
    finished.set()
    for thread in threads:
        thread.join(timeout=30)
    until(lambda: promised(house.folder) == 0, within=60, what="all that was promised is done")
    house.stop()

    assert len(platform.acknowledged) == ITEMS
    assert platform.retried + moderator.retried > 0, "the kills hit nothing"
    assert check(house.folder, platform, moderator).faults == []
    for table in ("moderation_answer", "moderation_itemrevision", "wellbeing_exposure"):
        assert faults_without(table, house, platform, moderator), f"the checker does not miss rows of {table}"


def promised(folder: Path) -> int:
    """Return how much background work is left."""
    with closing(sqlite3.connect(folder / "respite.sqlite3")) as database:
        left = database.execute("SELECT count(*) FROM outbox_outboxentry WHERE state = 'pending'").fetchone()
        return int(left[0])


def more_than(looks: list[Look]) -> Callable[[], bool]:
    """Return what says whether there are more looks by then than there are now."""
    now = len(looks)
    return lambda: len(looks) > now


def faults_without(table: str, house: House, platform: PlatformBot, moderator: ModeratorBot) -> list[str]:
    """Return what the checker says of a copy of the database that has lost the first row of *table*."""
    spoiled = house.folder / f"without-{table}"
    spoiled.mkdir()
    source, target = house.folder / "respite.sqlite3", spoiled / "respite.sqlite3"
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(target)) as copy:
        whole.backup(copy)
        copy.execute(f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})")
        copy.commit()
    return check(spoiled, platform, moderator).faults
