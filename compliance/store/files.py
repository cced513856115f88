"""File storage: bytes kept under their sha256, in a folder of this machine or in a bucket that machines share."""

from collections.abc import Collection, Container
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from compliance.settings import Settings
from compliance.store.bucket import bucket_store
from compliance.store.folder import FolderStore


class FileStore(Protocol):
    """What both kinds do; `tests/store/test_files.py` holds both to it."""

    def put(self, data: bytes) -> str:
        """Stores the bytes and returns their sha256; they are kept when this returns.

        Raises QuarantinedFileError when the same bytes were locked away.
        """

    def get(self, sha256: str) -> bytes:
        """The bytes, checked. Raises QuarantinedFileError, MissingFileError, DamagedFileError."""

    def open(self, sha256: str) -> BinaryIO:
        """A stream of the bytes. Raises QuarantinedFileError or MissingFileError."""

    def has(self, sha256: str) -> bool:
        """Whether these bytes can be read."""

    def quarantine(self, sha256: str) -> None:
        """Locks the bytes away, unopened. Raises MissingFileError when there are none."""

    def locked(self) -> set[str]:
        """The digests of what is locked away."""

    def keep_drawn(self, sha256: str, name: str, data: bytes) -> None:
        """Keeps something made of a file beside it; it goes when the file does. Raises QuarantinedFileError."""

    def drawn(self, sha256: str, name: str) -> bytes | None:
        """What was kept so. Raises QuarantinedFileError."""

    def delete_orphans(self, kept: Container[str], stored_before: datetime) -> int:
        """Deletes readable files that no row knows and that were stored before; returns how many."""

    def copy_out(self, target: Path) -> None:
        """Copies all that can be read into a new folder; it may be done while files are stored."""

    def copy_in(self, source: Path, but: Collection[str]) -> None:
        """Takes over a folder that `copy_out` filled, but for these digests."""

    def probe(self) -> None:
        """Writes and removes a small thing. Raises OSError or StorageAwayError."""


def file_store(settings: Settings) -> FileStore:
    """The portal's own files."""
    return bucket_store(settings.bucket) if settings.bucket else FolderStore(settings.files_dir)
