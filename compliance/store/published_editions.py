"""Editions that two administrators published here, and what one of them proposed about a draft or an edition."""

from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance import clock
from compliance.store.awards import Outcome
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.edition_drafts import EditionDraft

LAPSE_DAYS = 14
OPEN = sa.text("closed_at IS NULL")
HOLDS = sa.text("called_back_at IS NULL")


class EditionAct(StrEnum):
    """What is proposed: that a draft becomes an edition, or that one to come is called back."""

    PUBLISH = "publish"
    CALL_BACK = "call_back"


class PublishedEdition(Base):
    """An edition as it was published; a trigger refuses every change but that it is called back, once.

    `files` and `sha256` are those of its draft (`EditionDraft`). New assessments take it from `begins` on; a draft of
    an assessment begun before it can be submitted for `grace_days` more.
    """

    __tablename__ = "published_editions"
    __table_args__ = (
        sa.CheckConstraint("(called_back_at IS NULL) = (called_back_by IS NULL)", name="called_back"),
        sa.Index("uq_published_editions_name", "name", unique=True, sqlite_where=HOLDS, postgresql_where=HOLDS),
        sa.Index("uq_published_editions_begins", "begins", unique=True, sqlite_where=HOLDS, postgresql_where=HOLDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, str]] = mapped_column(Json)
    files: Mapped[str] = mapped_column(Text, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    begins: Mapped[date] = mapped_column()
    grace_days: Mapped[int] = mapped_column()
    draft_id: Mapped[int] = mapped_column(ForeignKey("edition_drafts.id"), index=True)
    published_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_back_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    called_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EditionProposal(Base):
    """One administrator's wish that another one confirms. `sha256` is of the files it is about: changed, it is void.

    `begins` and `grace_days` are, where something is called back, those of the edition.
    """

    __tablename__ = "edition_proposals"
    __table_args__ = (
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'confirmed' OR (closed_by IS NOT NULL AND closed_by <> proposed_by)",
            name="four_eyes",
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        sa.Index("uq_edition_proposals_draft", "draft_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[EditionAct] = mapped_column(words(EditionAct))
    draft_id: Mapped[int] = mapped_column(ForeignKey("edition_drafts.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    begins: Mapped[date] = mapped_column()
    grace_days: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))

    @property
    def lapses_at(self) -> datetime:
        """From this moment nobody can confirm it any more: after two weeks, and when its day has come."""
        return min(self.proposed_at + timedelta(days=LAPSE_DAYS), clock.midnight(self.begins))

    @property
    def open(self) -> bool:
        return self.closed_at is None and self.lapses_at > clock.now()


def published(session: Session) -> list[PublishedEdition]:
    """Those that hold, the first to begin first."""
    query = sa.select(PublishedEdition).where(PublishedEdition.called_back_at.is_(None))
    return list(session.scalars(query.order_by(PublishedEdition.begins)))


def published_from(session: Session, draft_id: int) -> PublishedEdition | None:
    """The edition that a draft became, while it holds."""
    query = sa.select(PublishedEdition).where(
        PublishedEdition.draft_id == draft_id, PublishedEdition.called_back_at.is_(None)
    )
    return session.scalar(query)


def open_drafts(session: Session) -> list[EditionDraft]:
    """Drafts that nobody let go and that are no edition, the one changed last first."""
    holds = sa.select(PublishedEdition.draft_id).where(PublishedEdition.called_back_at.is_(None))
    query = sa.select(EditionDraft).where(EditionDraft.let_go_at.is_(None), EditionDraft.id.not_in(holds))
    return list(session.scalars(query.order_by(EditionDraft.changed_at.desc(), EditionDraft.id.desc())))


def unclosed_proposals(session: Session, draft_id: int | None = None) -> list[EditionProposal]:
    """About one draft or all, lapsed ones too, the oldest first."""
    query = sa.select(EditionProposal).where(EditionProposal.closed_at.is_(None))
    query = query if draft_id is None else query.where(EditionProposal.draft_id == draft_id)
    return list(session.scalars(query.order_by(EditionProposal.id)))


def proposals_about(session: Session, draft_id: int) -> list[EditionProposal]:
    """The history of a draft's proposals, the newest first."""
    query = sa.select(EditionProposal).where(EditionProposal.draft_id == draft_id)
    return list(session.scalars(query.order_by(EditionProposal.id.desc())))
