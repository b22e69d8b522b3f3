"""A whole cluster in a folder of its own: the commands of docker-compose.yml, twice where there may be two, killed and
started again one by one.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg

from scripts.with_postgres import private_postgres
from scripts.with_redis import start_redis
from tests.cluster.compose import ROOT, command_of, environment_of
from tests.faults.house import PLAIN, House, free_port, until

EXAMPLE = ROOT / "deploy" / "env.example"
FILLED_IN = {
    "SECRET_KEY": "of-a-cluster-that-is-gone-in-a-minute-" + "0123456789" * 2,
    "FIELD_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "POSTGRES_PASSWORD": "of a database that is gone in a minute",
}
"""What the example leaves to the operator."""
TEMPLATE = ROOT / "deploy" / "nginx.conf.template"
PAIRS = ("web-1", "web-2", "live-1", "live-2", "worker-1", "worker-2")
SINGLES = ("worker-media-1", "worker-webhooks-1", "sweeper-1")
TO_STOP_SECONDS = 40
SIZES = {"web": {"--workers=2": "--workers=1"}}
"""The machine that tests has two processors for all of it."""

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log notice; {user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/respite.conf;
}}
"""


def shipped() -> dict[str, str]:
    """Return deploy/env.example as it is, with nothing but its empty lines filled in."""
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines)
    assert {name for name, value in given.items() if not value} == FILLED_IN.keys()
    return given | FILLED_IN


PUBLISHED = {"Host": "respite.example", "Origin": "https://respite.example"}
"""What a browser says that found this cluster behind its name."""


