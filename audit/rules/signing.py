"""The key of the checkpoints: Ed25519, derived from the installation's secret, never stored."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def sign(message: bytes, *, secret: str) -> str:
    """Return the signature of *message* in base64."""
    return base64.b64encode(_key(secret).sign(message)).decode("ascii")


def is_signed(message: bytes, signature: str, *, secret: str) -> bool:
    """Tell whether *signature* (base64) was made over *message* by the holder of *secret*."""
    try:
        _key(secret).public_key().verify(base64.b64decode(signature), message)
    except (InvalidSignature, binascii.Error):
        return False
    return True


def public_key(secret: str) -> str:
    """Return the public key in base64, for who wants to check a checkpoint outside Respite."""
    return base64.b64encode(_key(secret).public_key().public_bytes_raw()).decode("ascii")


def _key(secret: str) -> Ed25519PrivateKey:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"respite audit checkpoints")
    return Ed25519PrivateKey.from_private_bytes(hkdf.derive(secret.encode()))
