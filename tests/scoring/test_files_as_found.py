"""Tables as they are found: titles above the header, other encodings, empty rows, facts beside values."""

import subprocess
import sys
from pathlib import Path

import pytest

from scoring import RubricError
from scoring.__main__ import main
from scoring.loading.reader import parse_yaml, read_rubric
from scoring.numbers import Written

RUBRIC = """
rubric: found
facts: {kind: {type: choice, options: [town, village], optional: "yes"}}
defaults: {unanswered: excluded}
criteria:
  income: {linear: {}}
  reach: {linear: {}}
groups:
  total: {combine: sum, of: [income, reach]}
  in towns: {combine: sum, of: {income: {weight: 1, when: {fact: kind, is: town}}}}
"""


class Tables:
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.rubric, self.file, self.capsys = tmp_path / "r.yaml", tmp_path / "s.csv", capsys
        self.rubric.write_text(RUBRIC, "utf-8")

    def run(self, text: str, *options: str, encoding: str = "utf-8") -> tuple[int, str, str]:
        self.file.write_bytes(text.encode(encoding))
        code = main(["evaluate", str(self.rubric), str(self.file), "--format", "csv", *options])
        said = self.capsys.readouterr()
        return code, said.out.removeprefix("id,total,in towns\n"), said.err


class TestFiles(Tables):
    def test_titles_above_the_header(self) -> None:
        text = 'Table 1, by place\n\nid,income,reach\nA,1,2\nB,x,2\nC,"1\n'
        assert self.run(text, "--header-line", "3") == (2, "", "line 6: unexpected end of data\n")
        code, out, err = self.run(text.rpartition("C")[0], "--header-line", "3")
        assert (code, out) == (1, "A,3,\n")
        assert "B: found: income: a number" in err
        assert "header not on line 1? Say which with --header-line" in self.run(text, "--id", "id")[2]
        assert self.run("id,income\nA,1\n", "--header-line", "0")[2] == "--header-line is 1 or more\n"
        assert self.run("id,income\nA,1\n", "--header-line", "9")[2].startswith("there is no header.")

    def test_a_header_of_which_nothing_is_known(self) -> None:
        err = self.run("Table 1,\nid,income\n", "--skip-unknown-columns")[2]
        assert err.startswith("no column stands for a fact or answer of the rubric. Is the header not on line 1?")

    def test_rows_of_empty_cells_say_nothing(self) -> None:
        assert self.run(",,\nid,income,reach\n,,\nA,1,2\n , ,\n,3,\n") == (0, "A,3,\nline 6,3,\n", "")

    def test_a_short_row_is_named_once(self) -> None:
        assert self.run("id,income,reach\nA,1\n")[2].startswith("s.csv:2: 2 cells where the header has 3\n")

    def test_marked_utf16_needs_no_word(self) -> None:
        assert self.run("id;income\nCafé;1\n", encoding="utf-16")[1] == "Café,1,\n"
        assert self.run("\ufeffid;income\nCafé;1\n", encoding="utf-16-be")[1] == "Café,1,\n"

    def test_another_encoding_is_asked_for(self) -> None:
        code, _, err = self.run("id;income\nCafé;1\n", encoding="cp1252")
        assert (code, "not utf-8 text (invalid continuation byte). Name its encoding" in err) == (2, True)
        assert self.run("id;income\nCafé;1\n", "--encoding", "cp1252", encoding="cp1252")[1] == "Café,1,\n"

    @pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
    def test_a_spreadsheet_is_to_be_saved_as_csv(self, start: bytes) -> None:
        assert "Save it as CSV" in self.run(start.decode("latin-1") + " and so on", encoding="latin-1")[2]

    def test_one_wrong_byte_at_the_end_is_told_before_anything_is_printed(self) -> None:
        text = "id,income\n" + "A,1\n" * 5000 + "Café,1\n"
        code, out, _ = self.run(text, encoding="cp1252")
        assert (code, out) == (2, "")

    @pytest.mark.parametrize(
        "text",
        [
            "id,income,reach\r\nក,1,2\r\n",
            "\ufeffid;income;reach\r\nក;1;2\r\n\r\n",
            '"id";"income";"reach"\n"ក";"1";"2"\n;;\n',
            "id\tincome\treach\nក\t1\t2",
            "sep=;\r\nid;income;reach\r\nក;1;2\r\n",
            "ID,income,reach\nក,1,2\n",
            ' id , income ,"reach\n"\n ក ,1, 2 \n',
        ],
    )
    def test_as_other_programs_write_it(self, text: str) -> None:
        assert self.run(text)[:2] == (0, "ក,3,\n")

    def test_signs_within_quotes_do_not_separate(self) -> None:
        text = '"income","id";kind;reach\n1;town;2\n'
        self.rubric.write_text(RUBRIC + 'columns: {income: "income,id"}\n', "utf-8")
        assert self.run(text.replace('"income","id"', '"income,id"'))[:2] == (0, "line 2,3,1\n")

    def test_khmer_headers(self) -> None:
        self.rubric.write_text(RUBRIC + "columns: {income: ចំណូល, kind: ប្រភេទ}\n", "utf-8")
        assert self.run("ឈ្មោះ,ចំណូល,ប្រភេទ,reach\nភ្នំពេញ,១២,town,2\n", "--id", "ឈ្មោះ")[1] == "ភ្នំពេញ,14,12\n"

    @pytest.mark.parametrize("text", ["", "\n\n", "id,income\nA,1\nB\n"])
    def test_no_header_before_the_file_is_known_to_be_readable(self, text: str) -> None:
        code, out, _ = self.run(text)
        assert (code, out) == ((1, "A,1,\n") if text.startswith("id") else (2, ""))

    def test_a_header_alone_is_a_table_of_nobody(self) -> None:
        self.file.write_text("id,income\n")
        assert main(["evaluate", str(self.rubric), str(self.file), "--format", "csv"]) == 0
        assert self.capsys.readouterr().out == "id,total,in towns\n"


