"""The law of the fast way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring_data import subjects
from questionnaires import current
from scoring import Rubric, Scorecard, ScoringError, Subject, evaluate, load_rubric
from scoring.compiled.compile import compiled, score
from scoring.results import Basis
from tests.scoring.laws import strategies
from tests.scoring.laws.trying import law

BASES: tuple[Basis, ...] = ("claimed", "verified")


def plainly(rubric: Rubric, subject: Subject, basis: Basis) -> Scorecard | str:
    try:
        return evaluate(rubric, subject, basis=basis)
    except ScoringError as error:
        return str(error)


def fast(rubric: Rubric, subject: Subject, basis: Basis) -> Scorecard | str:
    try:
        return score(rubric, subject, basis=basis)
    except ScoringError as error:
        return str(error)


def agree(rubric: Rubric, subject: Subject, basis: Basis) -> None:
    slow, quick = plainly(rubric, subject, basis), fast(rubric, subject, basis)
    assert quick == slow
    if isinstance(slow, Scorecard) and isinstance(quick, Scorecard):
        assert quick.canonical_json() == slow.canonical_json()
        for scale, level in slow.levels.items():
            assert compiled(rubric, basis).reached(subject, scale) == level.reached


class TestCompiled:
    """Compiled and plain evaluation agree on random rubrics."""

    @law
    @given(st.data())
    def test_whole_language(self, data: st.DataObject) -> None:
        rubric = load_rubric(data.draw(strategies.rubrics()))
        for _ in range(4):
            subject = data.draw(strategies.subjects(rubric))
            for basis in BASES:
                agree(rubric, subject, basis)

    @law
    @given(st.data())
    def test_monotone_rubrics(self, data: st.DataObject) -> None:
        rubric = load_rubric(data.draw(strategies.plain_rubrics()))
        for _ in range(4):
            agree(rubric, data.draw(strategies.subjects(rubric)), "claimed")

    @pytest.mark.parametrize("basis", BASES)
    def test_first_edition(self, basis: Basis) -> None:
        rubric = current().rubric
        assert compiled(rubric, basis).program.sums
        for subject in subjects(60, seed=7, ruled=basis == "verified"):
            agree(rubric, subject, basis)
