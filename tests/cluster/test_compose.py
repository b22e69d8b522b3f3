"""docker-compose.yml: that it can be read, and that no service has more rights than it needs."""

from pathlib import Path
from typing import Any

import pytest

from config.outbox import HANDLERS
from tests.cluster.compose import ROOT, read_compose, services

pytestmark = pytest.mark.any_database

OURS = {"migrate", "web", "live", "worker", "worker-media", "worker-webhooks", "sweeper"}
SERVICES = services()


def test_the_services_are_those_of_the_design() -> None:
    assert set(SERVICES) == OURS | {"proxy", "postgres", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_has_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in {"", "0", "root"}
    assert not service.get("privileged")
    assert not service.get("cap_add")
    assert service["tmpfs"]


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_proxy_is_published(name: str) -> None:
    assert ("ports" in SERVICES[name]) == (name == "proxy")
    assert SERVICES[name].get("network_mode") is None


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_service_that_stays_says_whether_it_is_well_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(OURS - {"migrate"}))
def test_there_is_time_to_finish_what_is_in_hand(name: str) -> None:
    assert SERVICES[name]["stop_grace_period"] == "40s"


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_process_of_ours_knows_that_it_is_part_of_a_cluster(name: str) -> None:
    environment: dict[str, Any] = SERVICES[name]["environment"]
    assert environment["CLUSTER"] == "1"
    assert environment["REDIS_URL"].startswith("redis://redis:")


def test_no_secret_stands_in_the_file_and_strangers_to_it_are_not_told() -> None:
    assert all("SECRET" not in str(SERVICES[name]) for name in SERVICES)
    assert all("env_file" not in SERVICES[name] for name in set(SERVICES) - OURS)


def test_every_pool_of_work_has_a_worker() -> None:
    words = [word for name in SERVICES for word in SERVICES[name].get("command", [])]
    served = {word.removeprefix("--queues=") for word in words if str(word).startswith("--queues=")}
    assert served == {handler.pool for handler in HANDLERS.values()}


def test_the_proxies_that_are_trusted_are_those_of_the_inner_network() -> None:
    (network,) = read_compose()["networks"]["inside"]["ipam"]["config"]
    assert SERVICES["web"]["environment"]["TRUSTED_PROXIES"] == network["subnet"]


def test_the_image_runs_as_nobody_and_installs_by_hash() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "\nUSER 10001:10001\n" in text
    assert "--require-hashes" in text
    copied = {line.split()[1] for line in text.splitlines() if line.startswith("COPY ") and "=" not in line}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "scripts", "benchmarks"}
    assert packages | {"static", "templates", "manage.py"} <= copied | {"requirements/base.txt"}


def test_every_variable_of_the_example_is_explained() -> None:
    example = (ROOT / "deploy" / "env.example").read_text()
    explained = (Path(ROOT) / "docs" / "settings.md").read_text()
    names = [line.partition("=")[0] for line in example.splitlines() if line and not line.startswith("#")]
    assert [name for name in names if f"`{name}`" not in explained] == []
