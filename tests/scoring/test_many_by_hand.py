"""Sheets, lanes, sums and levels of many subjects, worked out again by hand or by the plain code."""

import struct
from array import array
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any, get_args

import pytest

from scoring import Files, Rubric, Ruling, Subject, evaluate
from scoring.condition import Edge, EdgeOp
from scoring.many.adding import Sum, Total
from scoring.many.lanes import Column, Lanes
from scoring.many.reached import reached
from scoring.many.sheets import Layout, NoSheetError, Sheets
from scoring.results import Basis
from scoring.subject import EVIDENCE_STATES
from tests.scoring.test_more_sheets import rubric, together

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}
WORDS = ("yes", "partial", "no", None)


def side_by_side(numbers: Sequence[int], width: int = 1) -> int:
    return int.from_bytes(b"".join(one.to_bytes(width, "little") for one in numbers), "little")


def everybody(*names: str, words: Sequence[str | None] = WORDS) -> list[Subject]:
    """A subject for each combination of answers."""
    ways = product(words, repeat=len(names))
    return [Subject({}, {name: word for name, word in zip(names, way, strict=True) if word}) for way in ways]


def ladder(**wanted: Any) -> dict[str, Any]:
    return {"award": {"of": "t", "rungs": [{"id": name, "total": total} for name, total in wanted.items()]}}


