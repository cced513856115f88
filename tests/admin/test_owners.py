"""A company that lost its owner gets another one: two administrators, proof on record, its people told."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import access, invitations
from compliance.actions import colleagues as acts_of_owners
from compliance.domain.errors import DomainError, ForbiddenError, InvalidError, NotFoundError
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.companies import find_companies, without_owner
from compliance.store.outbox import Notice
from compliance.store.people import Membership, Person, colleagues
from tests.admin.test_access import confirm, link, refused
from tests.helpers import PASSWORD, company, person, post, reload, sign_in

PROOF = "Letter of 3 November with seal; called the number in the commercial register."
HEIR = "heir@company.example"


@pytest.fixture
def two(in_app: Flask) -> tuple[Person, Person]:
    return person("one@ministry.example", Role.ADMINISTRATOR), person("two@ministry.example", Role.ADMINISTRATOR)


@pytest.fixture
def firm(in_app: Flask) -> int:
    """Its owner is switched off, an editor is left."""
    owner, editor = person("owner@company.example"), person("editor@company.example")
    made = company(owner).id
    with transaction() as session:
        session.add(Membership(company_id=made, person_id=editor.id, role=CompanyRole.EDITOR, since=clock.now()))
        session.get_one(Person, owner.id).active = False
    return made


def propose(by: Person, firm: int, email: str = HEIR) -> int:
    with transaction() as session:
        return access.propose_owner(session, by.actor(), firm, email, PROOF, "en").id


def told(kind: str) -> set[str]:
    return set(db.session.scalars(sa.select(Notice.email).where(Notice.kind == kind)))


@pytest.mark.both_databases
def test_somebody_with_an_account_becomes_the_owner(two: tuple[Person, Person], firm: int) -> None:
    heir = person(HEIR)
    proposal = propose(two[0], firm)
    assert told("owner_waiting") == {"editor@company.example"}, "whoever is switched off hears nothing"
    assert reload(heir).actor().companies == {}
    assert refused(ForbiddenError, access.confirm, two[0].actor(), proposal, link) == "four_eyes"
    confirm(two[1], proposal)
    assert reload(heir).actor().companies == {firm: CompanyRole.OWNER}
    assert told("owner_restored") == {"editor@company.example"}
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag.like("admin:company:owner_%")).order_by(AuditEntry.seq)
    ).all()
    assert [(entry.tag, PROOF in entry.content) for entry in entries] == [
        ("admin:company:owner_proposed", True),
        ("admin:company:owner_confirmed", True),
    ]
    assert [one.id for one in without_owner(db.session())] == []


@pytest.mark.both_databases
def test_a_colleague_is_raised_and_the_lost_owner_can_be_removed(two: tuple[Person, Person], firm: int) -> None:
    assert [one.id for one in without_owner(db.session())] == [firm]
    confirm(two[1], propose(two[0], firm, "editor@company.example"))
    rows = {row.person.email: row.role for row in colleagues(db.session(), firm)}
    assert rows == {"owner@company.example": CompanyRole.OWNER, "editor@company.example": CompanyRole.OWNER}


@pytest.mark.both_databases
def test_somebody_without_an_account_is_invited_as_owner(two: tuple[Person, Person], firm: int) -> None:
    confirm(two[1], propose(two[0], firm))
    notice = db.session.scalars(sa.select(Notice).where(Notice.kind == "account_invited")).one()
    token = str(notice.values["link"]).partition(":")[2]
    refused(NotFoundError, invitations.accept, person("stranger@else.example").actor(), token)
    with transaction() as session:
        heir = invitations.accept_as_new(session, token, "Heir", "en", PASSWORD)
    assert reload(heir).actor().companies == {firm: CompanyRole.OWNER}


@pytest.mark.both_databases
def test_who_cannot_own_it_is_refused(two: tuple[Person, Person], firm: int) -> None:
    one, actor = two[0], two[0].actor()
    owner = access.propose_owner
    person("reviewer@ministry.example", Role.REVIEWER)
    person("unconfirmed@company.example", confirmed=False)
    for email in ("one@ministry.example", "reviewer@ministry.example", "unconfirmed@company.example"):
        assert refused(InvalidError, owner, actor, firm, email, PROOF, "en") == "email"
    assert refused(InvalidError, owner, actor, firm, "owner@company.example", PROOF, "en") == "email"
    assert refused(InvalidError, owner, actor, firm, HEIR, "  ", "en") == "reason"
    refused(NotFoundError, owner, actor, 10**6, HEIR, PROOF, "en")
    refused(ForbiddenError, owner, person("editor2@company.example").actor(), firm, HEIR, PROOF, "en")
    propose(one, firm)
    assert refused(InvalidError, owner, two[1].actor(), firm, "other@company.example", PROOF, "en") == "email"


@pytest.mark.both_databases
def test_who_joined_the_ministry_meanwhile_owns_nothing(two: tuple[Person, Person], firm: int) -> None:
    heir = person(HEIR)
    proposal = propose(two[0], firm)
    token = ""

    def keep(made: str, _lang: str) -> str:
        nonlocal token
        token = made
        return made

    with transaction() as session:
        asked = access.propose_invitation(session, two[0].actor(), "other@home.example", Role.OBSERVER, "en").id
        access.withdraw(session, two[0].actor(), asked)
        invitations.invite_staff(session, invitations.SYSTEM, HEIR, Role.OBSERVER, "en", keep)
    with transaction() as session:
        invitations.accept(session, reload(heir).actor(), token)
    assert refused(InvalidError, access.confirm, two[1].actor(), proposal, link) == "email"


@pytest.mark.both_databases
def test_an_owner_is_named_and_removed_at_the_same_moment(app: Flask) -> None:
    """Whichever comes first, the company is left with an owner."""
    for turn in range(3):
        with app.app_context():
            one, other = (person(f"{name}{turn}@ministry.example", Role.ADMINISTRATOR) for name in ("one", "two"))
            owner, editor = person(f"o{turn}@company.example"), person(f"e{turn}@company.example")
            firm = company(owner).id
            with transaction() as session:
                row = Membership(company_id=firm, person_id=editor.id, role=CompanyRole.EDITOR, since=clock.now())
                session.add(row)
                session.flush()
                number = row.id
            proposal, actors = propose(one, firm, editor.email), (other.actor(), reload(owner).actor())
        race(app, proposal, firm, number, actors)
        with app.app_context():
            left = [row for row in colleagues(db.session(), firm) if row.role is CompanyRole.OWNER]
            assert left


def race(app: Flask, proposal: int, firm: int, membership: int, actors: tuple[Actor, Actor]) -> None:
    ready = threading.Barrier(2)
    acts = (
        lambda session: access.confirm(session, actors[0], proposal, link),
        lambda session: acts_of_owners.remove(session, actors[1], firm, membership),
    )

    def run(act: object) -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction() as session:
                    act(session)  # type: ignore[operator]
            except DomainError:
                pass

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_companies_are_found_by_name_and_number(firm: int) -> None:
    [found] = without_owner(db.session())
    for words in (found.name_latin[:8].upper(), found.name_km[3:12], found.registration_number):
        assert firm in [one.id for one in find_companies(db.session(), words)], words
    assert find_companies(db.session(), "%") == []


def test_the_pages(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("one@ministry.example", Role.ADMINISTRATOR)
        person("two@ministry.example", Role.ADMINISTRATOR)
        owner = person("owner@company.example")
        firm = company(owner, name_latin="Lost Owner Ltd").id
        with transaction() as session:
            session.get_one(Person, owner.id).active = False
    other = app.test_client()
    sign_in(client, "one@ministry.example")
    sign_in(other, "two@ministry.example")
    page = f"/en/admin/companies/{firm}"
    assert "Lost Owner Ltd" in client.get("/en/admin/companies").text
    assert page in client.get("/en/admin/companies?q=lost").text
    assert "No company was found" in client.get("/en/admin/companies?q=xyzzy").text
    wrong = post(client, page, {"email": HEIR, "reason": " "})
    assert wrong.status_code == 422
    assert HEIR in wrong.text, "what was typed is still there"
    assert post(client, page, {"email": HEIR, "reason": PROOF}).status_code == 302
    assert "You proposed this" in client.get(page).text
    assert PROOF in other.get("/en/admin/access/1").text
    assert post(other, "/en/admin/access/1/confirm", form="/en/admin/access/1").status_code == 302
    assert "Confirmed." in other.get("/en/admin/access/1").text
    assert client.get("/en/admin/companies/999").status_code == 404
