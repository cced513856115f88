"""File storage keeps bytes under their digest, once, durably, and locks away what is quarantined."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from compliance.store.errors import DamagedFileError, MissingFileError, QuarantinedFileError
from compliance.store.files import FileStore

DATA = "ភស្តុតាង".encode()
DAY = timedelta(days=1)
SHA = hashlib.sha256(DATA).hexdigest()


def stored_digests(store: FileStore) -> list[str]:
    return [path.name for path in store.root.glob("??/??/*")]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def test_bytes_come_back_as_they_went_in(store: FileStore) -> None:
    assert store.put(DATA) == SHA
    assert store.put(DATA) == SHA
    assert store.get(SHA) == DATA
    assert stored_digests(store) == [SHA]
    assert not list((store.root / "incoming").iterdir())


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_what_was_never_stored_is_missing(store: FileStore, sha256: str) -> None:
    with pytest.raises(MissingFileError):
        store.get(sha256)


def test_a_changed_file_is_not_given_out(store: FileStore) -> None:
    store.put(DATA)
    path = next(store.root.glob(f"??/??/{SHA}"))
    path.write_bytes(b"other")
    with pytest.raises(DamagedFileError):
        store.get(SHA)


def test_quarantined_bytes_are_read_by_nobody_and_cannot_return(store: FileStore) -> None:
    store.put(DATA)
    store.quarantine(SHA)
    store.quarantine(SHA)
    for refused in (lambda: store.get(SHA), lambda: store.open(SHA), lambda: store.put(DATA)):
        with pytest.raises(QuarantinedFileError):
            refused()
    assert not store.has(SHA)
    assert not stored_digests(store)
    locked = store.root / "locked" / SHA
    assert locked.stat().st_mode & 0o777 == 0
    assert locked.parent.stat().st_mode & 0o777 == 0o700


def test_quarantine_of_nothing_says_so(store: FileStore) -> None:
    with pytest.raises(MissingFileError):
        store.quarantine(SHA)


def test_orphans_go_after_their_day_and_known_or_young_files_stay(store: FileStore) -> None:
    old, young, known = store.put(b"old"), store.put(b"young"), store.put(b"known")
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    for sha256 in (old, known):
        os.utime(next(store.root.glob(f"??/??/{sha256}")), (yesterday, yesterday))
    assert store.delete_orphans({known}, datetime.now(UTC) - DAY) == 1
    assert not store.has(old)
    assert store.has(young)
    assert store.has(known)


def test_an_orphan_stored_again_is_young_again(store: FileStore) -> None:
    sha256 = store.put(DATA)
    os.utime(next(store.root.glob(f"??/??/{sha256}")), (0, 0))
    store.put(DATA)
    assert store.delete_orphans(set(), datetime.now(UTC) - DAY) == 0


def test_a_failed_write_leaves_nothing_behind(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(DATA)
    assert not any(path.is_file() for path in store.root.rglob("*") if path.name != ".turnstile")
