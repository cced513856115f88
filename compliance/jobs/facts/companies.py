"""Who of a company or of the ministry a notice is still for, and what the company is called."""

from sqlalchemy.orm import Session

from compliance.domain.roles import MAY_EDIT, CompanyRole, Role
from compliance.store.companies import Company
from compliance.store.people import Person


def colleague(person: Person | None, company_id: int, roles: frozenset[CompanyRole] = MAY_EDIT) -> bool:
    """Whether the person works for the company today, in one of `roles`."""
    return person is not None and person.actor().companies.get(company_id) in roles


def holds(person: Person | None, role: Role) -> bool:
    """Whether the person holds a ministry role today."""
    return person is not None and person.actor().has(role)


def named(session: Session, company_id: int) -> dict[str, object]:
    """The company as it is called today."""
    company = session.get_one(Company, company_id)
    return {"company_id": company_id, "company_km": company.name_km, "company_latin": company.name_latin}
