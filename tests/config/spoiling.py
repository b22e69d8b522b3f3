"""Ways to spoil a backup, and what is said of each."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from config.backup.manifest import NAME, Manifest, Part
from config.version import VERSION


def a_file(folder: Path) -> Path:
    return next(path for path in sorted(folder.rglob("*")) if path.is_file())


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def no_manifest(backup: Path) -> None:
    (backup / NAME).unlink()


def half_a_manifest(backup: Path) -> None:
    (backup / NAME).write_text((backup / NAME).read_text()[:100])


def missing_blob(backup: Path) -> None:
    a_file(backup / "objects").unlink()


def flipped_blob(backup: Path) -> None:
    flip(a_file(backup / "objects"))


def flipped_database(backup: Path) -> None:
    flip(backup / Manifest.read(backup).database.file)


def missing_database(backup: Path) -> None:
    (backup / Manifest.read(backup).database.file).unlink()


def flipped_index(backup: Path) -> None:
    flip(backup / Manifest.read(backup).media.file)


def newer_version(backup: Path) -> None:
    replace(Manifest.read(backup), version="99.0.0").write(backup)


def newer_migration(backup: Path) -> None:
    manifest = Manifest.read(backup)
    facts = replace(manifest.facts, migrations=manifest.facts.migrations | {"audit": ["0099_of_tomorrow"]})
    replace(manifest, facts=facts).write(backup)


def newer_form(backup: Path) -> None:
    fields = json.loads((backup / NAME).read_text())
    (backup / NAME).write_text(json.dumps(fields | {"format": 2}))


def other_database(backup: Path) -> None:
    replace(Manifest.read(backup), vendor="postgresql").write(backup)


def climbing_index(backup: Path) -> None:
    manifest = Manifest.read(backup)
    index = backup / manifest.media.file
    line = json.loads(index.read_text().splitlines()[0]) | {"path": "../../escaped"}
    index.write_text(json.dumps(line) + "\n")
    replace(manifest, media=Part.of(index)).write(backup)


SPOILED: dict[Callable[[Path], None], str] = {
    no_manifest: "is not a backup: it has no manifest.json",
    half_a_manifest: "The manifest of",
    missing_blob: "The backup lacks objects/",
    flipped_blob: "was altered: its bytes are not those that were backed up",
    flipped_database: "was altered: its bytes are not those that were backed up",
    missing_database: "The backup lacks database-",
    flipped_index: "was altered: its bytes are not those that were backed up",
    newer_version: "Respite 99.0.0 made this backup, and this is " + VERSION,
    newer_migration: "which is older or was never released",
    newer_form: "in the form of a later Respite",
    other_database: "This backup is of postgresql, and this installation runs on sqlite",
    climbing_index: "names places outside the media folder",
}
