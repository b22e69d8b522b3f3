"""`rotate_field_keys` moves every sealed field to the newest key, row by row.

Seen red without: the look at all values before the first is moved, `migrated_codes` in the table, the older keys of the
ring, the transaction of each row.
"""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from config import sealed
from moderation.models import WebhookEndpoint
from moderation.services.endpoints import create_endpoint, rotate_secret
from people.encryption import decrypt, encrypt
from people.exceptions import CannotDecrypt
from tests import cast
from tests.cast import T0

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SEALERS = {
    "moderation/services/endpoints.py": "moderation_webhookendpoint",
    "people/sign_in/adapters.py": "mfa_authenticator",
}
"""Who seals, and in which table of `config/sealed.py` it ends."""


@pytest.fixture
def endpoint(settings: Any) -> WebhookEndpoint:
    """An endpoint with two secrets and a person with a second factor, sealed under the old key."""
    settings.FIELD_KEYS = [OLD]
    made = create_endpoint(platform=cast.a_platform(), url="https://a.example/", actor="system", at=T0)
    rotate_secret(endpoint=made.endpoint, actor="system", at=T0)
    olga = cast.a_user("olga", "operator")
    codes = {"seed": encrypt("seed"), "used_mask": 5, "migrated_codes": [encrypt("one"), encrypt("two")]}
    Authenticator.objects.create(user=olga, type=Authenticator.Type.RECOVERY_CODES, data=codes)
    return WebhookEndpoint.objects.get()


def rotate() -> str:
    said = StringIO()
    call_command("rotate_field_keys", stdout=said)
    return said.getvalue()


def all_sealed() -> list[str]:
    endpoint = WebhookEndpoint.objects.get()
    totp, codes = Authenticator.objects.order_by("-type")
    return [
        endpoint.secret,
        endpoint.previous_secret,
        totp.data["secret"],
        codes.data["seed"],
        *codes.data["migrated_codes"],
    ]


def test_everything_opens_with_the_new_key_alone(endpoint: WebhookEndpoint, settings: Any) -> None:
    texts = [decrypt(token) for token in all_sealed()]
    settings.FIELD_KEYS = [NEW, OLD]
    said = rotate()
    assert "moderation_webhookendpoint: 1 moved, 0 were under" in said
    assert "mfa_authenticator: 2 moved, 0 were under" in said
    settings.FIELD_KEYS = [NEW]
    assert [decrypt(token) for token in all_sealed()] == texts
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 5


def test_run_again_it_moves_nothing_and_says_that_the_old_key_may_go(
    endpoint: WebhookEndpoint, settings: Any
) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    assert "may be dropped" not in rotate()
    before = all_sealed()
    assert "Nothing was left to move: the older keys may be dropped." in rotate()
    assert all_sealed() == before


def test_stopped_in_the_middle_it_goes_on_where_it_was(
    endpoint: WebhookEndpoint, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    table = sealed.TABLE[0]
    assert sealed.rotate_row(table, endpoint.pk)
    said = rotate()
    assert "moderation_webhookendpoint: 0 moved, 1 were under the newest key already." in said
    assert "mfa_authenticator: 2 moved" in said


def test_a_value_that_no_key_opens_stops_it_before_the_first_is_moved(
    endpoint: WebhookEndpoint, settings: Any
) -> None:
    second = create_endpoint(platform=cast.a_platform(), url="https://b.example/", actor="system", at=T0)
    lost = Fernet(Fernet.generate_key()).encrypt(b"secret").decode()
    WebhookEndpoint.objects.filter(pk=second.endpoint.pk).update(previous_secret=lost)
    before = WebhookEndpoint.objects.get(pk=endpoint.pk).secret
    settings.FIELD_KEYS = [NEW, OLD]
    with pytest.raises(CommandError) as refused:
        rotate()
    assert f"no key of FIELD_KEYS opens moderation_webhookendpoint {second.endpoint.pk}." in str(
        refused.value
    )
    assert lost not in str(refused.value)
    assert WebhookEndpoint.objects.get(pk=endpoint.pk).secret == before


def test_what_was_sealed_before_there_was_a_ring_moves_into_it(settings: Any) -> None:
    settings.FIELD_KEYS = []
    create_endpoint(platform=cast.a_platform(), url="https://a.example/", actor="system", at=T0)
    text = decrypt(WebhookEndpoint.objects.get().secret)
    settings.FIELD_KEYS = [NEW]
    assert "1 moved" in rotate()
    settings.SECRET_KEY = "another" * 10
    assert decrypt(WebhookEndpoint.objects.get().secret) == text


def test_a_row_moves_whole_or_not_at_all(endpoint: WebhookEndpoint, settings: Any) -> None:
    lost = Fernet(Fernet.generate_key()).encrypt(b"secret").decode()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(previous_secret=lost)
    settings.FIELD_KEYS = [NEW, OLD]
    with pytest.raises(CannotDecrypt):
        sealed.rotate_row(sealed.TABLE[0], endpoint.pk)
    assert WebhookEndpoint.objects.get(pk=endpoint.pk).secret == endpoint.secret


def test_whoever_seals_is_in_the_table() -> None:
    apps = ("audit", "config", "live", "moderation", "outbox", "people", "queues", "web", "wellbeing")
    files = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    imports = re.compile(r"^from people\.encryption import .*\bencrypt\b", re.MULTILINE)
    found = {str(path.relative_to(ROOT)) for path in files if imports.search(path.read_text())}
    assert found == set(SEALERS), "add what it seals to config/sealed.py, then here"
    assert {table.table for table in sealed.TABLE} == set(SEALERS.values())
