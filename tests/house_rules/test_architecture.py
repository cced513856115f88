"""The walls: imports look one way, files stay small, the tools find nothing."""

import ast
import subprocess
import sys

import pytest

from tests.house_rules.tree import ROOT, sources

BIN = f"{sys.prefix}/bin"
LONGEST_FILE = 300
LONGEST_FUNCTION = 60


@pytest.mark.parametrize(
    "command",
    [
        ["lint-imports"],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
    ],
    ids=" ".join,
)
def test_the_tools_find_nothing(command: list[str]) -> None:
    done = subprocess.run([f"{BIN}/{command[0]}", *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_longer_than_a_reader_likes() -> None:
    long = [str(path) for path, tree in sources() if len((ROOT / path).read_text().splitlines()) > LONGEST_FILE]
    assert not long, f"usually two things, split them: {long}"


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path}:{node.name}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > LONGEST_FUNCTION
    ]
    assert not long, f"take a step out into a named function: {long}"


def test_a_package_face_holds_names_not_code() -> None:
    allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    busy = [
        str(path)
        for path, tree in sources()
        if path.name == "__init__.py" and path.parts[:2] != ("compliance", "journeys")
        for node in tree.body
        if not isinstance(node, allowed)
    ]
    assert not busy, f"move the code into a module of its own: {busy}"
