"""What national figures are counted from at a moment: who takes part, and what the newest decided submissions say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.clock import day_of
from compliance.domain.lifecycle import State
from compliance.store.assessments import Assessment, Submission
from compliance.store.awards import Award
from compliance.store.check_ins import CheckIn
from compliance.store.companies import Company

DECIDED = (State.APPROVED, State.REFUSED)


@dataclass(frozen=True)
class Member:
    """A company, by the kind it names first; `submitted`: ever so far; `shown`: by the register, so far."""

    company_id: int
    kind: str
    province: str
    workers: int
    submitted: bool
    shown: bool


def members(session: Session, until: datetime) -> Iterator[Member]:
    """Every company that was registered by then."""
    submitted = (
        sa.select(Assessment.company_id)
        .join(Submission, Submission.assessment_id == Assessment.id)
        .where(Submission.submitted_at <= until)
    )
    shown = sa.select(Award.company_id).where(Award.granted_at <= until, Award.starts <= day_of(until))
    query = sa.select(
        Company.id,
        Company.kinds,
        Company.province,
        Company.workers,
        Company.id.in_(submitted).label("submitted"),
        Company.id.in_(shown).label("shown"),
    )
    for row in session.execute(query.where(Company.registered_at <= until).order_by(Company.id)):
        kind = row.kinds[0] if row.kinds else ""
        yield Member(row.id, kind, row.province, row.workers, bool(row.submitted), bool(row.shown))


@dataclass(frozen=True)
class Participant:
    """A company with a decision, by the kind it names first, and the newest submission that was decided.

    Before its decision a submission counts in no figure of what companies answer: what the register tells of it
    afterwards must have been known when the figure was judged.

    In `answers` the figures of a check-in that was sent since then stand in the place of the submission's.
    `level` is the one of the award that this submission led to, which the register tells; empty without one.
    `points` are what it claims under `edition`, by node of the scorecard, exactly, where there is a result.
    """

    company_id: int
    kind: str
    answers: Mapping[str, Any]
    outcomes: Mapping[str, str]
    level: str = ""
    points: Mapping[str, str] = field(default_factory=dict)
    edition: str = ""


def participants(session: Session, until: datetime) -> Iterator[Participant]:
    """Every company with a decision by then, with the newest submission that was decided."""
    newest = (
        sa.select(sa.func.max(Submission.id))
        .join(Assessment, Assessment.id == Submission.assessment_id)
        .where(Assessment.state.in_(DECIDED), Assessment.decided_at <= until, Submission.submitted_at <= until)
        .group_by(Assessment.company_id)
    )
    since = _sent_figures(session, until)
    query = (
        sa.select(
            Company.id, Company.kinds, Submission.content, Submission.scorecard, Submission.submitted_at, Award.level
        )
        .select_from(Submission)
        .join(Assessment, Assessment.id == Submission.assessment_id)
        .join(Company, Company.id == Assessment.company_id)
        .outerjoin(Award, Award.assessment_id == Assessment.id)
        .where(Submission.id.in_(newest))
        .order_by(Company.id)
    )
    for company_id, kinds, content, scorecard, submitted_at, level in session.execute(
        query.execution_options(yield_per=200)
    ):
        said = json.loads(content)
        sent_at, figures = since.get(company_id, (submitted_at, {}))
        newer = figures if sent_at > submitted_at else {}
        answers = {question: given["value"] for question, given in (said["answers"] | newer).items()}
        card = json.loads(scorecard)
        outcomes = {criterion: finding["outcome"] for criterion, finding in card["findings"].items()}
        points = {name: node["value"] for name, node in card.get("nodes", {}).items() if node["value"] is not None}
        kind, edition = kinds[0] if kinds else "", said.get("edition", "")
        yield Participant(company_id, kind, answers, outcomes, level or "", points, edition)


def _sent_figures(session: Session, until: datetime) -> dict[int, tuple[datetime, dict[str, Any]]]:
    """By company when its newest check-in was sent, and its figures as answers are stored."""
    query = sa.select(Award.company_id, CheckIn.sent_at, CheckIn.figures).join(Award, Award.id == CheckIn.award_id)
    rows = session.execute(query.where(CheckIn.sent_at <= until).order_by(CheckIn.sent_at, CheckIn.id))
    return {company_id: (sent_at, figures) for company_id, sent_at, figures in rows}
