"""People: accounts, ministry roles, passkeys, server-side sessions, invitations, throttling."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance import clock
from compliance.domain.addresses import normal_address
from compliance.domain.notices import OptionalMail
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.store.base import Base, Json, UtcDateTime, words

# Flask-Security's mixins bring methods; our columns, typed by us, are what it finds on the instances.
_Role: Any = RoleMixin
_User: Any = UserMixin
_Passkey: Any = WebAuthnMixin

LONGEST_PREVIEW = 2_000
TextList = MutableList.as_mutable(AsaList())
roles_people = sa.Table(
    "roles_people",
    Base.metadata,
    sa.Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class RoleRow(Base, _Role):  # type: ignore[misc]
    """A ministry role as Flask-Security keeps it; `domain.roles.Role` lists the names."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class Passkey(Base, _Passkey):  # type: ignore[misc]
    """A WebAuthn credential; the names are Flask-Security's."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(TextList)
    backup_state: Mapped[bool] = mapped_column()
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(20))
    lastuse_datetime: Mapped[datetime] = mapped_column(UtcDateTime)


class Person(Base, _User):  # type: ignore[misc]
    """One account. Company ties are memberships; ministry ties are roles. `email` is kept in its normal form."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    full_name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(2), default="km")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column()
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_counter: Mapped[int | None] = mapped_column()
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(TextList)
    preview: Mapped[str] = mapped_column(String(LONGEST_PREVIEW), default="")
    """Answers of the preview, as the query of an address, until the account registers its company."""
    all_questions: Mapped[bool] = mapped_column(default=False)
    """Answers all questions of a section on one page, not one question a page."""
    optional_mail: Mapped[OptionalMail] = mapped_column(words(OptionalMail), default=OptionalMail.AT_ONCE)
    roles: Mapped[list[RoleRow]] = relationship(secondary=roles_people, lazy="selectin")
    webauthn: Mapped[list[Passkey]] = relationship(cascade="all, delete-orphan", order_by=Passkey.id)
    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", lazy="selectin")

    @property
    def staff(self) -> bool:
        return bool(self.roles)

    @property
    def has_totp(self) -> bool:
        """An authenticator app is set up and was tried once."""
        return bool(self.tf_primary_method and self.tf_totp_secret)

    def check_tf_required(self, methods: list[tuple[str, str]], _fresh: bool) -> tuple[bool, list[tuple[str, str]]]:
        """Staff always pass a second factor; whoever has set one up does too."""
        return self.staff or bool(methods), methods

    def check_tf_required_setup(self) -> bool:
        return self.staff

    def actor(self) -> Actor:
        """The person as use cases see them."""
        return Actor(
            user_id=self.id,
            name=self.full_name or self.email,
            roles=frozenset(Role(role.name) for role in self.roles),
            companies=MappingProxyType({m.company_id: m.role for m in self.memberships if m.ended_at is None}),
        )


class Membership(Base):
    """A colleague of a company, with one role there."""

    __tablename__ = "memberships"
    __table_args__ = (
        sa.Index(
            "uq_memberships_live",
            "company_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[CompanyRole] = mapped_column(words(CompanyRole))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship(back_populates="memberships")


class Invitation(Base):
    """A colleague asked to join a company, or a person asked to join the ministry's side; used once.

    `person_id` is the account that the address had when it was sent, `proposal_id` what two administrators agreed on.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(255))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    company_role: Mapped[CompanyRole | None] = mapped_column(words(CompanyRole))
    staff_role: Mapped[Role | None] = mapped_column(words(Role))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("access_proposals.id"))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LiveSession(Base):
    """A signed-in browser. The cookie holds a random token; ending the row ends the session at once."""

    __tablename__ = "sessions"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff: Mapped[bool] = mapped_column(default=False)
    browser: Mapped[str] = mapped_column(String(120), default="")


class Attempt(Base):
    """Tries against one account or address in one window; counted in the database, so that all workers agree."""

    __tablename__ = "attempts"

    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)


def person_by_email(session: Session, email: str) -> Person | None:
    """The account with this address, however it is typed."""
    return session.scalar(sa.select(Person).where(Person.email == normal_address(email)))


def rights_now(session: Session, actor: Actor) -> Actor:
    """The actor with the rights that the store holds at this moment; whoever was switched off has none.

    An actor is made when a request begins. What it may do is read again inside the transaction that does it, after
    what the right depends on is held.
    """
    if actor.user_id is None:
        return actor
    live = (Person.id == actor.user_id) & Person.active
    roles = sa.select(RoleRow.name).join(roles_people).join(Person, Person.id == roles_people.c.person_id).where(live)
    ties = sa.select(Membership.company_id, Membership.role).join(Person, Person.id == Membership.person_id)
    companies = {row.company_id: row.role for row in session.execute(ties.where(live, Membership.ended_at.is_(None)))}
    names = frozenset(Role(name) for name in session.scalars(roles))
    return Actor(actor.user_id, actor.name, names, MappingProxyType(companies))


def require_colleague_now(session: Session, actor: Actor, company_id: int, allowed: frozenset[CompanyRole]) -> None:
    """The same of one company, in one statement: what a save asks. Raises NotFoundError, ForbiddenError."""
    live = (
        Membership.ended_at.is_(None) & (Membership.company_id == company_id) & (Membership.person_id == actor.user_id)
    )
    query = sa.select(Membership.role).join(Person, Person.id == Membership.person_id).where(live, Person.active)
    role = session.scalar(query)
    now = MappingProxyType({company_id: role} if role else {})
    Actor(actor.user_id, actor.name, companies=now).require_company(company_id, allowed)


def people_with_role(session: Session, role: Role) -> list[Person]:
    """Active people who hold a ministry role, by name."""
    query = sa.select(Person).where(Person.roles.any(RoleRow.name == role), Person.active.is_(True))
    return list(session.scalars(query.order_by(Person.full_name, Person.id)))


def colleagues(session: Session, company_id: int) -> list[Membership]:
    """Living memberships of a company, the longest-standing first."""
    query = sa.select(Membership).where(Membership.company_id == company_id, Membership.ended_at.is_(None))
    return list(session.scalars(query.order_by(Membership.since, Membership.id)))


def role_row(session: Session, role: Role) -> RoleRow:
    """The role as a row, made when it is needed for the first time."""
    found = session.scalar(sa.select(RoleRow).where(RoleRow.name == role.value))
    if found is None:
        found = RoleRow(name=role.value)
        session.add(found)
        session.flush()
    return found


def staff(session: Session) -> list[Person]:
    """Everybody who holds a ministry role, by name."""
    return list(session.scalars(sa.select(Person).where(Person.roles.any()).order_by(Person.full_name, Person.id)))


def names_of(session: Session, people: set[int]) -> dict[int, str]:
    """The names of people by id; the address of whoever gave none."""
    if not people:
        return {}
    query = sa.select(Person.id, Person.full_name, Person.email).where(Person.id.in_(people))
    return {row.id: row.full_name or row.email for row in session.execute(query)}
