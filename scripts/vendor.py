"""Fetch the third-party files that pages load into static/vendor/ (`make vendor`).

Nothing a browser loads comes from a foreign host, so these files are kept in the repository. Each package is taken
by name and exact version with `npm pack`, whose registry settings are the machine's own. To move to a new version,
change it here, run the script and commit what it wrote. Needs npm; the Python standard library does the rest.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


@dataclass(frozen=True)
class Package:
    """One package: what to take out of it, under which licence, and what it is for."""

    name: str
    version: str
    licence: str
    purpose: str
    files: dict[str, str]
    """Path inside the package → name in our folder. LICENSE always comes along."""

    @property
    def folder(self) -> str:
        """`<package>@<version>`, without the npm scope, so that folders stay one level deep."""
        return f"{self.name.rpartition('/')[2]}@{self.version}"


PACKAGES = (
    Package(
        name="@fontsource-variable/atkinson-hyperlegible-next",
        version="5.3.0",
        licence="OFL-1.1",
        purpose="the type of every page (Latin, variable weight)",
        files={
            "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "atkinson-hyperlegible-next-latin.woff2",
            "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": "atkinson-hyperlegible-next-latin-ext.woff2",
        },
    ),
    Package(
        name="@fontsource-variable/noto-sans-arabic",
        version="5.3.0",
        licence="OFL-1.1",
        purpose="Arabic text (variable weight)",
        files={"files/noto-sans-arabic-arabic-wght-normal.woff2": "noto-sans-arabic-arabic.woff2"},
    ),
)

README_HEAD = """# Third-party files

Written by `make vendor` (scripts/vendor.py); do not edit by hand. Every file is as its authors published it.

| package | version | licence | for | files |
| --- | --- | --- | --- | --- |
"""


def pack(package: Package, folder: Path) -> Path:
    """Download one package into `folder` and return its archive."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return folder / done.stdout.strip().splitlines()[-1]


def unpack(package: Package, archive: Path) -> dict[str, str]:
    """Copy the wanted files into static/vendor/ and return file name → SHA-256."""
    target = VENDOR / package.folder
    target.mkdir(parents=True)
    digests = {}
    with tarfile.open(archive) as tar:
        for inside, name in {"LICENSE": "LICENSE", **package.files}.items():
            member = tar.extractfile(f"package/{inside}")
            if member is None:
                sys.exit(f"{package.name}@{package.version} has no file {inside}")
            content = member.read()
            (target / name).write_bytes(content)
            digests[name] = hashlib.sha256(content).hexdigest()
    return digests


def forget_old_versions() -> None:
    """Remove every package folder, so that a dropped version leaves nothing behind."""
    for folder in VENDOR.glob("*@*"):
        shutil.rmtree(folder)


def table_row(package: Package) -> str:
    """Return the package's line of static/vendor/README.md."""
    files = ", ".join(f"`{name}`" for name in package.files.values())
    return f"| {package.name} | {package.version} | {package.licence} | {package.purpose} | {files} |\n"


def main() -> None:
    """Fetch everything, then write README.md and manifest.json beside it."""
    if shutil.which("npm") is None:
        sys.exit("npm is needed to fetch third-party files; the ones in static/vendor/ are left as they are.")
    with tempfile.TemporaryDirectory() as temporary:
        archives = [(package, pack(package, Path(temporary))) for package in PACKAGES]
        forget_old_versions()
        manifest = {
            package.name: {
                "version": package.version,
                "licence": package.licence,
                "folder": package.folder,
                "sha256": unpack(package, archive),
            }
            for package, archive in archives
        }
    (VENDOR / "README.md").write_text(README_HEAD + "".join(map(table_row, PACKAGES)), encoding="utf-8")
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
