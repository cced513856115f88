"""What rows are found by: days and ages, things that only have to be given, facts that are missing, equal names."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scoring import Files, Ruling, Subject, evaluate
from scoring.compiled.compile import score
from tests.scoring.test_program_by_hand import BASES, CHOICE, agree, outcome, rubric

ON = date(2026, 11, 20)
MONTHS: dict[str, Any] = {"bands": [{"at_least": 24, "points": 0}, {"at_least": 6, "points": 2}, {"otherwise": 4}]}
DAYS = [ON - timedelta(days=days) for days in (-400, -1, 0, 1, 29, 150, 190, 350, 380, 700, 740, 1100)]
FACTS: dict[str, Any] = {"day": "date", "start": {"type": "date", "optional": "yes"}}
ADJUSTED = (None, Ruling("adjust", date(2020, 1, 1)), Ruling("adjust", ON + timedelta(days=3)), Ruling("confirm"))


def aged(unit: str, **more: Any) -> dict[str, Any]:
    return {"input": {"age": unit, "on": "day", **more}, **MONTHS}


class TestDays:
    @pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
    @pytest.mark.parametrize("units", [("months", "years"), ("days", "months"), ("years", "days")])
    def test_two_ages_of_two_days(self, names: tuple[str, str], units: tuple[str, str]) -> None:
        tree = rubric({name: aged(unit) for name, unit in zip(names, units, strict=True)}, facts=FACTS)
        agree(tree, [Subject({"day": ON}, {"a": one, "b": other}) for one in DAYS for other in DAYS])

    @pytest.mark.parametrize("units", [("months", "years"), ("years", "months"), ("days", "years")])
    def test_two_ages_of_one_day(self, units: tuple[str, str]) -> None:
        ages = {f"c{at}": aged(unit, of={"answer": "since"}) for at, unit in enumerate(units)}
        agree(
            rubric(ages, facts=FACTS, answers={"since": "date"}),
            [Subject({"day": on}, {"since": one}) for one in DAYS for on in (ON, DAYS[5])],
        )

    def test_a_condition_on_the_day_itself(self) -> None:
        asked = {"asked": {"answer": "a", "at_least": "2026-05-01"}}
        tree = rubric({"a": aged("years"), "b": {**CHOICE, **asked}}, facts=FACTS)
        agree(tree, [Subject({"day": ON}, {"a": one, "b": "yes"}) for one in DAYS])

    def test_a_product_of_two_ages(self) -> None:
        factors = [aged("months", of={"answer": name}) for name in ("since", "until")]
        tree = rubric({"a": {"product": factors}}, facts=FACTS, answers={"since": "date", "until": "date"})
        agree(tree, [Subject({"day": ON}, {"since": one, "until": other}) for one in DAYS for other in DAYS[:4]])

    def test_the_age_of_a_fact(self) -> None:
        tree = rubric({"a": aged("months", of={"fact": "start"}), "b": CHOICE}, facts=FACTS)
        agree(tree, [Subject({"day": ON, "start": one}, {"b": "yes"}) for one in DAYS])

    def test_days_that_reviewers_adjust(self) -> None:
        tree = rubric({"a": aged("months"), "b": aged("years")}, facts=FACTS)
        rulings = [{"a": one} if one else {} for one in ADJUSTED]
        agree(
            tree, [Subject({"day": ON}, {"a": one, "b": DAYS[8]}, rulings=ruling) for one in DAYS for ruling in rulings]
        )


class TestGiven:
    """Only whether something was given earns points: what it says is still read, and refused when it is wrong."""

    RAW: tuple[Any, ...] = (
        "yes", "other", "12", "abc", 12, True, ON, "2026-11-20", "2026", "", " - ", "-", ["yes"], ("yes", "no"), [],
        str(10**39), str(10**45), "9" * 5000, "x" * 19_999, "x" * 20_000, "x" * 20_001, 10**18, 10**400, None,
    )  # fmt: skip
    KINDS: tuple[Any, ...] = ("number", "text", "date", "yes_no", "given")
    OPTIONS = tuple({"type": kind, "options": ["yes", "no"]} for kind in ("choice", "choices"))

    @pytest.mark.parametrize("kind", [*KINDS, *OPTIONS])
    def test_every_value_after_a_right_one(self, kind: Any) -> None:
        tree = rubric(
            {"a": {"input": {"answer": "a"}, "presence": 1}},
            answers={"a": kind},
            words={"unanswered": ["-"]},
        )
        for first in self.RAW:
            own = replace(tree, sha256=f"{tree.sha256} {self.RAW.index(first)}")
            given = [Subject({}, {"a": raw}) for raw in (first, *self.RAW)]
            agree(own, [*given, *(replace(one, not_applicable=frozenset({"a"})) for one in given)])

    def test_a_calculation_on_it(self) -> None:
        tree = rubric({"a": {"presence": 1, "input": {"divide": [1, {"answer": "n"}]}}}, answers={"n": "number"})
        agree(tree, [Subject({}, {"n": raw}) for raw in ("1", "0", 5, 0, "x")])

    @pytest.mark.parametrize("essential", [{"met_by": ["yes"]}, {"met_by": ["yes"], "discretionary": ["perhaps"]}])
    def test_an_essential_that_looks_at_the_option(self, essential: dict[str, Any]) -> None:
        answers = {"a": {"type": "choice", "options": ["yes", "perhaps", "no"]}}
        tree = rubric({"a": {"presence": 1, "input": {"answer": "a"}, "essential": essential}}, answers=answers)
        agree(tree, [Subject({}, {"a": raw}) for raw in ("no", "yes", "perhaps", "other", None)])


class TestFacts:
    """A fact that is missing is told, whoever was scored before."""

    def test_after_somebody_whose_fact_was_given(self) -> None:
        tree = rubric(
            {"a": CHOICE, "b": {**CHOICE, "asked": {"fact": "big", "is": "yes"}}},
            facts={"big": "yes_no", "near": {"type": "yes_no", "optional": "yes"}},
            answers={"k": {"type": "yes_no", "asked": {"fact": "near", "is": "yes"}}},
        )
        facts: list[dict[str, Any]] = [{"big": "no"}, {"big": "yes"}, {}, {"near": "yes"}, {"big": "no", "near": "no"}]
        agree(tree, [Subject(one, {"a": "yes", "b": "yes"}) for one in facts])

    def test_whether_it_is_there_may_be_asked(self) -> None:
        tree = rubric({"a": {**CHOICE, "asked": {"fact": "big", "answered": "yes"}}}, facts={"big": "yes_no"})
        agree(tree, [Subject(one, {"a": "yes"}) for one in ({}, {"big": "no"}, {"big": "yes"}, {})])


class TestKept:
    def test_another_rubric_of_the_same_name(self) -> None:
        """Programs are kept by a digest; whoever makes one up still gets the rubric asked for."""
        one, other = (replace(rubric({"a": {"choice": {"yes": points}}}), sha256="the same") for points in (3, 7))
        subject = Subject({}, {"a": "yes"})
        for tree in (one, other, replace(one), other, one):
            assert score(tree, subject).nodes["a"] == evaluate(tree, subject).nodes["a"]

    def test_sets_beside_numbers(self) -> None:
        """A number sends a subject to the careful way; sets of options stay apart there too."""
        tree = rubric(
            {"n": {"linear": {"factor": 1}}, "s": {"choices": {"a": 1, "b": 2, "c": 4}}, "x": CHOICE},
        )
        sets: list[Any] = [("a", "b"), ("c", "b"), ["b"], {"c"}, ("a", "b", "c"), (), None]
        given = [Subject({}, {"n": number, "s": chosen}) for number in (1, 2) for chosen in sets]
        agree(tree, [*given, *(replace(one, not_applicable=frozenset({"s"})) for one in given)])

    @pytest.mark.parametrize("basis", BASES)
    def test_words_that_are_not_the_subjects_own(self, basis: Any) -> None:
        tree = rubric({"a": {"presence": 1}, "b": {"presence": 1, "evidence": "half"}})
        for said in ("first", "second", " third "):
            subject = Subject(
                {},
                {"a": said, "b": said},
                {"b": Files(1, 1)},
                {"a": Ruling("adjust", said + "!"), "b": Ruling("confirm")},
            )
            assert outcome(score, tree, subject, basis) == outcome(evaluate, tree, subject, basis)
