"""Which answers a subject is asked for, and the state of each, without scoring anything."""

from scoring import answers
from scoring.condition import refs
from scoring.evaluate import run
from scoring.results import Basis
from scoring.rubric import Rubric
from scoring.subject import Subject
from scoring.work import Work

_SCORED = {"node", "level", "essential"}


def ask(rubric: Rubric, subject: Subject, *, basis: Basis = "claimed") -> Work:
    """The working memory with every answer resolved: `answers` by id, and `asks(condition)` as conditions that ask see.

    Only where somebody is asked because of a score is that score worked out. Raises ScoringError as `evaluate` does.
    """
    conditions = (answer.asked for answer in rubric.answers.values() if answer.asked is not None)
    if any(ref.kind in _SCORED for condition in conditions for ref in refs(condition)):
        return run(rubric, subject, basis)
    answers.check_names(rubric, subject)
    work = Work(rubric, subject, basis, answers.read_facts(rubric, subject))
    for kind, name in rubric.order:
        if kind == "answer":
            work.answers[name] = answers.resolve(work, rubric.answers[name])
    return work
