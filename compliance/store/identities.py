"""Which account a provider's person signs in to: bound at the first sign-in, then by the subject alone."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.domain.identity import LONGEST, Identity
from compliance.store.base import Base, UtcDateTime


class BoundIdentity(Base):
    """One subject of a provider has one account, and an account one subject of each provider."""

    __tablename__ = "identities"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"), sa.UniqueConstraint("issuer", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(LONGEST))
    subject: Mapped[str] = mapped_column(String(LONGEST))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


def bound_identity(session: Session, identity: Identity) -> BoundIdentity | None:
    """The row of this very subject."""
    same = (BoundIdentity.issuer == identity.issuer) & (BoundIdentity.subject == identity.subject)
    return session.scalar(sa.select(BoundIdentity).where(same))


def identity_of(session: Session, issuer: str, person_id: int) -> BoundIdentity | None:
    """Who the person is at this provider."""
    theirs = (BoundIdentity.issuer == issuer) & (BoundIdentity.person_id == person_id)
    return session.scalar(sa.select(BoundIdentity).where(theirs))


def identities_of(session: Session, person_id: int) -> list[BoundIdentity]:
    """At all providers that ever were set."""
    return list(session.scalars(sa.select(BoundIdentity).where(BoundIdentity.person_id == person_id)))
