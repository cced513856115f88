"""The people and companies that every run of the machine begins with."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.demonstration import make_keyring
from compliance import clock
from compliance.actions import colleagues, invitations
from compliance.actions.accounts import create_person
from compliance.actions.companies import register_company
from compliance.cli.demonstration import acts
from compliance.cli.demonstration.cast import CAFE, PLACE, Player
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import Membership, Person, role_row
from questionnaires import current
from tests.helpers import PASSWORD, details
from tests.lifecycle_machine import model
from tests.lifecycle_machine.store import Store

BEGIN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PLAYERS = {
    "best": Player("ល្អបំផុត", "Best", PLACE, "takeo", 3, "best", "new", 0, *CAFE),
    "middle": Player("មធ្យម", "Middle", PLACE, "kep", 4, "middle", "new", 0, *CAFE),
}
STAFF: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("reviewer", (Role.REVIEWER,)), ("reviewer2", (Role.REVIEWER,)), ("approver", (Role.APPROVER,)),
    ("approver2", (Role.APPROVER,)), ("both", (Role.REVIEWER, Role.APPROVER)),
    ("panel", (Role.PANEL_MEMBER,)), ("panel2", (Role.PANEL_MEMBER,)), ("panel3", (Role.PANEL_MEMBER, Role.REVIEWER)),
    ("panel4", (Role.PANEL_MEMBER,)), ("administrator", (Role.ADMINISTRATOR,)), ("observer", (Role.OBSERVER,)),
)  # fmt: skip
COLLEAGUES = (CompanyRole.EDITOR, CompanyRole.SIGNATORY, CompanyRole.VIEWER)


def populate(store: Store) -> model.Model:
    """Fills the store with the cast, and gives back the model of it."""
    make_keyring(store.settings.keys_dir, today=date(2026, 1, 1))
    with store.app.app_context(), clock.held(BEGIN - timedelta(days=1)):
        with transaction() as session:
            for name, roles in STAFF:
                create_person(session, f"{name}@ministry.example", name, "en", PASSWORD, roles)
        for name, manner in (("lotus", "best"), ("palm", "middle")):
            with transaction() as session:
                owner = _company(session, store, name, manner)
            company = next(iter(owner.companies))
            acts.fill(PLAYERS[manner], store.hands(owner), company, 0)
        with transaction() as session:
            _changed_sides(session)
        begun = _model(db.session(), store)
    store.keep()
    return begun


def _company(session: Session, store: Store, name: str, manner: str) -> Actor:
    """A company with colleagues who took up an invitation; its owner."""
    owner = create_person(session, f"owner@{name}.example", f"{name} owner", "km", PASSWORD)
    said = details(name_latin=name.title(), kinds=PLACE, province="takeo", workers=3)
    company, _owner = register_company(session, owner.actor(), said, {kind.id for kind in current().kinds})
    session.refresh(owner, ["memberships"])
    store.manners[company.id] = manner
    sent: list[str] = []

    def link_for(token: str, _lang: str) -> str:
        sent.append(token)
        return token

    for role in COLLEAGUES:
        address = f"{role.value}@{name}.example"
        invitations.invite_colleague(session, owner.actor(), company.id, address, role, "en", link_for)
        invitations.accept_as_new(session, sent.pop(), f"{name} {role.value}", "en", PASSWORD)
    return owner.actor()


def _changed_sides(session: Session) -> None:
    """Lotus's viewer has left, and reviews for the ministry now."""
    one = session.scalars(sa.select(Person).where(Person.email == "viewer@lotus.example")).one()
    session.refresh(one, ["memberships"])
    colleagues.leave(session, one.actor(), one.memberships[0].company_id)
    one.roles = [role_row(session, Role.REVIEWER)]


def _model(session: Session, store: Store) -> model.Model:
    begun = model.Model(now=BEGIN, today=clock.day_of(BEGIN))
    for one in session.scalars(sa.select(Person)):
        domain, roles = one.email.partition("@")[2], frozenset(row.name for row in one.roles)
        begun.people[one.id] = model.Person(one.id, one.full_name, domain, roles)
    for row in session.scalars(sa.select(Membership)):
        begun.memberships[row.id] = model.Membership(
            row.id, row.person_id, row.company_id, row.role.value, row.ended_at
        )
    for company in session.scalars(sa.select(Company)):
        begun.companies[company.id] = model.Company(
            company.id, company.slug, company.name_latin, store.manners[company.id]
        )
    for case in session.scalars(sa.select(Assessment)):
        begun.assessments[case.id] = model.Assessment(case.id, case.company_id, full=True)
    return begun
