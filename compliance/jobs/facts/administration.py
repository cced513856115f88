"""What administrators are told of each other and of the portal: while it waits, or while it is so."""

from typing import Any

from sqlalchemy.orm import Session

from compliance.domain.roles import Role
from compliance.jobs.facts.companies import holds
from compliance.store.certificate_marks import CertificateMark
from compliance.store.outbox import Notice
from compliance.store.people import Person
from compliance.store.rule_changes import RuleChange
from compliance.store.signatories import SignatoryProposal
from compliance.store.upkeep import Upkeep, UpkeepKind, newest_upkeep

Known = dict[str, Any] | None
Proposal = SignatoryProposal | CertificateMark | RuleChange
PROPOSALS: dict[str, Any] = {
    "signatory": SignatoryProposal,
    "mark": CertificateMark,
    "rule": RuleChange,
}


def _waiting(session: Session, notice: Notice, person: Person | None) -> Known:
    """While nobody has confirmed it or taken it back."""
    found: Proposal = session.get_one(PROPOSALS[notice.values["what"]], notice.values["waits"])
    over = found.confirmed_at is not None or found.withdrawn_at is not None
    if over or not holds(person, Role.ADMINISTRATOR):
        return None
    return {"what": notice.values["what"], "proposer": session.get_one(Person, found.proposed_by).actor().name}


def _broken(session: Session, notice: Notice, person: Person | None) -> Known:
    """While no later look found the trail whole."""
    found = session.get_one(Upkeep, notice.values["look"])
    newest = newest_upkeep(session, UpkeepKind.TRAIL)
    if (newest is not None and newest.good) or not holds(person, Role.ADMINISTRATOR):
        return None
    return {"count": found.about["broken"], "at": found.at}


FACTS = {"admin_waiting": _waiting, "trail_broken": _broken}
