"""Field encryption with a key ring: ``settings.FIELD_KEYS``, newest first.

Without a ring one key is derived from ``SECRET_KEY``, so that nothing is ever stored in the clear. That key (and
those of ``SECRET_KEY_FALLBACKS``) stays the last of every ring: what was sealed before there was one can still be read.
To rotate: put a new key in front, run ``manage.py rotate_field_keys``, then drop the old key.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotDecrypt(Exception):
    """No key of the ring opens this text: a key was dropped too early, or the text was altered."""


def encrypt(text: str) -> str:
    """Return *text* under the newest key, as ASCII."""
    return _ring().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Return the text behind *token*.

    Raises:
        CannotDecrypt: no key of the ring opens it.
    """
    try:
        return _ring().decrypt(token.encode("ascii")).decode()
    except (InvalidToken, UnicodeEncodeError):
        raise CannotDecrypt from None


def rotate(token: str) -> str:
    """Return the same text under the newest key; the time it was first encrypted is kept.

    Raises:
        CannotDecrypt: no key of the ring opens it.
    """
    try:
        return _ring().rotate(token.encode("ascii")).decode("ascii")
    except (InvalidToken, UnicodeEncodeError):
        raise CannotDecrypt from None


def is_newest(token: str) -> bool:
    """Tell whether *token* is sealed under the newest key already."""
    try:
        Fernet(_keys()[0]).decrypt(token.encode("ascii"))
    except (InvalidToken, UnicodeEncodeError):
        return False
    return True


def _ring() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def _keys() -> list[str]:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [*settings.FIELD_KEYS, *(_derived(str(secret)) for secret in secrets)]


def _derived(secret: str) -> str:
    raw = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"respite field encryption").derive(
        secret.encode()
    )
    return base64.urlsafe_b64encode(raw).decode("ascii")
