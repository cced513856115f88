"""What the command prints, to the letter; and the longest line, list and count it takes."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from scoring import Files, Subject, load_rubric
from scoring.__main__ import main
from scoring.errors import ReadingError
from scoring.files.layout import Layout, Row
from scoring.files.progress import Progress
from scoring.files.subjects import MAX_LINE, read_subjects, subject_from_tree
from scoring.headers import known

TREE: dict[str, Any] = {
    "rubric": "printed",
    "defaults": {"unanswered": 0},
    "criteria": {"a": {"linear": {}, "essential": {"points": 1}}, "b": {"choice": {"no": "excluded", "yes": 1}}},
    "groups": {"t": {"combine": "mean", "of": {"a": 3}}, "empty": {"combine": "sum", "of": ["b"]}},
    "levels": {"award": {"of": "t", "rungs": [{"id": "in", "total": 1}, {"id": "a-very-long-name", "total": 5}]}},
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "r.json").write_text(json.dumps(TREE), "utf-8")
    (tmp_path / "s.jsonl").write_text(
        '{"id": "ក", "answers": {"a": "1/3", "b": "no"}}\n'
        '{"id": "a name of more than twenty-four letters", "answers": {"a": "20/3", "b": "yes"}}\n',
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(text: str, name: str = "s.csv", layout: Layout | None = None) -> list[Row]:
    names = known(load_rubric(TREE))
    return list(read_subjects(Path(name), io.StringIO(text, newline=""), names, layout or Layout()))


class TestForms:
    def test_json_lines(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["evaluate", "r.json", "s.jsonl"]) == 0
        assert capsys.readouterr().out.splitlines()[0] == (
            '{"id": "ក", "basis": "claimed", "nodes": {"t": {"value": "1/3", "decimal": "0.333333", "code": "mean"}, '
            '"empty": {"value": null, "state": "empty", "code": "empty"}}, "levels": {"award": null}, '
            '"essentials": {"a": "fail"}}'
        )

    def test_csv(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["evaluate", "r.json", "s.jsonl", "--format", "csv"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "id,t,empty,award",
            "ក,1/3,,",
            "a name of more than twenty-four letters,20/3,1,a-very-long-name",
        ]

    def test_what_could_be_had_beside_each_value(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        asked = ["evaluate", "r.json", "s.jsonl", "--attainable", "--node", "empty", "--node", "a"]
        assert main([*asked, "--format", "csv"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "id,empty,empty.attainable,a,a.attainable,award",
            "ក,,,1/3,,",
            "a name of more than twenty-four letters,1,1,20/3,,a-very-long-name",
        ]
        assert main(asked) == 0
        assert '"code": "sum", "attainable": "1"}' in capsys.readouterr().out

    def test_a_table(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["evaluate", "r.json", "s.jsonl", "--format", "table", "--places", "1"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "id                        t         empty     award",
            "ក                         0.3",
            "a name of more than twen  6.7       1         a-very-l",
        ]

    def test_a_rehearsal(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["rehearse", "r.json", "r.json", "s.jsonl"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "award: 2 scored, 0 rise, 0 fall",
            "old \\ new                       –               in a-very-long-name",
            "–                               1                0                0",
            "in                              0                0                0",
            "a-very-long-name                0                0                1",
            "t: 0 values rise, 0 fall, 0 gain or lose a result",
        ]

    def test_one_subject_explained(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["evaluate", "r.json", "s.jsonl", "--explain", "ក", "--node", "t", "--node", "empty"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "ក (claimed)",
            "t = 1/3: The mean of 1 part: 0.33 points.",
            "    a 1/3",
            "empty = empty: None of its parts counts, so there is no result.",
            "The essential criterion “a” is not met; its points are not there yet.",
            "award: –",
            "  in: ✗",
            "    ✗ “t” needs at least 1; it has 0.33",
            "  a-very-long-name: ✗",
            "    ✗ “t” needs at least 5; it has 0.33",
            "award: cheapest path to in (effort 1 → 1)",
            "    a → 1 (1)",
        ]

    def test_a_rubric_without_groups_prints_its_criteria(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (place / "flat.json").write_text(json.dumps({"rubric": "flat", "criteria": {"a": {"linear": {}}}}))
        (place / "one.jsonl").write_text('{"answers": {"a": 2}}\n')
        assert main(["evaluate", "flat.json", "one.jsonl", "--format", "csv"]) == 0
        assert capsys.readouterr().out == "id,a\nline 1,2\n"


class TestHowMuch:
    def test_a_line(self) -> None:
        start = '{"answers": {"a": 1}}'
        (row,) = rows(start.ljust(MAX_LINE - 2) + "\n", "s.jsonl")
        assert row.subject == Subject({}, {"a": 1}, id="line 1")
        with pytest.raises(ReadingError, match=f"longer than {MAX_LINE}"):
            rows(start.ljust(MAX_LINE - 1) + "\n", "s.jsonl")

    @pytest.mark.parametrize("count", [10, 11])
    def test_unknown_columns_are_listed_up_to_ten(self, count: int) -> None:
        titles = [f"zzz{number}" for number in range(count)]
        with pytest.raises(ReadingError) as caught:
            rows(",".join(["id", "a", *titles]) + "\n")
        assert str(caught.value).count("zzz") == 10
        with pytest.raises(ReadingError) as caught:
            rows(",".join(["id", "criterion", "value", *titles]) + "\n")
        assert str(caught.value).count("zzz") == 10

    def test_known_columns_are_listed_up_to_twenty(self) -> None:
        titles = [f"zzz{number}" for number in range(30)]
        with pytest.raises(ReadingError) as caught:
            rows(",".join(["a", *titles]) + "\n", layout=Layout(("place",), skip_unknown=True))
        assert str(caught.value).count("zzz") == 19

    @pytest.mark.parametrize(
        ("raw", "files"),
        [
            ({"given": 2}, Files(2, 0)),
            ({"given": 2, "accepted": 1}, Files(2, 1)),
            ({}, Files(0, 0)),
            ("given", "given"),
        ],
    )
    def test_files_are_counted_from_nothing(self, raw: object, files: object) -> None:
        assert subject_from_tree({"evidence": {"a": raw}}).evidence["a"] == files

    @pytest.mark.parametrize("raw", [{"given": -1}, {"given": True}, {"given": 1, "accepted": "1"}, {"seen": 1}])
    def test_what_is_no_count_of_files(self, raw: object) -> None:
        with pytest.raises(ReadingError, match="files are counted"):
            subject_from_tree({"evidence": {"a": raw}})


class TestRows:
    @pytest.mark.parametrize(
        ("text", "name"),
        [("id;a\nx;1,5\n", "s.csv"), ("id\ta\nx\t1,5\n", "s.csv"), ("id\ta\tb;c;d\nx\t1,5\t\n", "s.tsv")],
    )
    def test_what_separates_cells(self, text: str, name: str) -> None:
        assert [row.id for row in rows(text, name, Layout(skip_unknown=True))] == ["x"]

    def test_rows_know_their_line(self) -> None:
        found = rows('id,a\n"x\ny",1\n\nz,2,3\n,4\n')
        assert [(row.id, row.error) for row in found] == [
            ("x\ny", ""), ("line 5", "3 cells where the header has 2"), ("line 6", ""),
        ]  # fmt: skip

    def test_a_row_a_value(self) -> None:
        found = rows("id,criterion,value\nx,a,1\nx,b,yes\ny,a,2\n")
        assert [(row.id, row.subject.answers if row.subject else None) for row in found] == [
            ("x", {"a": "1", "b": "yes"}),
            ("y", {"a": "2"}),
        ]
        unnamed = rows("id,criterion,value\n,a,1\n,b,yes\n")
        assert [(row.id, row.subject.answers if row.subject else None) for row in unnamed] == [
            ("", {"a": "1", "b": "yes"})
        ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_every_half_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("scoring.files.progress.time.monotonic", lambda: now[0])
    source, stream = io.BytesIO(b"x" * 200), Terminal()
    source.read(100)
    progress = Progress(stream, 200, source)
    shown: list[str] = []
    for seconds in (0.4, 0.1, 0.4, 0.1):
        now[0] += seconds
        for _ in range(64):
            progress.step()
        shown.append(stream.getvalue().rpartition("\r")[2])
    assert shown == ["", "128 subjects, 50 %", "128 subjects, 50 %", "256 subjects, 50 %"]
    assert Progress(Terminal(), 0, source).size == 0
