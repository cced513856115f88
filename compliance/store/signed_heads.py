"""The audit trail's head, signed in the transaction that changes an award: no change stands without it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.keyring import Keyring
from compliance import clock
from compliance.domain.roles import Actor
from compliance.domain.standing import AwardAct
from compliance.store import audit_heads
from compliance.store.audit import AuditEntry, Break, head, record
from compliance.store.audit_heads import Head, HeadError
from compliance.store.awards import numbers_with
from compliance.store.base import Base
from compliance.store.keys import keyring

AWARD = "award"
"""The subject of entries that say what became of an award."""
PROPOSALS = (
    *("staff:award:proposed", "staff:award:proposal_withdrawn", "staff:award:proposal_overtaken"),
    "approver:award:proposal_declined",
    *("officer:award:checked_in", "officer:award:stated"),
)
"""Entries about an award that change nothing of it."""


class SignedHead(Base):
    """A head as it is published: the line of JSON with its signature. Append-only."""

    __tablename__ = "signed_heads"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[str] = mapped_column(Text)


def record_signed(session: Session, actor: Actor, tag: str, award_id: int, **content: Any) -> AuditEntry:
    """Appends an entry about an award and signs the trail up to it. Raises KeyringError when no key can sign: then
    nothing changes."""
    entry = record(session, clock.now(), actor, tag, AWARD, award_id, **content)
    sign_head(session, portal_keys())
    return entry


def portal_keys() -> Keyring:
    """The keys of the running application. Raises KeyringError."""
    return keyring(current_app.extensions["portal_settings"])


def sign_head(session: Session, keys: Keyring) -> None:
    """Signs the trail as it stands in the running transaction."""
    said = current_head(session, clock.now())
    session.add(SignedHead(seq=said.seq, line=audit_heads.signed(said, keys)))
    session.flush()


def current_head(session: Session, moment: datetime) -> Head:
    """The trail as it stands."""
    seq, digest = head(session)
    return Head(
        seq=seq,
        hash=digest,
        at=moment.isoformat(timespec="microseconds"),
        revoked=numbers_with(session, AwardAct.REVOKED),
        suspended=numbers_with(session, AwardAct.SUSPENDED),
    )


def newest_signed(session: Session) -> SignedHead | None:
    """The head signed last."""
    return session.scalar(sa.select(SignedHead).order_by(SignedHead.seq.desc()).limit(1))


def unsigned(session: Session, keys: Keyring, published: int) -> Iterator[Break]:
    """Changes of awards without a signed head over them, and signed heads that are not of this trail.

    `published` is the entry of the newest head that was published elsewhere.
    """
    signed = published
    rows = sa.select(SignedHead.seq, SignedHead.line, AuditEntry.hash).outerjoin(
        AuditEntry, AuditEntry.seq == SignedHead.seq
    )
    for seq, line, digest in session.execute(rows.order_by(SignedHead.seq)):
        try:
            said = audit_heads.parse(f"signed head {seq}", line.encode(), keys)
        except HeadError as error:
            yield Break(seq, str(error))
            continue
        if (said.seq, said.hash) != (seq, digest):
            yield Break(seq, "the head signed with this act is of another entry")
        signed = max(signed, said.seq)
    later = AuditEntry.subject == AWARD, AuditEntry.tag.not_in(PROPOSALS), AuditEntry.seq > signed
    for seq in session.scalars(sa.select(AuditEntry.seq).where(*later).order_by(AuditEntry.seq)):
        yield Break(seq, "an award was changed and no head was signed over it")
