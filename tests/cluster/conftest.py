"""One cluster for all of these tests: starting it takes longer than each of them."""

from collections.abc import Iterator

import pytest

from scripts.with_postgres import PostgresMissing, find_binaries, ordinary_user
from scripts.with_redis import RedisMissing, find_redis
from tests.cluster.compose import find_program
from tests.cluster.house import Cluster, a_cluster
from tests.cluster.office import Office, open_offices


def what_is_missing() -> str:
    """Return which server that a cluster needs is not installed, in words; empty when none is."""
    try:
        find_binaries()
        ordinary_user()
        find_redis()
    except (PostgresMissing, RedisMissing) as missing:
        return str(missing)
    return "" if find_program("nginx") else "no nginx is installed"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
    with a_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="session")
def offices(cluster: Cluster) -> dict[str, Office]:
    """One for each module: none meets another's cases."""
    return open_offices(cluster, "Once", "Way", "Storm", "Logs")
