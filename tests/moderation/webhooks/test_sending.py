"""One POST over real sockets: where it goes, what is read of the answer, and how long it may take."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from moderation.webhooks.sending import EXCERPT_CHARACTERS, Reply, post
from tests.moderation.webhooks.sink import LOOPBACK, Answering, Sink, a_sink

pytestmark = pytest.mark.any_database

BODY = '{"a":"ä"}'


def sent(url: str, **more: Any) -> Reply:
    facts: dict[str, Any] = {"body": BODY, "headers": {"x-test": "1"}, "allowed": LOOPBACK}
    return post(url=url, **(facts | more))


class Names:
    """A resolver under an attacker's control: another answer each time it is asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if self.answers else ["127.0.0.1"]


def test_the_body_arrives_as_it_was_signed(sink: Sink) -> None:
    reply = sent(sink.url)
    assert (reply.status, reply.error) == (204, "")
    received = sink.received[0]
    assert (received.path, received.body, received.headers["x-test"]) == ("/hooks", BODY, "1")
    assert received.headers["host"] == f"127.0.0.1:{sink.port}"


def test_a_redirect_is_not_followed(sink: Sink) -> None:
    sink.answers_with(Answering(301, {"location": sink.url + "/elsewhere"}))
    assert sent(sink.url).status == 301
    assert len(sink.received) == 1


def test_only_the_beginning_of_a_long_answer_is_kept(sink: Sink) -> None:
    sink.answers_with(Answering(500, body=b"x" * 5_000_000))
    reply = sent(sink.url)
    assert reply.excerpt == "x" * EXCERPT_CHARACTERS


def test_an_answer_that_is_no_text_can_still_be_kept(sink: Sink) -> None:
    sink.answers_with(Answering(500, body=b"\x00\xff\xfeabc"))
    assert sent(sink.url).excerpt == "\N{REPLACEMENT CHARACTER}" * 3 + "abc"


def test_an_answer_that_drips_for_ever_ends_at_the_time_out(sink: Sink) -> None:
    sink.answers_with(Answering(drips=True))
    begun = time.monotonic()
    reply = sent(sink.url, timeout_seconds=0.4)
    assert reply.status is None
    assert reply.error in {"TooSlow", "ReadTimeout"}
    assert time.monotonic() - begun < 5


def test_nobody_listening_is_a_failure_and_no_crash() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        reply = sent(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert (reply.status, reply.error) == (None, "ConnectError")


def test_a_name_that_leads_nowhere_is_a_failure() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror

    assert sent("https://lumen.example/", resolve=nowhere).error == "NameNotFound"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_loopback_is_refused_in_every_spelling_unless_it_is_allowed(sink: Sink, host: str) -> None:
    reply = sent(f"https://{host}:{sink.port}/", allowed=[])
    assert reply.status is None
    assert reply.error in {"AddressRefused", "NameNotFound", "InvalidURL"}
    assert sink.received == []


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_a_name_is_judged_by_where_it_leads(address: str) -> None:
    assert sent("https://lumen.example/", allowed=[], resolve=Names([address])).error == "AddressRefused"


def test_a_name_that_changes_its_answer_gains_nothing(sink: Sink) -> None:
    names = Names(["10.0.0.1"], ["127.0.0.1"])
    reply = sent(f"http://lumen.example:{sink.port}/", resolve=names)
    assert reply.error == "AddressRefused"
    assert names.asked == ["lumen.example"]
    assert sink.received == []


def test_the_checked_address_is_connected_to_and_the_name_is_asked_once(sink: Sink) -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    assert sent(f"http://lumen.example:{sink.port}/", resolve=names).status == 204
    assert names.asked == ["lumen.example"]
    assert sink.received[0].headers["host"] == f"lumen.example:{sink.port}"


def test_of_two_addresses_only_the_permitted_one_is_tried(sink: Sink) -> None:
    names = Names(["10.0.0.1", "127.0.0.1"])
    assert sent(f"http://lumen.example:{sink.port}/", resolve=names).status == 204


def test_plain_http_goes_to_allowed_networks_alone(sink: Sink) -> None:
    public = Names(["93.184.216.34"])
    assert sent("http://lumen.example/", allowed=LOOPBACK, resolve=public).error == "AddressRefused"
    elsewhere = [ip_network("10.0.0.0/8")]
    assert sent(sink.url, allowed=elsewhere).error == "AddressRefused"


def test_no_proxy_of_the_environment_is_used(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert sent(sink.url).status == 204


@pytest.mark.parametrize(
    "url", ["https://lumen.example:0/", "https:///", "gopher://lumen.example/", "https://a\x00b/"]
)
def test_an_address_that_makes_no_sense_is_a_failure_and_no_crash(url: str) -> None:
    assert sent(url, allowed=[], resolve=Names(["10.0.0.1"])).status is None


class Certificate:
    """A certificate for one name, and the contexts of a server that shows it and a client that trusts it."""

    def __init__(self, folder: Path, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            issuer_name=subject,
            subject_name=subject,
            public_key=key.public_key(),
            serial_number=1,
            not_valid_before=now - timedelta(days=1),
            not_valid_after=now + timedelta(days=1),
        )
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        made = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
        self.file = folder / "certificate.pem"
        plain, pem = serialization.NoEncryption(), serialization.Encoding.PEM
        self.file.write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem)
        )

    @property
    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context

    @property
    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path, "lumen.example")


def test_tls_is_verified_against_the_name_and_not_the_address(certificate: Certificate) -> None:
    with a_sink(certificate.server) as sink:
        url = f"https://lumen.example:{sink.port}/"
        assert sent(url, resolve=Names(), context=certificate.client).status == 204


def test_a_certificate_for_another_name_is_refused(certificate: Certificate) -> None:
    with a_sink(certificate.server) as sink:
        url = f"https://ember.example:{sink.port}/"
        reply = sent(url, resolve=Names(), context=certificate.client)
    assert (reply.status, reply.error, sink.received) == (None, "ConnectError", [])


def test_a_certificate_of_an_unknown_authority_is_refused(certificate: Certificate) -> None:
    with a_sink(certificate.server) as sink:
        reply = sent(f"https://lumen.example:{sink.port}/", resolve=Names())
    assert (reply.status, sink.received) == (None, [])
