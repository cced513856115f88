"""Answers that do not fit each other, or do not fit what the company is registered as."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.model import Edition, Question
from questionnaires.text import Text
from questionnaires.visible import View
from questionnaires.wording import CompanyKind
from scoring.condition import Condition, holds


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to mend, or to look at again, before submitting."""

    code: str
    severity: str
    """error (blocks submission), warning or info"""
    section: str
    question: str | None
    message: Text


def inconsistent(edition: Edition, questions: tuple[Question, ...], view: View) -> list[Issue]:
    """Every consistency check that strikes."""
    checks = {check.id: check for check in edition.rules.consistency_checks}
    found = []
    for check_id, conditions in edition.checks:
        check = checks[check_id]
        if _strikes(conditions, view) and check.about is not None:
            about = edition.question(check.about)
            found.append(Issue(check.id, check.severity, about.section, about.id, check.message))
    if kinds := checks.get("features_match_kind"):
        about = edition.question(edition.texts.features_question)
        for kind in _kinds_without_features(edition, view, about):
            words = kinds.message.format(kind=kind.label, features=_labels(about, kind.needs_features_any))
            found.append(Issue(kinds.id, kinds.severity, about.section, about.id, words))
    if order := checks.get("statistics_order"):
        for question, other in _larger_than_allowed(edition, questions, view):
            found.append(
                Issue(order.id, order.severity, question.section, question.id, order.message.format(other=other.text))
            )
    return found


def _strikes(conditions: tuple[Condition, ...], view: View) -> bool:
    return any(holds(condition, view) for condition in conditions)


def _kinds_without_features(edition: Edition, view: View, question: Question) -> list[CompanyKind]:
    chosen = view.answers.get(question.id)
    if not isinstance(chosen, tuple):
        return []
    mine = [kind for kind in edition.kinds if kind.id in view.facts.kinds]
    return [kind for kind in mine if set(kind.needs_features_any).isdisjoint(chosen)]


def _larger_than_allowed(
    edition: Edition, questions: tuple[Question, ...], view: View
) -> list[tuple[Question, Question]]:
    found = []
    for question in questions:
        limit = question.number.at_most if question.number else None
        mine, other = view.answers.get(question.id), view.answers.get(limit or "")
        if limit and isinstance(mine, Fraction) and isinstance(other, Fraction) and mine > other:
            found.append((question, edition.question(limit)))
    return found


def _labels(question: Question, values: Collection[str]) -> Text:
    labels = [question.option(value).label for value in values]
    return Text(km=" / ".join(label.km for label in labels), en=" / ".join(label.en for label in labels))
