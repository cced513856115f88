"""The compiled program by hand: small rubrics, each with one thing a program could get wrong, against the plain way."""

from collections.abc import Iterable, Sequence
from itertools import permutations, product
from typing import Any

import pytest

from scoring import Rubric, ScoringError, Subject, evaluate, load_rubric
from scoring.compiled.compile import compiled, score
from scoring.many.reached import reached
from scoring.many.sheets import Layout, NoSheetError, Sheets
from scoring.results import Basis

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}
WORDS = ("yes", "partial", "no")
BASES: tuple[Basis, ...] = ("claimed", "verified")


def rubric(criteria: dict[str, Any], groups: dict[str, Any] | None = None, **more: Any) -> Rubric:
    tree = {
        "rubric": "program",
        "defaults": {"unanswered": 0, "not_applicable": "excluded"},
        "criteria": criteria,
        "groups": groups or {"t": {"combine": "mean", "of": list(criteria)}},
        "levels": {"award": {"of": "t", "rungs": [{"id": "low"}, {"id": "high", "total": 5}]}},
    }
    return load_rubric({**tree, **more})


def outcome(way: Any, tree: Rubric, subject: Subject, basis: Basis) -> object:
    try:
        return way(tree, subject, basis=basis).canonical_json()
    except ScoringError as error:
        return str(error)


def agree(tree: Rubric, given: Sequence[Subject]) -> None:
    """The program says what the plain way says of each subject, whoever was scored before; so do sheets of all."""
    for basis in BASES:
        for one in given:
            assert outcome(score, tree, one, basis) == outcome(evaluate, tree, one, basis)
        # Whatever goes wrong inside a program is left to the plain way: here the program itself has to manage.
        assert any(compiled(tree, basis).found(one) for one in given)
        layout = Layout(tree, ruled=basis == "verified")
        usable = [one for one in given if fits(layout, one)]
        for scale in tree.levels:
            assert together(tree, layout, usable, basis, scale) == [plainly(tree, one, basis, scale) for one in usable]


def fits(layout: Layout, subject: Subject) -> bool:
    try:
        return bool(layout.write(subject))
    except NoSheetError:
        return False


def together(tree: Rubric, layout: Layout, given: Sequence[Subject], basis: Basis, scale: str) -> list[str | None]:
    """Levels from sheets. A rubric that looks at more than sheets hold says so before it scores anybody."""
    try:
        found = reached(tree, Sheets(layout, b"".join(map(layout.write, given))), scale, basis=basis)
    except NoSheetError:
        return [plainly(tree, one, basis, scale) for one in given]
    ladder = [None, *(rung.id for rung in tree.levels[scale].rungs)]
    return [found.failures[at].code if at in found.failures else ladder[code] for at, code in enumerate(found.codes)]


def plainly(tree: Rubric, subject: Subject, basis: Basis, scale: str) -> str | None:
    try:
        return evaluate(tree, subject, basis=basis).levels[scale].reached
    except ScoringError as error:
        return error.code


def answered(*names: str, words: Iterable[str | None] = (*WORDS, None)) -> list[Subject]:
    """Every combination of answers; None is none."""
    found = product(list(words), repeat=len(names))
    return [Subject({}, {name: word for name, word in zip(names, each, strict=True) if word}) for each in found]


def skipped(name: str, *names: str) -> list[Subject]:
    return [Subject({}, one.answers, not_applicable={name}) for one in answered(*names)]


