"""Certificates that decisions owe: claimed by one worker at a time, recorded once."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.store.awards import Certificate

LEASE = timedelta(minutes=5)


def _owed(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    free = sa.or_(Certificate.claimed_until.is_(None), Certificate.claimed_until < now)
    return Certificate.pdf_sha256.is_(None), Certificate.replaced_at.is_(None), free


def anything_owed(session: Session, now: datetime) -> bool:
    """Whether a certificate waits to be made; a cheap look that takes no lock."""
    return session.scalar(sa.select(Certificate.id).where(*_owed(now)).limit(1)) is not None


def claim_owed(session: Session, now: datetime, limit: int) -> list[Certificate]:
    """Takes up to `limit` certificates to make until the lease ends; two workers never take the same."""
    owed = sa.select(Certificate.id).where(*_owed(now)).order_by(Certificate.id).limit(limit)
    claim = (
        sa.update(Certificate)
        .where(Certificate.id.in_(owed.with_for_update(skip_locked=True).scalar_subquery()))
        .values(claimed_until=now + LEASE, attempts=Certificate.attempts + 1)
        .returning(Certificate)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(session.scalars(claim), key=lambda certificate: certificate.id)


def put_off(session: Session, certificate_id: int, until: datetime) -> None:
    """It could not be made now; it is tried again from `until`."""
    session.execute(sa.update(Certificate).where(Certificate.id == certificate_id).values(claimed_until=until))


def complete(session: Session, certificate_id: int, pdf_sha256: str, credential: str, at: datetime) -> bool:
    """Records what was made; False when another worker was quicker, or when the certificate was replaced meanwhile."""
    change = (
        sa.update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.pdf_sha256.is_(None), Certificate.replaced_at.is_(None))
        .values(pdf_sha256=pdf_sha256, credential=credential, issued_at=at, claimed_until=None)
    )
    done: sa.CursorResult[object] = session.execute(change)  # type: ignore[assignment]
    return done.rowcount == 1


def stuck(session: Session, attempts: int = 3) -> list[Certificate]:
    """Certificates that could not be made several times, for staff to see."""
    owed = Certificate.pdf_sha256.is_(None), Certificate.replaced_at.is_(None)
    query = sa.select(Certificate).where(*owed, Certificate.attempts >= attempts)
    return list(session.scalars(query.order_by(Certificate.id)))
