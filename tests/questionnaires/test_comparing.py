"""Two editions side by side, a questionnaire on paper, the schemas and the command."""

import csv
import io
import json
from collections.abc import Set
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import Edition, Question, Reply, Text, current, load
from questionnaires.__main__ import OK, UNUSABLE, WRONG, main
from questionnaires.answers import NO_CASE
from questionnaires.asked_state import view
from questionnaires.asking import asked, progress
from questionnaires.blank import blank, read_back
from questionnaires.catalogue import DIRECTORY
from questionnaires.compare import Difference, compare
from questionnaires.loader import fingerprint
from questionnaires.schemas import FOLDER, NAMES, schema, write_all
from tests.questionnaires.companies import answers, best, facts
from tests.questionnaires.conftest import Edit

GOVERNANCE = "sections/governance.yaml"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return current()


def differences(edition: Edition, folder: Path) -> list[Difference]:
    return [found for found in compare(edition, load(folder)) if found.change != "same"]


class TestCompare:
    def test_with_itself(self, edition: Edition) -> None:
        found = compare(edition, edition)
        assert {one.change for one in found} == {"same"}
        assert all(one.answer_fits for one in found)

    @pytest.mark.parametrize(
        ("file", "old", "new", "what", "fits"),
        [
            (GOVERNANCE, "en: Signed pledge", "en: Pledge", ("title",), True),
            (GOVERNANCE, "en: Every three months or more often", "en: Each quarter", ("options",), True),
            ("rubric.yaml", "quarterly: 10", "quarterly: 9", ("points",), True),
            ("rubric.yaml", "      gov_pledge: 1", "      gov_pledge: 2", ("points",), True),
            (GOVERNANCE, "min_files: 1", "min_files: 2", ("evidence",), True),
            ("rubric.yaml", "in: ['yes', partial]}\n    presence", "in: ['yes']}\n    presence", ("asked",), True),
        ],
    )
    def test_reworded(
        self, edition: Edition, draft: Edit, file: str, old: str, new: str, what: tuple[str, ...], fits: bool
    ) -> None:
        (found,) = differences(edition, draft(file, old, new))
        assert (found.change, found.what, found.answer_fits) == ("reworded", what, fits)

    def test_an_option_that_is_gone(self, edition: Edition, draft: Edit) -> None:
        draft("rubric.yaml", "quarterly: 10, ", "quarter: 10, ")
        (found,) = differences(edition, draft(GOVERNANCE, "value: quarterly", "value: quarter"))
        assert not found.answer_fits

    def test_new_and_gone(self, edition: Edition, draft: Edit) -> None:
        draft("rubric.yaml", "  gov_conduct:\n", "  gov_behaviour:\n")
        draft("rubric.yaml", "      gov_conduct: 3\n", "      gov_behaviour: 3\n")
        draft("templates/staff_rules.yaml", "gov_conduct", "gov_behaviour")
        found = differences(edition, draft(GOVERNANCE, "id: gov_conduct\n", "id: gov_behaviour\n"))
        assert found == [Difference("gov_behaviour", "new"), Difference("gov_conduct", "gone")]


def cut(edition: Edition, kept: Set[str], reworded: Set[str] = frozenset()) -> Edition:
    """The edition with some of its questions, some of them in other words."""

    def words(question: Question) -> Question:
        title = Text(km=f"{question.title.km}។", en=f"{question.title.en}.")
        return question.model_copy(update={"title": title}) if question.id in reworded else question

    sections = [
        replace(section, questions=tuple(words(question) for question in section.questions if question.id in kept))
        for section in edition.sections
    ]
    return replace(edition, sections=tuple(sections))


NAMES_OF_QUESTIONS = st.frozensets(st.sampled_from([question.id for question in current().questions]))


@given(NAMES_OF_QUESTIONS, NAMES_OF_QUESTIONS, NAMES_OF_QUESTIONS)
def test_every_question_is_of_one_of_four_kinds(
    old: frozenset[str], new: frozenset[str], words: frozenset[str]
) -> None:
    """Whatever two editions ask: none is left out, none is told twice, and each is what it is."""
    found = compare(cut(current(), old), cut(current(), new, words))
    kinds = {one.question: one.change for one in found}
    assert len(found) == len(kinds)
    expected = {
        **dict.fromkeys(old - new, "gone"),
        **dict.fromkeys(new - old, "new"),
        **dict.fromkeys(old & new & words, "reworded"),
        **dict.fromkeys((old & new) - words, "same"),
    }
    assert kinds == expected


