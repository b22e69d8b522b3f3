"""What makes a folder a backup. It is written last: a folder without it is not a backup."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db.migrations.loader import MigrationLoader

from config.backup import durable
from config.backup.facts import Checkpoint, Facts
from config.backup.troubles import BackupSpoiled, CannotRestore
from config.version import VERSION, as_numbers

NAME: Final = "manifest.json"
FORMAT: Final = 1
_PART_NAME: Final = re.compile(r"(database|media)-[0-9A-Za-z-]+\.[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the backup. ``size`` in bytes."""

    file: str
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "Part":
        """Describe a file as it lies there now."""
        return cls(file=path.name, size=path.stat().st_size, sha256=durable.digest_of(path))


@dataclass(frozen=True, slots=True)
class Manifest:
    """``vendor`` of the database. ``audit_key`` is public: it tells whose keys open this backup, and opens nothing."""

    taken_at: datetime
    vendor: str
    version: str
    facts: Facts
    database: Part
    media: Part
    audit_key: str

    def write(self, folder: Path) -> None:
        """Turn *folder* into this backup, at once."""
        fields = (
            {"respite": "backup", "format": FORMAT} | asdict(self) | {"taken_at": self.taken_at.isoformat()}
        )
        durable.write(folder / NAME, json.dumps(fields, indent=1) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Return the manifest of a backup.

        Raises:
            BackupSpoiled: there is none, or it cannot be understood.
            CannotRestore: a later Respite made it.
        """
        fields = _fields(folder)
        if fields.get("format") != FORMAT:
            raise CannotRestore(
                "This backup is in the form of a later Respite. Restore it with that version."
            )
        try:
            return cls._of(fields)
        except (KeyError, TypeError, ValueError):
            raise BackupSpoiled(f"The manifest of {folder} cannot be understood: it was altered.") from None

    @classmethod
    def _of(cls, fields: dict[str, Any]) -> "Manifest":
        facts = fields["facts"]
        checkpoint = facts["checkpoint"] and Checkpoint(**facts["checkpoint"])
        manifest = cls(
            taken_at=datetime.fromisoformat(fields["taken_at"]),
            vendor=fields["vendor"],
            version=fields["version"],
            facts=Facts(facts["migrations"], facts["counts"], checkpoint),
            database=Part(**fields["database"]),
            media=Part(**fields["media"]),
            audit_key=fields["audit_key"],
        )
        if not all(_PART_NAME.fullmatch(part.file) for part in (manifest.database, manifest.media)):
            raise ValueError("a part lies elsewhere")
        return manifest

    def insist_known(self) -> None:
        """Refuse what a later Respite made: this one does not know what its rows mean.

        Raises:
            CannotRestore
        """
        known = set(MigrationLoader(None).disk_migrations)
        taken = {(app, name) for app, names in self.facts.migrations.items() for name in names}
        if as_numbers(self.version) > as_numbers(VERSION) or taken - known:
            raise CannotRestore(
                f"Respite {self.version} made this backup, and this is {VERSION}, which is older or was never "
                "released. Restore it with the version that made it, or a later one."
            )


def has_manifest(folder: Path) -> bool:
    """Whether *folder* is a backup."""
    return (folder / NAME).is_file()


def _fields(folder: Path) -> dict[str, Any]:
    try:
        fields = json.loads((folder / NAME).read_text())
    except (FileNotFoundError, NotADirectoryError):
        raise BackupSpoiled(
            f"{folder} is not a backup: it has no {NAME}. That is written last, so a backup that was cut short has none."
        ) from None
    except (OSError, ValueError):
        raise BackupSpoiled(f"The manifest of {folder} cannot be read.") from None
    if not isinstance(fields, dict) or fields.get("respite") != "backup":
        raise BackupSpoiled(f"The manifest of {folder} is not one of Respite's.")
    return fields
