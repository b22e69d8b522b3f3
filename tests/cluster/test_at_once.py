"""P2 and P4 over two web processes: what is asked at one instant, in several places, is one look and one limit."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from tests.cluster.house import Cluster
from tests.cluster.office import Office, Person, an_item, run

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]

BEAT_SECONDS = 5.0
AT_ONCE = 30


@pytest.fixture(scope="module")
def office(offices: dict[str, Office]) -> Office:
    return offices["Once"]


def both(cluster: Cluster) -> list[str]:
    return [cluster.address_of("web-1"), cluster.address_of("web-2")]


def all_at_once(acts: Sequence[Callable[..., Any]]) -> list[Any]:
    """Do everything at one instant, each in a thread of its own; an exception is a result."""
    barrier, results = threading.Barrier(len(acts)), list[Any](acts)

    def go(place: int, act: Callable[..., Any]) -> None:
        try:
            barrier.wait(30)
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[place] = error

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def statuses(results: list[Any]) -> set[int]:
    assert [found for found in results if not isinstance(found, httpx.Response)] == []
    return {found.status_code for found in results}


def test_thirty_tabs_that_ask_at_once_get_one_case_and_one_look(cluster: Cluster, office: Office) -> None:
    alice = Person.sign_in(cluster, office, "alice")
    for number in range(3):
        an_item(cluster, office, f"once-{number}")
    alice.gets(cluster.address)
    alice.act(cluster.address, "hand-back", **alice.in_hand(cluster.address))
    webs = both(cluster)
    asked = [lambda where=webs[n % 2]: alice.act(where, "next", beats="1") for n in range(AT_ONCE)]
    assert statuses(all_at_once(asked)) == {302}
    mine = "SELECT count(*) FROM queues_claim WHERE state = 'live'"
    assert cluster.one(mine) == 1

    claim = alice.in_hand(webs[0])
    shown = [
        lambda where=webs[n % 2]: alice.act(where, "show", **claim, level="text", beats="1")
        for n in range(AT_ONCE)
    ]
    assert statuses(all_at_once(shown)) <= {302, 409}
    assert cluster.one("SELECT count(*) FROM wellbeing_exposure WHERE closed_at IS NULL") == 1
    alice.act(webs[1], "close")


def test_no_seconds_over_a_limit_across_two_web_processes(cluster: Cluster, office: Office) -> None:
    """Two tabs beat and reveal on two processes, while a third process tightens the limit under them."""
    amina, limit = Person.sign_in(cluster, office, "amina"), 4
    an_item(cluster, office, "limited")
    claim, webs = amina.gets(cluster.address), both(cluster)
    exposure = amina.shows(webs[0], claim)
    assert exposure
    tightening = threading.Thread(
        target=run, args=[cluster, "tests.cluster.tighten", office.name, "seconds_1", str(limit)]
    )
    tightening.start()
    ended, deadline = False, time.monotonic() + 60
    while not ended and time.monotonic() < deadline:
        for where in webs:
            amina.act(where, "beat", **claim, exposure=exposure, holding="1")
            again = amina.act(where, "show", **claim, level="text", beats="1")
            ended = not tightening.is_alive() and again.status_code not in {200, 302}
        time.sleep(0.5)
    tightening.join()
    assert ended, "nothing stopped this"
    seen = cluster.one(
        "SELECT sum(shown_ms) / 1000.0 FROM wellbeing_exposure"
        " WHERE subject = (SELECT subject FROM wellbeing_exposure WHERE id = %s)",
        exposure,
    )
    tightened_after = cluster.one(
        "SELECT extract(epoch FROM max(limits.set_at) - min(look.opened_at)) FROM wellbeing_limitrow AS limits,"
        " wellbeing_exposure AS look WHERE look.id = %s AND limits.name = 'seconds_1'",
        exposure,
    )
    assert float(seen) <= max(limit, float(tightened_after)) + BEAT_SECONDS
