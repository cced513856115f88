"""What the whole house needs stands in one place, and nowhere else a second time."""

import ast
import re

import pytest

from tests.house_rules.tree import ROOT, sources

# What is looked for in the text of a file, and the files that may hold it.
ONCE = {
    "a table of Khmer digits": ("០១២៣៤៥៦៧៨៩", {"scoring/numbers.py", "certificates/khmer.py"}),
    "reading YAML": ("yaml.parse(", {"scoring/loading/reader.py"}),
    "undoing or setting marks of formulas": ("[=+", {"scoring/cells.py"}),
}
"""certificates/ imports nothing of ours, so it has its own ten digits."""


@pytest.mark.parametrize("what", ONCE)
def test_it_stands_once(what: str) -> None:
    text, files = ONCE[what]
    found = {str(path) for path, _ in sources() if text in (ROOT / path).read_text("utf-8")}
    assert found == files


def test_every_table_marks_formulas() -> None:
    writers = {str(path) for path, tree in sources() if "csv.writer" in _attributes(tree)}
    careful = re.compile("harmless|plain_cell")  # the second passes cells through the first
    careless = {path for path in writers if not careful.search((ROOT / path).read_text("utf-8"))}
    assert writers
    assert not careless, "pass every cell through scoring.cells.harmless"


def test_nobody_builds_a_subject_beside_the_builder() -> None:
    """Of stored answers; scoring itself reads subjects from files."""
    found = {
        str(path)
        for path, tree in sources()
        if path.parts[0] != "scoring"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Subject"
    }
    assert found == {"questionnaires/scorable.py"}


def test_versions_are_read_by_their_field() -> None:
    hidden = [
        str(path)
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and [ast.unparse(target) for target in node.targets] == ["version"]
        and ast.unparse(node.value).startswith("HiddenField")
    ]
    assert not hidden, "a version in a form is a VersionField"


def _attributes(tree: ast.Module) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