@given(NAMES_OF_QUESTIONS)
def test_what_waits_to_be_confirmed_does_not_count_as_answered(waiting: frozenset[str]) -> None:
    company = facts("isp")
    said = answers(current(), company, best)
    found = view(current(), company, said)
    for before, after in zip(progress(found), progress(found, unconfirmed=waiting), strict=True):
        here = {question.id for question in found.questions if question.section == after.section} & said.keys()
        assert after.to_confirm == len(here & waiting)
        assert after.answered == before.answered - after.to_confirm
        assert after.complete == (before.complete and not after.to_confirm)


class TestOnPaper:
    def filled_in(self, edition: Edition, **cells: str) -> str:
        """The blank table with some answers typed in (``not_applicable`` and so on after two underscores)."""
        rows = list(csv.DictReader(io.StringIO(blank(edition, edition.questions, "km").lstrip("\ufeff"))))
        for name, text in cells.items():
            question, _, column = name.partition("__")
            next(row for row in rows if row["id"] == question)[column or "answer"] = text
        out = io.StringIO()
        table = csv.DictWriter(out, rows[0])
        table.writeheader()
        table.writerows(rows)
        return "\ufeff" + out.getvalue()

    def test_blank_says_nothing(self, edition: Edition) -> None:
        assert read_back(edition, self.filled_in(edition)) == ({}, ())

    def test_in_the_reader_s_language(self, edition: Edition) -> None:
        assert edition.question("gov_policy").text.km in blank(edition, edition.questions, "km")
        assert "partial = Partly" in blank(edition, edition.questions, "en")

    def test_what_was_typed(self, edition: Edition) -> None:
        reason = "We sell only to other operators, never to homes or private persons."
        text = self.filled_in(
            edition,
            gov_policy="yes",
            prof_features="connect; ai",
            gov_policy_review_date="២៧/៣/២០២៦",
            stat_csam_reports="១២",
            stat_takedown_median_hours="no_case",
            sd_network_filter__not_applicable="X",
            sd_network_filter__justification=reason,
            gov_lead__comment="from May",
        )
        replies, refused = read_back(edition, text)
        assert refused == ()
        assert replies["gov_policy"] == Reply("yes")
        assert replies["prof_features"].value == ("connect", "ai")
        assert replies["gov_policy_review_date"].value.isoformat() == "2026-03-27"  # type: ignore[union-attr]
        assert replies["stat_csam_reports"].value == 12
        assert replies["stat_takedown_median_hours"].value == NO_CASE
        assert replies["sd_network_filter"] == Reply(None, True, reason)
        assert replies["gov_lead"] == Reply(comment="from May")

    def test_what_is_refused_names_its_row(self, edition: Edition) -> None:
        text = self.filled_in(edition, gov_policy="maybe", gov_lead__not_applicable="x")
        _, refused = read_back(edition, text + "nonsense,,,,,,,\n")
        rows = [question.id for question in edition.questions]
        assert [(one.row, one.code) for one in refused] == [
            (rows.index("gov_policy") + 2, "unknown_option"),
            (rows.index("gov_lead") + 2, "not_applicable_refused"),
            (62, "unknown_question"),
        ]
        assert all(one.message.km for one in refused)

    def test_all_a_company_said_comes_back(self, edition: Edition) -> None:
        for kind in edition.kinds:
            company = facts(kind.id)
            said = answers(edition, company, best)
            text = blank(edition, asked(edition, company, said), "en", said)
            said.pop("gov_pledge")  # the signed file itself is handed in on the portal
            assert read_back(edition, text) == (said, ())

    def test_no_cell_is_a_formula(self, edition: Edition) -> None:
        said = {"gov_lead": Reply(comment="=HYPERLINK(1)")}
        text = blank(edition, edition.questions, "en", said)
        assert "'=HYPERLINK" in text
        assert read_back(edition, text)[0] == said


class TestSchemas:
    def test_every_file_names_the_schema_that_is_built_for_it(self, tmp_path: Path) -> None:
        write_all(tmp_path)
        for path in DIRECTORY.rglob("*.yaml"):
            first = path.read_text("utf-8").splitlines()[0]
            assert first.startswith("# yaml-language-server: $schema=")
            named = (path.parent / first.split("=", 1)[1]).resolve()
            assert named.parent == FOLDER
            assert (tmp_path / named.name).is_file()

    def test_prose_may_be_anything_in_words(self) -> None:
        assert "Wording" in schema("lifecycle")["$defs"]

    def test_both_languages_are_required(self) -> None:
        assert schema("section")["$defs"]["Text"]["required"] == ["km", "en"]

    def test_keys_are_explained(self) -> None:
        help_key = schema("section")["$defs"]["QuestionText"]["properties"]["help"]
        assert help_key["description"] == "Why it is asked and how to answer."


