"""Standard Webhooks 1.0, verified by hand from its text and by its library."""

import base64
import hashlib
import hmac
import uuid
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from moderation.exceptions import EndpointInvalid
from moderation.services.endpoints import create_endpoint, end_rotation, rotate_secret
from moderation.webhooks.signing import secrets_of, signed_headers
from people.models import Platform
from tests.cast import T0

BODY = '{"type":"decision.made","data":{"rationale":"Größe ✓"}}'


def verified_by_hand(secret: str, headers: dict[str, str], body: str) -> bool:
    """The text of the standard: base64(HMAC-SHA256(decoded secret, id.timestamp.body)) is one of the signatures."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, given) for given in headers["webhook-signature"].split(" "))


def headers_with(secrets: list[str], at: datetime = T0) -> dict[str, str]:
    return signed_headers(event_id=uuid.UUID(int=7), body=BODY, secrets=secrets, at=at)


@pytest.fixture
def url() -> str:
    return "https://lumen.example/hooks"


@pytest.mark.django_db
class TestSecrets:
    def test_a_secret_is_told_once_and_stored_under_a_key(self, lumen: Platform, url: str) -> None:
        issued = create_endpoint(platform=lumen, url=url, actor="system", at=T0)
        assert issued.secret.startswith("whsec_")
        assert len(base64.b64decode(issued.secret.removeprefix("whsec_"), validate=True)) == 32
        assert issued.secret not in issued.endpoint.secret
        assert secrets_of(issued.endpoint) == [issued.secret]

    def test_during_a_rotation_both_secrets_sign_and_after_it_the_new_one_alone(
        self, lumen: Platform, url: str
    ) -> None:
        first = create_endpoint(platform=lumen, url=url, actor="system", at=T0)
        second = rotate_secret(endpoint=first.endpoint, actor="system", at=T0)
        headers = headers_with(secrets_of(second.endpoint))
        assert verified_by_hand(first.secret, headers, BODY)
        assert verified_by_hand(second.secret, headers, BODY)
        end_rotation(endpoint=second.endpoint, actor="system", at=T0)
        second.endpoint.refresh_from_db()
        headers = headers_with(secrets_of(second.endpoint))
        assert not verified_by_hand(first.secret, headers, BODY)
        assert verified_by_hand(second.secret, headers, BODY)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "lumen.example/hooks",
            "ftp://lumen.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
            "https://user:pass@lumen.example/",
            "https://lumen.example/#part",
            "https://lumen.example:99999/",
            "https://[::1/",
            "https://lumen.example/a b",
            "https://lumen.example/" + "a" * 500,
            "http://lumen.example/",  # in the clear, and the operator allowed no network
        ],
    )
    def test_what_can_never_be_told_is_refused_at_once(self, lumen: Platform, address: str) -> None:
        with pytest.raises(EndpointInvalid):
            create_endpoint(platform=lumen, url=address, actor="system", at=T0)


@pytest.mark.any_database
class TestSignature:
    SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()

    def test_is_what_the_standard_says(self) -> None:
        headers = headers_with([self.SECRET])
        assert headers["webhook-id"] == "whe_" + "0" * 31 + "7"
        assert headers["webhook-timestamp"] == str(int(T0.timestamp()))
        assert verified_by_hand(self.SECRET, headers, BODY)
        assert not verified_by_hand(self.SECRET, headers, BODY.replace("✓", "✗"))

    def test_is_accepted_by_the_library_and_refused_when_altered(self) -> None:
        headers = headers_with([self.SECRET], at=datetime.now(UTC))
        assert Webhook(self.SECRET).verify(BODY, headers)["type"] == "decision.made"
        with pytest.raises(WebhookVerificationError):
            Webhook(self.SECRET).verify(BODY + " ", headers)
