"""The log's copy outside the database: what was sealed comes back after a restore, or is missed."""

import os
from pathlib import Path

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.merkle import leaf_hash
from compliance.settings import Settings
from compliance.store.register import bump
from compliance.store.transparency import LogEntry, Told, append_entries, contents_of, log_size

ENTRIES = "entries.jsonl"


def folder(settings: Settings) -> Path:
    """Where the copy lies. Copy this directory elsewhere too."""
    return settings.data_dir / "transparency-log"


def keep(session: Session, directory: Path, size: int) -> None:
    """Brings the copy up to a size of the log, on the disk before it returns. What stands there stays as it is."""
    directory.mkdir(parents=True, exist_ok=True)
    have = kept(directory)
    fresh = directory / f"{ENTRIES}.new"
    with fresh.open("wb") as stream:
        stream.writelines(f"{content}\n".encode() for content in [*have, *contents_of(session, len(have), size)])
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(directory / ENTRIES)


def kept(directory: Path) -> list[str]:
    """The entries of the copy in their order; a line that a stop cut short is none."""
    path = directory / ENTRIES
    return path.read_text().split("\n")[:-1] if path.exists() else []


def bring_back(session: Session, settings: Settings) -> int:
    """After a restore: the entries that the copy has and the store lost, as they were, and one that says so; how many.

    What they tell of may be gone; the log still says that it was said.
    """
    have = log_size(session)
    copy = kept(folder(settings))
    if contents_of(session, 0, have) != copy[:have]:
        return 0  # another history: sealing refuses it and says so
    moment = clock.now()
    for position, content in enumerate(copy[have:], have):
        leaf = leaf_hash(content.encode())
        session.add(LogEntry(position=position, written_at=moment, content=content, leaf=leaf))
    session.flush()
    lost = max(len(copy) - have, 0)
    if lost:
        said = {"act": "restored", "at": moment.isoformat(timespec="seconds"), "from": have, "entries": lost}
        append_entries(session, moment, [Told(None, None, None, said)])
        bump(session)
    return lost
