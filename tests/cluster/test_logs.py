"""Faults of every kind, and then every log of every process: no content, no token, no id of a look, no address beside an act.

Seen red with all three guards away at once: content in PostgreSQL's log; token, host and look in those of the webs; and with
nginx's error log at ``info``, which names the address. The lines of ``respite.security`` are there, and hold nothing either;
seen red with the typed name in such a line.
"""

import re
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.cluster.house import PUBLISHED, Cluster
from tests.cluster.office import Office, Person, an_item, bearer
from tests.faults.house import NO_CERTIFICATES, PLAIN, until

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]

FROM = "127.0.0.77"


@pytest.fixture(scope="module")
def marks() -> dict[str, str]:
    """Return what must not be found, by what it is."""
    kinds = ("content", "token", "typed", "host", "query", "body", "guess")
    return {kind: f"{kind}{secrets.token_hex(8)}" for kind in kinds}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    transport = httpx.HTTPTransport(local_address=FROM, verify=NO_CERTIFICATES)
    with httpx.Client(transport=transport, headers=PUBLISHED, timeout=20, **PLAIN) as found:
        yield found


def all_logs(cluster: Cluster) -> dict[str, str]:
    """Return name → text of everything that any process wrote."""
    files = [path for path in cluster.folder.rglob("*") if path.suffix == ".log" or path.name == "log"]
    [folder] = parse_qs(urlsplit(cluster.database_url).query)["host"]
    files.append(Path(folder) / "log")
    return {path.name: path.read_text(errors="replace") for path in files}


def the_record(cluster: Cluster) -> str:
    """Return every row that an auditor may be told of refusals and sign-ins."""
    with cluster.database() as database:
        return "\n".join(
            str(row) for row in database.execute("SELECT * FROM audit_auditrow WHERE action LIKE '%.refused'")
        )


def test_no_log_holds_anything_of_anybody(
    cluster: Cluster, offices: dict[str, Office], client: httpx.Client, marks: dict[str, str]
) -> None:
    office, address = offices["Logs"], cluster.address
    with cluster.database() as database:
        database.execute(
            "ALTER TABLE moderation_itemrevision ADD CONSTRAINT refused_for_a_test CHECK (text NOT LIKE 'content%') NOT VALID"
        )
    body = {"external_id": "log-1", "category": "ILLICIT", "text": marks["content"]}
    refused = client.post(f"{address}/api/v1/items", json=body, headers=bearer(office))
    assert refused.status_code == 503, "the database refused the row"
    with cluster.database() as database:
        database.execute("ALTER TABLE moderation_itemrevision DROP CONSTRAINT refused_for_a_test")

    assert client.post(f"{address}/people/invitation/{marks['token']}/", data={"new": "x"}).status_code == 403
    assert client.get(f"{address}/people/invitation/{marks['token']}/").status_code in {404, 410}
    token = {"csrfmiddlewaretoken": "0123456789abcdefghijklmnopqrstuv"}
    typed = {"login": marks["typed"], "password": marks["typed"], **token}
    client.post(
        f"{address}/accounts/login/",
        data=typed,
        headers={"Cookie": f"csrftoken={token['csrfmiddlewaretoken']}"},
    )
    assert client.get(f"{address}/desk/", headers={"Host": f"{marks['host']}.example"}).status_code == 400
    assert client.get(f"{address}/nowhere/{marks['query']}?q={marks['query']}").status_code == 404
    broken = client.post(f"{address}/api/v1/items", content=marks["body"].encode(), headers=bearer(office))
    assert broken.status_code in {400, 415}

    guessed = {"Authorization": f"Bearer rsp_live_{marks['guess']}"}
    assert client.get(f"{address}/api/v1/queues", headers=guessed).status_code == 401

    alice = Person.sign_in(cluster, office, "alice")
    assert alice.look(address, "/people/").status_code == 403
    an_item(cluster, office, "log-2")
    claim = alice.gets(address)
    look = alice.shows(address, claim)
    other = str(uuid.uuid4())
    assert alice.look(address, f"/desk/media/{look}/{other}/grey").status_code in {403, 404}
    assert alice.act(address, "beat", exposure=other, claim=other, fence="1").status_code >= 400

    for name in ("web-1", "web-2"):
        cluster.kill(name)
    assert client.get(f"{address}/desk/").status_code == 503
    assert client.post(f"{address}/desk/decide", data={"claim": other}).status_code == 503
    for name in ("web-1", "web-2"):
        cluster.run(name)
    for name in ("web-1", "web-2"):
        cluster.wait_for(name)
    until(
        lambda: client.get(f"{address}/accounts/login/").status_code == 200,
        within=30,
        what="the proxy tries them again",
    )
    alice.act(address, "close")

    secret = {
        **marks,
        "look": look,
        "other": other,
        "session": alice.session,
        "key": office.api_key,
        "from": FROM,
    }
    found = {
        (where, what)
        for where, text in [*all_logs(cluster).items(), ("the record", the_record(cluster))]
        for what, mark in secret.items()
        if mark in text
    }
    assert found == set()


def test_the_logs_that_were_looked_at_are_there_and_say_something(cluster: Cluster) -> None:
    """A search of nothing finds nothing."""
    logs = all_logs(cluster)
    assert {
        "web-1.log",
        "web-2.log",
        "live-1.log",
        "worker-1.log",
        "sweeper-1.log",
        "nginx.log",
        "log",
    } <= logs.keys()
    assert re.search(r"ERROR:  new row for relation .* violates check constraint", logs["log"])
    assert re.search(
        r"WARNING django\.security\.csrf 403 POST /people/invitation/<str:token>/",
        logs["web-1.log"] + logs["web-2.log"],
    )
    assert "start worker process" in logs["nginx.log"]
    said = "\n".join(re.findall(r" respite\.security (.*)", "".join(logs.values())))
    assert "sign_in.refused account=unknown times=1" in said
    assert re.search(r"sign_in\.done account=\d+ by=\d+", said)
    assert re.search(r"door\.refused account=\d+ door=/people/ times=1", said)
    assert "link.refused link=unknown times=1" in said
    assert "key.refused key=unknown why=key_unknown times=1" in said
