"""One place commits, one place reads the time, one place changes a state."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house_rules.tree import sources


def calls(name: str) -> Callable[[ast.AST], bool]:
    return lambda node: isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name


def sets_state(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)


def reads_time(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    where = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return (where, node.func.attr) in {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}


RULES = [
    ("commit", calls("commit"), {"compliance/store/base.py"}, "use transaction() from store/base.py"),
    ("time", reads_time, {"compliance/clock.py"}, "ask compliance.clock; it can be held in a test"),
    (
        "state",
        sets_state,
        {"compliance/actions/advance.py", "compliance/domain/errors.py"},
        "take a step with actions.advance",
    ),
]


@pytest.mark.parametrize(("name", "found", "home", "mend"), RULES, ids=[rule[0] for rule in RULES])
def test_one_home(name: str, found: Callable[[ast.AST], bool], home: set[str], mend: str) -> None:
    strays = [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in sources()
        if path.parts[0] == "compliance" and path.as_posix() not in home
        for node in ast.walk(tree)
        if found(node)
    ]
    assert not strays, f"{mend}: {strays}"


def test_the_rules_can_fail() -> None:
    tree = ast.parse("session.commit(); datetime.now(UTC); assessment.state = 1")
    for name, found, _home, _mend in RULES:
        assert any(found(node) for node in ast.walk(tree)), name


def test_actions_never_see_a_request() -> None:
    strays = [
        str(path)
        for path, tree in sources()
        if path.parts[:2] in {("compliance", "actions"), ("compliance", "domain")}
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"flask", "flask_login", "wtforms"}
    ]
    assert not strays, f"pass what the action needs as a value: {strays}"


def test_the_sweep_reads_the_tree() -> None:
    assert Path("compliance/store/base.py") in {path for path, _tree in sources()}