class TestCommand:
    def test_check(self, capsys: pytest.CaptureFixture[str], draft: Edit) -> None:
        assert main(["check", "2026"]) == OK
        assert "0 to mend" in capsys.readouterr().out
        folder = draft("edition.yaml", "km: មួយផ្នែក", "km: Partly")
        assert main(["check", str(folder)]) == WRONG
        assert "edition.yaml:" in capsys.readouterr().out

    def test_check_refused(self, capsys: pytest.CaptureFixture[str], draft: Edit) -> None:
        assert main(["check", str(draft(GOVERNANCE, "kind: file", "kind: fil"))]) == UNUSABLE
        assert capsys.readouterr().err.startswith("sections/governance.yaml:")

    def test_check_in_khmer(self, capsys: pytest.CaptureFixture[str], draft: Edit) -> None:
        assert main(["check", str(draft("edition.yaml", "km: មួយផ្នែក", "km: Partly")), "--lang", "km"]) == WRONG
        found, summary = capsys.readouterr().out.splitlines()
        assert found.endswith("នេះមិនមែនជាភាសាខ្មែរទេ។ សូមបកប្រែ [ត្រូវកែ]")
        assert summary.endswith("ត្រូវកែ 1 គួរពិនិត្យ 0")
        assert main(["check", str(draft(GOVERNANCE, "kind: file", "kind: fil")), "--lang", "km"]) == UNUSABLE
        assert "ត្រូវតែជា" in capsys.readouterr().err

    def test_levels_nobody_reaches_in_khmer(self, capsys: pytest.CaptureFixture[str], draft: Edit) -> None:
        levels = draft("rubric.yaml", "lea_contact: {met_by: [yes_24_7]", "lea_contact: {met_by: ['no']")
        assert main(["check", str(levels), "--lang", "km"]) == WRONG
        unreachable = [line for line in capsys.readouterr().out.splitlines() if "មិនអាចឈានដល់បាន" in line]
        assert unreachable
        assert not any(" is needed" in line or "cannot" in line for line in unreachable)

    def test_unknown_edition(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "1999"]) == UNUSABLE
        assert "there is no edition 1999" in capsys.readouterr().err

    def test_compare(self, capsys: pytest.CaptureFixture[str], draft: Edit) -> None:
        folder = draft(GOVERNANCE, "en: Signed pledge", "en: Pledge")
        assert main(["compare", "2026", str(folder)]) == OK
        out = capsys.readouterr().out
        assert "reworded  gov_pledge  title (answers still fit)" in out
        assert "59 same, 1 reworded, 0 new, 0 gone" in out

    def test_blank(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["blank", "2026", "--lang", "en", "--kinds", "internet_cafe", "--features", "public_access"]) == OK
        out = capsys.readouterr().out
        assert "cafe_filter" in out
        assert "ur_report_quality" in out
        assert "csam_blocking" not in out
        assert main(["blank", "2026", "--kinds", "zoo"]) == UNUSABLE

    def test_schema(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        assert main(["schema", "section"]) == OK
        assert json.loads(capsys.readouterr().out)["title"] == "SectionText"
        assert main(["schema", "--into", str(tmp_path / "s")]) == OK
        assert {path.stem for path in (tmp_path / "s").iterdir()} == set(NAMES)
        assert main(["schema"]) == UNUSABLE

    def test_lock_and_rubric(self, capsys: pytest.CaptureFixture[str], edition: Edition) -> None:
        assert main(["lock", "2026"]) == OK
        assert capsys.readouterr().out.split() == [fingerprint(DIRECTORY / "2026"), "2026"]
        assert main(["rubric", "2026"]) == OK
        assert json.loads(capsys.readouterr().out) == edition.rubric.source

    def test_new(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, draft: Edit
    ) -> None:
        source = draft("edition.yaml", "id: '2026'", "id: '2026'")
        monkeypatch.setattr("questionnaires.__main__.DIRECTORY", tmp_path)
        assert main(["new", str(source), "2028"]) == OK
        assert load(tmp_path / "2028").id == "2028"
        assert main(["new", str(source), "2028"]) == UNUSABLE
        assert "is there already" in capsys.readouterr().err

    def test_prose(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prose", "2026"]) == OK
        out = capsys.readouterr().out
        assert '"decision_by": "An approver who did not review the assessment' in out
        assert "ហាមផ្ទុកឡើង" in out
