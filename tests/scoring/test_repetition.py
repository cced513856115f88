"""A part that is said once for each row of a list: lists, tables, tags and patterns, and what is told of them."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from scoring import Rubric, RubricError, Subject, evaluate, load_rubric
from scoring.__main__ import main
from scoring.loading.reader import read_rubric
from scoring.loading.tree import MAX_PARTS

HEAD = """rubric: x
lists:
  question: {table: questions.csv}
criteria:
  <id>: {for_each: question, title: <title?>, choice: {yes: <points>, no: 0}, applies: <applies?>, tags: [<part>]}
facts: {kind: {type: choice, options: [isp, cafe]}}
groups:
  a: {combine: sum, of: {tag: a}}
"""
ROWS = """id,part,title,points,applies
q1,a,"First, and ''best''",1/3,
q2,a,,២.៥,"{fact: kind, is: isp}"
""".replace("''", '""')


def written(folder: Path, rubric: str = HEAD, rows: str = ROWS) -> Rubric:
    (folder / "questions.csv").write_text(rows, encoding="utf-8")
    (folder / "x.yaml").write_text(rubric, encoding="utf-8")
    return read_rubric(folder / "x.yaml")


def told(folder: Path, rubric: str = HEAD, rows: str = ROWS) -> str:
    with pytest.raises(RubricError) as refused:
        written(folder, rubric, rows)
    return str(refused.value).replace(str(folder) + "/", "")


def refused(**parts: object) -> str:
    with pytest.raises(RubricError) as problems:
        load_rubric({"rubric": "x", **parts})
    return str(problems.value)


class TestTable:
    def test_a_row_is_a_criterion(self, tmp_path: Path) -> None:
        rubric = written(tmp_path)
        assert rubric.criteria["q1"].title.en == 'First, and "best"'
        assert rubric.criteria["q2"].title.en == "q2"
        card = evaluate(rubric, Subject({"kind": "isp"}, {"q1": "yes", "q2": "yes"}))
        assert str(card.nodes["a"].value) == "17/6"
        assert evaluate(rubric, Subject({"kind": "cafe"}, {"q1": "yes", "q2": "yes"})).nodes["q2"].value is None

    def test_is_the_rubric_written_out(self, tmp_path: Path) -> None:
        choice = {"yes": "1/3", "no": "0"}
        second = {"choice": {"yes": "២.៥", "no": "0"}, "applies": {"fact": "kind", "is": "isp"}}
        by_hand = {
            "rubric": "x",
            "criteria": {"q1": {"title": 'First, and "best"', "choice": choice}, "q2": second},
            "facts": {"kind": {"type": "choice", "options": ["isp", "cafe"]}},
            "groups": {"a": {"combine": "sum", "of": ["q1", "q2"]}},
        }
        assert written(tmp_path).sha256 == load_rubric(by_hand).sha256

    def test_the_hash_covers_the_cells_and_not_their_order(self, tmp_path: Path) -> None:
        first, second = ROWS.splitlines()[1:]
        head = ROWS.splitlines()[0]
        sha256 = written(tmp_path).sha256
        assert written(tmp_path, rows="\n".join([head, second, first])).sha256 == sha256
        assert written(tmp_path, rows=ROWS.replace("1/3", "2/3")).sha256 != sha256

    def test_the_command_prints_what_the_hash_is_taken_of(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        sha256 = written(tmp_path).sha256
        assert main(["check", str(tmp_path / "x.yaml"), "--written-out"]) == 0
        printed = capfd.readouterr().out.removesuffix("\n")
        assert hashlib.sha256(printed.encode()).hexdigest() == sha256
        assert "lists" not in json.loads(printed)

    @pytest.mark.parametrize("rows", [ROWS.replace("\n", "\r\n"), ROWS.replace(",", ";").replace("First;", "First,")])
    def test_as_a_spreadsheet_saves_it(self, tmp_path: Path, rows: str) -> None:
        rows = rows.replace('"{fact: kind; is: isp}"', "{fact: kind, is: isp}")
        assert written(tmp_path, rows=rows).sha256 == written(tmp_path).sha256
        assert written(tmp_path, rows="\ufeff" + rows + "\n,,,,\n".replace(",", ";" if ";" in rows else ","))

    @pytest.mark.parametrize(
        ("old", "new", "place"),
        [
            ("1/3", "many", "questions.csv:2:28: criteria.q1: a number is needed here (found: many)"),
            (
                "1/3",
                "",
                "questions.csv:2:28: rubric: this cell is empty (found: points). Fill it in, or write <points?>",
            ),
            ("is: isp", "is: shop", "questions.csv:3:11: criteria.q2: there is no such option (found: shop)"),
            ("is: isp}", "is: [}", "questions.csv:3:11: rubric: this is not YAML"),
            ("q2,", "q1,", "questions.csv:3:1: rubric: two different parts have this name (found: q1)"),
            (
                "q2,a,,",
                "q2,a,",
                "questions.csv:3:1: rubric: this row has more or fewer cells than columns (found: 4, 5)",
            ),
            ("part,title", "part,part", "questions.csv:1:9: rubric: each column needs a name of its own (found: )"),
            ("q2,a", 'q2,"a"x', "questions.csv:3:4: rubric: a cell does not end where its quote does"),
            ("q2,a", 'q2,5" a', "questions.csv:3:4: rubric: a cell does not end where its quote does"),
            ("part", "section", "x.yaml:5:107: rubric: there is no column of this name (found: part)"),
        ],
    )
    def test_mistakes_are_told_at_the_cell(self, tmp_path: Path, old: str, new: str, place: str) -> None:
        assert place.replace(" (found: )", "") in told(tmp_path, rows=ROWS.replace(old, new, 1))

    def test_a_cell_of_several_lines_moves_the_lines_after_it(self, tmp_path: Path) -> None:
        rows = ROWS.replace("First, and", "First,\nand").replace("២.៥", "two")
        assert "questions.csv:4:7: criteria.q2: a number is needed here (found: two)" in told(tmp_path, rows=rows)

    @pytest.mark.parametrize(
        "name", ["../questions.csv", "/etc/hosts.csv", "/etc/passwd", "x.yaml", "..\\\\q.csv", "", "linked.csv", "[a]"]
    )
    def test_stands_beside_the_rubric(self, tmp_path: Path, name: str) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        (tmp_path / "questions.csv").write_text(ROWS)
        (folder / "linked.csv").symlink_to(tmp_path / "questions.csv")
        assert "this cannot be a table" in told(folder, HEAD.replace("questions.csv", name or '""'))

    @pytest.mark.parametrize(("rows", "reason"), [("", "the list is empty"), ("id\n", "the list is empty")])
    def test_without_rows_is_told(self, tmp_path: Path, rows: str, reason: str) -> None:
        assert reason in told(tmp_path, rows=rows)

    def test_too_large_is_told(self, tmp_path: Path) -> None:
        assert "the tables hold too many cells" in told(tmp_path, rows="id,b\n" + "1,2\n" * (MAX_PARTS // 2))
        assert "the tables hold too many cells" in told(tmp_path, rows="," * (MAX_PARTS + 1))
        head = HEAD.replace("criteria:", "  again: {table: questions.csv}\ncriteria:")
        assert "the tables hold too many cells" in told(tmp_path, head, "id,b\n" + "1,2\n" * (MAX_PARTS // 4))
        assert "the table is too large" in told(tmp_path, rows="x" * 4_000_001)
        assert "the table cannot be read" in told(tmp_path, HEAD.replace("questions.csv", "none.csv"))
        (tmp_path / "bad.csv").write_bytes(b"id\n\xff\n")
        assert "the table cannot be read" in told(tmp_path, HEAD.replace("questions.csv", "bad.csv"))

    def test_aliases_do_not_blow_up_a_cell(self, tmp_path: Path) -> None:
        bomb = "[&a [x, x, x, x], &b [*a, *a, *a, *a], &c [*b, *b, *b, *b], [*c, *c, *c, *c]]"
        assert "questions.csv:3:11: rubric: aliases are not read in a cell" in told(
            tmp_path, rows=ROWS.replace("{fact: kind, is: isp}", bomb)
        )

    def test_what_is_no_file_is_no_table(self, tmp_path: Path) -> None:
        (tmp_path / "folder.csv").mkdir()
        os.mkfifo(tmp_path / "pipe.csv")
        (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
        for name in ("folder.csv", "pipe.csv", "loop.csv", '"a\\0b.csv"'):
            assert "this cannot be a table" in told(tmp_path, HEAD.replace("questions.csv", name))

    def test_from_plain_data_the_rows_stand_in_the_list(self) -> None:
        assert "a table is read only from beside a rubric file" in refused(lists={"q": {"table": "q.csv"}})
        rubric = load_rubric({
            "rubric": "x",
            "lists": {"q": [{"id": "a", "top": 2}, {"id": "b", "top": 3}]},
            "criteria": {"<id>": {"for_each": "q", "choice": {"yes": "<top>", "no": 0}}},
        })  # fmt: skip
        assert [criterion.attainable for criterion in rubric.criteria.values()] == [2, 3]
        assert "lists" not in rubric.source


LISTS: dict[str, Any] = {
    "service": ["search", "social"],
    "element": [{"id": "E1", "scope": "each"}, {"id": "E2", "scope": "whole"}, {"id": "E3", "scope": "each"}],
}
EACH = {"for_each": ["element", "service"], "where": {"scope": "each"}}
YES = {"choice": {"yes": "1", "no": "0"}}


class TestForEach:
    def test_several_lists_are_crossed_and_rows_chosen(self) -> None:
        rubric = load_rubric({"rubric": "x", "lists": LISTS, "criteria": {"<id>.<service>": {**EACH, **YES}}})
        assert list(rubric.criteria) == ["E1.search", "E1.social", "E3.search", "E3.social"]

    def test_what_a_subject_lacks_drops_out(self) -> None:
        rubric = load_rubric({
            "rubric": "x",
            "lists": LISTS,
            "facts": {"services": {"type": "choices", "options": [{"for_each": "service", "value": "<service>"}]}},
            "criteria": {
                "<id>.<service>": {**EACH, **YES, "asked": {"fact": "services", "any_of": ["<service>"]}},
            },
            "groups": {
                "<service>": {"for_each": "service", "combine": "mean", "of": {"matching": "E*.<service>"}},
                "total": {"combine": "mean", "of": [{"for_each": "service", "value": "<service>"}]},
            },
        })  # fmt: skip
        card = evaluate(rubric, Subject({"services": "search"}, {"E1.search": "yes", "E3.search": "no"}))
        assert {name: card.nodes[name].value for name in rubric.groups} == {"search": 0.5, "social": None, "total": 0.5}

    def test_a_later_list_sees_the_rows_of_those_before_it(self) -> None:
        place = [{"at": "each", "name": "here"}, {"at": "whole", "name": "there"}]
        crossed = {"for_each": ["place", "element"], "where": {"scope": ["<at>", "x"]}, **YES}
        rubric = load_rubric({"rubric": "x", "lists": {**LISTS, "place": place}, "criteria": {"<id> <name>": crossed}})
        assert list(rubric.criteria) == ["E1 here", "E3 here", "E2 there"]

    def test_within_another_sees_its_columns(self) -> None:
        of = {"<id>.<service>": {"for_each": "element", "where": {"scope": "<how>"}, "value": "<weight>"}}
        rubric = load_rubric({
            "rubric": "x",
            "lists": {**LISTS, "part": [{"how": "each", "weight": "3"}, {"how": "whole", "weight": "4"}]},
            "criteria": {"<id>.<service>": {"for_each": ["element", "service"], **YES}},
            "groups": {"<how> <service>": {"for_each": ["part", "service"], "combine": "sum", "of": of}},
        })  # fmt: skip
        children = {
            name: [(one.id, one.weights[0].weight) for one in rubric.groups[name].children] for name in rubric.groups
        }
        assert children["each social"] == [("E1.social", 3), ("E3.social", 3)]
        assert children["whole search"] == [("E2.search", 4)]

    def test_stands_anywhere_bands_rungs_conditions(self) -> None:
        rubric = load_rubric({
            "rubric": "x",
            "lists": {"edge": [{"from": "5", "points": "1"}, {"from": "9", "points": "2"}], "rung": ["1", "2"]},
            "criteria": {
                "a": {"bands": [{"for_each": "edge", "at_least": "<from>", "points": "<points>"}, {"otherwise": 0}]},
            },
            "groups": {"total": {"combine": "sum", "of": ["a"]}},
            "levels": {"l": {"of": "total", "rungs": [{"for_each": "rung", "id": "at <rung>", "total": "<rung>"}]}},
        })  # fmt: skip
        reached = [evaluate(rubric, Subject(answers={"a": value})).levels["l"].reached for value in ("4", "5", "9")]
        assert reached == [None, "at 1", "at 2"]

    def test_what_every_row_says_alike_is_one(self) -> None:
        groups = {"<scope>": {"for_each": "element", "combine": "mean", "of": {"tag": "<scope>"}}}
        criteria = {"<id>": {"for_each": "element", **YES, "tags": "<scope>"}}
        rubric = load_rubric({"rubric": "x", "lists": LISTS, "criteria": criteria, "groups": groups})
        assert {name: len(group.children) for name, group in rubric.groups.items()} == {"each": 2, "whole": 1}

    def test_a_part_stands_only_where_the_row_says_so(self) -> None:
        cases = [{"where": {"scope": ["each"]}, "when": {"fact": "f", "is": "yes"}, "points": 2}, {"points": 1}]
        rubric = load_rubric({
            "rubric": "x",
            "lists": LISTS,
            "facts": {"f": "yes_no"},
            "criteria": {"<id>": {"for_each": "element", "cases": cases}},
        })  # fmt: skip
        card = evaluate(rubric, Subject({"f": "yes"}))
        assert [card.nodes[name].value for name in ("E1", "E2", "E3")] == [2, 1, 2]

    def test_an_empty_cell_asks_for_empty_cells(self) -> None:
        parts = [{"part": "one", "of": "each"}, {"part": "other", "of": None}]
        element = [{"id": "E1", "scope": "each"}, {"id": "E2", "scope": None}]
        crossed = {"for_each": ["part", "element"], "where": {"scope": "<of?>"}, **YES}
        lists = {"part": parts, "element": element}
        rubric = load_rubric({"rubric": "x", "lists": lists, "criteria": {"<id> <part>": crossed}})
        assert list(rubric.criteria) == ["E1 one", "E2 other"]

    def test_outside_of_repetition_signs_are_signs(self) -> None:
        criteria = {"a": {"title": "less <than> all", "choice": {"<5": 1, "5 > x": 0}}}
        rubric = load_rubric({"rubric": "x", "lists": LISTS, "criteria": criteria})
        assert rubric.criteria["a"].title.en == "less <than> all"

    @pytest.mark.parametrize(
        ("part", "reason"),
        [
            ({"for_each": "elements"}, "there is no list of this name (found: elements). Did you mean 'element'?"),
            ({"for_each": ["element", []]}, "there is no list of this name"),
            ({"for_each": ["element", "element"]}, "two of these lists have a column of this name (found: id)"),
            ({"for_each": "element", "title": "<idd>"}, "there is no column of this name (found: idd). Did you mean"),
            (
                {"for_each": ["element", "service"], "title": "<service>"},
                "two different parts have this name (found: E1)",
            ),
            (
                {"for_each": "element", "where": {"scop": "x"}},
                "the list has no such column (found: scop). Did you mean",
            ),
            ({"for_each": "element", "where": {"scope": "no"}}, "no row is like this (found: scope)"),
            ({"for_each": "nested", "title": "of <id>: <deep>"}, "only a single value fits into a text"),
        ],
    )
    def test_mistakes_of_a_part(self, part: dict[str, Any], reason: str) -> None:
        nested = [{"id": "a", "deep": {"x": 1}}]
        assert reason in refused(lists={**LISTS, "nested": nested}, criteria={"<id>": {**part, **YES}})

    @pytest.mark.parametrize(
        ("lists", "reason"),
        [
            ({"e": [{"id": "a"}, {"idd": "b"}]}, "this item has other columns than the first (found: idd)"),
            ({"e": []}, "the list is empty"),
            ({"e": "a"}, "a list is needed here"),
            ([], "a mapping"),
        ],
    )
    def test_mistakes_of_a_list(self, lists: object, reason: str) -> None:
        assert reason in refused(lists=lists)

    def test_forgotten_lists_are_told(self) -> None:
        assert "there is no list of this name" in refused(criteria={"<x>": {"for_each": "y", **YES}})

    @pytest.mark.parametrize("lists", [["a", "b"], ["a"]])
    def test_does_not_grow_without_bound(self, lists: list[str]) -> None:
        many = [str(number) for number in range(3_000)]
        nested: dict[str, Any] = {"for_each": lists, "of": {"b<b>": {"for_each": "b"}, "c<c>": {"for_each": "c"}}}
        name = ".".join(f"<{one}>" for one in lists)
        found = refused(lists={"a": many, "b": many, "c": many}, groups={name: nested})
        assert f"written out, the rubric is too large. Shorten its lists: keep to {MAX_PARTS} values" in found

    def test_many_rows_that_say_the_same_are_bounded_too(self) -> None:
        many = [str(number) for number in range(3_000)]
        found = refused(lists={"a": many, "b": many}, criteria={"c": {"for_each": ["a", "b"], **YES}})
        assert "written out, the rubric is too large" in found

    def test_asking_for_many_texts_costs_no_more_than_the_rows(self) -> None:
        many = [str(number) for number in range(1_000)]
        rows = [{"a": one, "b": one, "c": one} for one in many]
        part = {"for_each": "row", "where": {"a": many, "b": many, "c": many}, **YES}
        assert len(load_rubric({"rubric": "x", "lists": {"row": rows}, "criteria": {"<a>": part}}).criteria) == 1_000

    def test_a_section_of_many_rows_costs_no_more_than_its_rows(self) -> None:
        rows = [{"id": f"q{number}", "part": f"p{number % 7}"} for number in range(2_000)]
        of = {"<id>": {"for_each": "row", "where": {"part": "<part>"}, "value": "2"}}
        rubric = load_rubric({
            "rubric": "x",
            "lists": {"row": rows},
            "criteria": {"<id>": {"for_each": "row", **YES}},
            "groups": {"<part>": {"for_each": "row", "combine": "sum", "of": of}},
        })  # fmt: skip
        assert [len(group.children) for group in rubric.groups.values()] == [286, 286, 286, 286, 286, 285, 285]


CRITERIA = {f"{part}-{number}": {**YES, "tags": part} for part in "ab" for number in (1, 2)}


class TestChildren:
    def children(self, of: dict[str, Any], **groups: Any) -> list[tuple[str, Any]]:
        groups = {"g": {"combine": "sum", "of": of}, **groups}
        rubric = load_rubric({"rubric": "x", "criteria": CRITERIA, "groups": groups})
        return [(child.id, child.weights[0].weight) for child in rubric.groups["g"].children]

    def test_by_tag_pattern_and_name(self) -> None:
        assert self.children({"tag": "a"}) == [("a-1", 1), ("a-2", 1)]
        assert self.children({"matching": ["*-1", "b-*"]}) == [("a-1", 1), ("b-1", 1), ("b-2", 1)]
        assert self.children({"tag": "a", "a-1": 7, "b-2": 3}) == [("a-1", 7), ("a-2", 1), ("b-2", 3)]

    def test_groups_are_found_as_well_and_never_the_group_itself(self) -> None:
        other = {"combine": "sum", "of": ["a-1"], "tags": ["up", "a"]}
        assert self.children({"tag": "up"}, other=other) == [("other", 1)]
        own = {"combine": "sum", "of": {"matching": "*"}}
        assert self.children({"tag": "a"}, g=own) == [(name, 1) for name in sorted(CRITERIA)]

    @pytest.mark.parametrize(
        ("pattern", "found"),
        [
            ("a-1", ["a-1"]),
            ("*", 4),
            ("a*", 2),
            ("a*1", ["a-1"]),
            ("*a*-*1*", ["a-1"]),
            ("*-*-*", None),
            ("a-1*1", None),
        ],
    )
    def test_patterns(self, pattern: str, found: list[str] | int | None) -> None:
        if found is None:
            with pytest.raises(RubricError, match="no criterion or group has a name like this"):
                self.children({"matching": pattern})
        else:
            names = [name for name, _ in self.children({"matching": pattern})]
            assert (len(names) if isinstance(found, int) else names) == found

    def test_nothing_with_the_tag_is_told(self) -> None:
        with pytest.raises(RubricError, match=r"groups.g: no criterion or group has this tag \(found: c\)"):
            self.children({"tag": "c"})

    def test_children_are_bounded_too(self) -> None:
        many = {f"c{number}": "m" for number in range(3_000)}
        groups = {f"g{number}": {"combine": "sum", "of": {"matching": "c*"}} for number in range(300)}
        found = refused(maps={"m": {"yes": 1, "no": 0}}, criteria=many, groups=groups)
        assert "written out, the rubric is too large" in found

    def test_a_node_called_tag_stays_a_child(self) -> None:
        groups = {"g": {"combine": "sum", "of": {"tag": 2}}}
        rubric = load_rubric({"rubric": "x", "criteria": {"tag": {"linear": {}}}, "groups": groups})
        assert [(child.id, child.weights[0].weight) for child in rubric.groups["g"].children] == [("tag", 2)]
