"""The town's appeals: one that is written, one that is lodged before a panel, and an address to try."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import appeal_panel, appealing, reviewing
from compliance.actions.appealing import Grounds
from compliance.actions.submitting import Attestation
from compliance.domain.appeals import AppealKind
from compliance.domain.roles import Actor
from compliance.store.appeals import Appeal
from compliance.store.assessments import assessments_of
from compliance.store.awards import Award
from compliance.store.companies import Company
from compliance.store.people import Person, person_by_email


def play(session: Session, writing: Company, lodging: Company, other: Company, words: str) -> None:
    """`writing` was refused and writes, in words that mean harm; `lodging` was suspended and has lodged, a member of
    its panel sits and has noted; `other` has one that stands for no real decision."""
    refused = assessments_of(session, writing.id)[0].id
    appealing.write(session, _owner(session, writing), refused, None, Grounds({}, words), 0)
    award, owner = _award(session, lodging), _owner(session, lodging)
    found = appealing.write(session, owner, award.assessment_id, award.id, Grounds({}, words), 0)
    appealing.lodge(session, owner, found.id, Attestation(words[:100], "Director"), 1)
    member = person_by_email(session, "panel_member@demonstration.example")
    assert member is not None
    reviewing.declare(session, member.actor(), award.assessment_id, has_tie=False)
    appeal_panel.sit(session, member.actor(), found.id)
    appeal_panel.note(session, member.actor(), found.id, clock.today(), words)
    held = _award(session, other)
    session.add(
        Appeal(
            company_id=other.id, assessment_id=held.assessment_id, kind=AppealKind.SUSPENSION,
            award_decision_id=held.acts[0].id, grounds={}, findings={}, drafted_by=other.registered_by,
            drafted_at=clock.now(), lodged_by=other.registered_by, lodged_at=clock.now(), digest="0" * 64,
            take_up_by=clock.today(), decide_by=clock.today(),
        )
    )  # fmt: skip
    session.flush()


def _owner(session: Session, company: Company) -> Actor:
    return session.get_one(Person, company.registered_by).actor()


def _award(session: Session, company: Company) -> Award:
    return session.scalars(sa.select(Award).where(Award.company_id == company.id)).one()
