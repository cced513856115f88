"""How many small mistakes the tests notice: `python -m tests.mutation [--sample N] [--seed N] [AREA …]`.

A mutant is one changed comparison, operator, constant or condition in a copy of the tree. It meets only the tests that
reach its line, which coverage tells beforehand, on SQLite, until one fails; going round for ever counts as failing.
What no test fails for is printed; nothing is excused from the count.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

import pytest
from coverage import Coverage, CoverageData

from tests import led
from tests.mutation_areas import AREAS

ROOT = Path(__file__).parents[1]
ONE_DATABASE = ("-k", "not postgresql")
OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
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
        case ast.Constant(value=bool(value)):
            yield "value", not value
        case ast.Constant(value=int(value)):
            yield "value", value + 1
        case ast.IfExp(test=test):
            yield "test", ast.UnaryOp(ast.Not(), test)


def reaching(files: list[str], tests: list[str]) -> dict[tuple[str, int], set[str]]:
    """The test functions that reach each line. Raises CalledProcessError when a test fails without any mutant."""
    with tempfile.TemporaryDirectory() as folder:
        settings, data = Path(folder) / "settings", Path(folder) / "data"
        settings.write_text(f"[run]\ndata_file = {data}\nrelative_files = true\n")
        measured = ["coverage", "run", f"--rcfile={settings}", f"--include={','.join(files)}"]
        command = [*measured, "-m", "pytest", "-p", "tests.mutation", *ONE_DATABASE, *tests]
        subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        found = CoverageData(str(data))
        found.read()
        lines = {name: found.contexts_by_lineno(name) for name in found.measured_files()}
    return {(name, at): {test for test in tests if test} for name in lines for at, tests in lines[name].items()}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    """Where pytest has this module as a plugin, coverage is told which test runs."""
    if (measuring := Coverage.current()) is not None:
        measuring.switch_context(item.nodeid.partition("[")[0])
        led.copying = False
    return (yield)  # type: ignore[misc]


@dataclass(frozen=True)
class Trial:
    """What the mutants of one area meet. A run with a mistake that takes longer than `seconds` goes round for ever."""

    tests: list[str]
    reached: dict[tuple[str, int], set[str]]
    seconds: float
    trees: "Queue[Path]"

    def notices(self, mutant: Mutant) -> bool:
        """Whether a test that reaches the mistake fails, or does not end; the quickest are asked first."""
        names = self.reached.get((mutant.file, mutant.line), set())
        tests = sorted(names, key=lambda name: ([*map(name.startswith, self.tests)].index(True), name))
        tree = self.trees.get()
        file = tree / mutant.file
        right = file.read_text("utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", *ONE_DATABASE, *tests]
        try:
            file.write_text(mutant.source, "utf-8")
            return bool(
                tests and subprocess.run(command, cwd=tree, capture_output=True, timeout=self.seconds).returncode
            )
        except subprocess.TimeoutExpired:
            return True
        finally:
            file.write_text(right, "utf-8")
            self.trees.put(tree)


def tried(area: str, chosen: argparse.Namespace, trees: "Queue[Path]") -> int:
    """The exit code of one area: 1 when too few of its mutants are noticed."""
    places, tests = AREAS[area]
    files = [str(path.relative_to(ROOT)) for place in places for path in sorted(ROOT.glob(place))]
    begun = time.monotonic()
    reached = reaching(files, tests)
    trial = Trial(tests, reached, 30 + 2 * (time.monotonic() - begun), trees)
    every = [mutant for file in files for mutant in mutants(file)]
    some = random.Random(chosen.seed).sample(every, min(chosen.sample or len(every), len(every)))
    missed = 0
    with ThreadPoolExecutor(trees.qsize()) as pool:
        for mutant, noticed in zip(some, pool.map(trial.notices, some), strict=True):
            missed += not noticed
            if not noticed:
                print(f"{mutant.file}:{mutant.line}: {mutant.what}", flush=True)
    share = 100 * (1 - missed / len(some))
    print(f"{area}: {share:.1f} % of {len(some)} mutants noticed (of {len(every)}, seed {chosen.seed})", flush=True)
    return int(share < chosen.least)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").splitlines()[0])
    options.add_argument("areas", nargs="*", default=list(AREAS), metavar="AREA", help=", ".join(AREAS))
    options.add_argument("--sample", type=int, default=150, help="mutants of each area; 0 takes all")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--least", type=float, default=90, help="per cent that must be noticed")
    options.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trees: Queue[Path] = Queue()
        for number in range(chosen.at_once):
            skipped = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", "*_cache")
            trees.put(Path(shutil.copytree(ROOT, Path(folder) / str(number), ignore=skipped)))
        return max(tried(area, chosen, trees) for area in chosen.areas)


if __name__ == "__main__":
    sys.exit(main())