class Cluster(House):
    """Runs the services of docker-compose.yml against a private PostgreSQL and Redis. The address is the proxy's.

    Its settings are those of the shipped example, but for ports and folders.
    """

    headers = PUBLISHED

    def __init__(self, folder: Path, database_url: str) -> None:
        super().__init__(folder)
        self.database_url = database_url
        self.redis_port = free_port()
        self.ports = {name: free_port() for name in PAIRS if not name.startswith("worker")}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    # ── what runs ──

    def environment(self) -> dict[str, str]:
        """Return what the file .env gives to each of our own processes."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        here = {
            "DATA_DIR": str(self.folder),
            "MEDIA_ROOT": str(self.folder / "media"),
            "DATABASE_URL": self.database_url,
        }
        return kept | shipped() | here | self.places_of_variables("migrate")

    def places_of_variables(self, service: str) -> dict[str, str]:
        """Return a service's own variables, with the addresses of this house."""
        here = {"REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0", "TRUSTED_PROXIES": "127.0.0.1/32"}
        return environment_of(service, here)

    def command(self, name: str) -> list[str]:
        """Return what an instance like ``web-2`` runs."""
        service, _, number = name.rpartition("-")
        places = {
            "web": {"0.0.0.0": "127.0.0.1", "8000": str(self.ports.get(name))},  # noqa: S104 - to be replaced
            "live": {"0.0.0.0": "127.0.0.1", "8001": str(self.ports.get(name))},  # noqa: S104
            "sweeper": {"/tmp/sweeper": str(self.folder / name)},  # noqa: S108
        }.get(service, {"%h": f"{number}%h"})
        return command_of(service, places | SIZES.get(service, {}))

    def run(self, name: str, *under: str) -> None:
        """Start one instance, as its container would be started; *under* another program, with that one's words."""
        service = name.rpartition("-")[0]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*under, *self.command(name)],
                cwd=ROOT,
                env=self.environment() | self.places_of_variables(service),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self) -> None:
        """Start everything in the order of `depends_on`, and wait until all of it answers."""
        self.start_redis()
        self.manage(*command_of("migrate", {})[2:])
        for name in (*PAIRS, *SINGLES):
            self.run(name)
        self.run_proxy()
        for name in self.ports:
            self.wait_for(name)
        self.wait_until_ready()

    def wait_for(self, name: str) -> None:
        """Wait until an instance of web or live answers as its health check wants it to."""
        address, wanted = ("/healthz", 200) if name.startswith("web") else ("/", 426)
        until(
            lambda: status_of(f"http://127.0.0.1:{self.ports[name]}{address}") == wanted,
            within=60,
            what=f"{name} answers\n{self.said(name)}",
        )

    def said(self, name: str) -> str:
        log = self.folder / f"{name}.log"
        return log.read_text(errors="replace")[-3000:] if log.exists() else ""

    # ── the proxy ──

    def run_proxy(self) -> None:
        (self.folder / "respite.conf").write_text(self.filled_template())
        user = "user root;" if os.geteuid() == 0 else ""
        config = self.folder / "nginx.conf"
        config.write_text(NGINX.format(folder=self.folder, user=user))
        with (self.folder / "proxy.log").open("ab") as log:
            self.running["proxy"] = subprocess.Popen(
                [command_of("proxy", {})[0], "-p", str(self.folder), "-c", str(config)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def filled_template(self) -> str:
        """Fill the template in as the official image's envsubst does: only the variables that it is told of."""
        given = environment_of(
            "proxy",
            {
                "WEB_SERVERS": self.servers("web"),
                "LIVE_SERVERS": self.servers("live"),
                "LISTEN": f"127.0.0.1:{self.port}",
                "RESOLVER": "127.0.0.1",
                "OUTER_PROXY": shipped()["OUTER_PROXY"],
                "PUBLIC_SCHEME": shipped()["PUBLIC_SCHEME"],
                "CONNECTIONS_PER_ADDRESS": shipped()["CONNECTIONS_PER_ADDRESS"],
            },
        )
        text = TEMPLATE.read_text()
        for variable, value in given.items():
            text = text.replace(f"${{{variable}}}", value)
        assert "${" not in text.replace("${WEB_SERVERS}` and the like", ""), (
            "a variable is not told to the proxy"
        )
        return text

    def servers(self, service: str) -> str:
        names = [name for name in self.ports if name.startswith(service)]
        return " ".join(f"server 127.0.0.1:{self.ports[name]};" for name in names)

    # ── Redis ──

    def start_redis(self) -> None:
        self.running["redis"] = start_redis(self.folder, self.redis_port)

    def kill_redis(self) -> None:
        """Take Redis away with all that it held."""
        self.kill("redis")

    # ── losses ──

    def address_of(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def kill(self, name: str) -> None:
        """SIGKILL an instance and all that it started."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def ask_to_stop(self, name: str) -> subprocess.Popen[bytes]:
        """Send what `docker compose stop` sends."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGQUIT if name == "proxy" else signal.SIGTERM)
        return process

    def stop(self) -> None:
        """Stop everything in order; nothing may be left behind."""
        leaving = {name: self.ask_to_stop(name) for name in list(self.running)}
        for name, process in leaving.items():
            try:
                process.wait(TO_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise AssertionError(f"{name} did not stop\n{self.said(name)}") from None

    # ── the truth ──

    @contextlib.contextmanager
    def database(self) -> Iterator["psycopg.Connection[Any]"]:
        with psycopg.connect(self.database_url) as connection:
            yield connection

    def one(self, statement: str, *values: Any) -> Any:
        """Return the one value that a statement reads."""
        with self.database() as connection:
            row = connection.execute(statement, values).fetchone()
        return row[0] if row else None


def status_of(address: str) -> int:
    """Return the status of an answer, 0 where there is none."""
    try:
        return httpx.get(address, timeout=2, **PLAIN).status_code
    except httpx.TransportError:
        return 0


@contextlib.contextmanager
def a_cluster(folder: Path) -> Iterator[Cluster]:
    """Yield a running cluster; kill what a failed test left behind."""
    with private_postgres({}) as url:  # at its defaults: our own processes have to see to it
        cluster = Cluster(folder, url)
        try:
            cluster.start()
            yield cluster
        finally:
            for name in list(cluster.running):
                with contextlib.suppress(ProcessLookupError):
                    cluster.kill(name)
