"""Asking law: who is asked what is the same whether or not anything is scored."""

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from scoring import ScoringError, Subject, load_rubric
from scoring.asking import ask
from scoring.evaluate import run
from tests.scoring.laws.strategies import rubrics, subjects
from tests.scoring.laws.trying import law


@law
@given(st.data(), st.sampled_from(("claimed", "verified")))
def test_asked_alone_and_while_scoring(data: st.DataObject, basis: str) -> None:
    rubric = load_rubric(data.draw(rubrics()))
    subject = data.draw(subjects(rubric))
    try:
        scored = run(rubric, subject, basis)  # type: ignore[arg-type]
    except ScoringError:
        reject()
    asked = ask(rubric, subject, basis=basis)  # type: ignore[arg-type]
    assert asked.answers == scored.answers
    for answer in rubric.answers.values():
        assert asked.asks(answer.asked) == (asked.answers[answer.id].state != "not_asked" or not answer.asked)


def test_asked_because_of_a_score() -> None:
    rubric = load_rubric({
        "rubric": "r",
        "criteria": {
            "first": {"choice": {"yes": 1, "no": 0}, "unanswered": 0},
            "second": {"asked": {"node": "first", "at_least": 1}, "choice": {"yes": 1, "no": 0}, "unanswered": 0},
        },
    })  # fmt: skip
    for said, state in (("yes", "unanswered"), ("no", "not_asked")):
        assert ask(rubric, Subject(answers={"first": said})).answers["second"].state == state


def test_what_the_rubric_does_not_know_is_not_passed_over() -> None:
    rubric = load_rubric({"rubric": "r", "criteria": {"first": {"choice": {"yes": 1, "no": 0}}}})
    with pytest.raises(ScoringError, match="knows no answer"):
        ask(rubric, Subject(answers={"other": "yes"}))
