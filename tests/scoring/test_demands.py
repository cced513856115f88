"""Demands that do not apply, dates in conditions, and what a level asks when they do."""

import pytest

from scoring import Ruling, ScoringError, Subject, cheapest_path, evaluate, load_rubric

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
    assert cheapest_path(RUBRIC, Subject({"kind": "cafe"}, {"c": ["y"]}), "l") is None


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
