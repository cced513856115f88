"""A subject under a rubric that knows less than was said."""

from dataclasses import replace

from scoring.rubric import Rubric
from scoring.subject import Subject


def fit(rubric: Rubric, subject: Subject) -> Subject:
    """The subject without what this rubric does not know."""
    rulable = rubric.answers.keys() | rubric.criteria.keys()
    if (
        subject.facts.keys() <= rubric.facts.keys()
        and subject.answers.keys() | subject.not_applicable <= rubric.answers.keys()
        and subject.evidence.keys() | subject.rulings.keys() <= rulable
    ):
        return subject
    return replace(
        subject,
        facts={name: value for name, value in subject.facts.items() if name in rubric.facts},
        answers={name: value for name, value in subject.answers.items() if name in rubric.answers},
        evidence={name: value for name, value in subject.evidence.items() if name in rulable},
        rulings={name: value for name, value in subject.rulings.items() if name in rulable},
        not_applicable=frozenset(name for name in subject.not_applicable if name in rubric.answers),
    )