class TestPlaces(Tables):
    """Where files are."""

    @pytest.mark.parametrize(("name", "en"), [("nowhere.csv", "there is no file"), ("folder", "is a folder")])
    def test_what_is_no_file(self, name: str, en: str) -> None:
        folder = self.file.parent / "folder"
        folder.mkdir()
        for lang, words in (("en", en), ("km", "សូម")):
            call = ["evaluate", str(self.rubric), str(self.file.with_name(name)), "--lang", lang]
            assert main(call) == 2
            said = self.capsys.readouterr()
            assert (said.out, words in said.err, "Errno" in said.err) == ("", True, False)
            assert main(["check", str(self.file.with_name(name)), "--lang", lang]) == 2
            assert "Errno" not in self.capsys.readouterr().err

    @pytest.mark.parametrize(
        ("text", "printed"),
        [("id,income\nA,1\n", "A,1,"), ('{"id": "A", "answers": {"income": 1}}\n', "A,1,"), ("", "there is no header")],
    )
    def test_standard_input(self, text: str, printed: str) -> None:
        command = [sys.executable, "-m", "scoring", "evaluate", str(self.rubric), "-", "--format", "csv"]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=root, check=False)
        assert printed in done.stdout + done.stderr

    def test_endings_are_read_in_any_case(self) -> None:
        self.file = self.file.with_name("S.CSV")
        assert self.run("id,income\nA,1\n")[1] == "A,1,\n"


