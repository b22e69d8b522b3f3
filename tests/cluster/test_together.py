"""One way through all the processes: what one of them commits, the others know."""

import json
import time

import httpx
import pytest
from redis import Redis

from tests.cluster.house import PUBLISHED, Cluster
from tests.cluster.office import Office, Person, a_picture, an_item, bearer, is_waiting
from tests.faults.house import PLAIN, until

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]

SOON_SECONDS = 20


@pytest.fixture(scope="module")
def office(offices: dict[str, Office]) -> Office:
    return offices["Way"]


@pytest.fixture(scope="module")
def alice(cluster: Cluster, office: Office) -> Person:
    return Person.sign_in(cluster, office, "alice")


def test_it_says_which_mode_runs_and_that_all_is_well(cluster: Cluster) -> None:
    told = httpx.get(f"{cluster.address}/readyz", **PLAIN).json()
    assert (told["ready"], told["mode"], told["degraded"]) == (True, "cluster", [])
    assert set(told["checks"].values()) == {"ok"}


def test_an_item_goes_in_by_the_api_and_comes_out_of_the_feed(
    cluster: Cluster, office: Office, alice: Person
) -> None:
    item = an_item(cluster, office, "way-1")
    claim = alice.gets(cluster.address)
    assert alice.shows(cluster.address, claim)
    assert alice.decides(cluster.address, claim).status_code == 302

    def answered() -> bool:
        feed = httpx.get(f"{cluster.address}/api/v1/decisions", headers=PUBLISHED | bearer(office), **PLAIN)
        return item in feed.text

    until(answered, within=SOON_SECONDS, what="the decision stands in the feed")
    alice.act(cluster.address, "close")


def test_the_nudge_alone_gets_work_done(cluster: Cluster, office: Office) -> None:
    """Without a sweeper nothing but Celery can have prepared the picture."""
    cluster.ask_to_stop("sweeper-1").wait(30)
    try:
        a_picture(cluster, office, "way-nudged")
        until(lambda: is_waiting(cluster, "way-nudged"), within=SOON_SECONDS, what="a worker did it")
    finally:
        cluster.run("sweeper-1")


def test_a_nudge_that_was_lost_comes_again(cluster: Cluster, office: Office) -> None:
    cluster.ask_to_stop("worker-media-1").wait(40)
    a_picture(cluster, office, "way-lost")
    queue, line = "respite-tasks-media", Redis(port=cluster.redis_port)
    until(lambda: line.delete(queue), within=SOON_SECONDS, what="the first nudge can be lost")
    until(lambda: line.llen(queue), within=SOON_SECONDS, what="the sweeper nudges again")
    line.close()
    cluster.run("worker-media-1")
    until(lambda: is_waiting(cluster, "way-lost"), within=SOON_SECONDS * 2, what="the work is done")


def test_a_page_hears_in_a_second_what_another_web_process_committed(
    cluster: Cluster, office: Office
) -> None:
    amina = Person.sign_in(cluster, office, "amina")
    web_1, web_2, live_2 = (cluster.address_of(name) for name in ("web-1", "web-2", "live-2"))
    amina.act(web_1, "open", beats="1")
    with amina.listens(live_2) as socket:
        time_of_act = time.monotonic()
        assert amina.act(web_2, "close").status_code == 302
        assert json.loads(socket.recv(timeout=10))["rev"] > 0
        assert time.monotonic() - time_of_act < 1
    assert "rev-watcher" not in cluster.said("live-2")


def test_the_socket_goes_through_the_proxy(cluster: Cluster, alice: Person) -> None:
    with alice.listens(cluster.address) as socket:
        alice.act(cluster.address_of("web-1"), "open", beats="1")
        assert json.loads(socket.recv(timeout=10)).keys() == {"rev"}
    alice.act(cluster.address_of("web-1"), "close")


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/desk/"), ("POST", "/api/v1/items")])
def test_the_live_processes_serve_nothing_but_sockets(cluster: Cluster, method: str, path: str) -> None:
    answer = httpx.request(method, cluster.address_of("live-1") + path, **PLAIN)
    assert answer.status_code == 426
    assert answer.headers["Content-Type"] == "application/problem+json"
