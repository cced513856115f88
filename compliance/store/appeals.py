"""Appeals: what a company contests and why, with its files; the panel's seats, votes and notes."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance.domain.appeals import ASSESSED, AppealKind, AppealOutcome, Vote
from compliance.domain.lifecycle import State
from compliance.store.assessments import Assessment
from compliance.store.awards import AwardDecision
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.companies import Company
from compliance.store.evidence_files import EvidenceFile

_STANDS = "outcome IS NULL OR outcome <> 'withdrawn'"
_LIVE, _SEATED = sa.text("removed_at IS NULL"), sa.text("left_at IS NULL")


def _one(column: str) -> sa.Index:
    """One appeal a decision, those aside that were withdrawn."""
    stands = sa.text(f"{column} IS NOT NULL AND ({_STANDS})")
    return sa.Index(f"uq_appeals_{column}", column, unique=True, sqlite_where=stands, postgresql_where=stands)


class Appeal(Base):
    """What a company says against one decision. Until it is lodged its people write it; then it never changes (a
    trigger refuses it) but for what becomes of it.

    `assessment_id` is the assessment decided on, or the one that gave the award acted on. `grounds` are the company's
    words by question, `general` those on the decision as a whole. `findings` are by question: who is `right`, and
    `because` (a list of texts); `reasons` are the panel's words to the company, `public_reason` those to all (`told`).
    `shut_out` are the people who take no part in what an upheld appeal opens anew.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        sa.CheckConstraint("(decision_id IS NULL) <> (award_decision_id IS NULL)", name="contested"),
        sa.CheckConstraint("(lodged_at IS NULL) = (digest IS NULL)", name="lodged"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        _one("decision_id"),
        _one("award_decision_id"),
        sa.Index("ix_appeals_open", "closed_at", "lodged_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    kind: Mapped[AppealKind] = mapped_column(words(AppealKind))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    award_decision_id: Mapped[int | None] = mapped_column(ForeignKey("award_decisions.id"))
    grounds: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    general: Mapped[str] = mapped_column(Text, default="")
    draft_version: Mapped[int] = mapped_column(default=0)
    drafted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_name: Mapped[str] = mapped_column(Text, default="")
    signed_position: Mapped[str] = mapped_column(Text, default="")
    lodged_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    lodged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest: Mapped[str | None] = mapped_column(String(64))
    take_up_by: Mapped[date | None] = mapped_column()
    taken_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decide_by: Mapped[date | None] = mapped_column()
    outcome: Mapped[AppealOutcome | None] = mapped_column(words(AppealOutcome))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    findings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    reasons: Mapped[str] = mapped_column(Text, default="")
    public_reason: Mapped[str] = mapped_column(Text, default="")
    public_reason_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    shut_out: Mapped[list[int]] = mapped_column(Json, default=list)
    company: Mapped[Company] = relationship(lazy="joined")
    assessment: Mapped[Assessment] = relationship(lazy="select")

    @property
    def open(self) -> bool:
        """Lodged, and neither decided nor withdrawn."""
        return self.lodged_at is not None and self.closed_at is None

    def told(self, lang: str) -> str:
        """What everybody reads; of before there were two languages, the words there are."""
        return (self.public_reason_en if lang == "en" else "") or self.public_reason


class AppealFile(Base):
    """A file that supports a ground (`question`), or the appeal as a whole (no question)."""

    __tablename__ = "appeal_files"
    __table_args__ = (
        sa.Index(
            "uq_appeal_files_live",
            "appeal_id", "question", "file_id",
            unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), index=True)
    question: Mapped[str] = mapped_column(String(60), default="")
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_files.id"))
    added_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file: Mapped[EvidenceFile] = relationship(lazy="joined")


class AppealSeat(Base):
    """A panel member on one appeal. The vote is said once; whoever left, or lost the right to sit, is not counted."""

    __tablename__ = "appeal_seats"
    __table_args__ = (
        sa.CheckConstraint("(voted_at IS NULL) = (vote IS NULL)", name="voted"),
        sa.Index(
            "uq_appeal_seats_live", "appeal_id", "person_id",
            unique=True, sqlite_where=_SEATED, postgresql_where=_SEATED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    vote: Mapped[Vote | None] = mapped_column(words(Vote))
    findings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    reasons: Mapped[str] = mapped_column(Text, default="")
    public_reason: Mapped[str] = mapped_column(Text, default="")
    public_reason_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    voted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AppealNote(Base):
    """What was said when the panel met the company, as a member wrote it down. Append-only; the panel's own."""

    __tablename__ = "appeal_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    met_on: Mapped[date] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


def appeal_against(
    session: Session, decision_id: int | None = None, award_decision_id: int | None = None
) -> Appeal | None:
    """The draft or appeal against a decision on an assessment or an act on an award, unless it was withdrawn."""
    stands = sa.or_(Appeal.outcome.is_(None), Appeal.outcome != AppealOutcome.WITHDRAWN)
    against = (
        Appeal.decision_id == decision_id
        if award_decision_id is None
        else Appeal.award_decision_id == award_decision_id
    )
    return session.scalar(sa.select(Appeal).where(stands, against))


_OPEN = sa.select(Appeal).where(Appeal.lodged_at.is_not(None), Appeal.closed_at.is_(None))


def open_appeals(session: Session, company_id: int | None = None) -> list[Appeal]:
    """What a panel has to decide, of one company or of all, the earliest due first."""
    query = _OPEN if company_id is None else _OPEN.where(Appeal.company_id == company_id)
    return list(session.scalars(query.order_by(Appeal.decide_by, Appeal.id)))


def appeals_of(session: Session, company_id: int) -> list[Appeal]:
    """What a company lodged, the newest first."""
    query = sa.select(Appeal).where(Appeal.company_id == company_id, Appeal.lodged_at.is_not(None))
    return list(session.scalars(query.order_by(Appeal.id.desc())))


def assessed_appeal(session: Session, company_id: int) -> Appeal | None:
    """The open appeal that may reopen an assessment: while it runs, no other is begun."""
    return session.scalar(_OPEN.where(Appeal.company_id == company_id, Appeal.kind.in_(ASSESSED)))


def decided_appeals(session: Session, since: datetime, most: int = 200) -> list[Appeal]:
    """What was decided or withdrawn after `since`, the newest first."""
    query = sa.select(Appeal).where(Appeal.closed_at > since, Appeal.lodged_at.is_not(None))
    return list(session.scalars(query.order_by(Appeal.closed_at.desc(), Appeal.id).limit(most)))


def public_appeals(session: Session, company_id: int) -> list[Appeal]:
    """What was decided on acts that the public reads of."""
    query = sa.select(Appeal).where(
        Appeal.company_id == company_id,
        Appeal.kind.not_in(ASSESSED),
        Appeal.outcome.in_([AppealOutcome.UPHELD, AppealOutcome.DISMISSED]),
    )
    return list(session.scalars(query.order_by(Appeal.id)))


def files_of_appeal(session: Session, appeal_id: int) -> list[AppealFile]:
    """The files that an appeal stands on, in the order they were added."""
    query = sa.select(AppealFile).where(AppealFile.appeal_id == appeal_id, AppealFile.removed_at.is_(None))
    return list(session.scalars(query.order_by(AppealFile.id)))


def seats_of(session: Session, appeal_ids: Collection[int]) -> list[AppealSeat]:
    """Who sits on these appeals now, in the order in which they sat down."""
    query = sa.select(AppealSeat).where(AppealSeat.appeal_id.in_(appeal_ids), AppealSeat.left_at.is_(None))
    return list(session.scalars(query.order_by(AppealSeat.id)))


def seats_held(session: Session, person_id: int) -> list[AppealSeat]:
    """Where somebody sits, on appeals that are not decided."""
    query = sa.select(AppealSeat).join(Appeal, Appeal.id == AppealSeat.appeal_id)
    mine = AppealSeat.person_id == person_id, AppealSeat.left_at.is_(None), Appeal.closed_at.is_(None)
    return list(session.scalars(query.where(*mine).order_by(AppealSeat.id)))


def notes_of(session: Session, appeal_id: int) -> list[AppealNote]:
    """The panel's notes, the oldest first."""
    return list(session.scalars(sa.select(AppealNote).where(AppealNote.appeal_id == appeal_id).order_by(AppealNote.id)))


def shut_out(session: Session, assessment: Assessment) -> frozenset[int]:
    """Who takes no part in an assessment any more: the people of the decision that was contested with success, and
    the panel that said so. Also in the assessment that follows an award at too low a level."""
    return frozenset(person for appeal in upheld_before(session, assessment) for person in appeal.shut_out)


def upheld_before(session: Session, assessment: Assessment) -> list[Appeal]:
    """The appeals that opened an assessment anew, or were upheld against the level that its forerunner gave."""
    upheld = _upheld(session, assessment.id, AppealKind.REFUSAL)
    earlier_id = assessment.earlier_id
    while earlier_id is not None:
        upheld += _upheld(session, earlier_id, AppealKind.LEVEL)
        earlier = session.get_one(Assessment, earlier_id)
        earlier_id = earlier.earlier_id if earlier.state is State.WITHDRAWN else None
    return upheld


def _upheld(session: Session, assessment_id: int, kind: AppealKind) -> list[Appeal]:
    query = sa.select(Appeal).where(Appeal.assessment_id == assessment_id, Appeal.kind == kind)
    return list(session.scalars(query.where(Appeal.outcome == AppealOutcome.UPHELD)))


def act_contested(session: Session, appeal: Appeal) -> AwardDecision | None:
    """The suspension or revocation that is contested."""
    return session.get(AwardDecision, appeal.award_decision_id) if appeal.award_decision_id is not None else None
