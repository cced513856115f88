"""The ministry's logo and seal on certificates: proposed by one administrator, put in use by another; all are kept."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime, words

LONGEST_NAME = 120
_WAITING = "confirmed_at IS NULL AND withdrawn_at IS NULL"


class MarkKind(StrEnum):
    """Which of the two; also the name of the certificate's fact that holds the digest."""

    LOGO = "logo"
    SEAL = "seal"


class CertificateMark(Base):
    """A picture (PNG) and what became of the proposal; without one (`sha256` empty) it is proposed to print none."""

    __tablename__ = "certificate_marks"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="four_eyes"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        sa.CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="closed_once"),
        sa.Index(
            "uq_certificate_marks_open",
            "kind",
            unique=True,
            sqlite_where=sa.text(_WAITING),
            postgresql_where=sa.text(_WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MarkKind] = mapped_column(words(MarkKind))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    picture: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def open_marks(session: Session) -> dict[MarkKind, CertificateMark]:
    """Those that wait for a second administrator."""
    open_ = CertificateMark.confirmed_at.is_(None), CertificateMark.withdrawn_at.is_(None)
    return {one.kind: one for one in session.scalars(sa.select(CertificateMark).where(*open_))}


def marks_in_use(session: Session) -> dict[MarkKind, CertificateMark]:
    """The newest confirmed of each kind; a kind of which none is printed has a row without a picture, or no row."""
    query = sa.select(CertificateMark).where(CertificateMark.confirmed_at.is_not(None))
    return {one.kind: one for one in session.scalars(query.order_by(CertificateMark.confirmed_at, CertificateMark.id))}


def digests_in_use(session: Session) -> dict[str, str]:
    """What the facts of a certificate name, by `logo` and `seal`."""
    return {kind.value: one.sha256 for kind, one in marks_in_use(session).items() if one.sha256}


def mark_pictures(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """Pictures by their digest, also of those that are no longer in use: what was printed can be printed again."""
    query = sa.select(CertificateMark.sha256, CertificateMark.picture).where(CertificateMark.sha256.in_(set(digests)))
    return {sha256: bytes(picture) for sha256, picture in session.execute(query).all()}


def marks(session: Session, limit: int) -> list[CertificateMark]:
    """All that were proposed, the newest first."""
    return list(session.scalars(sa.select(CertificateMark).order_by(CertificateMark.id.desc()).limit(limit)))
