"""Field encryption: the newest key writes, every key of the ring reads."""

import pytest
from cryptography.fernet import Fernet

from people.encryption import decrypt, encrypt, rotate
from people.exceptions import CannotDecrypt

pytestmark = pytest.mark.any_database

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_a_text_comes_back_and_is_not_to_be_read_in_between(settings):
    settings.FIELD_KEYS = [NEW]
    token = encrypt("whsec_secret Föhn")
    assert "secret" not in token
    assert decrypt(token) == "whsec_secret Föhn"


def test_without_a_ring_the_key_comes_from_the_secret_of_the_installation(settings):
    settings.FIELD_KEYS = []
    token = encrypt("text")
    assert decrypt(token) == "text"
    settings.SECRET_KEY = "another"
    with pytest.raises(CannotDecrypt):
        decrypt(token)


def test_rotating_moves_a_text_to_the_newest_key(settings):
    settings.FIELD_KEYS = [OLD]
    token = encrypt("text")
    settings.FIELD_KEYS = [NEW, OLD]
    assert decrypt(token) == "text"
    moved = rotate(token)
    settings.FIELD_KEYS = [NEW]
    assert decrypt(moved) == "text"
    with pytest.raises(CannotDecrypt):
        decrypt(token)


@pytest.mark.parametrize("token", ["", "nonsense", "gAAAAA==", "é"])
def test_what_was_altered_does_not_open_and_does_not_rotate(settings, token: str):
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CannotDecrypt):
        decrypt(token)
    with pytest.raises(CannotDecrypt):
        rotate(token)
