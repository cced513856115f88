"""Published heads for readers: the newest one, and all before it a page at a time."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from compliance.store.audit_heads import LATEST, Head, HeadError, parse, published
from compliance.store.signed_heads import newest_signed

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """A head as it is published; names sort by entry, then by moment."""

    name: str
    text: str


def newest_line(session: Session, directory: Path) -> str | None:
    """The newest head: the published one, or the one that the last act on an award left in the store; None without any.

    A damaged file is logged, and the store's own head serves.
    """
    heads = []
    latest = directory / LATEST
    if latest.exists():
        heads += _readable(LATEST, latest)
    signed = newest_signed(session)
    if signed is not None:
        heads.append((parse(f"signed head {signed.seq}", signed.line.encode(), None), signed.line))
    return max(heads, key=lambda found: datetime.fromisoformat(found[0].at))[1] if heads else None


def _readable(name: str, path: Path) -> list[tuple[Head, str]]:
    try:
        text = path.read_bytes()
        head = parse(name, text, None)
        datetime.fromisoformat(head.at)
    except (HeadError, OSError, ValueError) as error:
        log.warning("the newest published head cannot be read: %s", error)
        return []
    return [(head, text.decode())]


def lines_after(directory: Path, after: str, limit: int) -> list[Line]:
    """The heads that come after the one named, at the most `limit`; what cannot be read is left out.

    `after` is the name of a head, or empty for the first page.
    """
    found: dict[str, str] = {}
    for place, text in _texts(directory, after):
        try:
            head = parse(place, text, None)
        except HeadError:
            continue
        if head.name > after:
            found.setdefault(head.name, text.decode().strip())
        if len(found) >= limit:
            break
    return [Line(name, text) for name, text in sorted(found.items())]


def _texts(directory: Path, after: str) -> Iterator[tuple[str, bytes]]:
    """Bundles of past months first; those of months before the named head's hold nothing after it."""
    month = after.partition("-")[2][:7]
    for bundle in sorted(directory.glob("*.jsonl")):
        if bundle.stem >= month:
            yield from ((bundle.name, line) for line in bundle.read_bytes().splitlines())
    for path in published(directory):
        if path.name > after:
            yield path.name, path.read_bytes()
