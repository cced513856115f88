"""Files as other people publish them: headers, thousands, per cent signs, several naming columns, a row a value."""

import contextlib
import io
import os
import runpy
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import RubricError, Subject, evaluate, load_rubric
from scoring.__main__ import main
from scoring.numbers import Written

ROOT = Path(__file__).parents[2]
RUBRIC = """
rubric: published
numbers: {thousands: ",", signs: ["%", "US$"]}
columns: {income: "Income per head (US$)", reach: "Share reached", fact:kind: Kind of place}
words: {unanswered: [..]}
defaults: {unanswered: excluded}
facts: {kind: {type: choice, options: [town, village]}, year: {type: number, optional: "yes"}}
criteria:
  income: {linear: {}}
  reach: {linear: {}}
groups: {total: {combine: sum, of: [income, reach]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rubric.yaml").write_text(RUBRIC, "utf-8")
    return tmp_path


def run(folder: Path, text: str, *options: str, encoding: str = "utf-8") -> int:
    (folder / "subjects.csv").write_text(text, encoding)
    return main(["evaluate", str(folder / "rubric.yaml"), str(folder / "subjects.csv"), "--format", "csv", *options])


class TestNumbersAsPublished:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1,234", 1234),
            ("12,34,567", 1234567),
            ("1,234.5", Fraction("1234.5")),
            ("-1,234", -1234),
            ("85%", 85),
            ("85 %", 85),
            ("US$ 13,012", 13012),
            ("7", 7),
            ("1,23", None),
            ("1,23,456,789", None),
            ("1,2345", None),
            ("1 234", None),
            ("1,234 567", None),
            ("1234.5,678", None),
            ("1234,567", None),
            (",123", None),
            ("%", None),
            ("1.234,5", None),
        ],
    )
    def test_english(self, text: str, number: Fraction | None) -> None:
        assert Written(",", ".", ("%", "US$")).parse(text) == number

    @pytest.mark.parametrize(
        ("text", "number"), [("1.234,5", Fraction("1234.5")), ("0,5", Fraction("0.5")), ("0.5", None), ("12", 12)]
    )
    def test_decimal_comma(self, text: str, number: Fraction | None) -> None:
        assert Written(".", ",").parse(text) == number

    @pytest.mark.parametrize(
        ("numbers", "wrong"),
        [
            ({"thousands": "."}, "this cannot separate thousands"),
            ({"thousands": "5"}, "this cannot separate thousands"),
            ({"thousands": ", "}, "this cannot separate thousands"),
            ({"signs": ["5"]}, "this cannot be left out of a number"),
            ({"signs": ["-"]}, "this cannot be left out of a number"),
            ({"signs": [""]}, "this cannot be left out of a number"),
            ({"decimal": ";"}, "this value is not known"),
        ],
    )
    def test_what_would_change_numbers_is_refused(self, numbers: dict[str, object], wrong: str) -> None:
        with pytest.raises(RubricError, match=wrong):
            load_rubric({"rubric": "x", "numbers": numbers})


class TestColumns:
    def test_headers_are_mapped_and_tidied(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = 'id,"Income per\n head (US$)",Share  reached,Kind of place\na,"13,012",85%,town\nb,..,5,\n'
        assert run(folder, text) == 0
        assert capsys.readouterr().out == "id,total\na,13097\nb,5\n"

    def test_the_rubrics_own_names_work_too(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(folder, "id,income,reach,kind\na,1,2,town\n") == 0
        assert capsys.readouterr().out == "id,total\na,3\n"

    def test_a_header_the_rubric_counts_on_must_be_there(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(folder, "id,income,reach\na,1,2\n") == 2
        assert "the file has no column 'Kind of place'; there are: id, income, reach" in capsys.readouterr().err

    def test_several_columns_name_a_subject(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = "place,year,income,reach,kind\nA,2024,1,2,town\nA,2025,3,4,town\n"
        assert run(folder, text, "--id", "place", "--id", "year") == 0
        assert capsys.readouterr().out == "id,total\nA / 2024,3\nA / 2025,7\n"

    def test_a_naming_column_that_is_not_there(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(folder, "place,income,reach,kind\nA,1,2,town\n", "--id", "town", "--skip-unknown-columns") == 2
        assert "the file has no column 'town'" in capsys.readouterr().err

    def test_a_misspelt_answer_is_not_passed_over(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        options = ("--id", "place", "--skip-unknown-columns")
        assert run(folder, "place,incomme,reach,Kind of place,Rank\nA,1,2,town,7\n", *options) == 2
        said = capsys.readouterr()
        assert "'incomme' is passed over and nothing stands for 'income'" in said.err
        assert said.out == ""
        assert run(folder, "place,income,reach,Kind of place,Rank\nA,1,2,town,7\n", *options) == 0

    def test_a_row_a_value_under_other_headers(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = 'place,source,indicator,score\nA,x,Share reached,5%\nA,x,income,"1,000"\nB,y,income,7\n'
        options = ("--id", "place", "--criterion", "indicator", "--value", "score")
        assert run(folder, text, *options) == 2
        assert "the rubric knows no fact or answer for: 'source'" in capsys.readouterr().err
        assert run(folder, text, *options, "--skip-unknown-columns") == 0
        assert capsys.readouterr().out == "id,total\nA,1005\nB,7\n"

    def test_another_encoding(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = "id,income,reach,kind\nCôte d’Ivoire,1,2,town\n"
        assert run(folder, text, encoding="cp1252") == 2
        assert run(folder, text, "--encoding", "cp1252", encoding="cp1252") == 0
        assert "Côte d’Ivoire,3" in capsys.readouterr().out
        assert run(folder, text, "--encoding", "no-such") == 2

    @pytest.mark.parametrize(
        "columns", [{"nothing": "A"}, {"income": "A", "reach": "A"}, {"income": ""}, {"kind": "A", "income": "B "}]
    )
    def test_mapping_mistakes(self, columns: dict[str, str]) -> None:
        data: dict[str, object] = {
            "rubric": "x",
            "facts": {"kind": "text"},
            "answers": {"kind": "text"},
            "criteria": {"income": {"linear": {}}, "reach": {"linear": {}}},
            "columns": columns,
        }
        with pytest.raises(RubricError, match=r"no fact or answer of this name|a header of its own"):
            load_rubric(data)

    def test_options_that_are_numbers_match_however_they_are_written(self) -> None:
        rubric = load_rubric({"rubric": "x", "criteria": {"a": {"choice": {"0.50": 1, "10": 2}}}})
        points = [evaluate(rubric, Subject(answers={"a": raw})).nodes["a"].value for raw in (".5", "1/2", "10.0", 10)]
        assert points == [1, 1, 2, 2]


class TestAsAModule:
    """`python -m scoring`, as it is typed."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        text = "rubric: c\nfacts: {a: number}\nanswers: {a: number}\ncriteria: {b: {linear: {}}}\n"
        (tmp_path / "rubric.yaml").write_text(text, "utf-8")
        return tmp_path

    def run(self, folder: Path, table: str, *more: str) -> tuple[int, str]:
        (folder / "s.csv").write_text(table, "utf-8")
        said = io.StringIO()
        arguments = ["evaluate", str(folder / "rubric.yaml"), str(folder / "s.csv"), *more]
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            patch.setattr(sys, "argv", ["scoring", *arguments])
            patch.delitem(sys.modules, "scoring.__main__", raising=False)
            with pytest.raises(SystemExit) as ended:
                runpy.run_module("scoring", run_name="__main__", alter_sys=True)
        return int(ended.value.code or 0), said.getvalue()

    def test_columns_that_cannot_be_told_apart(self, folder: Path) -> None:
        assert self.run(folder, "id,a,b\nx,1,2\n")[1].startswith("'a' is a fact and an answer")
        assert "is there twice" in self.run(folder, "id,b,answer:b\nx,1,2\n")[1]
        assert "'b' is given twice" in self.run(folder, "id,criterion,value\nx,b,1\nx,b,2\n")[1]
        assert "the rubric knows no fact or answer for: 'c'" in self.run(folder, "id,b,c\nx,1,2\n")[1]
        assert self.run(folder, "id,criterion,value\n")[0] == 0
        assert "2 cells where the header has 3" in self.run(folder, "id,criterion,value\nx,b\n")[1]

    def test_a_reader_that_stops_is_no_error_of_ours(self, folder: Path) -> None:
        rows = "".join(f"s{index},1\n" for index in range(3000))
        (folder / "s.csv").write_text("id,b\n" + rows, "utf-8")
        command = [sys.executable, "-m", "scoring", "evaluate", str(folder / "rubric.yaml"), str(folder / "s.csv")]
        run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ))
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""
        run.stderr.close()
        assert run.wait(timeout=60) == 2