class TestGroups:
    def test_a_criterion_in_several_groups(self) -> None:
        groups = {
            "one": {"combine": "sum", "of": {"a": 2, "b": 1}},
            "two": {"combine": "mean", "of": {"b": 3, "a": 1}},
            "three": {"combine": "share", "of": {"a": "1/3", "b": 5}, "times": 100},
            "t": {"combine": "sum", "of": ["one", "two", "three"]},
        }
        agree(rubric({"a": CHOICE, "b": CHOICE}, groups), [*answered("a", "b"), *skipped("a", "a", "b")])

    @pytest.mark.parametrize("combine", ["sum", "mean", "share"])
    @pytest.mark.parametrize("empty", [{}, {"when_empty": 3}])
    @pytest.mark.parametrize("needs", [1, 2])
    def test_how_many_it_needs(self, combine: str, empty: dict[str, Any], needs: int) -> None:
        tree = rubric(
            {"a": CHOICE, "b": CHOICE, "c": {"choice": {"yes": 0, "no": 0}}},
            {
                "low": {"combine": combine, "of": ["a", "b", "c"], "needs": needs, **empty},
                "t": {"combine": "mean", "of": {"low": "1/3", "other": 2}, "needs": needs},
                "other": {"combine": "sum", "of": ["a"]},
            },
        )
        for gone in ({"a"}, {"b"}, {"a", "b"}, {"a", "c"}, {"b", "c"}, {"a", "b", "c"}, set()):
            agree(tree, [Subject({}, {"a": "yes", "b": "no", "c": "yes"}, not_applicable=frozenset(gone))])

    @pytest.mark.parametrize("times", ["1", "100", "1/3", "5/2"])
    @pytest.mark.parametrize("combine", ["sum", "mean", "share"])
    def test_factors_and_weights_that_are_no_whole_numbers(self, times: str, combine: str) -> None:
        groups = {
            "low": {"combine": combine, "of": {"a": "1/3", "b": "0.7"}, "times": times},
            "t": {"combine": "mean", "of": {"low": "1/7", "up": "2/3"}, "times": times},
            "up": {"combine": "mean", "of": {"low": "1/3", "half": "1/2"}},
            "half": {"combine": "mean", "of": {"a": "1/2"}},
        }
        agree(rubric({"a": CHOICE, "b": CHOICE}, groups), answered("a", "b"))

    def test_points_that_are_no_whole_numbers(self) -> None:
        tree = rubric({"a": {"linear": {"factor": "1/7", "lowest": 0, "highest": 10}}, "b": CHOICE})
        numbers = ("0", "1", "3.5", "7", "70", "200")
        agree(tree, [Subject({}, {"a": one, "b": word}) for one in numbers for word in WORDS])

    def test_a_group_below_without_a_result_adds_nothing_to_what_can_be_had(self) -> None:
        groups = {
            "one": {"combine": "mean", "of": ["a"]},
            "two": {"combine": "mean", "of": ["b"]},
            "t": {"combine": "sum", "of": {"one": 1, "two": 3}},
        }
        agree(rubric({"a": CHOICE, "b": CHOICE}, groups), [*skipped("a", "a", "b"), *skipped("b", "a", "b")])

    @pytest.mark.parametrize("weights", [{"a": 0, "b": 1}, {"a": 0, "b": 0}])
    def test_weights_of_nothing_are_for_the_plain_way(self, weights: dict[str, int]) -> None:
        for combine in ("sum", "mean", "share"):
            tree = rubric({"a": CHOICE, "b": CHOICE}, {"t": {"combine": combine, "of": weights}})
            assert not compiled(tree).program.sums
            for one in answered("a", "b"):
                assert score(tree, one) == evaluate(tree, one)

    def test_a_weight_that_only_sometimes_holds_is_for_the_plain_way(self) -> None:
        weights = [{"when": {"fact": "big", "is": "yes"}, "weight": 2}]
        groups = {"t": {"combine": "sum", "of": {"a": {"weight": weights}}}}
        tree = rubric({"a": CHOICE}, groups, facts={"big": "yes_no"})
        assert not compiled(tree).program.sums
        found = [outcome(score, tree, Subject({"big": word}, {"a": "yes"}), "claimed") for word in ("yes", "no")]
        assert found == [outcome(evaluate, tree, Subject({"big": w}, {"a": "yes"}), "claimed") for w in ("yes", "no")]


