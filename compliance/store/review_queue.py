"""What the queues show: light rows of everything that waits for the ministry, each in one statement."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.domain.appeals import AppealKind, AppealOutcome
from compliance.domain.lifecycle import State
from compliance.domain.standing import AwardAct
from compliance.store.appeals import Appeal
from compliance.store.assessments import Assessment
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award, AwardDecision
from compliance.store.change_declarations import ChangeDeclaration, ChangeKind
from compliance.store.companies import Company
from compliance.store.concerns import Concern
from compliance.store.reviews import Clarification, Recommendation, Ruling
from compliance.store.spot_checks import Finding, SpotCheck

HANDED = ("reviewer:assessment:released", "staff:assessment:handed_over")


class CaseRow(NamedTuple):
    """One assessment with the ministry; `claimed` is what its newest submission says, `renews` whether its company ever
    held an award."""

    id: int
    company_id: int
    edition: str
    state: State
    version: int
    submitted_at: datetime | None
    due_on: date | None
    reviewer_id: int | None
    claimed: Mapping[str, Any] | None
    name_km: str
    name_latin: str
    kinds: list[str]
    province: str
    renews: bool


@dataclass(frozen=True)
class Signs:
    """Companies of which something is known that weighs on a risk, by the name an edition has for it."""

    companies: Mapping[str, frozenset[int]]

    def of(self, company_id: int) -> set[str]:
        return {name for name, found in self.companies.items() if company_id in found}


class Handing(NamedTuple):
    """How an assessment came back to the queue or to whoever holds it: by whom, when, and why if it was handed over."""

    by: int | None
    at: datetime
    reason: str


def case_rows(session: Session, *states: State) -> list[CaseRow]:
    """Every assessment in these states, the earliest due first."""
    renews = sa.exists().where(Award.company_id == Assessment.company_id)
    columns = (
        *(Assessment.id, Assessment.company_id, Assessment.edition, Assessment.state, Assessment.version),
        *(Assessment.submitted_at, Assessment.review_due_on, Assessment.reviewer_id, Assessment.claimed),
        *(Company.name_km, Company.name_latin, Company.kinds, Company.province, renews),
    )
    query = sa.select(*columns).join(Company, Company.id == Assessment.company_id).where(Assessment.state.in_(states))
    order = (Assessment.review_due_on, Assessment.submitted_at, Assessment.id)
    return [CaseRow(*row) for row in session.execute(query.order_by(*order))]


def replies_due(session: Session) -> dict[int, tuple[date, int]]:
    """By assessment that waits for its company: the day of the reply, and how many answers were asked about."""
    waits = Clarification.replied_at.is_(None), Clarification.lapsed_at.is_(None)
    query = sa.select(Clarification.assessment_id, Clarification.due_on, Clarification.questions).where(*waits)
    return {row.assessment_id: (row.due_on, len(row.questions)) for row in session.execute(query)}


def reopened_by_appeal(session: Session) -> frozenset[int]:
    """Assessments that a panel opened again: whoever had a part in them takes no part any more."""
    upheld = Appeal.outcome == AppealOutcome.UPHELD, Appeal.kind == AppealKind.REFUSAL
    return frozenset(session.scalars(sa.select(Appeal.assessment_id).where(*upheld)))


def ruled_counts(session: Session, assessments: Collection[int]) -> dict[int, int]:
    """By assessment: how many answers have a ruling that stands."""
    query = sa.select(Ruling.assessment_id, sa.func.count()).where(
        Ruling.assessment_id.in_(assessments), Ruling.withdrawn_at.is_(None)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Ruling.assessment_id))}


def last_replies(session: Session, assessments: Collection[int]) -> dict[int, datetime | None]:
    """By assessment: when its company replied last."""
    query = sa.select(Clarification.assessment_id, sa.func.max(Clarification.replied_at)).where(
        Clarification.assessment_id.in_(assessments), Clarification.replied_at.is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Clarification.assessment_id))}


def recommended_levels(session: Session, assessments: Collection[int]) -> dict[int, str | None]:
    """By assessment: the level that its standing recommendation names."""
    query = sa.select(Recommendation.assessment_id, Recommendation.level).where(
        Recommendation.assessment_id.in_(assessments), Recommendation.withdrawn_at.is_(None)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def last_handings(session: Session, assessments: Collection[int]) -> dict[int, Handing]:
    """By assessment: the last time it was handed back or over."""
    query = sa.select(AuditEntry.subject_id, AuditEntry.actor_id, AuditEntry.at, AuditEntry.content).where(
        AuditEntry.subject == "assessment", AuditEntry.subject_id.in_(assessments), AuditEntry.tag.in_(HANDED)
    )
    return {
        row.subject_id: Handing(row.actor_id, row.at, json.loads(row.content).get("reason", ""))
        for row in session.execute(query.order_by(AuditEntry.seq))
    }


def signs_seen(session: Session, incidents_since: datetime) -> Signs:
    """What changes while an assessment waits: four statements, however long the queue is."""
    incident = ChangeDeclaration.kind == ChangeKind.INCIDENT, ChangeDeclaration.declared_at >= incidents_since
    suspended = (
        sa.select(Award.company_id)
        .join(AwardDecision, AwardDecision.award_id == Award.id)
        .where(AwardDecision.act == AwardAct.SUSPENDED)
    )
    open_concern = sa.select(Concern.company_id).where(Concern.closed_at.is_(None))
    mending = SpotCheck.outcome == Finding.TO_MEND, SpotCheck.closed_at.is_(None)
    return Signs(
        {
            "incident_declared": frozenset(session.scalars(sa.select(ChangeDeclaration.company_id).where(*incident))),
            "suspended_before": frozenset(session.scalars(suspended)),
            "concern_open": frozenset(session.scalars(open_concern)),
            "spot_check_to_mend": frozenset(session.scalars(sa.select(SpotCheck.company_id).where(*mending))),
        }
    )
