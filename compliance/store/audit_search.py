"""Finding entries of the audit trail: by who acted, what was done, to what, and when; the newest first."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.store.appeals import Appeal
from compliance.store.assessments import Assessment
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award, Certificate
from compliance.store.base import Base
from compliance.store.companies import Company
from compliance.store.evidence_files import EvidenceFile
from compliance.store.people import Invitation, Person
from compliance.store.second_scorings import SecondScoring
from compliance.store.spot_checks import SpotCheck

MOST_COUNTED = 10_000
MOST_PEOPLE = 50
BATCH = 500


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `actors` None is everybody, and holds None for the portal itself; `company_id` stands for the
    company with all that is its own; without `tags` it is every act, `beginnings` are more tags by how they begin; the
    moments are from (in) until (out)."""

    actors: frozenset[int | None] | None = None
    tags: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    subject: str = ""
    subject_id: int | None = None
    company_id: int | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def find(session: Session, wanted: Wanted, limit: int, before: int | None = None) -> list[AuditEntry]:
    """Those with a number below `before`."""
    query = sa.select(AuditEntry).where(*_clauses(wanted))
    query = query if before is None else query.where(AuditEntry.seq < before)
    return list(session.scalars(query.order_by(AuditEntry.seq.desc()).limit(limit)))


def count(session: Session, wanted: Wanted) -> int:
    """How many there are; counting ends at one more than MOST_COUNTED."""
    some = sa.select(AuditEntry.seq).where(*_clauses(wanted)).limit(MOST_COUNTED + 1)
    return session.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0


def each(session: Session, wanted: Wanted, last: int) -> Iterator[AuditEntry]:
    """All up to number `last`, the oldest first; a few at a time are held in memory."""
    after = 0
    while True:
        query = sa.select(AuditEntry).where(AuditEntry.seq > after, AuditEntry.seq <= last, *_clauses(wanted))
        batch = list(session.scalars(query.order_by(AuditEntry.seq).limit(BATCH)))
        if not batch:
            return
        yield from batch
        after = batch[-1].seq
        session.expunge_all()


def _clauses(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    clauses: list[sa.ColumnElement[bool]] = []
    if wanted.actors is not None:
        clauses.append(_acted(wanted.actors))
    if wanted.tags:
        begun = (AuditEntry.tag.startswith(start, autoescape=True) for start in wanted.beginnings)
        clauses.append(sa.or_(AuditEntry.tag.in_(wanted.tags), *begun))
    if wanted.subject:
        clauses.append(AuditEntry.subject == wanted.subject)
    if wanted.subject_id is not None:
        clauses.append(AuditEntry.subject_id == wanted.subject_id)
    if wanted.company_id is not None:
        clauses.append(_of_company(wanted.company_id))
    if wanted.text:
        clauses.append(AuditEntry.content.icontains(wanted.text, autoescape=True))
    if wanted.since is not None:
        clauses.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        clauses.append(AuditEntry.at < wanted.until)
    return clauses


def _acted(actors: Collection[int | None]) -> sa.ColumnElement[bool]:
    named = AuditEntry.actor_id.in_([one for one in actors if one is not None])
    return sa.or_(named, AuditEntry.actor_id.is_(None)) if None in actors else named


def _of_company(company_id: int) -> sa.ColumnElement[bool]:
    """About the company or about something of it."""
    owned = (("assessment", Assessment), ("award", Award), ("evidence", EvidenceFile), ("appeal", Appeal))
    more = (("invitation", Invitation), ("spot_check", SpotCheck))
    about = [(AuditEntry.subject == "company") & (AuditEntry.subject_id == company_id)]
    for subject, table in (*owned, *more):
        columns = Base.metadata.tables[table.__tablename__].c
        ids = sa.select(columns.id).where(columns.company_id == company_id)
        about.append((AuditEntry.subject == subject) & AuditEntry.subject_id.in_(ids))
    twice = sa.select(SecondScoring.id).join(Assessment).where(Assessment.company_id == company_id)
    about.append((AuditEntry.subject == "second_scoring") & AuditEntry.subject_id.in_(twice))
    return sa.or_(*about)


def people_called(session: Session, text: str) -> frozenset[int]:
    """Whose name or address holds `text`; so many at the most."""
    like = sa.or_(*(place.icontains(text, autoescape=True) for place in (Person.full_name, Person.email)))
    return frozenset(session.scalars(sa.select(Person.id).where(like).limit(MOST_PEOPLE)))


def company_of_certificate(session: Session, number: str) -> int | None:
    """Whose certificate has this number, today or before."""
    query = sa.select(Award.company_id).join(Certificate, Certificate.award_id == Award.id)
    return session.scalar(query.where(Certificate.number == number.upper()).limit(1))


def companies_named(session: Session, text: str, limit: int) -> list[Company]:
    """Companies whose name or registration number is `text`, else those whose name holds it."""
    places = (Company.name_km, Company.name_latin, Company.registration_number)
    for like in (sa.func.lower, None):
        match = (
            [sa.func.lower(place) == text.lower() for place in places]
            if like
            else [place.icontains(text, autoescape=True) for place in places]
        )
        found = list(session.scalars(sa.select(Company).where(sa.or_(*match)).order_by(Company.id).limit(limit)))
        if found:
            return found
    return []
