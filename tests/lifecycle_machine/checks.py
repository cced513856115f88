"""Where the portal and the model are compared, after every step."""

import hashlib
from collections import defaultdict

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from compliance.store.appeals import Appeal, AppealSeat
from compliance.store.assessments import Assessment, Submission
from compliance.store.awards import Award, AwardDecision, AwardProposal, Certificate
from compliance.store.base import Base
from compliance.store.changes import ChangeRequest
from compliance.store.companies import Company
from compliance.store.people import Membership
from compliance.store.register import entry_by_slug
from compliance.store.reviews import Decision
from questionnaires import edition
from tests.lifecycle_machine.model import IN_FORCE, Model, months_after
from tests.public.test_one_truth import badge, spoken


def fingerprint(session: Session) -> dict[str, str]:
    """Every row of every table, as a digest a table."""
    tables = Base.metadata.sorted_tables
    rows = {table.name: session.execute(sa.select(table).order_by(*table.primary_key)).all() for table in tables}
    return {name: hashlib.sha256(repr(found).encode()).hexdigest() for name, found in rows.items()}


def assessments(session: Session, model: Model) -> None:
    """Each is where the model says, with its reviewer; frozen submissions are what they were when they were frozen."""
    rows = session.execute(sa.select(Assessment.id, Assessment.company_id, Assessment.state, Assessment.reviewer_id))
    stored = {row.id: (row.company_id, row.state.value, row.reviewer_id) for row in rows}
    assert stored == {one.id: (one.company, one.state, one.reviewer) for one in model.assessments.values()}
    frozen = defaultdict(list)
    for one in session.execute(sa.select(Submission.assessment_id, Submission.digest, Submission.content)):
        assert hashlib.sha256(one.content.encode()).hexdigest() == one.digest
        frozen[one.assessment_id].append(one.digest)
    assert frozen == {one.id: one.digests for one in model.assessments.values() if one.digests}


def awards(session: Session, model: Model) -> None:
    """The same awards with the same days and standing; each decided by two people; one an assessment at the most."""
    stored = {one.id: one for one in session.scalars(sa.select(Award))}
    assert stored.keys() == model.awards.keys()
    for one in model.awards.values():
        award = stored[one.id]
        assert (award.number, award.starts, award.ends) == (one.number, one.starts, one.ends)
        assert award.standing(model.today) == model.standing(one), f"award {one.id}"
    assert len({one.assessment_id for one in stored.values()}) == len(stored)
    numbers = [number for one in model.awards.values() for number in (one.number, *one.earlier)]
    assert sorted(session.scalars(sa.select(Certificate.number))) == sorted(set(numbers)) == sorted(numbers)
    for first, second in session.execute(sa.select(AwardDecision.proposed_by, AwardDecision.decided_by)):
        assert first != second, "one person alone acted on an award"
    for first, second in session.execute(sa.select(Decision.recommended_by, Decision.decided_by)):
        assert first != second, "one person alone decided"


def proposals(session: Session, model: Model) -> None:
    """At most one is open a company, and each became what the model says."""
    rows = session.execute(sa.select(AwardProposal.id, AwardProposal.outcome))
    stored = {row.id: row.outcome and row.outcome.value for row in rows}
    assert stored == {one.id: one.closed for one in model.proposals.values()}
    for company in model.companies:
        assert len(model.open_proposals(company)) <= 1
    changes = session.execute(sa.select(ChangeRequest.id, ChangeRequest.answered))
    answered = {row.id: row.answered and row.answered.value for row in changes}
    assert answered == {one.id: one.closed for one in model.changes.values()}


def appeals(session: Session, model: Model) -> None:
    """Each is where the model says, with who sits there and what they said; at most one stands a decision."""
    rows = session.execute(sa.select(Appeal.id, Appeal.outcome, Appeal.shut_out))
    stored = {row.id: (row.outcome and row.outcome.value, set(row.shut_out)) for row in rows}
    assert stored == {one.id: (one.closed, one.shut_out) for one in model.appeals.values()}
    seats = sa.select(AppealSeat.appeal_id, AppealSeat.person_id, AppealSeat.vote).where(AppealSeat.left_at.is_(None))
    sitting = {(row.appeal_id, row.person_id, row.vote and row.vote.value) for row in session.execute(seats)}
    assert sitting == {(one.id, who, one.voted(who)) for one in model.appeals.values() for who in one.seats}


def companies(session: Session, model: Model) -> None:
    """Names as the public may read them; colleagues and their roles; never without an owner."""
    names = {row.id: row.name_latin for row in session.execute(sa.select(Company.id, Company.name_latin))}
    assert names == {one.id: one.name for one in model.companies.values()}
    rows = session.execute(sa.select(Membership.id, Membership.role, Membership.ended_at))
    stored = {row.id: (row.role.value, row.ended_at is None) for row in rows}
    assert stored == {one.id: (one.role, one.ended is None) for one in model.memberships.values()}
    assert all(model.owners(company) for company in model.companies)


def register(session: Session, model: Model) -> dict[int, bool]:
    """The register says what the model says of each company; whether it is in force, by company."""
    in_force = {}
    for company in model.companies.values():
        entry = entry_by_slug(session, company.slug, model.today)
        expected = model.company_standing(company.id)
        if entry is None:
            assert expected is None or forgotten(model, company.id), f"{company.slug} is not in the register"
        else:
            assert entry.standing(model.today) == expected, f"{company.slug} in the register"
            assert entry.name_latin == company.name
        in_force[company.id] = entry is not None and entry.standing(model.today) in IN_FORCE
    return in_force


def forgotten(model: Model, company: int) -> bool:
    """The register's months of history are over."""
    counts = model.counting(company)
    assert counts is not None
    return model.today > months_after(counts.counts_until, edition("2026").register.history_months)


def surfaces(client: FlaskClient, model: Model, company: int) -> None:
    """Page, API and badges of a company say one thing."""
    one, expected = model.companies[company], model.company_standing(company)
    page, said = client.get(f"/en/register/{one.slug}"), client.get(f"/api/v1/companies/{one.slug}")
    if expected is None or forgotten(model, company):
        assert (page.status_code, said.status_code) == (404, 404), f"{expected}, but {page.status_code}"
        return
    told = (spoken(page.text), said.json["award"]["standing"], badge(client, f"company/{one.slug}"))
    assert told == (expected, expected, expected), f"page, API and badge say {told}, not {expected}"
    assert one.name in page.text
    for award in model.awards_of(company):
        said, standing = client.get(f"/api/v1/awards/{award.number}").json, model.standing(award)
        assert said["standing"] == standing, f"{award.number} is {said['standing']}, not {standing}"
        leads_to = said["successor"] if standing == "superseded" else award.number
        for number in award.earlier:
            old = client.get(f"/api/v1/awards/{number}").json
            assert (old["standing"], old["successor"]) == ("superseded", leads_to), f"{number} leads elsewhere"