class TestARowAValue(Tables):
    LONG = ("--id", "place", "--criterion", "indicator", "--value", "score")

    def test_facts_beside_the_values(self) -> None:
        text = "place,kind,indicator,score\nA,town,income,1\nA,,reach,2\nB,village,income,7\n"
        assert self.run(text, *self.LONG) == (0, "A,3,1\nB,7,\n", "")

    def test_a_naming_column_that_is_a_fact(self) -> None:
        text = "kind,indicator,score\ntown,income,1\nvillage,income,7\n"
        assert self.run(text, "--id", "kind", *self.LONG[2:])[1] == "town,1,1\nvillage,7,\n"

    def test_what_stands_beside_is_the_same_in_every_row(self) -> None:
        text = "place,kind,indicator,score\nA,town,income,1\nA,village,reach,2\nA,town,reach,3\nB,town,kind,town\n"
        code, out, err = self.run(text, *self.LONG)
        assert (code, out) == (1, "")
        assert "A (s.csv:3): 'kind' is 'village' here and 'town' above" in err
        assert "B (s.csv:5): 'kind' is given twice" in err
        text = "place,kind,indicator,score\nA,,kind,town\nA,town,kind,town\nA,,income,1\n"
        assert "A (s.csv:3): 'kind' is given twice" in self.run(text, *self.LONG)[2]

    def test_a_value_given_twice_is_named_by_its_line(self) -> None:
        text = "place,indicator,score\nA,income,1\nA,income,\nA,income,2\n"
        assert "A (s.csv:4): 'income' is given twice" in self.run(text, *self.LONG)[2]

    def test_a_ruling_that_cannot_be_read(self) -> None:
        text = "place,indicator,score\nA,income,1\nA,income.ruling,perhaps\n"
        assert "A (s.csv:2): the ruling on 'income'" in self.run(text, *self.LONG)[2]

    def test_names_to_pass_over_are_listed_and_counted(self) -> None:
        text = "place,note,indicator,score\nA,x,income,1\nA,y,rank,2\nA,z,reach,3\nB,x,rank,1\nB,y,Z1,5\n"
        assert "no fact or answer for: 'note'" in self.run(text, *self.LONG)[2]
        listed = ("--pass-over", "note", "--pass-over", "rank", "--pass-over", "Z*")
        said = "passed over: 'rank' (rows: 2), 'Z1' (rows: 1), 'note'\n"
        assert self.run(text, *self.LONG, *listed) == (0, "A,4,\nB,,\n", said)

    def test_an_unknown_name_stops_its_subject_alone(self) -> None:
        text = "place,indicator,score\nA,incomme,1\nA,reach,3\nB,income,7\n"
        code, out, err = self.run(text, *self.LONG)
        assert (code, out) == (1, "B,7,\n")
        assert err.startswith("A (s.csv:2): the rubric knows no fact or answer 'incomme'. Mend the name")
        assert "Did you mean 'income'?" in err
        for pattern, stops in (("inc*", True), ("incomme", False)):
            code, out, err = self.run(text, *self.LONG, "--pass-over", pattern)
            assert (code, out) == ((1, "B,7,\n") if stops else (0, "A,3,\nB,7,\n"))
            assert ("'incomme' is passed over and nothing stands for 'income'" in err) == stops

    def test_rows_that_do_not_stand_together_are_refused_before_anything_is_printed(self) -> None:
        text = "place,indicator,score\nA,income,1\nB,income,7\nA,reach,3\n"
        code, out, err = self.run(text, *self.LONG)
        assert (code, out) == (2, "")
        assert err == "line 4: the rows of 'A' do not stand together; sort the file by id\n"

    def test_a_column_may_not_be_there_twice(self) -> None:
        for title in ("place", "indicator", "score"):
            text = f"place,indicator,score,{title}\nA,income,1,2\n"
            assert self.run(text, *self.LONG)[::2] == (2, f"the column {title!r} is there twice\n")

    def test_a_column_that_is_asked_for_has_to_be_there(self) -> None:
        said = self.run("place,indicator,value\nA,income,1\n", *self.LONG)[2]
        assert said.startswith("the file has no column 'score'; there are: place, indicator, value.")

    def test_answers_called_like_the_columns_of_such_a_file(self) -> None:
        """A rubric may ask for `id`, `criterion`, `value` and `a.evidence`; then columns of these names feed them."""
        names = ("id", "criterion", "value", "a.evidence", "a")
        criteria = ", ".join(f"{name}: {{linear: {{}}}}" for name in names)
        total = f"total: {{combine: sum, of: [{', '.join(names)}]}}"
        self.rubric.write_text(f"rubric: r\ncriteria: {{{criteria}}}\ngroups: {{{total}}}\n", "utf-8")
        assert self.run("id,criterion,value,a.evidence,a\n1,2,3,4,5\n")[1] == "id,total\n1,15\n"

    def test_several_columns_name_a_value(self) -> None:
        self.rubric.write_text("rubric: r\ncriteria: {G1 / web: {linear: {}}, G1 / app: {linear: {}}}\n", "utf-8")
        text = "place,indicator,service,score\nA,G1,web,1\nA,G1,app,2\n"
        out = self.run(text, *self.LONG, "--criterion", "service")[1]
        assert out == "id,G1 / web,G1 / app\nA,1,2\n"


def test_numbers_as_they_are_typeset() -> None:
    french = Written(" ", ",")
    texts = ("1\u202f234,5", "1\u00a0234", "\u22123", "1 234")
    assert [french.parse(text) for text in texts] == [1234.5, 1234, -3, 1234]
    assert Written().parse("1\u202f234") is None


class TestMerging:
    def test_what_stands_beside_wins(self) -> None:
        text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: *a, x: 3}\nd: {z: 4, <<: [*a, *b]}\n"
        plain = "a: {x: 1, y: 1}\nb: {y: 2, z: 2}\nc: {x: 3, y: 1}\nd: {x: 1, y: 1, z: 4}\n"
        assert values(parse_yaml(text)) == values(parse_yaml(plain))

    def test_only_mappings_can_be_merged(self, tmp_path: Path) -> None:
        file = tmp_path / "r.yaml"
        file.write_text("rubric: r\ncriteria: {a: {<<: [x], points: 1}, b: {<<: x, points: 1}}\n", "utf-8")
        with pytest.raises(RubricError) as caught:
            read_rubric(file)
        assert str(caught.value).count("this key is not known (found: <<)") == 2


def values(tree: object) -> object:
    entries = getattr(tree, "entries", None)
    return {key: values(value) for key, (_, value) in entries.items()} if entries else getattr(tree, "text", None)
