"""Awards, the dated decisions on them, and the certificates that evidence them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance import clock
from compliance.domain import succession
from compliance.domain.standing import PROPOSAL_DAYS, AwardAct, Standing, Term, standing
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.companies import Company


class Award(Base):
    """The right granted: a level, from and until. One assessment gives at most one award.

    `brands` are those that it covers; what it does not cover is empty where nothing was said of it. `number` is that of
    the certificate that holds; `code` is that of the first one and stays.
    """

    __tablename__ = "awards"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), unique=True)
    edition: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    scope_km: Mapped[str] = mapped_column(Text)
    scope_en: Mapped[str] = mapped_column(Text)
    not_covered_km: Mapped[str] = mapped_column(Text, default="", server_default="")
    not_covered_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    brands: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    starts: Mapped[date] = mapped_column()
    ends: Mapped[date] = mapped_column(index=True)
    grace_days: Mapped[int] = mapped_column()
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_act: Mapped[AwardAct] = mapped_column(words(AwardAct), default=AwardAct.GRANTED)
    acted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_from: Mapped[date | None] = mapped_column()
    company: Mapped[Company] = relationship(lazy="joined")
    acts: Mapped[list["AwardDecision"]] = relationship(order_by="AwardDecision.id", lazy="select")

    @property
    def term(self) -> Term:
        return Term(self.starts, self.ends, self.grace_days)

    @property
    def held(self) -> succession.Held:
        """This award as one of its company's."""
        return succession.Held(self.id, self.term, self.last_act, clock.day_of(self.acted_at))

    def standing(self, on: date) -> Standing:
        """Computed from the dates and the last decision; nothing stored can grow old."""
        return standing(self.term, self.last_act, on, self.replaced_from)


