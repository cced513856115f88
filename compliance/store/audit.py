"""The audit trail: append-only by trigger, each entry chained to the one before it by hash."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.domain.roles import Actor
from compliance.store.base import Base, UtcDateTime

GENESIS = "0" * 64
CHAIN_LOCK = 0x4D505443
# What reading a field raises that holds something of another kind (text as a moment, bytes as text).
UNREADABLE = (ValueError, TypeError, AttributeError, ArithmeticError, sa.exc.SQLAlchemyError)

# The triggers by which each database refuses changes, and the question which of them are awake.
GUARDS = {
    "sqlite": (
        ("audit_entries_no_update", "audit_entries_no_delete"),
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries' AND sql LIKE '%ABORT%'",
    ),
    "postgresql": (
        ("audit_entries_append_only",),
        "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass('audit_entries') AND tgenabled IN ('O', 'A')",
    ),
}


class AuditEntry(Base):
    """One recorded act. `tag` is source:subject:action; `content` is canonical JSON."""

    __tablename__ = "audit_entries"
    __table_args__ = (sa.Index("ix_audit_entries_subject", "subject", "subject_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    tag: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column()
    content: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and why."""

    seq: int
    why: str


def canonical(content: object) -> str:
    """JSON that is the same for the same content: sorted keys, no spaces, Khmer as Khmer."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_hash(
    previous: str, seq: int, at: datetime, actor_id: int | None, tag: str, subject: str, content: str
) -> str:
    """sha256 over the previous hash and every field; `at` in microseconds since 1970 so that no format can drift."""
    moment = round(at.timestamp() * 1_000_000)
    sealed = canonical([previous, seq, moment, actor_id, tag, subject, content])
    return hashlib.sha256(sealed.encode()).hexdigest()


def record(
    session: Session, at: datetime, actor: Actor, tag: str, subject: str, subject_id: int, **content: Any
) -> AuditEntry:
    """Appends an entry in the running transaction; the chain's tail is locked until it ends."""
    return append(session, at, actor, tag, (subject, subject_id), content)


