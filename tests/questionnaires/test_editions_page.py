"""docs/editions.md tells the truth: every mistake it shows is made, and says what the page says."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from questionnaires import EditionRefusedError
from questionnaires.catalogue import DIRECTORY
from questionnaires.checking import check

PAGE = (Path(__file__).parents[2] / "docs" / "editions.md").read_text("utf-8")
_MISTAKE = re.compile(r"<!-- (\S+): (\".*?\") => (\".*?\") -->\n```text\n(.*?)```", re.DOTALL)
MISTAKES = [match.groups() for match in _MISTAKE.finditer(PAGE)]


def told(folder: Path) -> str:
    try:
        return "\n".join(map(str, check(folder)))
    except EditionRefusedError as refused:
        return str(refused)


def test_the_page_shows_mistakes() -> None:
    assert len(MISTAKES) > 10


@pytest.mark.parametrize(("file", "old", "new", "says"), MISTAKES)
def test_mistake(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    folder = tmp_path / "draft"
    shutil.copytree(DIRECTORY / "2026", folder)
    path = folder / file
    before, wanted, made = path.read_text("utf-8"), ast.literal_eval(old), ast.literal_eval(new)
    assert wanted in before
    path.write_text(before.replace(wanted, made, 1), "utf-8")
    found = told(folder)
    for line in says.strip().splitlines():
        assert line in found, found


def test_a_new_question_written_as_the_page_says(tmp_path: Path) -> None:
    words, rule = re.findall(r"```yaml\n(  .*?)```", PAGE, re.DOTALL)
    folder = tmp_path / "draft"
    shutil.copytree(DIRECTORY / "2026", folder)
    section, rubric = folder / "sections" / "user_reporting.yaml", folder / "rubric.yaml"
    section.write_text(section.read_text("utf-8") + "\n" + words, "utf-8")
    text = rubric.read_text("utf-8")
    text = text.replace("\n  # Training, awareness", f"\n{rule}\n  # Training, awareness", 1)
    rubric.write_text(
        text.replace("      ur_report_tool: 4\n", "      ur_report_tool: 4\n      ur_group_chats: 2\n", 1), "utf-8"
    )
    assert check(folder) == ()
