"""Files in a bucket: an S3-compatible store that several machines share, reached through fsspec."""

import hashlib
import io
from collections.abc import Collection, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

import fsspec
from fsspec.spec import AbstractFileSystem

from compliance.settings import Bucket
from compliance.store.errors import (
    DamagedFileError,
    FileStoreError,
    MissingFileError,
    QuarantinedFileError,
    StorageAwayError,
)
from compliance.store.file_names import DRAWN, LOCKED, digest_name, place_of

CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 15, 2
PROBE = ".ready"


@dataclass(frozen=True)
class BucketStore:
    """The files under one prefix, in the same places as in a folder. Raises StorageAwayError when the bucket does not
    answer or refuses.

    A bucket writes an object whole or not at all, and says so only once it is kept.
    """

    files: AbstractFileSystem
    root: str

    def put(self, data: bytes) -> str:
        """Stores the bytes and returns their sha256. Raises QuarantinedFileError when they were locked away.

        What is there is written again: it is young then, and no sweep takes it from under its new row.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        with _answering():
            self._refuse_locked(sha256)
            self.files.pipe_file(self._place(sha256), data)
            if self._is_locked(sha256):
                self.files.rm_file(self._place(sha256))
                raise QuarantinedFileError(sha256)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, checked. Raises QuarantinedFileError, MissingFileError, DamagedFileError."""
        with _answering():
            self._refuse_locked(sha256)
            try:
                data: bytes = self.files.cat_file(self._place(sha256))
            except FileNotFoundError as error:
                raise MissingFileError(sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedFileError(sha256)
        return data

    def open(self, sha256: str) -> BinaryIO:
        """A stream of the checked bytes: what crosses a network is looked at before it is given on."""
        return io.BytesIO(self.get(sha256))

    def has(self, sha256: str) -> bool:
        """Whether these bytes can be read."""
        with _answering():
            return not self._is_locked(sha256) and bool(self.files.exists(self._place(sha256)))

    def quarantine(self, sha256: str) -> None:
        """Locks the bytes away, unopened. Raises MissingFileError when there are none."""
        with _answering():
            try:
                self.files.cp_file(self._place(sha256), self._locked(sha256))
            except FileNotFoundError as error:
                if self._is_locked(sha256):
                    return
                raise MissingFileError(sha256) from error
            self.files.rm_file(self._place(sha256))
            self._drop_drawn(sha256)

    def locked(self) -> set[str]:
        """The digests of what is locked away."""
        with _answering():
            return {path.rpartition("/")[2] for path in self._below(LOCKED)}

    def keep_drawn(self, sha256: str, name: str, data: bytes) -> None:
        """Keeps something made of a file beside it. Raises QuarantinedFileError."""
        with _answering():
            self._refuse_locked(sha256)
            self.files.pipe_file(f"{self.root}/{DRAWN}/{digest_name(sha256)}/{name}", data)
            if self._is_locked(sha256):
                self._drop_drawn(sha256)
                raise QuarantinedFileError(sha256)

    def drawn(self, sha256: str, name: str) -> bytes | None:
        """What was kept so. Raises QuarantinedFileError."""
        with _answering():
            self._refuse_locked(sha256)
            try:
                kept: bytes = self.files.cat_file(f"{self.root}/{DRAWN}/{digest_name(sha256)}/{name}")
            except FileNotFoundError:
                return None
            return kept

    def delete_orphans(self, kept: Container[str], stored_before: datetime) -> int:
        """Deletes readable files that no row knows and that were stored before; returns how many."""
        deleted = 0
        with _answering():
            for sha256 in self._readable():
                if sha256 not in kept and self.files.modified(self._place(sha256)) < stored_before:
                    self.files.rm_file(self._place(sha256))
                    deleted += 1
            for sha256 in {path.split("/")[-2] for path in self._below(DRAWN)}:
                if sha256 not in kept:
                    self._drop_drawn(sha256)
        return deleted

    def copy_out(self, target: Path) -> None:
        """Copies all that can be read into a folder laid out as a folder of files is."""
        with _answering():
            for sha256 in self._readable():
                place = target / place_of(sha256)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(self.files.cat_file(self._place(sha256)))

    def copy_in(self, source: Path, but: Collection[str]) -> None:
        """Takes over a folder that `copy_out` filled, but for these digests."""
        with _answering():
            for path in sorted(source.glob("??/??/*")):
                if path.name not in but:
                    self.files.pipe_file(self._place(path.name), path.read_bytes())

    def probe(self) -> None:
        """Writes and removes a small thing. Raises StorageAwayError."""
        with _answering():
            self.files.pipe_file(f"{self.root}/{PROBE}", b"")
            self.files.rm_file(f"{self.root}/{PROBE}")

    def _readable(self) -> Iterator[str]:
        for path in self.files.find(self.root):
            inner = str(path).removeprefix(self.root).strip("/").split("/")
            if len(inner) == 3 and inner[0] not in {LOCKED, DRAWN}:
                yield inner[2]

    def _below(self, part: str) -> list[str]:
        return [str(path) for path in self.files.find(f"{self.root}/{part}")]

    def _drop_drawn(self, sha256: str) -> None:
        for path in self._below(f"{DRAWN}/{digest_name(sha256)}"):
            self.files.rm_file(path)

    def _place(self, sha256: str) -> str:
        return f"{self.root}/{place_of(sha256)}"

    def _locked(self, sha256: str) -> str:
        return f"{self.root}/{LOCKED}/{digest_name(sha256)}"

    def _is_locked(self, sha256: str) -> bool:
        return bool(self.files.exists(self._locked(sha256)))

    def _refuse_locked(self, sha256: str) -> None:
        if self._is_locked(sha256):
            raise QuarantinedFileError(sha256)


@contextmanager
def _answering() -> Iterator[None]:
    """Whatever a bucket or the way to it raises is one thing to us; the libraries name it in a dozen ways."""
    try:
        yield
    except FileStoreError:
        raise
    except Exception as error:
        raise StorageAwayError from error


@cache
def bucket_store(bucket: Bucket) -> BucketStore:
    """One connection for each process and bucket."""
    client = {"endpoint_url": bucket.endpoint} if bucket.endpoint else {}
    region = {"region_name": bucket.region} if bucket.region else {}
    waiting = {"connect_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS, "retries": {"max_attempts": TRIES}}
    files = fsspec.filesystem(
        "s3",
        key=bucket.key or None,
        secret=bucket.secret or None,
        client_kwargs={**client, **region},
        config_kwargs=waiting,
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    return BucketStore(files, bucket.path)
