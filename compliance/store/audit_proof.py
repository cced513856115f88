"""Whether the audit trail still contains what was published of it, and whether nothing published is gone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.keyring import Keyring
from compliance.store.audit import UNREADABLE, AuditEntry, Break
from compliance.store.audit_head_bundles import bundled
from compliance.store.audit_heads import LATEST, Head, HeadError, parse, published, read

UNPUBLISHED_FOR = timedelta(hours=1)
"""A head is due within a minute; after so long the worker was down, or heads were taken away."""
CHUNK = 500


@dataclass(frozen=True)
class Shown:
    """A head, the place where it was published, and the text that was."""

    place: str
    head: Head
    text: bytes


def heads_in(places: Iterable[Path], keyring: Keyring) -> tuple[list[Shown], list[Break]]:
    """Every head that one of our keys signed, and what is wrong with the other files.

    A place is a directory of published heads, or one file that holds a head.
    """
    heads: list[Shown] = []
    breaks: list[Break] = []
    for path in places:
        for name, text in texts(path):
            try:
                head = parse(name, text, keyring)
            except HeadError as error:
                breaks.append(Break(0, str(error)))
                continue
            if path.is_dir() and name.endswith(".json") and name != head.name:
                breaks.append(Break(head.seq, f"{name} holds the head of {head.name}"))
            heads.append(Shown(name, head, text))
    return heads, breaks


def kept_elsewhere(path: Path | None) -> list[Path]:
    """The places of heads that were copied from the portal: a directory with the newest one in it, or a file."""
    return [place for place in (path, path / LATEST) if place.exists()] if path else []


def texts(path: Path) -> list[tuple[str, bytes]]:
    """The name and text of every head at a place."""
    if path.is_file():
        return [(path.name, _bytes(path))]
    return [*bundled(path), *((file.name, _bytes(file)) for file in published(path))]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def missing_heads(heads: Sequence[Shown]) -> list[Break]:
    """Heads that a later one names and that are nowhere."""
    known = {shown.head.digest for shown in heads}
    return [
        Break(shown.head.seq, f"the head published before {shown.place} is missing")
        for shown in heads
        if shown.head.previous and shown.head.previous not in known
    ]


def stale_latest(folder: Path, heads: Sequence[Shown], keyring: Keyring) -> list[Break]:
    """Whether the head that strangers fetch is the newest one."""
    if not (folder / LATEST).exists():
        return [Break(0, f"{LATEST} is missing")] if heads else []
    try:
        latest = read(folder / LATEST, keyring)
    except HeadError as error:
        return [Break(0, str(error))]
    known = {shown.head for shown in heads}
    if latest not in known:
        return [Break(latest.seq, f"the head of {LATEST} is missing among the published ones")]
    if any(head.seq > latest.seq for head in known):
        return [Break(latest.seq, f"{LATEST} is not the newest head")]
    return []


def contradicted(session: Session, heads: Sequence[Shown]) -> list[tuple[Shown, str]]:
    """Heads whose entry is missing in the trail or is another one."""
    found: dict[int, object] = {}
    numbers = sorted({shown.head.seq for shown in heads if shown.head.seq})
    for start in range(0, len(numbers), CHUNK):
        found |= _hashes(session, numbers[start : start + CHUNK])
    return [
        (shown, "is missing" if shown.head.seq not in found else "is another one")
        for shown in heads
        if shown.head.seq and found.get(shown.head.seq) != shown.head.hash
    ]


def _hashes(session: Session, numbers: Sequence[int]) -> dict[int, object]:
    query = sa.select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.seq.in_(numbers))
    try:
        return {row.seq: row.hash for row in session.execute(query)}
    except UNREADABLE:
        singly = [_hashes(session, [number]) for number in numbers] if len(numbers) > 1 else []
        return {number: digest for one in singly for number, digest in one.items()}


def unpublished(session: Session, heads: Sequence[Shown], now: datetime) -> list[Break]:
    """Entries that should stand in a published head by now."""
    newest = max((shown.head.seq for shown in heads), default=0)
    query = sa.select(AuditEntry.seq, AuditEntry.at).where(AuditEntry.seq > newest).order_by(AuditEntry.seq).limit(1)
    try:
        first = session.execute(query).first()
        if first is None or now - first.at < UNPUBLISHED_FOR:
            return []
    except UNREADABLE:
        return []
    return [Break(first.seq, "no head was published since: the worker stands still, or heads were taken away")]
