"""Ties between people and companies, as the database finds them: one view, which its own triggers ask too."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime


class Tie(StrEnum):
    """Why somebody is tied to a company; of several, the first is told."""

    COLLEAGUE = "colleague"
    FORMER = "former"
    DECLARED = "declared"
    MAIL = "mail"
    WEBSITE = "website"


ORDER = tuple(Tie)


class MailDomain(Base):
    """A domain that is not a family of its own: a sister of another, or (family "") everybody's or the ministry's.

    What lies below a domain (`mail.` in front of it) belongs to it.
    """

    __tablename__ = "mail_domains"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    family: Mapped[str] = mapped_column(String(255))


class FormerDomain(Base):
    """An address that a person's account had before. Its mail domain ties for 24 months, as work does; of the address
    only its digest stays: whoever has it now may be the same person.
    """

    __tablename__ = "former_domains"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    domain: Mapped[str] = mapped_column(String(255))
    address_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    left_at: Mapped[datetime] = mapped_column(UtcDateTime)


# A view: made by a migration, unknown to the models. A tie holds before `until`.
_TIES = sa.table(
    "ties",
    sa.column("person_id", sa.Integer),
    sa.column("company_id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("until", UtcDateTime),
)


def ties_of(session: Session, person_id: int, companies: Collection[int], moment: datetime) -> dict[int, Tie]:
    """By company, for those of `companies` that the person is tied to at `moment`."""
    if not companies:
        return {}
    query = sa.select(_TIES.c.company_id, _TIES.c.kind).where(
        _TIES.c.person_id == person_id, _TIES.c.company_id.in_(set(companies)), _TIES.c.until > moment
    )
    rows = [(row.company_id, Tie(row.kind)) for row in session.execute(query)]
    return dict(sorted(rows, key=lambda row: ORDER.index(row[1]), reverse=True))


def former_holders(session: Session, address_sha256: str) -> set[int]:
    """The people whose accounts had this address before, by its digest."""
    return set(session.scalars(sa.select(FormerDomain.person_id).where(FormerDomain.address_sha256 == address_sha256)))


def note_domains(connection: Connection, families: Mapping[str, str]) -> None:
    """Makes the table say what code and settings say."""
    connection.execute(sa.delete(MailDomain))
    connection.execute(sa.insert(MailDomain), [{"domain": name, "family": family} for name, family in families.items()])


def known_domains(connection: Connection) -> dict[str, str]:
    """The table as it is."""
    return {row.domain: row.family for row in connection.execute(sa.select(MailDomain.__table__))}
