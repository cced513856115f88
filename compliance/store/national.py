"""What national figures are counted from: who takes part, and what the newest submissions say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.store.assessments import Assessment, Submission
from compliance.store.awards import Award
from compliance.store.companies import Company


@dataclass(frozen=True)
class Participant:
    """A company that has submitted, by the kind it names first, and its newest submission.

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
    query = (
        sa.select(Company.id, Company.kinds, Submission.content, Submission.scorecard, Award.level)
        .select_from(Submission)
        .join(Assessment, Assessment.id == Submission.assessment_id)
        .join(Company, Company.id == Assessment.company_id)
        .outerjoin(Award, Award.assessment_id == Assessment.id)
        .where(Submission.id.in_(newest))
        .order_by(Company.id)
    )
    for company_id, kinds, content, scorecard, level in session.execute(query.execution_options(yield_per=200)):
        said = json.loads(content)
        answers = {question: given["value"] for question, given in said["answers"].items()}
        card = json.loads(scorecard)
        outcomes = {criterion: finding["outcome"] for criterion, finding in card["findings"].items()}
        points = {name: node["value"] for name, node in card.get("nodes", {}).items() if node["value"] is not None}
        kind, edition = kinds[0] if kinds else "", said.get("edition", "")
        yield Participant(company_id, kind, answers, outcomes, level or "", points, edition)


def company_count(session: Session) -> int:
    """How many companies are registered."""
    return session.scalar(sa.select(sa.func.count()).select_from(Company)) or 0
