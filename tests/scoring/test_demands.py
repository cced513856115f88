"""Demands that do not apply, dates in conditions, groups and overrides, and what a level asks of them."""

from fractions import Fraction

import pytest

from scoring import Rubric, Ruling, Scorecard, ScoringError, Subject, cheapest_path, evaluate, load_rubric
from scoring.condition import say
from scoring.path.cheapest import NoPath

TREE = {
    "rubric": "x",
    "facts": {
        "kind": {"type": "choice", "options": ["isp", "cafe"]},
        "since": {"type": "date", "default": "2020-01-01"},
    },
    "defaults": {"unanswered": 0, "not_applicable": "excluded"},
    "criteria": {
        "a": {"choice": {"yes": 10, "no": 0}},
        "b": {"choice": {"yes": 10, "no": 0}, "asked": {"answer": "a", "is": "yes"}},
        "c": {"choices": {"x": 5, "y": 5}},
    },
    "groups": {"t": {"combine": "mean", "of": ["a", "b", "c"]}},
    "levels": {
        "l": {
            "of": "t",
            "series": "yes",
            "rungs": [
                {"id": "one", "criteria": {"a": {"met_by": ["yes"], "when": {"fact": "kind", "is": "isp"}}}},
                {"id": "two", "criteria": {"b": {"met_by": "yes", "evidence": "accepted", "not_applicable": "fail"}}},
                {
                    "id": "three",
                    "criteria": {"c": {"met_by": ["y"], "evidence": "none"}},
                    "conditions": [{"fact": "since", "below": "2021-01-01"}, {"fact": "since", "is": "2020-01-01"}],
                },
            ],
        }
    },
}
RUBRIC = load_rubric(TREE)


@pytest.mark.parametrize(
    ("subject", "reached", "codes"),
    [
        (Subject({"kind": "cafe"}), "two", {"a": "does_not_apply", "b": "not_asked", "c": "unanswered"}),
        (Subject({"kind": "isp"}, {"a": "no"}), None, {"a": "other_answer"}),
        (Subject({"kind": "isp"}, {"a": "yes", "b": "yes"}), "one", {"b": "evidence_missing"}),
        (Subject({"kind": "isp"}, {"a": "yes"}, not_applicable={"b"}), "one", {"b": "not_applicable"}),
        (Subject({"kind": "cafe"}, {"c": ["x", "y"]}), "three", {"c": "met"}),
        (Subject({"kind": "cafe", "since": "2021-06-01"}, {"c": ["y"]}), "two", {}),
    ],
)
def test_what_a_demand_makes_of_an_answer(subject: Subject, reached: str | None, codes: dict[str, str]) -> None:
    level = evaluate(RUBRIC, subject).levels["l"]
    assert level.reached == reached
    found = {one.id: one.code for rung in level.rungs for one in (*rung.held, *rung.unmet) if one.kind == "criterion"}
    assert codes.items() <= found.items()
    assert all(one.because("km") and one.because("en") for rung in level.rungs for one in rung.unmet)


def test_the_path_keeps_the_rungs_below_in_a_series() -> None:
    path = cheapest_path(RUBRIC, Subject({"kind": "cafe"}), "l")
    assert path is not None
    assert (path.reaches, path.effort, path.steps[0].answers) == ("three", 1, {"c": ("y",)})
    claimed = cheapest_path(RUBRIC, Subject({"kind": "isp"}, {"a": "yes", "b": "yes"}), "l")
    assert claimed is not None
    assert (claimed.steps[0].criterion, claimed.steps[0].answers, claimed.steps[0].evidence) == ("b", {}, True)
    ruled = Subject(
        {"kind": "isp"}, {"a": "yes", "b": "yes"}, rulings={"a": Ruling("confirm"), "b": Ruling("adjust", "yes")}
    )
    verified = cheapest_path(RUBRIC, ruled, "l", basis="verified")
    assert verified is not None
    assert verified.scorecard.levels["l"].reached == "two"


def test_at_the_top_there_is_no_path() -> None:
    found = cheapest_path(RUBRIC, Subject({"kind": "cafe"}, {"c": ["y"]}), "l")
    assert isinstance(found, NoPath)
    assert found.why == "top"


def test_what_a_path_cannot_evaluate_is_passed_over() -> None:
    tree = {
        **TREE,
        "criteria": {
            **TREE["criteria"],
            "d": {"cases": [{"when": {"answer": "c", "any_of": ["x"]}, "points": 1}, {"points": 0}]},
        },  # type: ignore[dict-item]
        "groups": {"t": {"combine": "sum", "of": ["a", "c"]}, "u": {"combine": "sum", "of": ["t", "c", "d"]}},
        "levels": {
            "l": {"of": "u", "rungs": [{"id": "one", "total": 21, "conditions": [{"node": "t", "at_least": 11}]}]}
        },
    }
    path = cheapest_path(load_rubric(tree), Subject({"kind": "isp"}), "l")
    assert path is not None
    assert path.new_score is not None
    assert path.new_score >= 21
    with pytest.raises(ScoringError):
        evaluate(load_rubric(tree), Subject({"kind": "dog"}))


