"""The law of the path to the next level."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from scoring import Subject, cheapest_path, load_rubric
from tests.scoring.laws.strategies import COMBINES, OPTIONS
from tests.scoring.laws.trying import law, scored

SHOP = {"fact": "kinds", "any_of": ["shop"]}
A_SAYS_YES = {"answer": "a", "is": "yes"}


@st.composite
def small(draw: st.DrawFn) -> tuple[dict[str, Any], Subject]:
    """Three or four choices with rising points, two groups, and where the subject stands.

    Some choices have another table, with falling points, for subjects of another kind, or where a says "yes".
    """
    names = ["a", "b", "c", "d"][: draw(st.integers(3, 4))]
    points = st.lists(st.integers(0, 9), min_size=3, max_size=3, unique=True).map(sorted)
    criteria = {name: {"choice": dict(zip(OPTIONS, draw(points), strict=False))} for name in names}
    for name in names:
        when = draw(st.sampled_from((SHOP, None, None, A_SAYS_YES)))
        if when and (name != "a" or when is SHOP):
            fallen = dict(zip(OPTIONS, reversed(criteria[name]["choice"].values()), strict=False))
            criteria[name] = {"cases": [{"when": when, "choice": fallen}, criteria[name]]}  # type: ignore[dict-item]
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


def _effort(tree: dict[str, Any], name: str, now: str | None, then: str | None, a: str | None) -> Fraction | None:
    """Staying is free; every rank of points higher costs the criterion's effort once, from nothing as well.

    None for an answer that earns no more. `a` is the answer to a in the end, which may turn the points around.
    """
    if then == now:
        return Fraction(0)
    criterion = tree["criteria"][name]
    falls = a == "yes" and criterion.get("cases", [{}])[0].get("when") is A_SAYS_YES
    ladder = OPTIONS[:3][::-1] if falls else OPTIONS[:3]
    steps = ladder.index(then) - (ladder.index(now) if now else -1)  # type: ignore[arg-type]
    return Fraction(criterion["effort"]) * steps if steps > 0 else None


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
        names, now = list(rubric.criteria), subject.answers
        for then in product(*(dict.fromkeys((*OPTIONS[:3], now.get(name))) for name in names)):
            answers = dict(zip(names, then, strict=True))
            efforts = [_effort(tree, name, now.get(name), answers[name], answers["a"]) for name in names]  # type: ignore[arg-type]
            effort = None if None in efforts else sum((one or Fraction(0) for one in efforts), Fraction(0))
            if effort is not None and (best is None or effort < best):
                card = scored(rubric, replace(subject, answers=answers))
                best = effort if card.levels["award"].rung(following or "").reached else best
        assert (path.effort if path else None) == best
        if path:
            changed = {answer: value for step in path.steps for answer, value in step.answers.items()}
            after = scored(rubric, replace(subject, answers={**subject.answers, **changed}))
            assert after.levels["award"].rung(path.reaches).reached
            assert path.new_score == after.nodes["total"].value
