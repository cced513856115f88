"""What decided a result: a cap, a floor, a gate or rounding is named only when it changed something."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from scoring import Rubric, Ruling, Scorecard, Subject, evaluate, load_rubric
from scoring.condition import Edge, EdgeOp
from scoring.fitting import fit
from scoring.headers import Column, column_of, known

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "no": 0}}
LINEAR: dict[str, Any] = {"linear": {}}


def rubric(criteria: Mapping[str, Any], **more: Any) -> Rubric:
    return load_rubric({"rubric": "decided", "defaults": {"unanswered": 0}, "criteria": criteria, **more})


def score(tree: Rubric, answers: Mapping[str, Any], **more: Any) -> Scorecard:
    subject = Subject({}, answers, **more)
    return evaluate(tree, subject)


def codes(criterion: Mapping[str, Any], answer: object) -> list[str]:
    return [reason.code for reason in score(rubric({"a": criterion}), {"a": answer}).nodes["a"].reasons]


class TestCriteria:
    @pytest.mark.parametrize(
        ("more", "answer", "expected"),
        [
            ({"cap": 5}, 5, ["number"]),
            ({"cap": 5}, 6, ["number", "capped"]),
            ({"floor": 5}, 5, ["number"]),
            ({"floor": 5}, 4, ["number", "floored"]),
            ({"round": {"digits": 0}}, 5, ["number"]),
            ({"round": {"digits": 0}}, "5.5", ["number", "rounded"]),
            ({"evidence": {"at_most": 5}}, 5, ["number"]),
            ({"evidence": {"at_most": 5}}, 6, ["number", "evidence_missing"]),
        ],
    )
    def test_only_what_changed_something_is_named(
        self, more: dict[str, Any], answer: object, expected: list[str]
    ) -> None:
        assert codes({**LINEAR, **more}, answer) == expected

    def test_evidence_gates_points_of_answers_not_of_missing_ones(self) -> None:
        gated = {**CHOICE, "evidence": "full", "unanswered": 4}
        tree = rubric({"a": gated})
        assert (score(tree, {}).nodes["a"].value, score(tree, {"a": "yes"}).nodes["a"].value) == (4, 0)

    @pytest.mark.parametrize(
        ("result", "outcome", "said"),
        [
            ("void", "void", "Because “a” is answered “yes”: there is no result."),
            ("excluded", "not_applicable", "Because “a” is answered “yes”: it does not count."),
        ],
    )
    def test_an_override_without_a_result(self, result: str, outcome: str, said: str) -> None:
        override = {"when": {"answer": "a", "is": "yes"}, "result": result}
        card = score(rubric({"a": {**CHOICE, "overrides": [override]}}), {"a": "yes"})
        assert card.findings["a"].outcome == outcome
        assert card.nodes["a"].because("en").endswith(said)

    def test_an_override_that_is_a_cap_or_floor_already_kept_says_nothing(self) -> None:
        when = {"when": {"answer": "a", "above": 0}}
        for act in ({"cap": 5}, {"floor": 5}, {"set": 5}):
            expected = ["number", "override_set"] if "set" in act else ["number"]
            assert codes({**LINEAR, "overrides": [{**when, **act}]}, 5) == expected


class TestGroups:
    def test_a_cap_is_the_most_there_is_to_get(self) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE}, groups={"g": {"combine": "sum", "of": ["a", "b"], "cap": 15}})
        assert score(tree, {"a": "yes", "b": "yes"}).nodes["g"].attainable == 15
        higher = rubric({"a": CHOICE}, groups={"g": {"combine": "sum", "of": ["a"], "cap": 15}})
        assert score(higher, {}).nodes["g"].attainable == 10

    @pytest.mark.parametrize(("combine", "child"), [("lowest", "b"), ("highest", "a")])
    def test_the_child_that_decides_is_named(self, combine: str, child: str) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE}, groups={"t": {"combine": combine, "of": ["a", "b"]}})
        found = score(tree, {"a": "yes", "b": "no"}).nodes["t"]
        assert found.decided_by == (child,)
        assert dict(found.reasons[0].params)["child"] == child

    @pytest.mark.parametrize(("counting", "code"), [(0, "empty"), (1, "too_few"), (2, "sum")])
    def test_how_many_must_count(self, counting: int, code: str) -> None:
        criteria = {name: {**CHOICE, "unanswered": "excluded"} for name in "ab"}
        tree = rubric(criteria, groups={"g": {"combine": "sum", "of": ["a", "b"], "needs": 2}})
        assert score(tree, dict.fromkeys("ab"[:counting], "yes")).nodes["g"].code == code

    def test_a_void_child_without_weight_decides_nothing(self) -> None:
        broken = {"choice": {"broken": "void", "no": 0}}
        for weight, state in ((0, "value"), (1, "void")):
            tree = rubric({"a": broken, "b": CHOICE}, groups={"g": {"combine": "sum", "of": {"a": weight, "b": 1}}})
            assert score(tree, {"a": "broken", "b": "yes"}).nodes["g"].state == state


class TestDemands:
    @pytest.mark.parametrize(("answer", "code"), [(4, "too_few_points"), (5, "met")])
    def test_points_asked_for(self, answer: int, code: str) -> None:
        rung = {"id": "in", "criteria": {"a": {"points": 5}}}
        card = score(rubric({"a": LINEAR}, levels={"l": {"rungs": [rung]}}), {"a": answer})
        (asked,) = (*card.levels["l"].rungs[0].held, *card.levels["l"].rungs[0].unmet)
        assert (asked.code, asked.held, asked.position) == (code, code == "met", 0)

    def test_without_a_result_no_points_are_enough(self) -> None:
        override = {"when": {"answer": "a", "above": 5}, "result": "excluded"}
        tree = rubric(
            {"a": {**LINEAR, "overrides": [override]}},
            levels={"l": {"rungs": [{"id": "in", "criteria": {"a": {"points": 5}}}]}},
        )
        assert score(tree, {"a": 6}).levels["l"].stopping[0].code == "too_few_points"

    def test_only_free_conditions_are_counted(self) -> None:
        conditions = [{"node": "a", "at_least": number} for number in (1, 2)]
        rung = {"total": 1, "each_section": 1, "essentials": "required", "criteria": {"a": {"points": 1}}}
        tree = rubric(
            {"a": {**LINEAR, "essential": {"points": 1}}},
            levels={
                "l": {
                    "of": "a",
                    "sections": ["a"],
                    "series": "yes",
                    "rungs": [{"id": "low", **rung}, {"id": "top", **rung, "conditions": conditions}],
                }
            },
        )
        top = score(tree, {"a": 0}).levels["l"].rung("top")
        assert sorted((one.kind, one.position) for one in top.unmet) == [
            ("condition", 0), ("condition", 1), ("criterion", 0), ("essential", 0),
            ("section", 0), ("series", 0), ("total", 0),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("op", "held"), [("at_least", [5, 6]), ("above", [6]), ("at_most", [4, 5]), ("below", [4])]
    )
    def test_a_limit(self, op: EdgeOp, held: list[int]) -> None:
        assert [number for number in (4, 5, 6) if Edge(op, Fraction(5)).holds(Fraction(number))] == held


class TestNames:
    def test_what_a_column_may_be_called(self) -> None:
        tree = load_rubric(
            {
                "rubric": "columns",
                "facts": {"size": "number", "both": "number"},
                "answers": {"q": "number", "both": "number"},
                "criteria": {"c": {"answer": "q", "linear": {}}},
            }
        )
        names = known(tree)
        found = {
            title: column_of(title, names)
            for title in (
                "size", "q", "fact:both", "answer:both", "fact:q", "answer:size", "other:q", "other:size",
                "q.evidence", "c.evidence", "size.evidence", "z.evidence", "q.other", "c", "z",
            )
        }  # fmt: skip
        assert {title: column for title, column in found.items() if column} == {
            "size": Column("fact", "size"),
            "q": Column("answer", "q"),
            "fact:both": Column("fact", "both"),
            "answer:both": Column("answer", "both"),
            "q.evidence": Column("evidence", "q"),
            "c.evidence": Column("evidence", "c"),
        }

    def test_a_subject_that_fits_is_left_as_it_is(self) -> None:
        tree = rubric({"a": CHOICE}, facts={"f": "number"})
        whole = Subject({"f": 1}, {"a": "yes"}, {"a": "given"}, {"a": Ruling("confirm")}, {"a"}, "s")
        assert fit(tree, whole) is whole
        assert fit(tree, Subject()) == Subject()
        for more in (
            Subject({"f": 1, "x": 1}, {"a": "yes"}),
            Subject({"f": 1}, {"a": "yes", "x": 1}),
            Subject({"f": 1}, {"a": "yes"}, {"x": "given"}),
            Subject({"f": 1}, {"a": "yes"}, rulings={"x": Ruling()}),
            Subject({"f": 1}, {"a": "yes"}, not_applicable={"x"}),
        ):
            assert fit(tree, more) == Subject({"f": 1}, {"a": "yes"})