class AwardDecision(Base):
    """One dated decision on an award. Append-only; two different people.

    `reason` is the Ministry's own; `ground` (of `domain.grounds`) and the public reasons are everybody's.
    """

    __tablename__ = "award_decisions"
    __table_args__ = (sa.CheckConstraint("decided_by <> proposed_by", name="four_eyes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    act: Mapped[AwardAct] = mapped_column(words(AwardAct))
    reason: Mapped[str] = mapped_column(Text, default="")
    ground: Mapped[str] = mapped_column(String(40), default="", server_default="")
    public_km: Mapped[str] = mapped_column(Text, default="", server_default="")
    public_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Outcome(StrEnum):
    """What became of a proposal. `overtaken`: another decision came first."""

    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OVERTAKEN = "overtaken"


class AwardProposal(Base):
    """A suspension, reinstatement or revocation proposed by one person and waiting for another: one an award."""

    __tablename__ = "award_proposals"
    __table_args__ = (
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'confirmed' OR (closed_by IS NOT NULL AND closed_by <> proposed_by)",
            name="four_eyes",
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        sa.Index(
            "uq_award_proposals_open",
            "award_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    act: Mapped[AwardAct] = mapped_column(words(AwardAct))
    reason: Mapped[str] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(String(40), default="", server_default="")
    public_km: Mapped[str] = mapped_column(Text, default="", server_default="")
    public_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    award: Mapped[Award] = relationship(lazy="joined")

    @property
    def told(self) -> dict[str, str]:
        """What everybody reads once it is confirmed."""
        return {"ground": self.ground, "public_km": self.public_km, "public_en": self.public_en}

    @property
    def lapses_at(self) -> datetime:
        """From this moment nobody can confirm it any more."""
        return self.proposed_at + timedelta(days=PROPOSAL_DAYS)


class Certificate(Base):
    """What is printed, frozen when it was decided; the worker makes the PDF from it and records its digest.

    An award has one that holds, whose number is the award's own, and those that it replaced. `id` is the place of the
    credential in the status lists.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        sa.Index(
            "uq_certificates_holds",
            "award_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    facts: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    credential: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)


class Numbering(Base):
    """The last certificate number given in each year; a number is never used twice."""

    __tablename__ = "numbering"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


def next_number(session: Session, year: int) -> int:
    """Takes the next sequence number of a year; the row's lock makes two decisions at once take turns."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Numbering).values(year=year, last=0).on_conflict_do_nothing(index_elements=["year"]))
    taken = sa.update(Numbering).where(Numbering.year == year).values(last=Numbering.last + 1).returning(Numbering.last)
    return session.scalars(taken).one()


def award_by_number(session: Session, number: str) -> Award | None:
    """The award that a certificate number belongs to, or belonged to before the certificate was issued anew."""
    query = sa.select(Award).join(Certificate, Certificate.award_id == Award.id)
    return session.scalar(query.where(Certificate.number == number))


def certificate_by_number(session: Session, number: str) -> Certificate | None:
    """The certificate of a number, also one that was replaced."""
    return session.scalar(sa.select(Certificate).where(Certificate.number == number))


def certificate_by_code(session: Session, code: str) -> Certificate | None:
    """The certificate of a verification code, also one that was replaced."""
    return session.scalar(sa.select(Certificate).where(Certificate.code == code))


def holding_certificate(session: Session, award_id: int) -> Certificate:
    """The certificate of an award that holds now."""
    holds = Certificate.award_id == award_id, Certificate.replaced_at.is_(None)
    return session.scalars(sa.select(Certificate).where(*holds)).one()


def certificates_of(session: Session, award_ids: Sequence[int]) -> list[Certificate]:
    """The certificates of these awards, the oldest first."""
    return list(
        session.scalars(sa.select(Certificate).where(Certificate.award_id.in_(award_ids)).order_by(Certificate.id))
    )


def awards_of(session: Session, company_id: int) -> list[Award]:
    """A company's awards, newest first."""
    query = sa.select(Award).where(Award.company_id == company_id)
    return list(session.scalars(query.order_by(Award.starts.desc(), Award.id.desc())))


def numbers_with(session: Session, act: AwardAct) -> tuple[str, ...]:
    """The numbers of all awards whose last decision is `act`, in order, those of replaced certificates too."""
    query = sa.select(Certificate.number).join(Award, Award.id == Certificate.award_id).where(Award.last_act == act)
    return tuple(session.scalars(query.order_by(Certificate.number)))


def all_awards(session: Session) -> list[Award]:
    """Every award, the newest first."""
    return list(session.scalars(sa.select(Award).order_by(Award.granted_at.desc(), Award.id.desc())))


def named_awards(text: str) -> sa.Select[Award]:
    """To be paged: those whose number, or whose company's name in either language, holds the text; the newest first."""
    query = sa.select(Award).join(Company, Company.id == Award.company_id)
    places = (Company.name_latin, Company.name_km, Award.number)
    holds = sa.or_(*(place.icontains(text, autoescape=True) for place in places))
    return (query.where(holds) if text else query).order_by(Award.granted_at.desc(), Award.id.desc())


def suspended_awards(session: Session) -> list[Award]:
    """Those whose last decision is a suspension, the oldest first; what the calendar has ended since too."""
    return list(session.scalars(sa.select(Award).where(Award.last_act == AwardAct.SUSPENDED).order_by(Award.acted_at)))


def settle(awards: Sequence[Award]) -> None:
    """Says of each award of one company when the next one takes its place."""
    days = succession.replaced_from([award.held for award in awards])
    for award in awards:
        award.replaced_from = days[award.id]


def counting_award(awards: Sequence[Award], on: date) -> Award | None:
    """The award of one company that says how it stands on a day."""
    found = succession.counting([award.held for award in awards], on)
    return next((award for award in awards if found and award.id == found.id), None)


def following(awards: Sequence[Award], held: Award, on: date) -> Award | None:
    """The award of the same company that is granted and waits for its first day, after `held`."""
    return next((one for one in awards if one.starts > held.starts and one.standing(on) is Standing.WAITING), None)


def successor_of(session: Session, award: Award, on: date) -> Award | None:
    """The award that took or will take this one's place."""
    awards = awards_of(session, award.company_id)
    found = succession.successor([one.held for one in awards], award.id, on)
    return next((one for one in awards if one.id == found), None)


def open_proposals(session: Session, company_id: int | None = None) -> list[AwardProposal]:
    """What waits for a second person, of one company or of all; what has lapsed does not."""
    since = clock.now() - timedelta(days=PROPOSAL_DAYS)
    query = sa.select(AwardProposal).where(AwardProposal.closed_at.is_(None), AwardProposal.proposed_at > since)
    if company_id is not None:
        query = query.join(Award, Award.id == AwardProposal.award_id).where(Award.company_id == company_id)
    return list(session.scalars(query.order_by(AwardProposal.id)))


def unclosed_proposals(session: Session, award_ids: Sequence[int]) -> list[AwardProposal]:
    """Proposals about these awards that nobody closed, the lapsed ones too."""
    query = sa.select(AwardProposal).where(AwardProposal.closed_at.is_(None), AwardProposal.award_id.in_(award_ids))
    return list(session.scalars(query.order_by(AwardProposal.id)))


def proposals_by(session: Session, person_id: int) -> list[AwardProposal]:
    """What somebody proposed and nobody closed."""
    query = sa.select(AwardProposal).where(AwardProposal.closed_at.is_(None), AwardProposal.proposed_by == person_id)
    return list(session.scalars(query.order_by(AwardProposal.id)))