class TestLevels:
    RUNGS: tuple[dict[str, Any], ...] = (
        {"id": "one", "criteria": {"a": {"met_by": ["yes", "partial"]}}, "total": 2},
        {"id": "two", "criteria": {"b": {"met_by": ["yes"]}, "a": {"met_by": ["yes"]}}, "essentials": "required"},
        {"id": "three", "criteria": {"a": {"met_by": ["partial"]}}, "total": 6},
    )

    @pytest.mark.parametrize("build_up", ["yes", "no"])
    @pytest.mark.parametrize("series", ["yes", "no"])
    def test_demands_that_build_up_and_rungs_in_series(self, build_up: str, series: str) -> None:
        scale = {"of": "t", "rungs": list(self.RUNGS), "build_up": build_up, "series": series}
        essential = {**CHOICE, "essential": {"met_by": ["yes", "no"]}}
        agree(rubric({"a": CHOICE, "b": essential}, levels={"award": scale}), answered("a", "b"))

    @pytest.mark.parametrize("sections", [["low"], ["mid"], ["low", "mid"], ["low", "mid", "t"]])
    def test_sections_of_groups_of_groups(self, sections: list[str]) -> None:
        groups = {
            "low": {"combine": "mean", "of": ["a"]},
            "mid": {"combine": "mean", "of": ["low", "b"]},
            "t": {"combine": "mean", "of": ["low", "mid"]},
        }
        rungs: list[dict[str, Any]] = [
            {"id": "one", "each_section": {"at_least": 3, "except": {sections[0]: 1}}},
            {"id": "two", "total": 5, "each_section": 5},
        ]
        for of in ("t", "mid"):
            scale = {"of": of, "sections": sections, "rungs": rungs}
            agree(
                rubric({"a": CHOICE, "b": CHOICE}, groups, levels={"award": scale}),
                [*answered("a", "b"), *skipped("a", "a", "b")],
            )

    def test_several_scales(self) -> None:
        first = {"of": "t", "rungs": [{"id": "x", "criteria": {"a": {"met_by": ["yes"]}}}]}
        second = {"rungs": [{"id": "y", "criteria": {"a": {"met_by": ["no"]}}, "essentials": "required"}]}
        essential = {**CHOICE, "essential": {"met_by": ["partial", "no"]}}
        agree(rubric({"a": essential, "b": CHOICE}, levels={"p": first, "q": second}), answered("a", "b"))


class TestKeys:
    """Raw values that Python calls equal and the language does not: rows of one are never found by the other."""

    ALIKE: tuple[Any, ...] = (1, True, "1", 0, False, "0", 1.0, "yes", None, ["1"], ("1",), [1], {"1"}, (), [])

    @pytest.mark.parametrize("kind", ["number", "yes_no", "text"])
    def test_answers_and_facts_in_every_order(self, kind: str) -> None:
        number = {"linear": {"factor": 2}} if kind == "number" else {"presence": 1}
        asked = {"fact": "said", **({"is": "yes"} if kind == "yes_no" else {"answered": "yes"})}
        for first, second in permutations(self.ALIKE, 2):
            tree = rubric(
                {
                    "a": {"input": {"answer": "a"}, **number},
                    "b": {**CHOICE, "asked": asked},
                    "c": {**CHOICE, **self.applies(kind)},
                },
                answers={"a": kind},
                facts={"said": {"type": kind, "optional": "yes"}},
                version=f"{kind} {first!r} {second!r}",
            )
            for raw in (first, second):
                for subject in (Subject({}, {"a": raw, "b": "yes"}), Subject({"said": raw}, {"b": "yes", "c": "no"})):
                    assert outcome(score, tree, subject, "claimed") == outcome(evaluate, tree, subject, "claimed")

    @staticmethod
    def applies(kind: str) -> dict[str, Any]:
        return {"applies": {"fact": "said", "answered": "yes"}} if kind == "number" else {}

    @pytest.mark.parametrize("first", ALIKE[:6])
    def test_several_answers_under_a_condition(self, first: Any) -> None:
        factors = [{"input": {"answer": name}, "linear": {"factor": 2}} for name in ("x", "y", "z")]
        tree = rubric(
            {"a": {"product": factors, "applies": {"fact": "big", "is": "yes"}}},
            facts={"big": {"type": "yes_no", "default": "yes"}},
            answers=dict.fromkeys(("x", "y", "z"), "number"),
            version=repr(first),
        )
        given = [{"x": first, "y": "1", "z": "1"}, {"x": "1", "y": first, "z": "2"}]
        agree(
            tree, [Subject({}, {**one, name: raw}) for one in given for name in one for raw in (first, *self.ALIKE[:6])]
        )
