"""What a backup holds: every file with its digest, when it was made, and where the audit trail stood."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from compliance.store.errors import RestoreError

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """`audit_seq` and `audit_hash` are the trail's head inside the backup."""

    made_at: str
    database: str
    audit_seq: int
    audit_hash: str
    rows: dict[str, int]
    files: dict[str, str]


def digest(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def listed(folder: Path) -> dict[str, str]:
    """Every file below the folder with its digest, the manifest itself left out."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    return {path.relative_to(folder).as_posix(): digest(path) for path in paths}


def write(folder: Path, manifest: Manifest) -> None:
    """Writes it last: a directory without it is no backup."""
    text = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1, sort_keys=True)
    with (folder / NAME).open("w") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def read(folder: Path) -> Manifest:
    """Reads and checks a backup, every byte. Raises RestoreError naming what is missing or changed."""
    try:
        tree = json.loads((folder / NAME).read_text())
    except (OSError, ValueError) as error:
        raise RestoreError(f"{folder} is no complete backup: {error}") from error
    if not isinstance(tree, dict) or tree.pop("format", None) != FORMAT:
        raise RestoreError(f"{folder} was made by another version of the portal")
    try:
        manifest = Manifest(**tree)
    except TypeError as error:
        raise RestoreError(f"{folder} is no complete backup: {error}") from error
    for path in folder.rglob("*"):
        if path.is_file() and path.name != NAME and path.relative_to(folder).as_posix() not in manifest.files:
            raise RestoreError(f"the backup is damaged: nobody put {path.relative_to(folder)} there")
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file() or digest(path) != expected:
            raise RestoreError(f"the backup is damaged: {name}")
    return manifest