class TestLanes:
    @pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 8, 9])
    def test_a_number_for_each_code(self, width: int) -> None:
        numbers = [0, 1, 255, (1 << 8 * width) - 1, 1 << 8 * width - 1]
        expected = side_by_side([*numbers, 1], width)
        for codes in (bytes([0, 1, 2, 3, 4, 1]), array("I", [0, 1, 2, 3, 4, 1])):
            assert Lanes(6).spread(Column(codes), dict(enumerate(numbers)), width) == expected

    @pytest.mark.parametrize("width", [1, 2, 3, 4, 8, 9])
    @pytest.mark.parametrize("chosen", [[], [1], [0, 3], [0, 1, 3]])
    def test_only_those_chosen(self, width: int, chosen: list[int]) -> None:
        numbers = [7, (1 << 8 * width) - 1, 0, 1 << 8 * width - 1]
        found = Lanes(4).only(chosen, side_by_side(numbers, width), width)
        assert found == side_by_side([numbers[at] for at in chosen], width)

    @pytest.mark.parametrize(("width", "wanted"), [(1, 1), (1, 3), (2, 4), (4, 9)])
    def test_widened(self, width: int, wanted: int) -> None:
        for numbers in ([3, 255, 0], [0, 0, 0]):
            assert Lanes(3).widened(side_by_side(numbers, width), width, wanted) == side_by_side(numbers, wanted)

    @pytest.mark.parametrize(("width", "letter"), [(1, "H"), (2, "I"), (4, "Q")])
    def test_two_lanes_as_one_code(self, width: int, letter: str) -> None:
        found = Lanes(2).both(side_by_side([3, 200], width), side_by_side([1, 9], width), width)
        assert found == array(letter, [3 + (1 << 8 * width), 200 + (9 << 8 * width)])

    def test_two_lanes_that_no_machine_word_holds(self) -> None:
        found = Lanes(2).both(side_by_side([3, 200], 9), side_by_side([1, 9], 9), 9)
        assert found == [bytes([top, *bytes(8), bottom, *bytes(8)]) for top, bottom in ((3, 1), (200, 9))]

    @pytest.mark.parametrize("sizes", [(3, 5), (16, 16), (17, 16), (200, 200, 3), (3, 2, 200, 40), (250,) * 9])
    def test_a_code_for_each_combination(self, sizes: tuple[int, ...]) -> None:
        """Joined two by two, and with a column of one code, as well as all at once."""
        count = 600
        ways = [tuple(at * (number + 1) // 2 % size for number, size in enumerate(sizes)) for at in range(count)]
        columns = [Column(bytes(codes), size) for codes, size in zip(zip(*ways, strict=True), sizes, strict=True)]
        lanes = Lanes(count)
        alone, two_by_two = Column(bytes(count), 1), columns[0]
        for column in columns[1:]:
            two_by_two = lanes.joint([lanes.joint([two_by_two, alone]), column])
        for joint in (lanes.joint(columns), two_by_two, lanes.joint([two_by_two, alone])):
            codes = list(joint.codes)
            assert len(codes) == count
            assert len(set(codes)) == len(set(ways)) == len(set(zip(codes, ways, strict=True)))
            assert joint.firsts() == {code: codes.index(code) for code in codes}


class TestTotals:
    """Values and comparisons side by side are those of each, up to where a lane would be too narrow."""

    TOPS = ([0, 0, 0, 0], [0, -100, -1, 0], [0, 3, 0, 0], [0, 3, 250, 1], [-300, 70000, 5, -1])
    BOTTOMS = ([1, 1, 1, 1], [60, 1, 3, 0], [0, 255, 255, 0], [10, -5, -5, 3], [-100, 2, -100, 1])

    def sum_of(self, numbers: list[int]) -> Sum:
        least = min(0, *numbers)
        most = max(numbers) - least
        width = max(1, -(-most.bit_length() // 8))
        return Sum(side_by_side([one - least for one in numbers], width), width, least, most)

    def total(self, tops: list[int], bottoms: list[int], times: Fraction, empty: Fraction | None) -> Total:
        full = side_by_side([one > 0 for one in bottoms])
        return Total(Lanes(4), self.sum_of(tops), self.sum_of(bottoms), full, times, empty, 0)

    def values(self, tops: list[int], bottoms: list[int], times: Fraction, empty: Fraction | None) -> list[Any]:
        both = zip(tops, bottoms, strict=True)
        return [Fraction(top, bottom) * times if bottom > 0 else empty for top, bottom in both]

    @pytest.mark.parametrize("bottoms", BOTTOMS)
    @pytest.mark.parametrize("tops", TOPS)
    @pytest.mark.parametrize(("times", "empty"), [(Fraction(1), None), (Fraction(5, 7), Fraction(100))])
    def test_comparisons_and_weights(
        self, tops: list[int], bottoms: list[int], times: Fraction, empty: Fraction | None
    ) -> None:
        total, values = self.total(tops, bottoms, times, empty), self.values(tops, bottoms, times, empty)
        for number, op in product([*range(-260, 261), 32768, 65536], get_args(EdgeOp)):
            edge = Edge(op, Fraction(number))
            assert total.holds(edge) == side_by_side([one is not None and edge.holds(one) for one in values])
        for weight in (Fraction(2), Fraction(1, 3)):
            column, found = total.weighted(weight)
            weighed = [Fraction(found[code].numerator, found[code].denominator) for code in column.codes]
            assert weighed == [(one or 0) * weight for one in values]


class TestGroups:
    def test_a_criterion_in_two_groups(self) -> None:
        groups = {
            "g": {"combine": "sum", "of": {"a": 1, "b": 1}},
            "h": {"combine": "sum", "of": {"b": 3}},
            "t": {"combine": "sum", "of": ["g", "h"]},
        }
        found = together(
            rubric({"a": CHOICE, "b": CHOICE}, groups=groups, levels=ladder(low=20, high=40)), everybody("a", "b")
        )
        assert found[:8] == ["high", "low", None, None, "high", "low", None, None]

    @pytest.mark.parametrize("weights", [("2", "2"), ("1/10000000019", "1/10000000033")])
    @pytest.mark.parametrize("needs", [1, 2])
    def test_a_group_without_a_result_has_no_weight(self, weights: tuple[str, str], needs: int) -> None:
        groups = {
            "g": {"combine": "mean", "of": ["a"]},
            "h": {"combine": "mean", "of": ["b"]},
            "t": {"combine": "mean", "of": dict(zip("gh", weights, strict=True)), "needs": needs},
        }
        defaults = {"unanswered": "excluded", "not_applicable": "excluded"}
        tree = rubric({"a": CHOICE, "b": CHOICE}, groups=groups, defaults=defaults, levels=ladder(low=5, high=10))
        found = together(tree, everybody("a", "b", words=("yes", None)))
        assert found == (["high", "high", "high", None] if needs == 1 else ["high", None, None, None])

    def test_a_group_counts_as_much_as_a_criterion(self) -> None:
        groups = {"g": {"combine": "sum", "of": ["a"]}, "t": {"combine": "sum", "of": ["g", "b"], "needs": 2}}
        defaults = {"unanswered": "excluded", "not_applicable": "excluded"}
        tree = rubric({"a": CHOICE, "b": CHOICE}, groups=groups, defaults=defaults)
        assert together(tree, everybody("a", "b", words=("yes", None))) == ["high", None, None, None]

    def test_points_below_nought(self) -> None:
        rule = {"choice": {"yes": 100, "partial": -200, "no": 0}}
        tree = rubric({"a": rule, "b": CHOICE}, levels=ladder(low=-195, middle=0, high=100))
        found = together(tree, everybody("a", "b"))
        assert found == ["high"] * 4 + ["low", "low", None, None] + ["middle"] * 8

    def test_most_points_below_nought(self) -> None:
        """A share of less than nothing is no result, and takes nothing from anybody beside."""
        either = {"choice": {"yes": 10, "no": 8, "partial": "excluded"}}
        tree = rubric(
            {"a": {"choice": {"yes": -5, "no": -10}}, "b": either},
            groups={"s": {"combine": "share", "of": ["a", "b"]}, "t": {"combine": "sum", "of": ["s"]}},
            levels=ladder(low={"above": -1}, high=1),
        )
        given = [one for one in everybody("a", "b") if one.answers.get("a") != "partial"]
        assert together(tree, given[::-1])[::-1] == together(tree, given)
        assert together(tree, given)[:3] == ["high", None, "low"]

    def test_a_level_of_a_group_that_others_look_at(self) -> None:
        below = {"t": {"combine": "sum", "of": ["g"]}, "u": {"combine": "sum", "of": ["t"]}}
        for sections, others in ([], below), (["t"], {"t": below["t"]}), (["u", "t"], below):
            levels = ladder(low=5, high=10)
            levels["award"] |= {"sections": sections}
            if sections:
                levels["award"]["rungs"][0]["each_section"] = {"at_least": 10}
            groups = {"g": {"combine": "sum", "of": ["a"]}, **others}
            found = together(rubric({"a": CHOICE}, groups=groups, levels=levels), everybody("a"))
            assert found[0] == "high"
            assert found[2:] == [None, None]


class TestEvidence:
    """No files, too few, some accepted, enough: whatever a gate or a demand makes of them, it makes of all."""

    FILES = (None, Files(0), Files(1), Files(2), Files(0, 2), Files(2, 1), Files(3, 2), *EVIDENCE_STATES)

    def given(self, names: tuple[str, ...], rulings: dict[str, Ruling]) -> list[Subject]:
        ways = product(self.FILES, repeat=len(names))
        found = [{name: files for name, files in zip(names, way, strict=True) if files} for way in ways]
        said = [(word, claimed) for word in WORDS for claimed in (set(), {"a"})]
        return [Subject({}, {"a": word}, files, rulings, claimed) for files in found for word, claimed in said]

    @pytest.mark.parametrize("basis", get_args(Basis))
    @pytest.mark.parametrize(("reader", "names"), [("a", ("a",)), ("q", ("a",)), ("q", ("q",)), ("q", ("a", "q"))])
    @pytest.mark.parametrize("rulings", [{}, {"a": Ruling("confirm")}])
    def test_as_one_by_one(self, basis: Basis, reader: str, names: tuple[str, ...], rulings: dict[str, Ruling]) -> None:
        gated = {"choice": CHOICE["choice"], "input": "a", "evidence": {"gate": "half", "files": 2}}
        levels = ladder(low=0, high=10)
        levels["award"]["rungs"].append(
            {"id": "sure", "criteria": {reader: {"met_by": ["yes"], "evidence": "accepted"}}}
        )
        answers = {"a": {"type": "choice", "options": ["yes", "partial", "no"]}}
        tree = rubric({reader: gated}, answers=answers, levels=levels)
        layout, given = Layout(tree, ruled=True), self.given(names, rulings)
        found = reached(tree, Sheets(layout, b"".join(map(layout.write, given))), "award", basis=basis)
        expected = [evaluate(tree, one, basis=basis).levels["award"].reached for one in given]
        assert [[None, "low", "high", "sure"][code] for code in found.codes] == expected
        assert not found.failures


class TestSheets:
    """What stands in which cell: sheets that were kept have to be read the same for good."""

    ON = date(2026, 11, 20)
    DAYS = (ON - date(1899, 12, 31)).days
    TREE = rubric(
        {"a": CHOICE, "link": {"presence": 1}, "both": {"input": "a", **CHOICE}},
        facts={"size": "number", "big": "yes_no"},
        answers={
            "reach": "number",
            "since": "date",
            "sites": {"type": "choices", "options": ["x", "y", "z"]},
        },
    )

    def cells(self, subject: Subject) -> dict[tuple[str, str], int]:
        """Those that are not 0."""
        layout = Layout(self.TREE, ruled=True)
        sheet = layout.write(subject)
        assert len(sheet) == layout.size
        codes = struct.unpack(f"<{len(layout.cells)}H", sheet)
        return {cell: code for cell, code in zip(layout.cells, codes, strict=True) if code}

    @pytest.mark.parametrize(
        ("subject", "cells"),
        [
            (Subject({"size": 5, "big": "yes"}), {("fact", "size"): 1, ("fact", "big"): 2}),
            (Subject({}, {"a": "no", "reach": 7, "link": "x"}), {("said", one): 2 for one in ("a", "reach", "link")}),
            (Subject({}, {"a": "yes"}, not_applicable={"a"}), {("said", "a"): 7}),
            (Subject({}, {"since": ON}), {("said", "since"): 2, ("more", "since"): DAYS}),
            (Subject({}, {"sites": ("x", "z")}), {("said", "sites"): 2, ("more", "sites"): 5}),
            (Subject({}, {"since": None, "sites": (), "a": None}), {}),
            (
                Subject(evidence={"a": Files(0), "both": Files(1, 1)}),
                {("said", "a"): 1 << 8, ("said", "both"): 17 << 8},
            ),
            (
                Subject(evidence={"a": "given", "both": "refused"}),
                {("said", "a"): 226 << 8, ("said", "both"): 228 << 8},
            ),
            (Subject(rulings={"a": Ruling("adjust", "partial")}), {("ruling", "a"): 3, ("adjusted", "a"): 2}),
            (Subject(rulings={"both": Ruling("adjust")}), {("ruling", "both"): 3}),
            (Subject(rulings={"a": Ruling(), "both": Ruling("confirm")}), {("ruling", "a"): 1, ("ruling", "both"): 2}),
        ],
    )
    def test_the_cells(self, subject: Subject, cells: dict[tuple[str, str], int]) -> None:
        assert self.cells(subject) == cells

    @pytest.mark.parametrize("files", [Files(0), Files(14, 14), *EVIDENCE_STATES])
    def test_evidence_comes_back(self, files: Any) -> None:
        layout, subject = (
            Layout(self.TREE, ruled=True),
            Subject(evidence={"a": files}, rulings={"both": Ruling("adjust")}),
        )
        assert layout.read(layout.write(subject)) == subject

    def test_how_many_codes_a_cell_has(self) -> None:
        counts = {"a": 8, "link": 4, "both": 4, "reach": 4, "since": 4, "sites": 4, "nobody asked": 4}
        assert {name: Layout(self.TREE).values(name) for name in counts} == counts

    def test_rulings_have_cells_where_they_are_asked_for(self) -> None:
        kinds = {kind for kind, _ in Layout(self.TREE).cells}
        assert {kind for kind, _ in Layout(self.TREE, ruled=True).cells} - kinds == {"ruling", "adjusted"}

    @pytest.mark.parametrize(
        ("day", "fits"), [("1899-12-31", False), ("1900-01-01", True), ("2079-06-05", True), ("2079-06-06", False)]
    )
    def test_days_that_fit(self, day: str, fits: bool) -> None:
        self.comes_back(self.TREE, "since", date.fromisoformat(day), fits)

    @pytest.mark.parametrize(("kind", "most"), [("choice", 126), ("choices", 15)])
    def test_options_that_fit(self, kind: str, most: int) -> None:
        for count in (most, most + 1):
            options = [f"o{number:03}" for number in range(count)]
            tree = rubric({"a": CHOICE}, answers={"many": {"type": kind, "options": options}})
            last = options[-1] if kind == "choice" else (options[-1],)
            self.comes_back(tree, "many", last, count == most)

    def comes_back(self, tree: Rubric, name: str, value: Any, fits: bool) -> None:
        layout, subject = Layout(tree), Subject({}, {name: value})
        if fits:
            assert layout.read(layout.write(subject)) == subject
        else:
            with pytest.raises(NoSheetError, match=f"{name}|too many"):
                layout.write(subject)
