"""What a stranger may send to the proxy, and what of it reaches anybody. Nothing that they claim is believed.

Seen red with the middleware of config/proxy.py taken out (the two about forged headers), and without
``client_max_body_size``, ``limit_conn`` and ``auth_request``.
"""

import http.client
import json
import socket
from contextlib import ExitStack, closing

import httpx
import pytest

from tests.cluster.house import PUBLISHED, Cluster, shipped
from tests.cluster.office import Office, bearer
from tests.faults.house import NO_CERTIFICATES, PLAIN, until

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]

MEGABYTE = 1024 * 1024
FORGED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "203.0.113.1",
    "Forwarded": "for=203.0.113.1;proto=https;host=evil.example",
}


REFERRED = {"Referer": "https://respite.example/accounts/login/"}


def refused_at_the_head(cluster: Cluster, path: str) -> tuple[int, str, str]:
    """Send the head of a request with 65 MB and nothing of its body; return status, type and body of the answer."""
    line = http.client.HTTPConnection("127.0.0.1", cluster.port, timeout=10)
    with closing(line):
        line._validate_path = lambda _path: None  # type: ignore[attr-defined]
        line.putrequest("POST", path)
        line.putheader("Content-Length", str(65 * MEGABYTE))
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()


def test_a_body_of_65_megabytes_is_refused_at_its_headers(cluster: Cluster) -> None:
    status, kind, body = refused_at_the_head(cluster, "/api/v1/items?a=b")
    assert (status, kind) == (413, "application/problem+json")
    problem = json.loads(body)
    assert (problem["code"], problem["instance"]) == ("too_large", "/api/v1/items")
    assert problem.keys() == {"type", "title", "status", "detail", "instance", "code", "errors"}


def test_what_is_repeated_in_a_refusal_cannot_break_out_of_it(cluster: Cluster) -> None:
    status, _, body = refused_at_the_head(cluster, '/a","code":"mine')
    assert status == 413
    assert (json.loads(body)["code"], json.loads(body)["instance"]) == ("too_large", "/a")


def test_headers_have_a_bound(cluster: Cluster) -> None:
    headers = {f"X-Long-{n}": "x" * 4000 for n in range(8)}
    answer = httpx.get(f"{cluster.address}/healthz", headers=headers, **PLAIN)
    assert answer.status_code == 400


def test_a_host_that_is_not_ours_is_refused(cluster: Cluster) -> None:
    answer = httpx.get(f"{cluster.address}/accounts/login/", headers={"Host": "evil.example"}, **PLAIN)
    assert answer.status_code == 400


def test_pages_come_with_their_policy_and_their_style(cluster: Cluster) -> None:
    page = httpx.get(f"{cluster.address}/accounts/login/", headers=PUBLISHED, **PLAIN)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    style = httpx.get(f"{cluster.address}/static/css/respite.css", headers=PUBLISHED, **PLAIN)
    assert (style.status_code, style.headers["Content-Type"].split(";")[0]) == (200, "text/css")


def sign_in_badly(
    cluster: Cluster, address: str, headers: dict[str, str], name: str, *, peer: str = ""
) -> str:
    """Try a wrong password, with a token in cookie and form and without a Referer; return what the page says."""
    token = "0123456789abcdefghijklmnopqrstuv"
    transport = httpx.HTTPTransport(local_address=peer or None, verify=NO_CERTIFICATES)
    with httpx.Client(transport=transport, **PLAIN) as client:
        answer = client.post(
            f"{address}/accounts/login/",
            data={"login": name, "password": "wrong", "csrfmiddlewaretoken": token},
            headers={"Cookie": f"csrftoken={token}", "Host": PUBLISHED["Host"], **headers},
        )
    return f"{answer.status_code} {answer.text}"


def test_a_forged_scheme_is_not_believed(cluster: Cluster) -> None:
    """Over https Django asks for a Referer; over http it does not. None is sent here."""
    as_http = FORGED | {"X-Forwarded-Proto": "http"}
    assert sign_in_badly(cluster, cluster.address, as_http, "nobody").startswith("403"), "it is https outside"
    straight = cluster.address_of("web-1")
    assert sign_in_badly(cluster, straight, FORGED, "nobody", peer="127.0.0.2").startswith("200")
    assert sign_in_badly(cluster, straight, FORGED, "nobody").startswith("403"), (
        "the proxy itself is believed"
    )


@pytest.mark.parametrize("way", ["through the proxy", "past the proxy"])
def test_a_forged_address_does_not_get_around_the_limit_of_tries(cluster: Cluster, way: str) -> None:
    through = way == "through the proxy"
    address, peer = (cluster.address, "127.0.0.3") if through else (cluster.address_of("web-2"), "127.0.0.4")
    told = [
        sign_in_badly(
            cluster,
            address,
            {**FORGED, **REFERRED, "X-Forwarded-For": f"203.0.113.{number}"},
            f"nobody-{way[:4]}-{number}",
            peer=peer,
        )
        for number in range(12)
    ]
    refused = [page for page in told if page.startswith("429") or "tried too often" in page]
    assert refused, "twelve addresses were believed"


# ── half a request, and then nothing ──

HALF = "POST /api/v1/items HTTP/1.1\r\nHost: respite.example\r\nContent-Length: 5000\r\n{more}\r\nhalf"


def send_half(cluster: Cluster, *, peer: str, more: str = "") -> socket.socket:
    """Send the first half of an item from one of this machine's addresses, and keep the line open."""
    line = socket.create_connection(("127.0.0.1", cluster.port), timeout=8, source_address=(peer, 0))
    line.sendall(HALF.format(more=more).encode())
    return line


@pytest.mark.parametrize(
    ("more", "code"),
    [("", "key_missing"), ("Authorization: Bearer rsp_live_nobody\r\n", "key_unknown")],
)
def test_without_a_key_no_body_is_waited_for(cluster: Cluster, more: str, code: str) -> None:
    with closing(send_half(cluster, peer="127.0.0.5", more=more)) as line:
        head, _, body = line.recv(4096).partition(b"\r\n\r\n")
        body = body or line.recv(4096)
    assert head.startswith(b"HTTP/1.1 401")
    assert b"application/problem+json" in head
    problem = json.loads(body)
    assert (problem["code"], problem["status"], problem["instance"]) == (code, 401, "/api/v1/items")
    assert problem.keys() == {"type", "title", "status", "detail", "instance", "code", "errors"}


def test_one_address_holds_so_many_connections_and_others_go_on(
    cluster: Cluster, offices: dict[str, Office]
) -> None:
    """Somebody with a key, too: what is counted is the address. Each has said all of its head, and waits with its body."""
    key = f"Authorization: {bearer(offices['Once'])['Authorization']}\r\n"
    most = int(shipped()["CONNECTIONS_PER_ADDRESS"])
    with ExitStack() as stack:
        for _ in range(most + 20):
            stack.enter_context(closing(send_half(cluster, peer="127.0.0.6", more=key)))
        refused = until(lambda: one_more(cluster, "127.0.0.6") == 503, within=10, what="it is full")
        assert refused
        assert one_more(cluster, "127.0.0.7") == 200


def one_more(cluster: Cluster, peer: str) -> int:
    """Ask for a page from this address, and return the status."""
    transport = httpx.HTTPTransport(local_address=peer, verify=NO_CERTIFICATES)
    with httpx.Client(transport=transport, **PLAIN) as client:
        return client.get(f"{cluster.address}/accounts/login/", headers=PUBLISHED).status_code
