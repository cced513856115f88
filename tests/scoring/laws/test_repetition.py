"""Laws of repetition: a rubric that says a part once for each row is the rubric written out."""

import csv
import io
import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring import Rubric, RubricError, evaluate, load_rubric
from scoring.loading.reader import parse_yaml, read_rubric
from scoring.loading.tables import read_table
from scoring.loading.tree import Branch, plain
from tests.scoring.laws.strategies import rubrics, subjects
from tests.scoring.laws.trying import law, scored, values

Data = dict[str, Any]
NAMES = st.lists(st.text("abក១ -./", min_size=1).filter(lambda name: name == name.strip()), min_size=1, unique=True)


def columns(criteria: dict[str, Data]) -> list[str]:
    return sorted({key for criterion in criteria.values() for key in criterion})


def tabled(data: Data, order: list[str]) -> Data:
    """The same rubric with its criteria as rows, in this order; what a criterion lacks is an empty cell."""
    keys = columns(data["criteria"])
    rows = [{"id": name, **{key: data["criteria"][name].get(key) for key in keys}} for name in order]
    template = {"for_each": "row", **{key: f"<{key}?>" for key in keys}}
    return {**data, "lists": {"row": rows}, "criteria": {"<id>": template}}


def cell(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def from_files(data: Data) -> Rubric:
    """The rubric read from a file, its rows from a table beside it."""
    rows = data["lists"]["row"]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows([cell(value) for value in row.values()] for row in rows)
    with TemporaryDirectory() as folder:
        (Path(folder) / "rows.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
        file = Path(folder) / "rubric.json"
        file.write_text(json.dumps({**data, "lists": {"row": {"table": "rows.csv"}}}), encoding="utf-8")
        return read_rubric(file)


class TestWrittenOut:
    """Written out: criteria from a list or a table beside the rubric give the same bytes as the same criteria by hand,
    whatever the order of the rows."""

    @law
    @given(st.data(), st.sampled_from(("claimed", "verified")))
    def test_rows(self, data: st.DataObject, basis: Any) -> None:
        by_hand = data.draw(rubrics())
        rows = tabled(by_hand, data.draw(st.permutations(list(by_hand["criteria"]))))
        plain, inline, beside = load_rubric(by_hand), load_rubric(rows), from_files(rows)
        assert plain.source == inline.source == beside.source
        subject = data.draw(subjects(plain))
        card = scored(plain, subject, basis).canonical_json()
        assert card == evaluate(inline, subject, basis=basis).canonical_json()
        assert card == evaluate(beside, subject, basis=basis).canonical_json()
        assert load_rubric(inline.source).sha256 == inline.sha256


class TestForEach:
    """For each = by hand: two lists crossed are every pair, and items that a subject lacks drop out like criteria that
    nobody wrote."""

    @law
    @given(NAMES, NAMES, st.data())
    def test_pairs(self, services: list[str], elements: list[str], data: st.DataObject) -> None:
        asked = {"fact": "has", "any_of": ["<s>"]}
        head: Data = {
            "rubric": "x",
            "facts": {"has": {"type": "choices", "options": services}},
            "defaults": {"unanswered": "excluded"},
        }
        each = {
            "lists": {"s": services, "e": elements},
            "criteria": {"c<e>|<s>": {"for_each": ["e", "s"], "linear": {}, "asked": asked, "tags": ["of <s>"]}},
            "groups": {
                "<s>|": {"for_each": "s", "combine": "mean", "of": {"tag": "of <s>"}},
                "total": {"combine": "mean", "of": {"matching": "*|"}},
            },
        }
        leaves = {
            f"c{e}|{s}": {"linear": {}, "asked": {"fact": "has", "any_of": [s]}} for e in elements for s in services
        }
        groups = {f"{s}|": {"combine": "mean", "of": sorted(f"c{e}|{s}" for e in elements)} for s in services}
        total = {"combine": "mean", "of": sorted(groups)}
        by_hand = load_rubric({**head, "criteria": leaves, "groups": {**groups, "total": total}})
        assert load_rubric({**head, **each}).source == by_hand.source
        subject = data.draw(subjects(by_hand, complete=True))
        has = {str(one) for one in subject.facts["has"]} if isinstance(subject.facts["has"], list) else set()
        if not has:
            has = set(str(subject.facts["has"]).split(";"))
        kept = {name: value for name, value in subject.answers.items() if name.rpartition("|")[2] in has}
        few = {name: leaf for name, leaf in leaves.items() if name in kept}
        fewer = {name: group for name, group in groups.items() if name.removesuffix("|") in has}
        less = {**head, "criteria": few, "groups": {**fewer, "total": {"combine": "mean", "of": sorted(fewer)}}}
        full, part = values(scored(by_hand, subject)), values(scored(less, type(subject)(subject.facts, kept)))
        assert {name: full[name] for name in part} == part


WORDS = st.sampled_from(
    ("a", "<a>", "<b?>", "x <a>", "<<a>>", "< a>", "<", "", "for_each", "where", "value", "tag", "*")
)
KEYS = st.sampled_from(("<a>", "b", "for_each", "where", "value", "of", "tag", "matching", "tags", "choice", "<b?>"))
PLAIN = st.text(max_size=8).filter(lambda text: not text.strip().startswith(("{", "[")))
TREES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(WORDS, st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


class TestInputsNobodyMade:
    """Inputs nobody made: whatever stands in lists, repeated parts and tables, it is read or told, never a crash."""

    @law
    @given(TREES, TREES, TREES)
    def test_trees(self, lists: Any, criteria: Any, groups: Any) -> None:
        data = {"rubric": "x", "lists": {"a": lists, "b": ["p", "q"]}, "criteria": criteria, "groups": groups}
        with suppress(RubricError):
            load_rubric(load_rubric(data).source)

    @law
    @given(st.text(st.sampled_from('ab,;"\n\r\t {}[]&*<>:'), max_size=60))
    def test_tables(self, text: str) -> None:
        with suppress(RubricError):
            for row in read_table(text, "t.csv", parse_yaml).items:
                assert isinstance(row, Branch)
                assert all(place.line >= 1 and place.column >= 1 for place, _ in row.entries.values())

    @law
    @given(st.lists(st.lists(PLAIN, min_size=2, max_size=2), min_size=1, max_size=5))
    def test_tables_as_they_are_written(self, rows: list[list[str]]) -> None:
        """What a spreadsheet writes is read back, cell by cell; spaces around a cell and other line ends aside."""
        written = io.StringIO()
        csv.writer(written).writerows([["a", "b"], *rows])
        with suppress(RubricError):
            found = read_table(written.getvalue(), "t.csv", parse_yaml)
            tidy = [[cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row] for row in rows]
            kept = [row for row in tidy if any(row)]
            assert [[plain(cell) for _, cell in row.entries.values()] for row in found.items] == kept  # type: ignore[union-attr]