def append(
    session: Session,
    at: datetime,
    actor: Actor,
    tag: str,
    about: tuple[str, int],
    content: dict[str, Any],
    *,
    number: int = 0,
) -> AuditEntry:
    """As `record`; with `number` the entry skips the numbers before it, which a restore lost."""
    subject, subject_id = about
    hold_tail(session)
    tail = session.execute(sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (tail.seq + 1, tail.hash) if tail else (1, GENESIS)
    seq = max(seq, number)
    body = canonical(content)
    entry = AuditEntry(
        seq=seq,
        at=at,
        actor_id=actor.user_id,
        tag=tag,
        subject=subject,
        subject_id=subject_id,
        content=body,
        previous=previous,
        hash=entry_hash(previous, seq, at, actor.user_id, tag, f"{subject}:{subject_id}", body),
    )
    session.add(entry)
    session.flush()
    return entry


def hold_tail(session: Session) -> None:
    """Nobody else appends until the transaction ends; SQLite lets one write at a time as it is."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))


def head(session: Session) -> tuple[int, str]:
    """The last entry's number and hash: what is signed and published, so that a cut tail shows."""
    tail = session.execute(sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (tail.seq, tail.hash) if tail else (0, GENESIS)


def _readable(session: Session, after: int | None = None) -> Iterator[tuple[int, AuditEntry | None]]:
    """Every entry past `after` by its number; None for one whose fields cannot be read as what they should be."""
    last = after
    while True:
        query = sa.select(AuditEntry.seq).where(AuditEntry.seq.is_not(None)).order_by(AuditEntry.seq).limit(500)
        numbers = list(session.scalars(query if last is None else query.where(AuditEntry.seq > last)))
        if not numbers:
            return
        try:
            rows: list[tuple[int, AuditEntry | None]] = [(entry.seq, entry) for entry in _loaded(session, numbers)]
        except UNREADABLE:
            rows = [(number, _one(session, number)) for number in numbers]
        yield from rows
        last = numbers[-1]


def _loaded(session: Session, numbers: list[int]) -> list[AuditEntry]:
    query = sa.select(AuditEntry).where(AuditEntry.seq.between(numbers[0], numbers[-1])).order_by(AuditEntry.seq)
    return list(session.scalars(query))


def _one(session: Session, number: int) -> AuditEntry | None:
    try:
        return session.scalar(sa.select(AuditEntry).where(AuditEntry.seq == number))
    except UNREADABLE:
        return None


def _sealed(entry: AuditEntry) -> bool:
    """Whether the entry's hash is the one of its fields; a field of another kind than ours was never sealed."""
    subject = f"{entry.subject}:{entry.subject_id}"
    try:
        sealed = entry_hash(entry.previous, entry.seq, entry.at, entry.actor_id, entry.tag, subject, entry.content)
    except UNREADABLE:
        return False
    return sealed == entry.hash


Links = Iterator[tuple[int, AuditEntry | None, list[Break]]]


def _links(
    session: Session, gaps: Collection[tuple[int, int]], after: int = 0, previous: str | None = GENESIS
) -> Links:
    """Every entry past `after`, whose hash is `previous`, with what is wrong with it."""
    expected = after + 1
    for seq, entry in _readable(session, after or None):
        breaks = []
        if seq != expected and (expected - 1, seq) not in gaps:
            breaks.append(Break(expected, "missing"))
        expected = seq + 1
        if entry is None:
            breaks.append(Break(seq, "damaged: it cannot be read"))
            previous = None
        else:
            if previous is not None and entry.previous != previous:
                breaks.append(Break(seq, "does not follow the entry before it"))
            if not _sealed(entry):
                breaks.append(Break(seq, "edited"))
            previous = entry.hash
        yield seq, entry, breaks


def verify(
    session: Session, published: tuple[int, str] | None = None, gaps: Collection[tuple[int, int]] = ()
) -> Iterator[Break]:
    """Every place where the trail was edited, cut, swapped or shortened; nothing when it holds.

    `published` is a head signed earlier: the trail must still contain it. `gaps` are the entries before and after
    numbers that an attested restore lost.
    """
    read, seen_published = 0, published is None or published[0] == 0
    for seq, entry, breaks in _links(session, gaps):
        read += 1
        yield from breaks
        if published is not None and seq == published[0] and entry is not None:
            seen_published = entry.hash == published[1]
    if read != session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)):
        yield Break(0, "there are entries without a number")
    if not seen_published and published is not None:
        yield Break(published[0], "the published head is not in the trail")


@dataclass(frozen=True)
class Part:
    """A stretch of the trail that was verified: up to which number, how many entries, whether that was its end."""

    to: int
    read: int
    whole: bool
    breaks: tuple[Break, ...]


def verify_part(
    session: Session, after: int, gaps: Collection[tuple[int, int]], enough: Callable[[], bool]
) -> Part | None:
    """Verifies from behind entry `after` until the end, or until `enough` says so; None without such an entry."""
    start = _one(session, after) if after else None
    if after and start is None:
        return None
    found: list[Break] = [] if start is None or _sealed(start) else [Break(after, "edited")]
    to, read = after, 0
    for seq, _entry, breaks in _links(session, gaps, after, start.hash if start else GENESIS):
        to, read = seq, read + 1
        found += breaks
        if read % 100 == 0 and enough():
            return Part(to, read, False, tuple(found))
    return Part(to, read, True, tuple(found))


def unguarded(session: Session) -> list[Break]:
    """Whether the triggers that refuse changes are gone or asleep."""
    names, query = GUARDS[session.get_bind().dialect.name]
    awake = set(session.scalars(sa.text(query)))
    return [Break(0, f"the trigger {name} that refuses changes is gone") for name in names if name not in awake]
