"""Evidence: files kept under their sha256 and links to public pages, and which answers they support."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance import clock
from compliance.store.base import Base, UtcDateTime
from questionnaires import EvidenceKind


class EvidenceFile(Base):
    """One piece of evidence: an uploaded file, or a link (it has an `address`, and its name is its title).

    A file's bytes live in file storage under `sha256`, a link's is of what it says; what is quarantined is read by
    nobody. `received_sha256` is of the bytes as they were sent, where a picture was drawn anew.
    """

    __tablename__ = "evidence_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column()
    received_sha256: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    seen_on: Mapped[date | None] = mapped_column()
    dated: Mapped[date | None] = mapped_column()
    valid_until: Mapped[date | None] = mapped_column()
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_files.id"), index=True)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    quarantined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quarantined_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    quarantine_note: Mapped[str] = mapped_column(Text, default="")

    @property
    def day(self) -> date:
        """The day by which its age counts: the one it bears, a page's visit, else the one on which it was given."""
        return self.dated or self.seen_on or clock.day_of(self.uploaded_at)

    @property
    def kind(self) -> EvidenceKind:
        """As an edition names what a question accepts."""
        if self.address:
            return "link"
        return "picture" if self.media_type.startswith("image/") else "document"


class EvidenceLink(Base):
    """One piece supports one answer; unlinking keeps the row, so the history stays.

    `carried_over`: it came with an earlier assessment, and gives way to newer files.
    """

    __tablename__ = "evidence_links"
    __table_args__ = (
        sa.Index(
            "uq_evidence_links_live",
            "assessment_id",
            "question",
            "file_id",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    question: Mapped[str] = mapped_column(String(60))
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_files.id"), index=True)
    linked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    carried_over: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    file: Mapped[EvidenceFile] = relationship(lazy="joined")


def evidence_for(session: Session, assessment_id: int) -> dict[str, list[EvidenceFile]]:
    """The files that support each answer of an assessment, in the order they were linked."""
    query = sa.select(EvidenceLink).where(
        EvidenceLink.assessment_id == assessment_id, EvidenceLink.removed_at.is_(None)
    )
    found: dict[str, list[EvidenceFile]] = {}
    for link in session.scalars(query.order_by(EvidenceLink.id)):
        found.setdefault(link.question, []).append(link.file)
    return found


def files_of(session: Session, company_id: int) -> list[EvidenceFile]:
    """Everything a company uploaded, newest first."""
    query = sa.select(EvidenceFile).where(EvidenceFile.company_id == company_id)
    return list(session.scalars(query.order_by(EvidenceFile.uploaded_at.desc(), EvidenceFile.id.desc())))


def files_with(session: Session, sha256: str) -> list[EvidenceFile]:
    """Every company's files with these bytes, oldest first."""
    query = sa.select(EvidenceFile).where(EvidenceFile.sha256 == sha256).order_by(EvidenceFile.id)
    return list(session.scalars(query))


def same_evidence(session: Session, sha256: str) -> list[EvidenceFile]:
    """Every company's pieces with this digest, and links to the same addresses under any title."""
    equal = files_with(session, sha256)
    addresses = {piece.address for piece in equal if piece.address}
    known = {piece.id for piece in equal}
    return equal + [piece for piece in pages_at(session, addresses) if piece.id not in known]


def pages_at(session: Session, addresses: Collection[str]) -> list[EvidenceFile]:
    """Every company's links to these addresses, oldest first."""
    query = sa.select(EvidenceFile).where(EvidenceFile.address.in_(addresses)).order_by(EvidenceFile.id)
    return list(session.scalars(query)) if addresses else []


def links_of(session: Session, assessment_id: int, question: str) -> list[EvidenceLink]:
    """The living links to one answer, in the order they were made."""
    live = EvidenceLink.removed_at.is_(None), EvidenceLink.assessment_id == assessment_id
    query = sa.select(EvidenceLink).where(*live, EvidenceLink.question == question)
    return list(session.scalars(query.order_by(EvidenceLink.id)))


def uses_of(session: Session, assessment_id: int, file_id: int) -> list[EvidenceLink]:
    """The living links of one piece to any answer of an assessment."""
    live = EvidenceLink.removed_at.is_(None), EvidenceLink.assessment_id == assessment_id
    query = sa.select(EvidenceLink).where(*live, EvidenceLink.file_id == file_id)
    return list(session.scalars(query.order_by(EvidenceLink.id)))


def used_in(session: Session, assessment_id: int, file_id: int) -> bool:
    """Whether a piece supports, or supported, any answer of an assessment."""
    here = EvidenceLink.assessment_id == assessment_id, EvidenceLink.file_id == file_id
    return session.scalar(sa.select(EvidenceLink.id).where(*here).limit(1)) is not None


def taken_off(session: Session, assessment_id: int, question: str) -> list[EvidenceLink]:
    """What supported one answer before and does not now, newest first; each piece once."""
    here = EvidenceLink.assessment_id == assessment_id, EvidenceLink.question == question
    query = sa.select(EvidenceLink).where(*here).order_by(EvidenceLink.id.desc())
    found: dict[int, EvidenceLink] = {}
    for link in session.scalars(query):
        found.setdefault(link.file_id, link)
    live = {link.file_id for link in links_of(session, assessment_id, question)}
    return [link for number, link in found.items() if number not in live]


def links_to(session: Session, assessment_id: int, question: str, file_id: int) -> list[EvidenceLink]:
    """The living links of one file to one answer: none or one."""
    query = sa.select(EvidenceLink).where(
        EvidenceLink.assessment_id == assessment_id,
        EvidenceLink.question == question,
        EvidenceLink.file_id == file_id,
        EvidenceLink.removed_at.is_(None),
    )
    return list(session.scalars(query))
