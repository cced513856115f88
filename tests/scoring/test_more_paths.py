"""Paths in the corners: sections that ask nothing, totals of nothing, products, and turns to the slower way."""

from fractions import Fraction
from typing import Any

import pytest

from scoring import Path, Subject, cheapest_path, evaluate, load_rubric
from scoring.path import cheapest as paths

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}
SIDES: dict[str, Any] = {"g": {"combine": "sum", "of": ["a"]}, "h": {"combine": "sum", "of": ["b"]}}


def rubric(criteria: dict[str, Any], groups: dict[str, Any] | None = None, **more: Any) -> Any:
    defaults = {"unanswered": 0, "not_applicable": "excluded", **more.pop("defaults", {})}
    return load_rubric({"rubric": "ways", "defaults": defaults, "criteria": criteria, "groups": groups or {}, **more})


def award(rung: dict[str, Any], **scale: Any) -> dict[str, Any]:
    return {"award": {"rungs": [{"id": "in", **rung}], **scale}}


def changes(path: Path | None) -> dict[str, Any] | None:
    """All answers a path changes; checked against the plain algorithm, which has to find the rung reached."""
    if path is None:
        return None
    assert path.scorecard.levels["award"].reached == path.reaches
    return {answer: value for step in path.steps for answer, value in step.answers.items()}


class TestSections:
    """A rung may free a section from its minimum, and a level may look at sections alone."""

    @pytest.mark.parametrize(("free", "changed"), [({"h": "none"}, ["a"]), ({"h": 5}, ["a", "b"])])
    def test_a_section_that_is_free_is_left_alone(self, free: dict[str, Any], changed: list[str]) -> None:
        groups = {**SIDES, "t": {"combine": "sum", "of": ["g", "h"]}}
        each = {"at_least": 5, "except": free}
        tree = rubric(
            {"a": CHOICE, "b": CHOICE}, groups, levels=award({"each_section": each}, of="t", sections=["g", "h"])
        )
        path = cheapest_path(tree, Subject({}, {"a": "no", "b": "no"}), "award")
        assert changes(path) == dict.fromkeys(changed, "partial")

    def test_a_level_without_a_total(self) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE}, SIDES, levels=award({"each_section": 5}, sections=["g", "h"]))
        path = cheapest_path(tree, Subject({}, {"a": "no", "b": "no"}), "award")
        assert changes(path) == {"a": "partial", "b": "partial"}
        assert path is not None
        assert (path.effort, path.new_score) == (2, None)

    def test_a_section_of_nothing_asks_for_nothing(self) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE}, SIDES, levels=award({"each_section": 5}, sections=["g", "h"]))
        skipped = Subject({}, {"a": "no"}, not_applicable={"b"})
        assert changes(cheapest_path(tree, skipped, "award")) == {"a": "partial"}


class TestTotals:
    """Without a result of the total there is no rung, whichever end of the ladder is good."""

    @pytest.mark.parametrize(
        "level", [award({"total": 5}, of="t", better="low"), award({"total": 0}, of="t"), award({}, of="t")]
    )
    @pytest.mark.parametrize("policy", ["excluded", "void"])
    def test_a_total_of_nothing_is_never_reached(self, level: dict[str, Any], policy: str) -> None:
        tree = rubric(
            {"a": CHOICE}, {"t": {"combine": "sum", "of": ["a"]}}, levels=level, defaults={"not_applicable": policy}
        )
        subject = Subject({}, {"a": "no"}, not_applicable={"a"})
        assert evaluate(tree, subject).levels["award"].reached is None
        assert cheapest_path(tree, subject, "award") is None

    def test_an_empty_total_that_counts_as_a_number_is_what_it_counts_as(self) -> None:
        groups = {"t": {"combine": "sum", "of": ["a"], "when_empty": 3}}
        tree = rubric({"a": CHOICE}, groups, levels=award({"total": 5}, of="t"))
        assert cheapest_path(tree, Subject({}, {}, not_applicable={"a"}), "award") is None

    def test_a_group_nobody_is_asked_about_does_not_matter(self) -> None:
        hidden = {**CHOICE, "asked": {"fact": "big", "is": "yes"}}
        groups = {"h": SIDES["h"], "t": {"combine": "mean", "of": ["a", "h"]}}
        tree = rubric({"a": CHOICE, "b": hidden}, groups, facts={"big": "yes_no"}, levels=award({"total": 5}, of="t"))
        small, big = (cheapest_path(tree, Subject({"big": word}, {"a": "no"}), "award") for word in ("no", "yes"))
        assert changes(small) == {"a": "partial"}
        assert changes(big) in ({"a": "yes"}, {"b": "yes"}, {"a": "partial", "b": "partial"})

    def test_a_demand_beside_the_total_that_no_answer_meets(self) -> None:
        demand = {"met_by": ["yes"], "not_applicable": "fail"}
        tree = rubric(
            {"a": CHOICE, "b": CHOICE},
            {"g": SIDES["g"]},
            levels=award({"total": 5, "criteria": {"b": demand}}, of="g"),
        )
        assert cheapest_path(tree, Subject({}, {"a": "no"}, not_applicable={"b"}), "award") is None
        assert changes(cheapest_path(tree, Subject({}, {"a": "no"}), "award")) == {"a": "partial", "b": "yes"}


