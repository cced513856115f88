"""File storage, in a folder and in a bucket: bytes under their digest, once, and locked away when quarantined."""

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from compliance.store.bucket import BucketStore, bucket_store
from compliance.store.errors import DamagedFileError, MissingFileError, QuarantinedFileError, StorageAwayError
from compliance.store.files import FileStore
from compliance.store.folder import FolderStore
from tests.buckets import new_bucket

DATA = "ភស្តុតាង".encode()
DAY = timedelta(days=1)
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, folder: FolderStore) -> FileStore:
    return folder if request.param == "folder" else bucket_store(new_bucket())


def inner(store: FileStore, *parts: str) -> list[str]:
    """The places below the store's root whose first part is one of these; all that can be read when none is named."""
    if isinstance(store, BucketStore):
        found = [str(path).removeprefix(store.root).strip("/") for path in store.files.find(store.root)]
    else:
        assert isinstance(store, FolderStore)
        found = [path.relative_to(store.root).as_posix() for path in store.root.rglob("*") if path.is_file()]
    return [path for path in found if (path.split("/")[0] in parts if parts else len(path.split("/")[0]) == 2)]


def alter(store: FileStore, place: str) -> None:
    if isinstance(store, BucketStore):
        store.files.pipe_file(f"{store.root}/{place}", b"other")
    elif isinstance(store, FolderStore):
        (store.root / place).write_bytes(b"other")


def test_bytes_come_back_as_they_went_in(store: FileStore) -> None:
    assert store.put(DATA) == SHA
    assert store.put(DATA) == SHA
    assert store.get(SHA) == DATA
    with store.open(SHA) as stream:
        assert stream.read() == DATA
    assert store.has(SHA)
    assert inner(store) == [f"{SHA[:2]}/{SHA[2:4]}/{SHA}"]
    assert not inner(store, "incoming")
    store.probe()
    assert len(inner(store, "", ".ready")) == 0


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_what_was_never_stored_is_missing(store: FileStore, sha256: str) -> None:
    for read in (store.get, store.open):
        with pytest.raises(MissingFileError):
            read(sha256)


def test_a_changed_file_is_not_given_out(store: FileStore) -> None:
    store.put(DATA)
    alter(store, inner(store)[0])
    with pytest.raises(DamagedFileError):
        store.get(SHA)


def test_quarantined_bytes_are_read_by_nobody_and_cannot_return(store: FileStore) -> None:
    store.put(DATA)
    store.keep_drawn(SHA, "1", b"a page")
    store.quarantine(SHA)
    store.quarantine(SHA)
    tries: list[Callable[[], object]] = [
        lambda: store.get(SHA),
        lambda: store.open(SHA),
        lambda: store.put(DATA),
        lambda: store.drawn(SHA, "1"),
        lambda: store.keep_drawn(SHA, "1", b"a page"),
    ]
    for refused in tries:
        with pytest.raises(QuarantinedFileError):
            refused()
    assert not store.has(SHA)
    assert not inner(store)
    assert not inner(store, "drawn")
    assert store.locked() == {SHA}


def test_a_folder_lets_nobody_read_what_is_locked(folder: FolderStore) -> None:
    folder.put(DATA)
    folder.quarantine(SHA)
    locked = folder.root / "locked" / SHA
    assert locked.stat().st_mode & 0o777 == 0
    assert locked.parent.stat().st_mode & 0o777 == 0o700


def test_quarantine_of_nothing_says_so(store: FileStore) -> None:
    with pytest.raises(MissingFileError):
        store.quarantine(SHA)


def test_orphans_go_after_their_day_and_known_or_young_files_stay(store: FileStore) -> None:
    old, known = store.put(b"old"), store.put(b"known")
    store.keep_drawn(old, "1", b"page of old")
    store.keep_drawn(known, "1", b"page of known")
    assert store.delete_orphans({known}, datetime.now(UTC) - DAY) == 0, "young"
    assert store.delete_orphans({known}, datetime.now(UTC) + DAY) == 1
    assert not store.has(old)
    assert store.drawn(old, "1") is None
    assert store.has(known)
    assert store.drawn(known, "1") == b"page of known"


def test_an_orphan_stored_again_is_young_again(folder: FolderStore) -> None:
    """In a bucket it is written again, which makes it young."""
    sha256 = folder.put(DATA)
    os.utime(next(folder.root.glob(f"??/??/{sha256}")), (0, 0))
    folder.put(DATA)
    assert folder.delete_orphans(set(), datetime.now(UTC) - DAY) == 0


def test_a_copy_goes_from_one_kind_to_the_other(store: FileStore, folder: FolderStore, tmp_path: Path) -> None:
    """A backup of a bucket comes back into a folder, and a folder's into a bucket."""
    kept, locked = store.put(DATA), store.put(b"locked")
    store.keep_drawn(kept, "1", b"can be drawn again")
    store.quarantine(locked)
    store.copy_out(tmp_path / "backup")
    assert [path.name for path in (tmp_path / "backup").rglob("*") if path.is_file()] == [kept]
    other = bucket_store(new_bucket()) if isinstance(store, FolderStore) else folder
    other.copy_in(tmp_path / "backup", ())
    assert other.get(kept) == DATA
    third = FolderStore(tmp_path / "third")
    third.copy_in(tmp_path / "backup", {kept})
    assert not third.has(kept), "what is locked here does not come back"


def test_a_failed_write_leaves_nothing_behind(folder: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.put(DATA)
    assert not any(path.is_file() for path in folder.root.rglob("*") if path.name != ".turnstile")


def test_a_bucket_that_does_not_answer_or_is_not_there_is_told_as_that() -> None:
    there = new_bucket()
    for url, endpoint in ((there.url, "http://127.0.0.1:9"), ("s3://no-such-bucket/evidence", there.endpoint)):
        away = bucket_store(type(there)(url, endpoint, there.region, there.key, there.secret))
        for act in (lambda away=away: away.put(DATA), away.probe):
            with pytest.raises(StorageAwayError):
                act()
