"""What the cluster outlives: processes killed one by one, Redis gone and back empty, and an orderly end in mid-work.

The offline checker of tests/faults joins what the clients remember with the database at the very end, and is seen to
miss a row of each kind. These tests run last and in this order: the last one stops the house.
"""

import threading
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from tests.cluster.house import PUBLISHED, Cluster
from tests.cluster.office import Office, Person, a_picture, is_waiting
from tests.faults.bots import ModeratorBot, PlatformBot
from tests.faults.checker import joined
from tests.faults.house import PLAIN, until

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]

BACK_SECONDS = 60


class Bots:
    """A platform that submits and a moderator that decides, from the first trouble to the last."""

    def __init__(self, cluster: Cluster, office: Office) -> None:
        self.platform = PlatformBot(cluster, office.api_key)
        self.moderator = ModeratorBot(cluster, f"alice-{office.name.lower()}", office.password)
        self.enough, self.end = threading.Event(), threading.Event()
        self.threads = [
            threading.Thread(target=self._submit, daemon=True),
            threading.Thread(target=self.moderator.work, args=[self.end], daemon=True),
        ]
        for thread in self.threads:
            thread.start()

    def _submit(self) -> None:
        number = 0
        while not self.enough.wait(0.7):
            self.platform.submit(number, self.end)
            number += 1

    @property
    def decided(self) -> int:
        return sum(look.decided for look in self.moderator.looks)

    @property
    def accepted(self) -> int:
        return len(self.platform.acknowledged)

    def go_on(self, *, within: float = BACK_SECONDS, what: str) -> None:
        """Wait until both have got further than they are now."""
        accepted, decided = self.accepted, self.decided
        until(
            lambda: self.accepted > accepted + 1 and self.decided > decided,
            within=within,
            what=f"work goes on {what}",
        )

    def stop(self) -> None:
        """Submit nothing more, then stop deciding."""
        self.enough.set()
        self.threads[0].join(30)
        self.end.set()
        self.threads[1].join(30)
        assert not any(thread.is_alive() for thread in self.threads)


@pytest.fixture(scope="module")
def office(offices: dict[str, Office]) -> Office:
    return offices["Storm"]


@pytest.fixture(scope="module")
def bots(cluster: Cluster, office: Office) -> Iterator[Bots]:
    cluster.run("sweeper-2")  # two at once do no harm
    working = Bots(cluster, office)
    working.go_on(what="before any trouble")
    yield working
    working.enough.set()
    working.end.set()


@pytest.mark.parametrize("name", ["web-1", "worker-1", "live-1", "sweeper-1"])
def test_others_go_on_when_one_is_killed_and_it_comes_back(cluster: Cluster, bots: Bots, name: str) -> None:
    cluster.kill(name)
    bots.go_on(what=f"without {name}")
    cluster.run(name)
    if name in cluster.ports:
        cluster.wait_for(name)


def test_with_no_web_process_at_all_the_proxy_says_so_and_everybody_tries_again(
    cluster: Cluster, bots: Bots
) -> None:
    for name in ("web-1", "web-2"):
        cluster.kill(name)
    answer = httpx.post(f"{cluster.address}/api/v1/items", json={}, headers=PUBLISHED, timeout=10, **PLAIN)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Content-Type"] == "application/problem+json"
    for name in ("web-1", "web-2"):
        cluster.run(name)
    bots.go_on(what="with both web processes back")


def test_without_redis_work_goes_on_and_says_so(cluster: Cluster, bots: Bots, office: Office) -> None:
    amina = Person.sign_in(cluster, office, "amina")
    cluster.kill_redis()
    bots.go_on(what="without Redis")
    told = httpx.get(f"{cluster.address}/readyz", timeout=10, **PLAIN)
    assert (told.status_code, told.json()["ready"]) == (200, True)
    assert "Redis" in told.json()["degraded"][0]
    pages = [amina.look(cluster.address_of(web)).status_code for web in ("web-1", "web-2")]
    assert pages == [200, 200]
    with pytest.raises(Exception):  # noqa: B017, PT011 - refused or closed, as the moment has it
        amina.listens(cluster.address).recv(timeout=5)
    assert [
        name for name in cluster.running if cluster.running[name].poll() is not None and name != "redis"
    ] == []


def test_a_redis_that_comes_back_empty_is_taken_up_by_everybody(
    cluster: Cluster, bots: Bots, office: Office
) -> None:
    amina = Person.sign_in(cluster, office, "amina")
    cluster.start_redis()
    address = f"{cluster.address}/readyz"
    until(
        lambda: httpx.get(address, timeout=10, **PLAIN).json()["degraded"] == [],
        within=BACK_SECONDS,
        what="everything is well again",
    )

    def hears() -> bool:
        try:
            with amina.listens(cluster.address) as socket:
                amina.act(cluster.address_of("web-1"), "open", beats="1")
                amina.act(cluster.address_of("web-1"), "close")
                return bool(socket.recv(timeout=1))
        except (OSError, TimeoutError, Exception):  # noqa: BLE001 - not yet
            return False

    until(hears, within=BACK_SECONDS, what="sockets hear of changes again")
    for sweeper in ("sweeper-1", "sweeper-2"):
        cluster.ask_to_stop(sweeper).wait(30)
    numbers = iter(range(10_000))

    def nudged() -> bool:
        """Only a worker that listens again can have prepared this: there is no sweeper."""
        name = f"after-redis-{next(numbers)}"
        a_picture(cluster, office, name)
        try:
            return bool(until(lambda: is_waiting(cluster, name), within=3, what="a worker did it"))
        except AssertionError:
            return False

    until(nudged, within=BACK_SECONDS, what="workers listen again")
    cluster.run("sweeper-1")


def test_an_orderly_end_in_mid_work_loses_nothing(cluster: Cluster, bots: Bots) -> None:
    for name in ("web-2", "worker-2"):
        process = cluster.ask_to_stop(name)
        bots.go_on(what=f"while {name} ends")
        process.wait(40)
        cluster.run(name)
    cluster.wait_for("web-2")
    bots.stop()
    left = "SELECT count(*) FROM outbox_outboxentry WHERE state = 'pending' AND kind NOT LIKE 'webhook%%'"
    until(lambda: cluster.one(left) == 0, within=BACK_SECONDS, what="all that was promised is done")
    cluster.stop()
    assert cluster.processes() == []
    assert min(bots.accepted, bots.decided) > 3, "the troubles met hardly any work"
    with cluster.database() as database:
        assert joined(database, bots.platform, bots.moderator) == []
        for table, row in ROWS.items():
            assert faults_without(table, row, database, bots), f"the checker does not miss rows of {table}"


ROWS = {
    "moderation_answer": "SELECT ctid FROM moderation_answer",
    "moderation_itemrevision": "SELECT revision.ctid FROM moderation_itemrevision AS revision"
    " JOIN moderation_item AS item ON item.id = revision.item_id WHERE item.external_id LIKE 'item-%'",
    "wellbeing_exposure": "SELECT ctid FROM wellbeing_exposure WHERE shown_ms > 0",
}
"""Which rows the checker would miss: other tests have submitted items, too, of which it knows nothing."""


def faults_without(table: str, row: str, database: "psycopg.Connection", bots: Bots) -> list[str]:
    """Return what the checker says of the database without one such row of *table*, which is then there again."""
    with database.transaction(force_rollback=True):
        database.execute("SET LOCAL session_replication_role = replica")
        gone = database.execute(f"DELETE FROM {table} WHERE ctid = ({row} LIMIT 1)")
        assert gone.rowcount == 1
        return joined(database, bots.platform, bots.moderator)
