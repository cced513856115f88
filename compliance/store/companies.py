"""Companies: who they are, where, and what they do."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from compliance.domain.errors import NotFoundError
from compliance.domain.mail_domains import site_domain
from compliance.domain.roles import MAY_SEE, Actor, CompanyRole
from compliance.store.base import Base, Json, UtcDateTime
from compliance.store.people import Membership, Person

PUBLIC = ("name_km", "name_latin", "registration_number", "kinds", "brands", "services", "province", "website")
"""What the register, the certificate or the check of a company's identity rests on."""


class Company(Base):
    """One legal person. `kinds` are ids of the Code's company kinds, `brands` the names by which the public knows it,
    `services` what it offers (id, km, latin, kind, public); `slug` is its public address, kept for ever."""

    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name_km: Mapped[str] = mapped_column(String(200))
    name_latin: Mapped[str] = mapped_column(String(200))
    registration_number: Mapped[str] = mapped_column(String(40), unique=True)
    licence_number: Mapped[str] = mapped_column(String(80), default="")
    kinds: Mapped[list[str]] = mapped_column(Json)
    brands: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    services: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default="[]")
    workers: Mapped[int] = mapped_column()
    places: Mapped[int] = mapped_column(default=1)
    province: Mapped[str] = mapped_column(String(40))
    website: Mapped[str] = mapped_column(String(300), default="")
    website_domain: Mapped[str] = mapped_column(String(300), default="", server_default="")
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (read by SQLAlchemy)

    @validates("website")
    def _keep_domain(self, _name: str, website: str) -> str:
        self.website_domain = site_domain(website)
        return website


def public_details(company: Company) -> dict[str, Any]:
    """What is public of a company, by column."""
    return {name: getattr(company, name) for name in PUBLIC}


def service_name(service: Mapping[str, Any]) -> str:
    """The one name by which an award covers a service: the Latin one, else the Khmer."""
    return str(service["latin"] or service["km"])


def names_of_services(services: Iterable[Mapping[str, Any]]) -> list[str]:
    """In both scripts, of those that the public reads of."""
    return [one[key] for one in services if one["public"] for key in ("km", "latin") if one[key]]


def coverable(brands: Iterable[str], services: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names that an award may cover: brands, and services that the public reads of; each once."""
    names = [*brands, *(service_name(one) for one in services if one["public"])]
    return list(dict.fromkeys(names))


def company_of(session: Session, actor: Actor, company_id: int, allowed: frozenset[CompanyRole] = MAY_SEE) -> Company:
    """The actor's own company. Raises NotFoundError for strangers, ForbiddenError for colleagues without the role."""
    actor.require_company(company_id, allowed)
    company = session.get(Company, company_id)
    if company is None:
        raise NotFoundError
    return company


def company_by_slug(session: Session, slug: str) -> Company:
    """Raises NotFoundError."""
    company = session.scalar(sa.select(Company).where(Company.slug == slug))
    if company is None:
        raise NotFoundError
    return company


def without_owner(session: Session) -> list[Company]:
    """Companies of which no owner can sign in, by name."""
    owner = sa.exists().where(
        Membership.company_id == Company.id,
        Membership.role == CompanyRole.OWNER,
        Membership.ended_at.is_(None),
        Membership.person_id == Person.id,
        Person.active,
    )
    return list(session.scalars(sa.select(Company).where(~owner).order_by(Company.name_latin, Company.id)))


def find_companies(session: Session, words: str, most: int = 20) -> list[Company]:
    """Companies with these words in a name, or with this registration number; by name."""
    like = {"autoescape": True}
    found = sa.or_(
        sa.func.lower(Company.name_latin).contains(words.lower(), **like),
        Company.name_km.contains(words, **like),
        sa.func.lower(Company.registration_number) == words.lower(),
    )
    return list(session.scalars(sa.select(Company).where(found).order_by(Company.name_latin, Company.id).limit(most)))


def companies_of(session: Session, actor: Actor) -> list[Company]:
    """The companies this person works for, by name."""
    query = sa.select(Company).where(Company.id.in_(actor.companies)).order_by(Company.name_latin)
    return list(session.scalars(query))
