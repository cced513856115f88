"""From what an officer and a reviewer said to the subject that scoring evaluates."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.answers import Reply
from questionnaires.facts import Facts
from questionnaires.model import Edition
from scoring import Files, Ruling, Subject


def subject(
    edition: Edition,
    facts: Facts,
    replies: Mapping[str, Reply],
    *,
    files: Mapping[str, Files] | None = None,
    rulings: Mapping[str, Ruling] | None = None,
    name: str = "",
) -> Subject:
    """The subject for ``scoring.evaluate(edition.rubric, …)``; ``files`` counts the evidence by question.

    Answers to questions that are not asked may be there: the rubric hides them.
    """
    told = {fact: facts.value(fact) for fact in edition.rubric.facts}
    return Subject(
        facts={fact: value for fact, value in told.items() if value is not None},
        answers={
            question: reply.value
            for question, reply in replies.items()
            if reply.value is not None and not reply.not_applicable
        },
        evidence=dict(files or {}),
        rulings=dict(rulings or {}),
        not_applicable=frozenset(question for question, reply in replies.items() if reply.not_applicable),
        id=name,
    )
