"""How many small mistakes the tests notice: `python -m tests.mutation [--sample N] [--seed N] [AREA …]`.

A mutant is one changed comparison, operator, constant or condition in a copy of the tree. It meets only the tests that
reach its line, which coverage tells beforehand, on SQLite, until one fails; going round for ever counts as failing.
What no test fails for is printed; nothing is excused from the count.
"""

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from coverage import Coverage, CoverageData

from tests import led

ROOT = Path(__file__).parents[1]
ACTS = "advance deciding awarding proposing changing reissuing"
OPEN = "journeys/gate actions/ties store/ties actions/colleagues actions/accounts"
TRIED = "walk granting steps hearing what_was_ended ties changes reissuing"
AREAS = {
    "scoring": (["scoring/**/*.py"], ["scoring/"]),
    "lifecycle": (["compliance/domain/*.py"], ["domain/", "store/test_ties.py", "account/"]),
    "awarding": (
        [f"compliance/actions/{name}.py" for name in ACTS.split()],
        [*(f"actions/test_{name}.py" for name in TRIED.split()), "jobs/test_replies_due.py", "lifecycle_machine/"],
    ),
    "permissions": (
        [f"compliance/{name}.py" for name in OPEN.split()],
        ["actions/test_ties.py", "officer/test_who_may.py", "account/", "admin/"],
    ),
}
"""The files with mistakes, and the tests that should notice, the quickest first."""
LEAST = 90  # per cent
LONGEST = 900  # seconds
PYTEST = ("pytest", "-qx", "-k", "not postgresql")
PAIRS = "Lt LtE|LtE Lt|Gt GtE|GtE Gt|Eq NotEq|NotEq Eq|Is IsNot|IsNot Is|In NotIn|NotIn In|And Or|Or And"
SUMS = "Add Sub|Sub Add|Mult Add|Div Mult|FloorDiv Mult|Mod FloorDiv|Pow Mult"
OTHER = {getattr(ast, right): getattr(ast, wrong) for right, wrong in map(str.split, f"{PAIRS}|{SUMS}".split("|"))}


class Mutant(NamedTuple):
    """A file with one mistake; `line` is where it stands and `what` how it reads."""

    file: str
    line: int
    what: str
    source: str


def mutants(file: str) -> Iterator[Mutant]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in {id(node): node for function in functions for node in ast.walk(function)}.values():
        for field, wrong in mistakes(node):
            right, before = getattr(node, field), ast.unparse(node)
            setattr(node, field, wrong)
            yield Mutant(file, node.lineno, f"{before[:70]} → {ast.unparse(node)[:70]}", ast.unparse(tree))  # type: ignore[attr-defined]
            setattr(node, field, right)


def mistakes(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Fields of a node with a value that is wrong."""
    match node:
        case ast.Compare(ops=[first, *rest]):
            yield "ops", [OTHER[type(first)](), *rest]
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in OTHER:
            yield "op", OTHER[type(op)]()
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "operand", ast.UnaryOp(ast.Not(), operand)
        case ast.Constant(value=int(value)):
            yield "value", not value if isinstance(value, bool) else value + 1
        case ast.IfExp(test=test):
            yield "test", ast.UnaryOp(ast.Not(), test)


def reaching(files: list[str], tests: list[str]) -> dict[tuple[str, int], set[str]]:
    """The test functions that reach each line. Raises CalledProcessError when a test fails without any mutant."""
    with tempfile.NamedTemporaryFile() as data:
        measured = ["coverage", "run", "--rcfile=/dev/null", f"--data-file={data.name}", f"--include={','.join(files)}"]
        command = [sys.executable, "-m", *measured, "-m", *PYTEST, "-p", "tests.mutation", *tests]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        seen = CoverageData(data.name)
        seen.read()
        lines = {str(Path(name).relative_to(ROOT)): seen.contexts_by_lineno(name) for name in seen.measured_files()}
    return {(name, at): {test for test in tests if test} for name in lines for at, tests in lines[name].items()}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    """As a plugin of pytest, this module tells coverage which test runs."""
    if (measuring := Coverage.current()) is not None:
        measuring.switch_context(item.nodeid.partition("[")[0])
        led.copying = False
    return (yield)  # type: ignore[misc]


def notices(tree: Path, mutant: Mutant, tests: list[str]) -> bool:
    """Whether one of the tests fails in a tree with the mistake, or goes round for ever."""
    file, command = tree / mutant.file, [sys.executable, "-m", *PYTEST, *tests]
    file.write_text(mutant.source, "utf-8")
    try:
        return bool(tests and subprocess.run(command, cwd=tree, capture_output=True, timeout=LONGEST).returncode)
    except subprocess.TimeoutExpired:
        return True
    finally:
        shutil.copy(ROOT / mutant.file, file)


def tried(area: str, chosen: argparse.Namespace, tree: Path) -> int:
    """The exit code of one area: 1 when too few of its mutants are noticed."""
    files = sorted(str(path.relative_to(ROOT)) for place in AREAS[area][0] for path in ROOT.glob(place))
    tests = [f"tests/{name}" for name in AREAS[area][1]]
    reached = reaching(files, tests)
    every = [mutant for file in files for mutant in mutants(file)]
    some = random.Random(chosen.seed).sample(every, min(chosen.sample or len(every), len(every)))
    noticed = 0
    for mutant in some:
        names = reached.get((mutant.file, mutant.line), ())
        quickest = sorted(names, key=lambda name: ([*map(name.startswith, tests)].index(True), name))
        noticed += (seen := notices(tree, mutant, quickest))
        print("." if seen else f"{mutant.file}:{mutant.line}: {mutant.what}", flush=True)
    share = 100 * noticed / len(some)
    print(f"{area}: {share:.1f} % of {len(some)} mutants noticed (of {len(every)}, seed {chosen.seed})", flush=True)
    return int(share < LEAST)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").splitlines()[0])
    options.add_argument("areas", nargs="*", default=list(AREAS), metavar="AREA", help=", ".join(AREAS))
    options.add_argument("--sample", type=int, default=150, help="mutants of each area; 0 takes all")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    skipped = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", "*_cache")
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(shutil.copytree(ROOT, Path(folder) / "tree", ignore=skipped))
        return max(tried(area, chosen, tree) for area in chosen.areas)


if __name__ == "__main__":
    sys.exit(main())
