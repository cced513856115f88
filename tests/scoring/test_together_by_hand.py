"""Many at once by hand: whoever comes first, whatever decides, each gets what the plain way gives."""

from itertools import product
from typing import Any

import pytest

from scoring import Files, Ruling, Subject
from scoring.many.sheets import Layout
from tests.scoring.test_program_by_hand import CHOICE, agree, fits, plainly, rubric, together

BIG: dict[str, Any] = {"fact": "big", "is": "yes"}
SITES: dict[str, Any] = {"type": "choices", "options": ["a", "b", "c"]}
CHOSEN: dict[str, Any] = {"type": "choice", "options": ["yes", "partial", "no"]}
VERDICTS: tuple[Any, ...] = (None, "confirm", "not_supported")
FILES: tuple[Any, ...] = (
    None,
    Files(0),
    Files(1),
    Files(2),
    Files(1, 1),
    Files(2, 1),
    Files(3, 3),
    "given",
    "accepted",
    "refused",
)


def turned(given: list[Subject]) -> list[list[Subject]]:
    """The same subjects with each sort of them first once."""
    return [given[at:] + given[:at] for at in range(0, len(given), max(1, len(given) // 5))]


class TestEvidence:
    @pytest.mark.parametrize("gate", ["half", "full", "none", {"at_most": 3, "files": 2}])
    @pytest.mark.parametrize("asked", [{}, {"asked": BIG}])
    def test_files_under_one_name(self, gate: Any, asked: dict[str, Any]) -> None:
        essential = {"essential": {"met_by": ["yes"], "evidence": "accepted"}}
        tree = rubric({"a": {**CHOICE, "evidence": gate, **asked, **essential}}, facts={"big": "yes_no"})
        given = [
            Subject({"big": big}, {"a": word}, {"a": files} if files else {})
            for big, word, files in product(("yes", "no"), ("yes", "no"), FILES)
        ]
        for each in turned(given):
            agree(tree, each)

    def test_files_under_two_names(self) -> None:
        """The criterion's own entry comes before the answer's, even when it says that there are none."""
        tree = rubric({"a": {**CHOICE, "input": {"answer": "other"}, "evidence": "half"}}, answers={"other": CHOSEN})
        pairs = list(product(FILES, FILES))
        given = [
            Subject({}, {"other": "yes"}, {name: one for name, one in zip(("a", "other"), pair, strict=True) if one})
            for pair in pairs
        ]
        for each in turned(given):
            agree(tree, each)

    def test_files_that_reviewers_decided_on(self) -> None:
        tree = rubric({"a": {**CHOICE, "evidence": {"at_most": 3, "files": 2}}, "b": CHOICE})
        rulings = [
            Ruling(evidence=one, verdict=verdict) for one in (None, "accepted", "refused") for verdict in VERDICTS
        ]
        agree(
            tree,
            [
                Subject({}, {"a": "yes", "b": "no"}, {"a": files} if files else {}, {"a": ruling})
                for files in FILES
                for ruling in rulings
            ],
        )


class TestConditions:
    @pytest.mark.parametrize("test", [{"any_of": ["a", "c"]}, {"all_of": ["a", "b"]}, {"answered": "yes"}])
    @pytest.mark.parametrize("verdict", [None, "confirm", "adjust", "not_supported"])
    def test_sets_of_options(self, test: dict[str, Any], verdict: Any) -> None:
        """Asked by, and granted by; as answered, and as a reviewer adjusted it."""
        tree = rubric(
            {
                "a": {**CHOICE, "asked": {"answer": "sites", **test}},
                "b": {**CHOICE, "applies": {"answer": "sites", **test}},
            },
            answers={"sites": {**SITES, "asked": BIG}},
            facts={"big": {"type": "yes_no", "default": "yes"}},
        )
        sets: list[Any] = [None, ("a",), ("b",), ("a", "b"), ("b", "c"), ("a", "b", "c")]
        adjusted = sets[1:] if verdict == "adjust" else [None]
        given = [
            Subject(
                {"big": big},
                {"sites": one, "a": "yes", "b": "partial"},
                {"sites": Files(1, 1)},
                {"sites": Ruling(verdict, value)} if verdict else {},
            )
            for big, one, value in product(("no", "yes"), sets, adjusted)
        ]
        agree(tree, given)

    def test_options_that_count_as_others_until_confirmed(self) -> None:
        sites = {**SITES, "counts_as_until_confirmed": {"a": "c"}}
        tree = rubric({"a": {**CHOICE, "asked": {"answer": "sites", "any_of": ["a"]}}}, answers={"sites": sites})
        sets: list[Any] = [None, ("a",), ("c",), ("a", "b")]
        rulings: list[dict[str, Ruling]] = [{}, {"sites": Ruling("confirm")}]
        agree(tree, [Subject({}, {"sites": one, "a": "yes"}, rulings=by) for one in sets for by in rulings])

    def test_sets_of_options_that_earn_points_as_well(self) -> None:
        earns = {"choices": {"a": 1, "b": 2, "c": 4}}
        tree = rubric({"sites": earns, "b": {**CHOICE, "asked": {"answer": "sites", "all_of": ["a", "b"]}}})
        sets: list[Any] = [None, ("a",), ("b",), ("a", "b"), ("a", "b", "c")]
        agree(tree, [Subject({}, {"sites": one, "b": "yes"}) for one in sets])

    @pytest.mark.parametrize("word", ["any", "all"])
    def test_several_conditions(self, word: str) -> None:
        parts = [BIG, {"answer": "x", "is": "yes"}, {"not": {"answer": "y", "is": "yes"}}]
        tree = rubric({"a": {**CHOICE, "asked": {word: parts}}, "x": CHOICE, "y": CHOICE}, facts={"big": "yes_no"})
        words = ("no", "yes")
        given = [
            Subject({"big": big}, {"a": "partial", "x": x, "y": y}) for big, x, y in product(words, words, words[::-1])
        ]
        for each in turned(given):
            agree(tree, each)

    def test_more_sets_of_options_than_a_byte_has_codes(self) -> None:
        names = "abcdefghi"
        sets = [tuple(one for at, one in enumerate(names) if code >> at & 1) for code in range(1, 512)]
        earns = {"choices": {name: at + 1 for at, name in enumerate(names)}, "asked": BIG}
        tree = rubric({"sites": earns, "b": CHOICE}, facts={"big": "yes_no"})
        given = [Subject({"big": big}, {"sites": one, "b": "no"}) for big in ("no", "yes") for one in sets]
        layout = Layout(tree)
        found = together(tree, layout, given, "claimed", "award")
        assert found == [plainly(tree, one, "claimed", "award") for one in given]
        assert set(found) == {"low", "high"}

    def test_points_by_a_fact(self) -> None:
        sizes = {"size": {"type": "choice", "options": ["small", "large"], "default": "small"}}
        tree = rubric({"a": {"input": {"fact": "size"}, "choice": {"small": 0, "large": 10}}, "b": CHOICE}, facts=sizes)
        agree(tree, [Subject({"size": size}, {"b": word}) for size in ("large", "small") for word in ("no", "yes")])

    def test_a_product_of_answers_of_which_one_is_not_asked(self) -> None:
        factors = [{"input": {"answer": name}, **CHOICE} for name in ("x", "y")]
        tree = rubric(
            {"a": {"product": factors, "evidence": "half"}},
            answers={
                "x": {**CHOSEN, "asked": BIG},
                "y": {**CHOSEN, "asked": {"answer": "z", "is": "yes"}},
                "z": CHOSEN,
            },
            facts={"big": "yes_no"},
        )
        words = ("yes", "partial", "no")
        given = [
            Subject({"big": big}, {"x": x, "y": y, "z": z}, {"a": Files(1)} if files else {})
            for big, x, y, z, files in product(("yes", "no"), words, words, ("yes", "no"), (True, False))
        ]
        for each in turned(given):
            agree(tree, each)

    def test_sheets_that_do_not_know_what_a_newer_rubric_asks(self) -> None:
        older = rubric({"a": CHOICE})
        newer = rubric(
            {
                "a": {**CHOICE, "asked": {"not": {"answer": "sites", "any_of": ["a"]}}},
                "b": {**CHOICE, "evidence": "half"},
            },
            answers={"sites": SITES},
        )
        given = [Subject({}, {"a": word}) for word in ("yes", "partial", "no")]
        layout = Layout(older)
        assert all(fits(layout, one) for one in given)
        found = together(newer, layout, given, "claimed", "award")
        assert found == [plainly(newer, one, "claimed", "award") for one in given]