def rubric(**parts: object) -> Rubric:
    return load_rubric({"rubric": "x", "defaults": {"unanswered": 0}, **parts})


def score(found: Rubric, answers: dict[str, object] | None = None) -> Scorecard:
    return evaluate(found, Subject({}, answers or {}))  # type: ignore[arg-type]


def test_groups_that_cannot_be_calculated() -> None:
    negative = rubric(criteria={"a": {"linear": {}}}, groups={"g": {"combine": "geometric_mean", "of": ["a"]}})
    with pytest.raises(ScoringError, match="negative_value"):
        score(negative, answers={"a": -1})
    weights = {"a": {"weight": [{"when": {"answer": "a", "is": 1}, "weight": 2}]}}
    weighted = rubric(criteria={"a": {"linear": {}}}, groups={"g": {"combine": "sum", "of": weights}})
    assert score(weighted, answers={"a": 1}).nodes["g"].value == 2
    with pytest.raises(ScoringError, match="no_weight"):
        score(weighted, answers={"a": 3})
    inner = {"inner": {"combine": "sum", "of": ["a"]}, "g": {"combine": "share", "of": ["inner"]}}
    with pytest.raises(ScoringError, match="no_attainable"):
        score(rubric(criteria={"a": {"linear": {}}}, groups=inner), answers={"a": 3})
    nothing = rubric(criteria={"a": {"points": 0}}, groups={"g": {"combine": "share", "of": ["a"], "when_empty": 7}})
    assert (score(nothing).nodes["g"].value, score(nothing).nodes["g"].code) == (7, "nothing_attainable_counts_as")


def test_overrides() -> None:
    def card(override: dict[str, object]) -> Scorecard:
        acts = [{"when": {"answer": "a", "is": "yes"}, **override}]
        found = rubric(
            criteria={"a": {"choice": {"yes": 10, "no": 0}, "overrides": acts}},
            groups={"g": {"combine": "sum", "of": ["a"], "overrides": acts}},
        )
        return score(found, answers={"a": "yes"})

    assert card({"floor": 20, "because": "it matters"}).nodes["a"].value == 20
    assert "it matters" in card({"floor": 20, "because": "it matters"}).nodes["a"].because("en")
    assert card({"cap": 20}).nodes["a"].code == "option"
    assert card({"result": "excluded"}).nodes["g"].state == "empty"
    assert card({"result": "void"}).nodes["a"].state == "void"
    assert card({"set": 3}).contributions("g") == {"a": Fraction(3)}
    assert card({"floor": 20}).contributions("g") == {"a": Fraction(20)}


def test_levels_read_by_conditions_and_in_series() -> None:
    found = rubric(
        criteria={"a": {"linear": {}}, "b": {"points": 1, "applies": {"level": "l", "at_least": "mid"}}},
        groups={"t": {"combine": "sum", "of": ["a"]}},
        levels={
            "l": {
                "of": "t",
                "series": "yes",
                "rungs": [
                    {
                        "id": "low",
                        "conditions": [{"node": "t", "below": 100, "says": {"km": "តិច", "en": "not too much"}}],
                    },
                    {"id": "mid", "total": 5},
                    {"id": "top", "total": {"above": 9}, "criteria": {"a": {"points": {"at_least": 10}}}},
                ],
            },
            "m": {"rungs": [{"id": "x", "conditions": [{"level": "l", "is": "top"}]}]},
        },
    )
    low, top, beyond = (score(found, answers={"a": value}) for value in (5, 10, 100))
    assert (low.levels["l"].reached, low.nodes["b"].value) == ("mid", 1)
    assert low.levels["m"].stopping[0].says("en") == "The level of “l” is “top”"
    assert (top.levels["l"].reached, top.levels["m"].reached, top.levels["l"].stopping) == ("top", "x", ())
    assert beyond.levels["l"].reached is None
    assert [one.kind for one in beyond.levels["l"].rung("mid").unmet] == ["series"]
    assert (
        beyond.levels["l"].rung("mid").unmet[0].because("en")
        == "The level “low” must be reached first; it is not reached"
    )
    condition = found.levels["l"].rungs[0].conditions[0]
    assert (say(condition, "km"), say(condition, "en")) == ("តិច", "not too much")
    assert "“a” needs at least 10" in top.levels["l"].rung("top").held[1].because("en")
    with pytest.raises(KeyError):
        found.title["fr"]
