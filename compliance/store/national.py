"""What national figures are counted from: who takes part, and what the newest submissions say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.store.assessments import Assessment, Submission
from compliance.store.awards import Award
from compliance.store.check_ins import CheckIn
from compliance.store.companies import Company


@dataclass(frozen=True)
class Participant:
    """A company that has submitted, by the kind it names first, and its newest submission.

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


def participants(session: Session) -> Iterator[Participant]:
    """Every company that ever submitted, with its newest submission."""
    newest = (
        sa.select(sa.func.max(Submission.id))
        .join(Assessment, Assessment.id == Submission.assessment_id)
        .group_by(Assessment.company_id)
    )
    since = _sent_figures(session)
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


def _sent_figures(session: Session) -> dict[int, tuple[datetime, dict[str, Any]]]:
    """By company when its newest check-in was sent, and its figures as answers are stored."""
    query = sa.select(Award.company_id, CheckIn.sent_at, CheckIn.figures).join(Award, Award.id == CheckIn.award_id)
    rows = session.execute(query.where(CheckIn.sent_at.is_not(None)).order_by(CheckIn.sent_at, CheckIn.id))
    return {company_id: (sent_at, figures) for company_id, sent_at, figures in rows}


def company_count(session: Session) -> int:
    """How many companies are registered."""
    return session.scalar(sa.select(sa.func.count()).select_from(Company)) or 0
