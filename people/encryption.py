"""Field encryption with a key ring: ``settings.FIELD_KEYS``, newest first.

Without a ring one key is derived from ``SECRET_KEY``, so that nothing is ever stored in the clear. That key (and
those of ``SECRET_KEY_FALLBACKS``) stays the last of every ring: what was sealed before there was one can still be read.
To rotate: put a new key in front, run ``manage.py rotate_field_keys``, then drop the old key.
"""

import base64
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from people.exceptions import CannotDecrypt


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


def seal_number(number: int, *, about: str) -> str:
    """Return the number of a row as a page or an answer may carry it: whoever reads two of them learns nothing between.

    Rows of all people and platforms share a sequence, so a bare number tells how many came meanwhile. The same number is the
    same text, so that equal pages are equal. *about* keeps one kind from being taken for another.
    """
    sealed = _number_keys()[0].encrypt(str(number).encode(), [about.encode()])
    return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")


def open_number(token: str, *, about: str) -> int | None:
    """Return the number behind a token of this kind, None where it is none of ours."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    for key in _number_keys():
        with suppress(InvalidTag, ValueError):
            return int(key.decrypt(sealed, [about.encode()]))
    return None


def _number_keys() -> list[AESSIV]:
    return [AESSIV(_stretched(key, b"respite numbers of rows")) for key in _keys()]


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
    return base64.urlsafe_b64encode(_stretched(secret, b"respite field encryption")).decode("ascii")


def _stretched(secret: str, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
