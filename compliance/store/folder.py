"""Files in a folder of this machine: durable before their row is written, locked away when quarantined."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from compliance.store.errors import DamagedFileError, MissingFileError, QuarantinedFileError
from compliance.store.file_names import DRAWN, INCOMING, LOCKED, digest_name, place_of

TURNSTILE = ".turnstile"


@dataclass(frozen=True)
class FolderStore:
    """The files under one directory: `ab/cd/<sha256>` to read, `locked/<sha256>` for what nobody may
    read, `drawn/<sha256>/` for what was made of one and can be made again.
    """

    root: Path

    def put(self, data: bytes) -> str:
        """Stores the bytes and returns their sha256; they are on the disk when this returns.

        Raises QuarantinedFileError when the same bytes were locked away.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._place(sha256)
        with self._turn(fcntl.LOCK_SH):
            self._refuse_locked(sha256)
            if target.exists():
                os.utime(target)
            else:
                self._write(data, target)
            if self._locked(sha256).exists():
                target.unlink(missing_ok=True)
                raise QuarantinedFileError(sha256)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their digest.

        Raises QuarantinedFileError, MissingFileError, or DamagedFileError when the disk altered them.
        """
        with self.open(sha256) as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedFileError(sha256)
        return data

    def open(self, sha256: str) -> BinaryIO:
        """A stream of the bytes. Raises QuarantinedFileError or MissingFileError."""
        self._refuse_locked(sha256)
        try:
            return self._place(sha256).open("rb")
        except FileNotFoundError as error:
            raise MissingFileError(sha256) from error

    def has(self, sha256: str) -> bool:
        """Whether these bytes can be read."""
        return not self._locked(sha256).exists() and self._place(sha256).exists()

    def quarantine(self, sha256: str) -> None:
        """Locks the bytes away, unopened. Raises MissingFileError when there are none."""
        source, target = self._place(sha256), self._locked(sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            source.rename(target)
            target.chmod(0)
        except FileNotFoundError as error:
            if target.exists():
                return
            raise MissingFileError(sha256) from error
        shutil.rmtree(self._drawn(sha256), ignore_errors=True)
        _sync(target.parent)
        _sync(source.parent)

    def locked(self) -> set[str]:
        """The digests of what is locked away."""
        return {path.name for path in (self.root / LOCKED).glob("*")}

    def copy_out(self, target: Path) -> None:
        """Copies all that can be read; it may be done while files are stored."""
        if self.root.exists():
            shutil.copytree(self.root, target, ignore=shutil.ignore_patterns(INCOMING, LOCKED, DRAWN, ".*"))

    def copy_in(self, source: Path, but: Collection[str]) -> None:
        """Takes over a folder that `copy_out` filled, but for these digests."""
        ignored = shutil.ignore_patterns(INCOMING, LOCKED, DRAWN, *but)
        shutil.copytree(source, self.root, dirs_exist_ok=True, ignore=ignored)

    def probe(self) -> None:
        """Writes and removes a small thing. Raises OSError."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".ready", dir=self.root)
        os.close(handle)
        Path(name).unlink()

    def keep_drawn(self, sha256: str, name: str, data: bytes) -> None:
        """Keeps something made of a file beside it. Raises QuarantinedFileError."""
        self._refuse_locked(sha256)
        self._write(data, self._drawn(sha256) / name)
        if self._locked(sha256).exists():
            shutil.rmtree(self._drawn(sha256), ignore_errors=True)
            raise QuarantinedFileError(sha256)

    def drawn(self, sha256: str, name: str) -> bytes | None:
        """What was kept so. Raises QuarantinedFileError."""
        self._refuse_locked(sha256)
        try:
            return (self._drawn(sha256) / name).read_bytes()
        except FileNotFoundError:
            return None

    def delete_orphans(self, kept: Container[str], stored_before: datetime) -> int:
        """Deletes readable files that no row knows and that were stored before; returns how many."""
        limit = stored_before.timestamp()
        deleted = 0
        for path in [*self.root.glob("??/??/*"), *self.root.glob(f"{INCOMING}/*")]:
            if path.name in kept:
                continue
            with self._turn(fcntl.LOCK_EX), suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    path.unlink()
                    deleted += 1
        for folder in self.root.glob(f"{DRAWN}/*"):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)
        return deleted

    def _place(self, sha256: str) -> Path:
        return self.root / place_of(sha256)

    def _drawn(self, sha256: str) -> Path:
        return self.root / DRAWN / digest_name(sha256)

    def _locked(self, sha256: str) -> Path:
        return self.root / LOCKED / sha256

    def _refuse_locked(self, sha256: str) -> None:
        if self._locked(sha256).exists():
            raise QuarantinedFileError(sha256)

    def _write(self, data: bytes, target: Path) -> None:
        incoming = self.root / INCOMING
        for folder in (incoming, target.parent):
            _make(folder)
        handle, name = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).rename(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(target.parent)

    @contextmanager
    def _turn(self, kind: int) -> Iterator[None]:
        """Storing bytes that look like an orphan and deleting that orphan take turns."""
        self.root.mkdir(mode=0o750, parents=True, exist_ok=True)
        with (self.root / TURNSTILE).open("a") as turnstile:
            fcntl.flock(turnstile, kind)
            yield


def _make(folder: Path) -> None:
    """Creates the folder so that it survives a power loss: each new name is synced in its parent."""
    if folder.exists():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o750, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
