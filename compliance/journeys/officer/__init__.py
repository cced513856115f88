"""The company's officer: registers the company, answers, gives evidence, sees the score, submits, gets the decision."""

from compliance.journeys.officer import (
    assessment,
    blank,
    check_in,
    clarification,
    company,
    decision,
    declare,
    evidence,
    export,
    offline,
    plan,
    plan_step,
    question,
    renewal,
    score,
    submission,
    template,
)
from compliance.journeys.officer.blueprint import officer

__all__ = [
    "assessment",
    "blank",
    "check_in",
    "clarification",
    "company",
    "decision",
    "declare",
    "evidence",
    "export",
    "officer",
    "offline",
    "plan",
    "plan_step",
    "question",
    "renewal",
    "score",
    "submission",
    "template",
]
