"""The keys of an installation, in a folder of their own: without them a backup can be restored, but not read.

``secret_key`` signs sessions and, by derivation, the checkpoints of the audit; without a ring of field keys it seals
the fields too. ``field_keys`` is that ring. The files are what ``SECRET_KEY_FILE`` and ``FIELD_KEYS_FILE`` point at.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from audit.rules.signing import public_key
from config import env
from config.backup import durable
from config.backup.manifest import Manifest, has_manifest
from config.backup.places import WHY_APART, insist_apart, writable
from config.backup.troubles import CannotBackUp, CannotRestore

SECRET: Final = "secret_key"  # noqa: S105 - the name of a file
RING: Final = "field_keys"
OLDER: Final = "secret_key_fallbacks"


@dataclass(frozen=True, slots=True)
class Keys:
    """``ring``: newest first. ``older``: secret keys that were replaced, under which old checkpoints are signed."""

    secret: str
    ring: tuple[str, ...]
    older: tuple[str, ...]


def current() -> Keys | None:
    """Return the keys that this process was given; None when there is no secret key."""
    try:
        secret = str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return None
    return Keys(secret, tuple(settings.FIELD_KEYS), tuple(map(str, settings.SECRET_KEY_FALLBACKS)))


def export(folder: Path, *, backup: Path) -> None:
    """Write the keys into *folder*, which lies apart from the backup at *backup*.

    Raises:
        CannotBackUp: the folders are not apart, or there are no keys.
    """
    insist_apart(backup, folder, what="The keys may not lie with the backup")
    if has_manifest(folder):
        raise CannotBackUp(f"{folder} holds a backup. {WHY_APART}")
    keys = current()
    if keys is None:
        raise CannotBackUp("There is no secret key to write: Respite has not been started here yet.")
    writable(folder)
    _write(folder / SECRET, keys.secret)
    _write(folder / RING, ",".join(keys.ring))
    _write(folder / OLDER, ",".join(keys.older))


def _write(path: Path, words: str) -> None:
    """Write the file, or take an older one away when there is nothing to say any more."""
    if words:
        durable.write(path, words + "\n")
    else:
        path.unlink(missing_ok=True)


def import_from(folder: Path) -> None:
    """Let this process use the keys in *folder*.

    Raises:
        CannotRestore: there are none, or this process was given others.
    """
    keys, given = _read(folder), current()
    if given is not None and given.secret != keys.secret:
        raise CannotRestore(
            "This installation has another secret key already (SECRET_KEY, or secret_key in DATA_DIR). "
            "Take that one away, or restore into another DATA_DIR."
        )
    settings.SECRET_KEY = keys.secret
    settings.FIELD_KEYS = settings.FIELD_KEYS or list(keys.ring)
    settings.SECRET_KEY_FALLBACKS = settings.SECRET_KEY_FALLBACKS or list(keys.older)


def _read(folder: Path) -> Keys:
    def words(name: str) -> tuple[str, ...]:
        path = folder / name
        return tuple(path.read_text().strip().split(",")) if path.is_file() else ()

    try:
        secret = words(SECRET)
        if not secret:
            raise CannotRestore(f"There are no keys in {folder}: it has no file {SECRET}.")
        return Keys(",".join(secret), words(RING), words(OLDER))
    except OSError as error:
        raise CannotRestore(f"The keys in {folder} cannot be read ({error.strerror}).") from None


def insist_fit(manifest: Manifest) -> None:
    """Refuse to restore what could not be read afterwards.

    Raises:
        CannotRestore: no key was given, or not that of this backup.
    """
    keys = current()
    if keys is None:
        raise CannotRestore(
            "The keys of this backup are missing. Give the folder in which they were put: --keys-from FOLDER."
        )
    if manifest.audit_key not in map(public_key, (keys.secret, *keys.older)):
        raise CannotRestore("These are not the keys of this backup: it was taken under another secret key.")


def keep(folder: Path) -> None:
    """Keep the secret key in *folder*, where embedded mode looks for it, unless the environment gives it."""
    path, keys = folder / SECRET, current()
    if keys is not None and not env.text("SECRET_KEY") and not path.exists():
        durable.write(path, keys.secret)
