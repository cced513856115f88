"""Queues emails in the transaction of what they tell about; their words are made when they are sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import CompanyRole, Role
from compliance.store.assessments import Assessment
from compliance.store.outbox import insert_once
from compliance.store.people import Membership, Person, people_with_role

TO_COMPANY = {
    "submit": "assessment_submitted",
    "withdraw": "assessment_withdrawn",
    "claim": "assessment_in_review",
    "ask": "clarification_asked",
    "reply": "clarification_received",
    "lapse": "clarification_lapsed",
    "approve": "award_granted",
    "refuse": "assessment_refused",
}
TO_SIGNERS = frozenset({"submit", "ask", "reply"})
"""Steps that are told to who may sign too: the receipt is theirs, and so is the reply."""
TO_REVIEWERS = {"submit": "review_waiting"}
TO_REVIEWER = {"reply": "clarification_replied", "lapse": "review_lapsed", "return": "review_returned"}
TO_APPROVERS = {"recommend": "decision_waiting"}


def notify(
    session: Session,
    people: Iterable[Person],
    kind: str,
    about: str,
    values: Mapping[str, Any],
    due_at: datetime | None = None,
    also: str = "",
    also_in: str = "km",
) -> None:
    """Queues one notice a person. `about` makes the key: the same notice about the same thing is queued once. `values`
    refer to what it tells of; only what no row keeps is given in words.

    `also` is an address without an account that is told too, in the language `also_in`.
    """
    moment = clock.now()
    told: list[tuple[str, int | None, str, str, str]] = [
        (str(person.id), person.id, person.email, person.language, person.full_name)
        for person in people
        if person.active
    ]
    if also:
        told.append((also, None, also, also_in, ""))
    insert_once(
        session,
        [
            {
                "key": f"{kind}:{about}:{who}",
                "kind": kind,
                "person_id": person_id,
                "email": email,
                "language": language,
                "values": {"name": name, **values},
                "queued_at": moment,
                "due_at": due_at or moment,
                "attempts": 0,
                "last_error": "",
            }
            for who, person_id, email, language, name in told
        ],
    )


def company_people(session: Session, company_id: int, *roles: CompanyRole) -> list[Person]:
    """Colleagues with one of `roles`; without roles all who act for the company (owners and editors)."""
    wanted = roles or (CompanyRole.OWNER, CompanyRole.EDITOR)
    query = (
        sa.select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.company_id == company_id, Membership.ended_at.is_(None), Membership.role.in_(wanted))
    )
    return list(session.scalars(query.order_by(Person.id)))


def repliers(session: Session, company_id: int) -> list[Person]:
    """Who may write a reply to the reviewer, and who may sign it."""
    return company_people(session, company_id, CompanyRole.OWNER, CompanyRole.EDITOR, CompanyRole.SIGNATORY)


def notify_step(session: Session, assessment: Assessment, step: str, content: Mapping[str, Any]) -> None:
    """The notices that a step of the lifecycle owes."""
    about = f"{assessment.id}:{assessment.version}"
    values = {"assessment": assessment.id, **{name: content[name] for name in ("clarification",) if name in content}}
    if step in TO_COMPANY:
        people = repliers(session, assessment.company_id) if step in TO_SIGNERS else None
        told = people or company_people(session, assessment.company_id)
        notify(session, told, TO_COMPANY[step], about, values)
    if step in TO_REVIEWERS:
        notify(session, people_with_role(session, Role.REVIEWER), TO_REVIEWERS[step], about, values)
    if step in TO_APPROVERS:
        notify(session, people_with_role(session, Role.APPROVER), TO_APPROVERS[step], about, values)
    if step in TO_REVIEWER and assessment.reviewer_id is None:  # whoever held it has a tie
        notify(session, people_with_role(session, Role.REVIEWER), "review_waiting", about, values)
    elif step in TO_REVIEWER:
        reviewer = session.get(Person, assessment.reviewer_id)
        notify(session, [reviewer] if reviewer else [], TO_REVIEWER[step], about, values)