class TestWays:
    """Whichever way is taken, nothing cheaper reaches the rung."""

    def slowly(self, tree: Any, subject: Subject) -> Path | None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(paths, "is_separable", lambda *_: False)
            return cheapest_path(tree, subject, "award")

    def test_a_product_is_raised_by_its_factors(self) -> None:
        factors = [
            {"input": "quality", "choice": {"poor": 1, "good": 3}},
            {"input": "often", "choice": {"never": 0, "yearly": 2, "monthly": 4}},
        ]
        kinds = {
            "quality": {"type": "choice", "options": ["poor", "good"]},
            "often": {"type": "choice", "options": ["never", "yearly", "monthly"]},
        }
        tree = rubric({"a": {"product": factors}}, answers=kinds, levels=award({"total": 6}, of="a"))
        subject = Subject({}, {"quality": "poor", "often": "never"})
        path = cheapest_path(tree, subject, "award")
        assert changes(path) == {"quality": "good", "often": "yearly"}
        assert path is not None
        assert (path.effort, path.new_score) == (2, 6)

    @pytest.mark.parametrize(
        ("kind", "now", "changed"),
        [
            ("old", "no", {"a": "yes"}),
            ("old", "yes", None),
            ("new", "yes", {"a": "no"}),
            ("new", "no", None),
            ("other", None, {"b": "yes"}),
        ],
    )
    def test_what_is_better_is_what_the_case_in_force_says(
        self, kind: str, now: str | None, changed: dict[str, str] | None
    ) -> None:
        """Points by a fact: each kind has its own table, and a kind without one has no way but another question."""
        cases = [
            {"when": {"fact": "kind", "is": "old"}, "choice": {"yes": 10, "no": 0}},
            {"when": {"fact": "kind", "is": "new"}, "choice": {"yes": 0, "no": 10}},
        ]
        tree = rubric(
            {"a": {"cases": cases, "unanswered": "excluded"}, "b": {"choice": {"yes": 10, "no": 0}, "effort": 5}},
            {"t": {"combine": "sum", "of": ["a", "b"]}},
            facts={"kind": {"type": "choice", "options": ["old", "new", "other"]}},
            levels=award({"total": 10}, of="t"),
        )
        answers = {"a": now, "b": "no"} if now else {"b": "no"}
        assert changes(cheapest_path(tree, Subject({"kind": kind}, answers), "award")) == changed

    @pytest.mark.parametrize(
        ("now", "wanted", "effort"),
        [
            ({"a": "no", "b": "no"}, {"b": "yes"}, 1),
            ({"a": "yes", "b": "no"}, None, 0),
            ({"a": "yes", "b": "yes"}, {"b": "no"}, 1),
        ],
    )
    def test_another_answer_may_choose_the_case(
        self, now: dict[str, str], wanted: dict[str, str] | None, effort: int
    ) -> None:
        """Points of b rise, or fall where a says yes; the table that holds decides what is better."""
        cases = [
            {"when": {"answer": "a", "is": "yes"}, "choice": {"yes": 0, "no": 10}},
            {"choice": {"yes": 10, "no": 0}},
        ]
        tree = rubric(
            {"a": {"choice": {"yes": 1, "no": 0}, "effort": 5}, "b": {"cases": cases}},
            {"t": {"combine": "sum", "of": ["a", "b"]}},
            levels=award({"total": 10}, of="t"),
        )
        path = cheapest_path(tree, Subject({}, now), "award")
        assert changes(path) == wanted
        assert path is None or path.effort == effort

    @pytest.mark.parametrize(("now", "wanted"), [("far", "near"), ("near", "here"), ("here", None)])
    def test_an_answer_that_chooses_its_own_case_has_no_order(self, now: str, wanted: str | None) -> None:
        """Each way of answering has a table of its own, so any other answer is a step away."""
        cases = [
            {"when": {"answer": "a", "is": "far"}, "points": 1},
            {"when": {"answer": "a", "is": "near"}, "points": 5},
            {"points": 9},
        ]
        tree = rubric(
            {"a": {"answer": "a", "cases": cases}},
            {"t": {"combine": "sum", "of": ["a"]}},
            answers={"a": {"type": "choice", "options": ["far", "near", "here"]}},
            levels={"award": {"of": "t", "rungs": [{"id": "some", "total": 5}, {"id": "all", "total": 9}]}},
        )
        path = cheapest_path(tree, Subject({}, {"a": now}), "award")
        assert (path and path.effort) == (1 if wanted else None)
        if path and now == "near":
            assert changes(path) == {"a": wanted}

    @pytest.mark.parametrize("of", ["t", "a"])
    def test_a_node_without_a_result_takes_the_slower_way(self, of: str) -> None:
        """A void answer stays void, even where its group counts it as a number; an unanswered one may be answered."""
        choice = {"choice": {**CHOICE["choice"], "broken": "void"}, "unanswered": "excluded"}
        groups = {"t": {"combine": "sum", "of": ["a", "b"], "when_void": 3}}
        tree = rubric({"a": choice, "b": {**CHOICE, "effort": 2}}, groups, levels=award({"total": 8}, of=of))
        for answers in ({"a": "broken", "b": "no"}, {"b": "no"}, {"a": "partial", "b": "no"}):
            path = cheapest_path(tree, Subject({}, answers), "award")
            assert path == self.slowly(tree, Subject({}, answers))
            stuck = {"b": "partial"} if of == "t" else None
            assert changes(path) == (stuck if answers.get("a") == "broken" else {"a": "yes"})

    def test_more_questions_decide_what_is_asked_than_can_be_told_apart(self) -> None:
        names = [f"q{number}" for number in range(7)]
        asked = {"all": [{"answer": name, "is": "yes"} for name in names]}
        criteria = {name: {"choice": {"yes": 1, "no": 0}} for name in names}
        tree = rubric(
            {**criteria, "last": {"choice": {"yes": 1, "no": 0}, "asked": asked}},
            {"t": {"combine": "sum", "of": [*names, "last"]}},
            levels=award({"total": 8}, of="t"),
        )
        path = cheapest_path(tree, Subject({}, dict.fromkeys(names, "no")), "award")
        assert changes(path) == dict.fromkeys([*names, "last"], "yes")
        assert path is not None
        # From "no" each question is one step, from nothing at all to the best of two options it is two.
        assert path.effort == 7 + 2

    def test_answers_written_in_another_way_lead_the_same_way(self) -> None:
        tree = rubric(
            {"a": {"choices": {"1": 2, "2": 3, "3": 5}}, "b": CHOICE},
            {"t": {"combine": "sum", "of": ["a", "b"]}},
            levels=award({"total": 12}, of="t"),
        )
        written: list[Any] = [["1", "2"], ("2", "1"), {"1", "2"}, "1;2", [1, 2]]
        found = [cheapest_path(tree, Subject({}, {"a": raw, "b": "no"}), "award") for raw in written]
        assert {None if path is None else path.effort for path in found} == {Fraction(2)}
        assert all(changes(path) == changes(found[0]) for path in found)
