"""Companies: registered and edited by those who work for them."""

import re
from collections.abc import Collection
from unicodedata import combining, normalize

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import changing
from compliance.actions.awarding import hold_company
from compliance.actions.company_details import CompanyDetails
from compliance.domain.errors import ForbiddenError, InvalidError, StaleError
from compliance.domain.roles import MAY_EDIT, Actor, CompanyRole
from compliance.store.audit import record
from compliance.store.awards import awards_of
from compliance.store.changes import open_change
from compliance.store.companies import PUBLIC, Company, company_of
from compliance.store.people import Membership, Person
from compliance.store.register import refresh_entry


def register_company(
    session: Session, actor: Actor, details: CompanyDetails, known_kinds: Collection[str]
) -> tuple[Company, Membership]:
    """A new company; whoever registers it owns it. Raises InvalidError, ForbiddenError for the ministry's people."""
    if actor.user_id is None:
        raise ForbiddenError("staff")
    person = session.get_one(Person, actor.user_id, with_for_update={"of": Person}, populate_existing=True)
    if person.staff:
        raise ForbiddenError("staff")
    details = details.checked(known_kinds)
    _require_new_number(session, details.registration_number)
    company = Company(
        slug=free_slug(session, details.name_latin),
        registered_at=clock.now(),
        registered_by=actor.user_id,
        **_columns(details),
    )
    session.add(company)
    session.flush()
    owner = Membership(company_id=company.id, role=CompanyRole.OWNER, since=company.registered_at, person=person)
    session.add(owner)
    session.flush()
    record(session, clock.now(), actor, "officer:company:registered", "company", company.id, **_columns(details))
    return company, owner


def edit_company(
    session: Session,
    actor: Actor,
    company_id: int,
    details: CompanyDetails,
    known_kinds: Collection[str],
    seen_version: int | None = None,
) -> Company:
    """Changes what a company says of itself; its public address stays. Raises InvalidError, StaleError.

    What the public reads of an awarded company is not changed but asked for: a reviewer confirms or declines it.
    The same button pressed twice finds it done.
    """
    company_of(session, actor, company_id, MAY_EDIT)
    company = hold_company(session, company_id)
    details = details.checked(known_kinds)
    if seen_version is not None and company.version != seen_version:
        if _is_said(session, company, details):
            return company
        raise StaleError
    if details.registration_number != company.registration_number:
        _require_new_number(session, details.registration_number)
    changing.require_kinds_free(session, company, details.kinds)
    changed = {name: value for name, value in _columns(details).items() if getattr(company, name) != value}
    if awards_of(session, company.id):
        after = {name: changed.pop(name) for name in PUBLIC if name in changed}
        waiting = open_change(session, company.id)
        if waiting is not None and "services" in waiting.after:
            after["services"] = waiting.after["services"]
        changing.wish(session, actor, company, after)
    for name, value in changed.items():
        setattr(company, name, value)
    if changed:
        session.flush()
        record(session, clock.now(), actor, "officer:company:edited", "company", company.id, **changed)
        refresh_entry(session, company.id)
    return company


def _is_said(session: Session, company: Company, details: CompanyDetails) -> bool:
    """Whether the company says, or asked to say, just this."""
    columns, wished = _columns(details), changing.wished(session, company)
    return columns == {name: wished.get(name, getattr(company, name)) for name in columns}


def _columns(details: CompanyDetails) -> dict[str, object]:
    lists = {"kinds": list(details.kinds), "brands": list(details.brands)}
    return {name: lists.get(name, getattr(details, name)) for name in CompanyDetails.__dataclass_fields__}


def _require_new_number(session: Session, number: str) -> None:
    taken = sa.select(Company.id).where(sa.func.lower(Company.registration_number) == number.lower())
    if session.scalar(taken) is not None:
        raise InvalidError(
            "registration_number",
            "A company with this registration number is registered already. Ask its owner to invite you.",
        )


def free_slug(session: Session, name_latin: str) -> str:
    """The Latin name as an address, with a number when another company has it."""
    letters = "".join(sign for sign in normalize("NFKD", name_latin.casefold()) if not combining(sign))
    stem = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:70].rstrip("-") or "company"
    taken = set(session.scalars(sa.select(Company.slug).where(Company.slug.startswith(stem, autoescape=True))))
    number = next(n for n in range(1, len(taken) + 2) if (stem if n == 1 else f"{stem}-{n}") not in taken)
    return stem if number == 1 else f"{stem}-{number}"
