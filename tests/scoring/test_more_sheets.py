"""Sheets in the corners: many different days, many combinations, fine figures, rubrics of others."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from scoring import Rubric, ScoringError, Subject, evaluate, load_rubric
from scoring.many.reached import matrix, reached
from scoring.many.sheets import MOST_CHOICES, Layout, NoSheetError, Sheets

ON = date(2026, 11, 20)
CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}


def rubric(criteria: dict[str, Any], **more: Any) -> Rubric:
    tree = {
        "rubric": "many",
        "defaults": {"unanswered": 0, "not_applicable": "excluded"},
        "criteria": criteria,
        "groups": {"t": {"combine": "sum", "of": list(criteria)}},
        "levels": {"award": {"of": "t", "rungs": [{"id": "low", "total": 5}, {"id": "high", "total": 10}]}},
    }
    return load_rubric({**tree, **more})


def plainly(tree: Rubric, subject: Subject) -> str | None:
    try:
        return evaluate(tree, subject).levels["award"].reached
    except ScoringError as error:
        return error.code


def together(tree: Rubric, given: list[Subject], layout: Layout | None = None) -> list[str | None]:
    """What sheets give for all at once, which has to be what the plain algorithm gives for each."""
    wrote = layout or Layout(tree)
    found = reached(tree, Sheets(wrote, b"".join(map(wrote.write, given))), "award")
    ladder = [None, *(rung.id for rung in tree.levels["award"].rungs)]
    codes = [found.failures[at].code if at in found.failures else ladder[code] for at, code in enumerate(found.codes)]
    if layout is None:
        assert codes == [plainly(tree, one) for one in given]
    return codes


class TestWriting:
    def test_a_fact_without_a_value_is_no_fact(self) -> None:
        layout = Layout(rubric({"a": CHOICE}, facts={"big": "yes_no"}))
        assert layout.write(Subject({"big": None})) == layout.write(Subject())

    def test_more_options_than_a_cell_has_bits(self) -> None:
        options = [f"o{number}" for number in range(MOST_CHOICES + 1)]
        for count, fits in ((MOST_CHOICES, True), (MOST_CHOICES + 1, False)):
            kind = {"type": "choices", "options": options[:count]}
            layout = Layout(rubric({"a": CHOICE}, answers={"sites": kind}))
            subject = Subject({}, {"sites": ("o1", "o3")})
            if fits:
                assert layout.read(layout.write(subject)) == subject
            else:
                with pytest.raises(NoSheetError, match="too many options"):
                    layout.write(subject)


class TestRefused:
    """What sheets cannot tell is refused for the rubric as a whole, with the reason."""

    @pytest.mark.parametrize(
        ("tree", "reason"),
        [
            (rubric({"a": CHOICE, "b": {"input": {"node": "a"}, "linear": {}}}), "a rule reads a node"),
            (
                rubric({"a": {**CHOICE, "asked": {"fact": "size", "at_least": 5}}}, facts={"size": "number"}),
                "the content of size",
            ),
            (rubric({"a": {"input": {"fact": "size"}, "linear": {}}}, facts={"size": "number"}), "the content of size"),
        ],
    )
    def test_a_rubric(self, tree: Rubric, reason: str) -> None:
        layout = Layout(tree)
        with pytest.raises(NoSheetError, match=reason):
            reached(tree, Sheets(layout, layout.write(Subject())), "award")


class TestOneByOne:
    """Whom the units leave to the plain code gets its level, or its error, and nobody else is touched."""

    def test_a_fact_that_is_missing(self) -> None:
        tree = rubric({"a": {**CHOICE, "asked": {"fact": "big", "is": "yes"}}}, facts={"big": "yes_no"})
        facts = [{"big": "yes"}, {}, {"big": "no"}]
        assert together(tree, [Subject(one, {"a": "yes"}) for one in facts]) == ["high", "missing_fact", None]

    def test_a_void_answer_that_its_group_leaves_out(self) -> None:
        tree = rubric(
            {"a": {"choice": {**CHOICE["choice"], "broken": "void"}}, "b": CHOICE},
            groups={"t": {"combine": "sum", "of": ["a", "b"], "when_void": "excluded"}},
        )
        given = [Subject({}, {"a": a, "b": b}) for a in ("broken", "no") for b in ("yes", "partial", "no")]
        assert together(tree, given) == ["high", "low", None] * 2

    def test_a_level_of_demands_alone(self) -> None:
        rungs = [{"id": "low", "criteria": {"a": {"met_by": ["partial", "yes"]}}}]
        tree = rubric({"a": CHOICE}, levels={"award": {"rungs": rungs}})
        assert together(tree, [Subject({}, {"a": word}) for word in ("yes", "no", "partial")]) == ["low", None, "low"]

    def test_nobody_can_be_scored_together(self) -> None:
        tree = rubric({"a": {**CHOICE, "asked": {"fact": "big", "is": "yes"}}}, facts={"big": "yes_no"})
        assert together(tree, [Subject({}, {"a": word}) for word in ("yes", "no")]) == ["missing_fact"] * 2

    def test_nobody_has_what_a_level_looks_at(self) -> None:
        rungs = [{"id": "low", "conditions": [{"fact": "big", "is": "yes"}]}]
        tree = rubric({"a": CHOICE}, facts={"big": "yes_no"}, levels={"award": {"rungs": rungs}})
        assert together(tree, [Subject({}, {"a": "yes"})] * 3) == ["missing_fact"] * 3


class TestSetsOfOptions:
    """Conditions on sets that earn no points: a code for each option, not for each set."""

    SITES: tuple[str, ...] = tuple("abcdefghijk")
    SETS = (("a",), ("a", "k"), ("a", "j", "k"), ("b", "c"), ("j", "k"), ())

    def tree(self, condition: dict[str, Any], options: tuple[str, ...] = SITES) -> Rubric:
        sites = {"type": "choices", "options": list(options)}
        rungs = [{"id": "low", "conditions": [{"answer": "sites", **condition}]}]
        return rubric({"a": CHOICE}, answers={"sites": sites}, levels={"award": {"rungs": rungs}})

    def given(self) -> list[Subject]:
        return [Subject({}, {"sites": chosen} if chosen else {}) for chosen in self.SETS]

    @pytest.mark.parametrize(
        ("condition", "held"),
        [
            ({"any_of": ["a"]}, [1, 1, 1, 0, 0, 0]),
            ({"any_of": ["c", "k"]}, [0, 1, 1, 1, 1, 0]),
            ({"all_of": ["a", "k"]}, [0, 1, 1, 0, 0, 0]),
            ({"all_of": ["j", "k"]}, [0, 0, 1, 0, 1, 0]),
            ({"any_of": ["a", "a"]}, [1, 1, 1, 0, 0, 0]),
            ({"all_of": ["k", "a", "k"]}, [0, 1, 1, 0, 0, 0]),
            ({"answered": "yes"}, [1, 1, 1, 1, 1, 0]),
        ],
    )
    def test_any_and_all(self, condition: dict[str, Any], held: list[int]) -> None:
        assert together(self.tree(condition), self.given()) == ["low" if one else None for one in held]

    def test_an_option_that_older_sheets_do_not_know(self) -> None:
        options = (*self.SITES, "new")
        for condition, held in (({"all_of": ["a", "new"]}, 0), ({"any_of": ["a", "new"]}, 3)):
            found = together(self.tree(condition, options), self.given(), Layout(self.tree({"any_of": ["a"]})))
            assert found == ["low"] * held + [None] * (6 - held)


class TestDays:
    """Points by age, over more days than a byte can tell apart."""

    BANDS: tuple[dict[str, Any], ...] = (
        {"at_least": 300, "points": 0},
        {"at_least": 90, "points": 5},
        {"otherwise": 10},
    )

    def given(self, *visits: str) -> list[Subject]:
        words = visits or ("no",)
        return [
            Subject({"on": ON, "visit": words[days % len(words)]}, {"since": ON - timedelta(days=days)})
            for days in range(400)
        ]

    def tree(self, unit: str, **more: Any) -> Rubric:
        age = {"age": unit, "of": "since", "on": "on"}
        rule = {"input": age, "bands": list(self.BANDS), **more}
        return rubric({"a": rule}, facts={"on": "date", "visit": "yes_no"}, answers={"since": "date"})

    def test_in_days_and_in_months(self) -> None:
        assert together(self.tree("days"), self.given()) == ["high"] * 90 + ["low"] * 210 + [None] * 100
        assert together(self.tree("months"), self.given()) == ["high"] * 400

    def test_where_more_than_the_age_decides(self) -> None:
        factors = [{"input": {"fact": name}, "choice": {"x": 2, "y": 4}} for name in ("size", "reach")]
        visited = [{"when": {"fact": "visit", "is": "yes"}, "product": factors}, {"bands": list(self.BANDS)}]
        tree = rubric(
            {"a": {"input": {"age": "days", "of": "since", "on": "on"}, "cases": visited}},
            facts={
                "on": "date",
                "visit": "yes_no",
                "size": {"type": "choice", "options": ["x", "y"], "default": "x"},
                "reach": {"type": "choice", "options": ["x", "y"], "default": "y"},
            },
            answers={"since": "date"},
        )
        found = together(tree, self.given("yes", "no"))
        assert found[::2] == ["low"] * 200
        assert found[1::2] == ["high"] * 45 + ["low"] * 105 + [None] * 50

    def test_on_sheets_of_a_rubric_that_did_not_ask_for_the_day(self) -> None:
        old = rubric({"b": CHOICE}, facts={"on": "date"})
        new = self.tree("days")
        found = together(new, [Subject({"on": ON}, {"b": "yes"})], Layout(old))
        assert found == [plainly(new, Subject({"on": ON}))]


@pytest.mark.parametrize("rungs", [1, 4, 15, 16, 200])
def test_how_many_stand_where(rungs: int) -> None:
    before, after = bytes(at % (rungs + 1) for at in range(999)), bytes(at * at % (rungs + 1) for at in range(999))
    assert matrix(before, after, rungs) == Counter(zip(before, after, strict=True))


class TestFigures:
    """Sums and combinations have no limit: what does not fit a machine word is wider, never rounded."""

    def test_more_combinations_than_a_code_of_eight_bytes(self) -> None:
        options = [f"o{number}" for number in range(100)]
        names = [f"q{number}" for number in range(10)]
        points = {option: int(option == "o7") for option in options}
        tree = rubric(
            {"a": {"product": [{"input": name, "choice": points} for name in names]}},
            answers={name: {"type": "choice", "options": options} for name in names},
            levels={"award": {"of": "t", "rungs": [{"id": "low", "total": 1}]}},
        )
        given = [Subject({}, dict.fromkeys(names, option)) for option in options]
        given.append(Subject({}, {**dict.fromkeys(names, "o7"), names[-1]: "o8"}))
        assert together(tree, given) == ["low" if at == 7 else None for at in range(101)]

    def test_fractions_too_fine_for_a_machine_word(self) -> None:
        bottoms = {"a": 10000000019, "b": 10000000033, "c": 10000000061}
        criteria = {name: {"choice": {"yes": f"1/{bottom}", "no": 0}} for name, bottom in bottoms.items()}
        whole = str(sum(Fraction(1, bottom) for bottom in bottoms.values()))
        tree = rubric(
            {**criteria, "d": CHOICE},
            groups={
                "g": {"combine": "sum", "of": ["a", "b", "c"]},
                "h": {"combine": "sum", "of": ["d"]},
                "t": {"combine": "sum", "of": ["g", "h"]},
            },
            levels={
                "award": {
                    "of": "t",
                    "rungs": [{"id": "low", "total": whole}, {"id": "high", "total": {"above": whole}}],
                }
            },
        )
        words = list(product(("yes", "no"), ("yes", "no"), ("yes", "no"), ("partial", "no")))
        given = [Subject({}, dict(zip("abcd", one, strict=True))) for one in words]
        lower = ["low" if one == ("yes", "yes", "yes", "no") else None for one in words]
        assert together(tree, given) == [
            "high" if one[3] == "partial" else rung for one, rung in zip(words, lower, strict=True)
        ]
