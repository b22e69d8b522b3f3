"""One web process wakes up two hours ahead of the database: it serves nothing, and the others go on.

Seen red without ``ClockMiddleware``.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.cluster.compose import find_program
from tests.cluster.house import PUBLISHED, Cluster, status_of
from tests.cluster.office import Office, Person, bearer
from tests.faults.house import PLAIN, until

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]

LINE = "s ahead of the database's. It serves nothing until both agree."


@pytest.fixture
def alice(cluster: Cluster, offices: dict[str, Office]) -> Person:
    return Person.sign_in(cluster, offices["Way"], "alice")


@pytest.fixture
def two_hours_ahead(cluster: Cluster, alice: Person) -> Iterator[str]:
    faketime = find_program("faketime")
    if faketime is None:
        pytest.skip("no faketime is installed")
    cluster.kill("web-2")
    # The wall alone: threads that wait by a clock which never jumps would wait for two hours, now and then.
    cluster.run("web-2", "env", "FAKETIME_DONT_FAKE_MONOTONIC=1", faketime, "-m", "-f", "+7200")
    address = cluster.address_of("web-2")
    until(
        lambda: status_of(f"{address}/healthz") == 200, within=60, what="it lives\n" + cluster.said("web-2")
    )
    yield address
    # Whatever came of it, the tests that follow meet a process whose clock is right.
    cluster.kill("web-2")
    cluster.run("web-2")
    cluster.wait_for("web-2")


def test_it_serves_nothing_and_says_so_once(
    cluster: Cluster, offices: dict[str, Office], alice: Person, two_hours_ahead: str
) -> None:
    ready = httpx.get(f"{two_hours_ahead}/readyz", **PLAIN)
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    assert "seconds away" in ready.json()["checks"]["clock"]
    assert alice.look(two_hours_ahead).status_code == 503
    assert alice.act(two_hours_ahead, "open", beats="1").status_code == 503
    headers = PUBLISHED | bearer(offices["Way"])
    refused = httpx.post(f"{two_hours_ahead}/api/v1/items", json={}, headers=headers, **PLAIN)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert (
        cluster.one("SELECT count(*) FROM wellbeing_personstate WHERE clock_at > now() + interval '1 hour'")
        == 0
    )
    assert alice.look(cluster.address_of("web-1")).status_code == 200
    assert cluster.said("web-2").count(LINE) == 1
