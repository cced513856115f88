"""The law of the path to the next level."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from scoring import Rubric, Subject, cheapest_path, load_rubric
from tests.scoring.laws.strategies import COMBINES, OPTIONS
from tests.scoring.laws.trying import law, scored


@st.composite
def small(draw: st.DrawFn) -> tuple[dict[str, Any], Subject]:
    """Three or four choices with rising points, two groups, and where the subject stands.

    Some choices have another table, with falling points, for subjects of another kind.
    """
    names = ["a", "b", "c", "d"][: draw(st.integers(3, 4))]
    points = st.lists(st.integers(0, 9), min_size=3, max_size=3, unique=True).map(sorted)
    criteria = {name: {"choice": dict(zip(OPTIONS, draw(points), strict=False))} for name in names}
    for name in names:
        if draw(st.integers(0, 3)) == 0:
            fallen = dict(zip(OPTIONS, reversed(criteria[name]["choice"].values()), strict=False))
            other = {"when": {"fact": "kinds", "any_of": ["shop"]}, "choice": fallen}
            criteria[name] = {"cases": [other, criteria[name]]}  # type: ignore[dict-item]
        criteria[name]["effort"] = draw(st.sampled_from(({"x": 1}, {"x": 2}, {"x": "1/2"})))["x"]  # type: ignore[assignment]
    inner = draw(st.sampled_from(COMBINES))
    tree = {
        "rubric": "small",
        "defaults": {"unanswered": 0},
        "facts": {"kinds": {"type": "choices", "options": ["isp", "shop"], "default": ["isp"]}},
        "criteria": criteria,
        "groups": {
            "first": {"combine": inner, "of": names[:2], "times": 10 if inner == "share" else 1},
            "total": {"combine": draw(st.sampled_from(("sum", "mean"))), "of": ["first", *names[2:]]},
        },
        "levels": {
            "award": {
                "of": "total",
                "rungs": [
                    {"id": "low", "total": draw(st.integers(0, 8))},
                    {
                        "id": "high",
                        "total": draw(st.integers(9, 20)),
                        "criteria": {"a": {"met_by": ["partial", "yes"]}},
                    },
                ],
            }
        },
    }
    answers = {name: draw(st.sampled_from(OPTIONS[:3])) for name in names if draw(st.integers(0, 3))}
    return tree, Subject(answers=answers)


def _efforts(rubric: Rubric, name: str, now: str | None) -> list[tuple[str | None, Fraction]]:
    """Staying is free; every rank of points higher costs the criterion's effort once, from nothing as well."""
    here = OPTIONS.index(now) if now else -1
    step = rubric.criteria[name].effort
    assert isinstance(step, Fraction)
    return [
        (now, Fraction(0)),
        *((option, step * (rank - here)) for rank, option in enumerate(OPTIONS[:3]) if rank > here),
    ]


class TestPathToTheNextLevel:
    """Path to the next level: it really reaches it, and nothing cheaper does."""

    @law
    @given(small())
    def test_optimal(self, example: tuple[dict[str, Any], Subject]) -> None:
        tree, subject = example
        rubric = load_rubric(tree)
        following = scored(rubric, subject).levels["award"].next
        path = cheapest_path(rubric, subject, "award")
        assume(following is not None)
        best: Fraction | None = None
        ways = [_efforts(rubric, name, subject.answers.get(name)) for name in rubric.criteria]  # type: ignore[arg-type]
        for combined in product(*ways):
            effort = sum((cost for _, cost in combined), Fraction(0))
            if best is None or effort < best:
                answers = {name: option for name, (option, _) in zip(rubric.criteria, combined, strict=True)}
                card = scored(rubric, replace(subject, answers=answers))
                best = effort if card.levels["award"].rung(following or "").reached else best
        assert (path.effort if path else None) == best
        if path:
            changed = {answer: value for step in path.steps for answer, value in step.answers.items()}
            after = scored(rubric, replace(subject, answers={**subject.answers, **changed}))
            assert after.levels["award"].rung(path.reaches).reached
            assert path.new_score == after.nodes["total"].value
